# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM's grammar for the names of attributes."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.grammar import (
    is_bare_urn,
    problem,
    problem_of,
)

URN = "urn:example:params:2.0:User"
VALID = (
    "title",
    "name.givenName",
    "a",
    "a-b_c$1",
    "members.$ref",
    f"{URN}:badge",
    f"{URN}:badge.number",
    f"{URN}:manager.$ref",
    "URN:EXAMPLE:X:pin",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
)
INVALID = (
    "",
    " ",
    ".",
    "..",
    "a.",
    ".a",
    "a..b",
    "a.b.c",
    "a b",
    "a]b[",
    'emails[type eq "work"]',
    "title ",
    " title",
    "title\n",
    "1a",
    "_a",
    "$ref",
    "naïve",
    "a/b",
    "a\u200bb",
    "urn:",
    "urn:x",
    "urn:x:y",
    f"{URN}:",
    f"{URN}:.",
    f"{URN}:a b",
    f"{URN}:1",
    "urn::x:y",
    "urn:ex ample:x:y",
    "urn:example:x y:z",
)


@pytest.mark.parametrize("path", VALID)
def test_l8_names_of_scim_are_valid(path: str) -> None:
    assert problem(path) == ""


@pytest.mark.parametrize("path", INVALID)
def test_l8_other_names_are_one_sentence_that_shows_them(path: str) -> None:
    assert problem(path).startswith(f"names '{path}', which ")


@given(st.text())
def test_l8_a_valid_name_has_nothing_but_what_the_grammar_allows(text: str) -> None:
    if problem(text) == "" and not text.lower().startswith("urn:"):
        assert set(text) <= set(string.ascii_letters + string.digits + "$-_.")
        assert text[0].isalpha()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (URN, {"badge": 1, "manager.value": "x"}),
        ("urn:example:x", {"pin": "1"}),
        (URN, {}),
        ("name", {"givenName": "x"}),
        ("emails", [{"value": "x", "$ref": "y"}]),
        ("labels", {"x": {"any.thing/else": 1}}),
        ("title", None),
    ],
)
def test_l8_raw_attributes_with_names_of_scim_are_valid(name: str, value: Any) -> None:
    assert problem_of(name, value) == ""


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        (URN, {"": 1}, f"'{URN}:'"),
        (URN, {"a b": 1}, f"'{URN}:a b'"),
        (URN, {"a..b": 1}, f"'{URN}:a..b'"),
        (URN, {"a": {"": 1}}, f"'{URN}:a.'"),
        ("name", {"given name": 1}, "'name.given name'"),
        ("name", {"": 1}, "'name.'"),
        ("emails", [{"value": "x"}, {"va lue": "y"}], "'emails.va lue'"),
        (7, "x", "7"),
        (None, "x", "None"),
    ],
)
def test_l8_names_inside_a_value_are_checked_too(name: Any, value: Any, shown: str) -> None:
    assert problem_of(name, value).startswith(f"names {shown}, which ")


def test_l8_a_bare_urn_has_one_namespace_and_one_text() -> None:
    assert is_bare_urn("urn:example:x")
    assert not is_bare_urn("urn:x") and not is_bare_urn(f"{URN}:") and not is_bare_urn("a")
