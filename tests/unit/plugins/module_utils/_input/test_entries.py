# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of multi-valued attributes: lists, and ``{set | add | remove}`` (L11)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.entries import (
    entries_of,
    entries_option,
    raw_edit,
)
from ansible_collections.identity.scim.plugins.module_utils._input.input_errors import InputErrors
from ansible_collections.identity.scim.plugins.module_utils._model.pairing import Edit
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER

EMAILS = USER.at("emails")
FORM = "must be a list of entries, or a dictionary with set, or with add and remove"
QUOTE = "quote it, or add `| string`"


def read(given: Any, attribute: str = "emails") -> tuple[Any, list[str]]:
    errors = InputErrors()
    return entries_option(USER.at(attribute), given, errors, attribute), errors.sentences


@pytest.mark.parametrize(
    "given, entries",
    [
        ([{"value": "a@b", "type": None}], [{"value": "a@b"}]),
        ([], []),
        ([{"value": "a@b", "primary": "yes"}], [{"value": "a@b", "primary": True}]),
        ([{"value": "a@b", "primary": 0}], [{"value": "a@b", "primary": False}]),
        ({"set": []}, Edit(whole=[])),
        ({"set": [{"value": "a@b"}], "add": None}, Edit(whole=[{"value": "a@b"}])),
        (
            {"add": [{"value": "a@b"}], "remove": [{"type": "home"}, {"value": "x"}]},
            Edit(add=[{"value": "a@b"}], remove=[{"type": "home"}, {"value": "x"}]),
        ),
        (
            {"remove": [{"value": "c@d", "type": "work"}]},
            Edit(None, [], [{"value": "c@d", "type": "work"}]),
        ),
        ({"set": None, "add": None}, None),
    ],
)
def test_l11_a_list_or_a_dictionary_of_lists_is_read(given: Any, entries: Any) -> None:
    assert read(given) == (entries, [])


def test_numbers_become_text_and_certificates_lose_their_white_space() -> None:
    assert read([{"value": 5550123}], "phoneNumbers") == ([{"value": "5550123"}], [])
    assert read({"add": [{"value": "A B"}]}, "x509Certificates")[0] == Edit(
        add=[{"value": "AB"}], remove=[]
    )
    assert read({"remove": [{"locality": "Utica"}]}, "addresses")[0] == Edit(
        add=[], remove=[{"locality": "Utica"}]
    )


@pytest.mark.parametrize(
    "given, said",
    [
        ("a@b.c", f"emails {FORM}, not text"),
        (5, f"emails {FORM}, not the number 5; {QUOTE}"),
        (True, f"emails {FORM}, not true; {QUOTE}"),
        ({"value": "a@b"}, f"emails {FORM}, not with value"),
        (
            {"set": [], "add": []},
            "emails has set together with add or remove; set is the complete list",
        ),
        ({"add": "a@b"}, "emails.add must be a list of entries, not text"),
        ({"set": {"value": "a@b"}}, "emails.set must be a list of entries, not a dictionary"),
        (["a@b"], "emails[0] must be a dictionary with value, type, primary, display, not text"),
        ([None], "emails[0] must be a dictionary with value, type, primary, display, not null"),
        (
            {"add": [[]]},
            "emails.add[0] must be a dictionary with value, type, primary, display, not a list",
        ),
        (
            [{"adress": "a@b"}],
            "emails[0] has the unknown option adress; known are value, type, primary, display",
        ),
        (
            [{"value": "a@b", "typ": "work"}],
            "emails[0] has the unknown option typ; did you mean type?",
        ),
        ([{"value": "a@b", "type": True}], f"emails[0].type must be text, not true; {QUOTE}"),
        ([{"value": 3.5}], f"emails[0].value must be text, not the number 3.5; {QUOTE}"),
        (
            [{"value": "a@b", "primary": "maybe"}],
            "emails[0].primary must be true or false, not text",
        ),
        ([{"value": ["a@b"]}], "emails[0].value must be text, not a list"),
        ({"remove": [{"primary": True}]}, "emails.remove[0] has neither a value nor a type"),
        ({"remove": [{}]}, "emails.remove[0] has neither a value nor a type"),
        ({"add": [{"type": "work"}]}, "emails.add[0] has no value"),
        ({"add": [{"value": "x"}]}, "emails.add[0].value must be an e-mail address, not 'x'"),
        (
            {"add": [{"value": "a@b"}], "remove": [{"value": "a@b"}]},
            "emails adds and removes the same entry",
        ),
    ],
)
def test_l11_what_is_wrong_is_one_sentence(given: Any, said: str) -> None:
    assert read(given)[1] == [said]


def test_a_removed_text_must_be_sendable() -> None:
    assert read({"remove": [{"value": " "}]})[1][0].startswith("emails.remove[0].value is an empty")


def test_entries_twice_are_an_error() -> None:
    errors = InputErrors("users[0]")
    rows = [{"value": "a@b", "type": "work"}, {"value": "a@b", "type": "Work"}]
    assert len(entries_of(EMAILS, rows, errors, "emails")) == 2
    assert errors.sentences == [
        "users[0].emails[1] has the same type and value as an earlier entry"
    ]


@pytest.mark.parametrize(
    "given, edit, said",
    [
        (
            {"add": [{"Value": "a", "$ref": "r"}]},
            Edit(add=[{"value": "a", "$ref": "r"}], remove=[]),
            [],
        ),
        ({"set": ["a"]}, Edit([{"value": "a"}], [], []), []),
        ({"value": "a"}, None, []),
        ([], None, []),
        (
            {"set": [], "add": []},
            Edit([], [], []),
            ["x has set together with add or remove; set is the complete list"],
        ),
        (
            {"add": 1},
            Edit(None, [], []),
            [f"x.add must be a list of entries, not the number 1; {QUOTE}"],
        ),
    ],
)
def test_l11_raw_attributes_take_the_same_dictionary(
    given: Any, edit: Any, said: list[str]
) -> None:
    errors = InputErrors()
    assert raw_edit(EMAILS, given, errors, "x") == edit
    assert errors.sentences == said
    assert raw_edit(USER.at("custom"), {"add": []}, errors, "x") is None
