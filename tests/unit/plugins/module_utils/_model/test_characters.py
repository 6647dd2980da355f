# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader can see of a text, and which texts look alike."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.characters import (
    code_points,
    described,
    look,
    nearly,
    unseen,
)

UNSEEN = (
    "\u200b\u200c\u200d\u2060\u00ad\ufeff\u200e\u200f\u202a\u202e\u2066\u2069\u061c\ufe0f\ufe00"
    "\U000e0100\U000e0041\U000e007f\u00a0\u2003\u3000\u202f\u2028\u2029\u0378\ufdd0\uffff\x00\x1b"
    "\x7f\x85\u034f\u115f\u3164\uffa0\u2800\u180e\u180b\ue000\ufff9\U000f0000"
)
JOINED = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with ZWNJ between letters
    "\u0915\u094d\u200d\u0937",  # Devanagari, after a mark
    "\u2764\ufe0f Team",
    "1\ufe0f\u20e3",
    "\U0001f3f3\ufe0f\u200d\U0001f308",  # the rainbow flag
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # England
    "\u845b\U000e0100\u57ce",  # a Japanese name in its own form
    "\U0001f468\U0001f3fd\u200d\U0001f692",
)
NOT_JOINED = (
    "ann\u200d",
    "\u200cann",
    "a\u200d b",
    "1\u200d2",
    "a\u200d\u200db",
    "a\ufe0fb",
    "a\U000e0041",
    "\u200b",
    "a\u2060b",
)


@pytest.mark.parametrize("char", UNSEEN)
def test_l14_a_character_that_nobody_can_see_is_found(char: str) -> None:
    assert unseen(f"an{char}n") == (char,)
    assert f"U+{ord(char):04X}" in described(char)


@given(st.text(string.ascii_letters + string.digits + "._-@ '+äßñøŁ李山Жд"))
def test_l14_what_names_are_made_of_is_seen(text: str) -> None:
    assert unseen(text) == ()


@pytest.mark.parametrize("text", JOINED)
def test_l14_letters_and_pictures_may_be_joined_in_display_names(text: str) -> None:
    assert unseen(text, joined=True) == ()
    assert unseen(text)


@pytest.mark.parametrize("text", NOT_JOINED)
def test_l14_a_joiner_needs_something_on_both_sides(text: str) -> None:
    assert unseen(text, joined=True)


def test_l14_spaces_of_other_widths_may_be_allowed() -> None:
    assert unseen("M.\u00a0Dupont", spaced=True) == ()
    assert unseen("M.\u00a0Dupont", joined=True) == ("\u00a0",)


@pytest.mark.parametrize(
    "other",
    [
        "\u0430nn",  # Cyrillic
        "\u0410NN",
        "\u03b1nn",  # Greek
        "\u0391NN",
        "\uff41\uff4e\uff4e",  # full width
        "a\u200bnn",
        "ann\u00ad",
        "ANN",
        "\u0251nn",
        " ann",
    ],
)
def test_l14_names_that_look_alike_have_one_look(other: str) -> None:
    assert look(other) == look("ann")


@pytest.mark.parametrize(("one", "other"), [("user1", "userl"), ("ann", "anne"), ("ärm", "arm")])
def test_l14_names_that_differ_to_the_eye_have_two_looks(one: str, other: str) -> None:
    assert look(one) != look(other)


def test_l14_look_takes_spaces_for_one() -> None:
    assert look("Human\u00a0 Resources") == look("human resources")


@given(st.text())
def test_l14_a_look_looks_like_itself(text: str) -> None:
    assert look(look(text)) == look(text)


def test_l14_many_code_points_are_counted() -> None:
    assert code_points("\u200b") == "U+200B"
    assert code_points("абвгдежз") == "U+0430, U+0431, U+0432, U+0433, U+0434, 3 more"


def test_spellings_of_one_sound_are_nearly_the_same() -> None:
    assert nearly("Stra\u1e9ee") == nearly("STRASSE") == nearly("stra\u00dfe")
    assert look("stra\u00dfe") != look("strasse")
    assert nearly("strase") != nearly("strasse")
