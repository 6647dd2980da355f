# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of text that is made safe to show, and of the checks before it is sent."""

from __future__ import annotations

import unicodedata

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.text import (
    can_encode,
    clean,
    has_control_character,
    mask,
)
from hypothesis import given
from hypothesis import strategies as st

REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"


@given(st.text())
def test_clean_text_has_no_control_or_reordering_character(text):
    shown = clean(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    assert not set(shown) & set(REORDERING)


@pytest.mark.parametrize(
    ("length", "shown"), [(10, "x" * 10), (11, "x" * 9 + "…"), (10_000, "x" * 9 + "…")]
)
def test_clean_text_is_cut_at_its_limit(length, shown):
    assert clean("x" * length, 10) == shown


def test_masking():
    assert mask("the token abc/d or abc%2Fd", ("abc%2Fd", "abc/d", "")) == (
        "the token ******** or ********"
    )


@pytest.mark.parametrize(
    ("text", "found"), [("", False), ("a b", False), ("a\n", True), ("\x7f", True), ("\x85", True)]
)
def test_control_characters_are_found(text, found):
    assert has_control_character(text) is found


@pytest.mark.parametrize(
    ("text", "encoding", "possible"),
    [
        ("ä", "latin-1", True),
        ("✓", "latin-1", False),
        ("✓", "utf-8", True),
        ("\ud800", "utf-8", False),
    ],
)
def test_encodings_represent_their_characters_only(text, encoding, possible):
    assert can_encode(text, encoding) is possible
