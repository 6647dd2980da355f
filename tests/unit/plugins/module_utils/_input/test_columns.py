# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of columns become options: whole ones, parts, entries, lists and raw attributes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.columns import (
    columns_of,
    known_names,
    split,
    without_empty_entries,
)

URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
BADGE = "urn:example:2.0:User:badge"


def put(names: dict[str, Any], *, scim: bool = False) -> dict[str, Any]:
    """The row that cells make."""
    columns, problems = columns_of(names, scim=scim)
    assert not problems
    row: dict[str, Any] = {}
    for name, value in names.items():
        columns[name].put(row, value)
    without_empty_entries(row)
    return row


@pytest.mark.parametrize(
    ("cells", "row"),
    [
        ({"user_name": "pam"}, {"user_name": "pam"}),
        ({"name.given_name": "Pam"}, {"name": {"given_name": "Pam"}}),
        ({"emails.work": "a@b.c"}, {"emails": [{"type": "work", "value": "a@b.c"}]}),
        ({"emails": "a@b.c"}, {"emails": [{"value": "a@b.c"}]}),
        ({"emails.value": "a@b.c"}, {"emails": [{"value": "a@b.c"}]}),
        (
            {"emails.work": "a@b.c", "emails.work.primary": "true", "emails.home": "h@b.c"},
            {
                "emails": [
                    {"type": "work", "value": "a@b.c", "primary": "true"},
                    {"type": "home", "value": "h@b.c"},
                ]
            },
        ),
        ({"emails.work.primary": "true"}, {}),
        (
            {"addresses.work.locality": "Scranton"},
            {"addresses": [{"type": "work", "locality": "Scranton"}]},
        ),
        ({"enterprise.manager": "mscott"}, {"enterprise": {"manager": "mscott"}}),
        ({"previous_user_names": "a; b|c"}, {"previous_user_names": ["a", "b", "c"]}),
        ({"groups.add": "Sales|Board"}, {"groups": {"add": ["Sales", "Board"]}}),
        ({f"attributes.{BADGE}": "7"}, {"attributes": {BADGE: "7"}}),
        ({"teams": "Sales; Board"}, {"teams": ["Sales", "Board"]}),
        ({"teams": ["a;b"]}, {"teams": ["a;b"]}),
        ({"emails": [{"value": "a@b.c"}]}, {"emails": [{"value": "a@b.c"}]}),
        ({"emails": {"value": "a@b.c"}}, {"emails": [{"value": "a@b.c"}]}),
        ({"name": {"given_name": "x"}}, {"name": {"given_name": "x"}}),
    ],
)
def test_cells_become_options(cells: dict[str, Any], row: dict[str, Any]) -> None:
    assert put(cells) == row


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("userName", {"user_name": "x"}),
        ("name.givenName", {"name": {"given_name": "x"}}),
        ("NAME.FAMILYNAME", {"name": {"family_name": "x"}}),
        (f"{URN}:department", {"enterprise": {"department": "x"}}),
        ('emails[type eq "work"].value', {"emails": [{"type": "work", "value": "x"}]}),
        ('phoneNumbers[type eq "work"]', {"phone_numbers": [{"type": "work", "value": "x"}]}),
        ("emails.value", {"emails": [{"value": "x"}]}),
        (BADGE, {"attributes": {BADGE: "x"}}),
    ],
)
def test_a_mapping_may_name_attributes_of_scim(name: str, row: dict[str, Any]) -> None:
    assert put({name: "x"}, scim=True) == row


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["userName"], "userName: did you mean user_name?"),
        (["mail"], "mail: did you mean emails.work?"),
        (["shoe_size"], "shoe_size is not an option of a user; remove it"),
        (["name.givenname"], "name.givenname: did you mean name.given_name?"),
        (["title.x"], "title.x: title has no parts; name it title"),
        (["addresses.work"], "addresses.work: name a part of it, such as addresses.work.formatted"),
        (["emails.value", "emails"], "emails and emails.value set the same option; remove one"),
    ],
)
def test_a_column_that_sets_nothing_is_one_sentence(names: list[str], said: str) -> None:
    _columns, problems = columns_of(names, scim=False)
    assert len(problems) == 1 and problems[0].startswith(said), problems


def test_every_known_name_is_a_column() -> None:
    columns, problems = columns_of(known_names(), scim=False)
    assert not problems and len(columns) == len(known_names())


def test_a_cell_is_split_at_semicolons_and_bars() -> None:
    assert split(" a ;b| c;") == ["a", "b", "c"]
