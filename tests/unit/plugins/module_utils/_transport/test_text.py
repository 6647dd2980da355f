# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of text that is made safe to show, and of the checks before it is sent."""

from __future__ import annotations

import unicodedata

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.secret_forms import (
    all_forms,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.text import (
    can_encode,
    clean,
    has_control_character,
    mask,
    masked,
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


SENTENCE = "creating user 'bob': the service answered 400: 1 of 3 values is not unique; run again"


@pytest.mark.parametrize("secret", ["user", "1", "t", "the", "again", "3", "bo", "un", "e", "400"])
def test_k2_a_short_or_common_secret_does_not_eat_the_sentence(secret: str) -> None:
    found = mask(SENTENCE, all_forms([secret]))
    assert found.count("*") <= len("********")
    assert "creating user 'bob': the service answered" in found


@pytest.mark.parametrize("secret", ["user", "1", "t", "the", "pam"])
@pytest.mark.parametrize("text", ["{}", "'{}'", '"{}"', "password={}", "user:{}", "/{}"])
def test_k2_a_short_or_common_secret_is_masked_as_a_value(secret: str, text: str) -> None:
    assert mask(text.format(secret), all_forms([secret])) == text.format("********")


@pytest.mark.parametrize("secret", ["canary", "s3cr!", "a/b+", "changed"])
def test_k2_any_other_secret_is_masked_inside_of_words(secret: str) -> None:
    assert mask(f"xx{secret}yy", all_forms([secret])) == "xx********yy"


def test_k2_a_word_of_some_length_is_masked_as_a_word() -> None:
    assert mask("kevin and kevins kev", all_forms(["kevin"])) == "******** and kevins kev"


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("change", "changing user 'bob': it kept changing; nothing was changed"),
        ("member", "reading the members of group 'red': the answer shows members"),
        ("passw", "check the password and the passwords of others"),
        ("pass", "the password does not pass"),
        ("test", "the latest version"),
        ("to a", "write to all users, or to a user"),
        ("is not", "this is not unique, and that is not so"),
        ("run again", "try it, or run again"),
        ("-mail", "the e-mail address"),
        ("a", "'a member' (a user), and 'a group'"),
        ("1", "(1 of 3) values: [1, 2]"),
    ],
)
def test_k2_a_secret_inside_of_ordinary_words_does_not_eat_them(secret: str, text: str) -> None:
    found = mask(text, all_forms([secret]))
    assert found.count("*") <= len("********")
    assert len(found.replace("*", "")) >= len(text) - len(secret)


@pytest.mark.parametrize("secret", ["change", "member", "to a", "is not", "-mail", "a"])
def test_k2_such_a_secret_is_masked_as_a_value(secret: str) -> None:
    for text in ("'{}'", '"{}"', "password={}", "{}"):
        assert mask(text.format(secret), all_forms([secret])) == text.format("********")


def test_k2_a_secret_of_letters_is_masked_inside_of_other_words() -> None:
    assert mask("xxchangedyy", all_forms(["change"])) == "xx********dyy"


def test_json_is_masked_in_names_and_texts() -> None:
    value = {"canary": ["a canary", 1, None, {"x": "canary"}]}
    assert masked(value, ("canary",)) == {"********": ["a ********", 1, None, {"x": "********"}]}
