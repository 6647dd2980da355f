# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that show or keep names in other letters than they were given (rows D9 and E4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import directory, go
from ansible_collections.identity.scim.tests.unit.quirks.values_quirks import keeps, shows

Letters = Callable[[str], str]
LETTERS: dict[str, Letters] = {"upper": str.upper, "lower": str.lower, "title": str.title}
NAMES = ("userName", "displayName")


def spelt(letters: Letters) -> Callable[[dict[str, Any]], None]:
    def change(resource: dict[str, Any]) -> None:
        for name in NAMES:
            if name in resource:
                resource[name] = letters(resource[name])

    return change


@pytest.fixture(params=LETTERS, name="quirk")
def _quirk(request: pytest.FixtureRequest) -> Quirk:
    return shows(spelt(LETTERS[request.param]))


def fold(names: Any) -> set[str]:
    return {one.casefold() for one in names}


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("method", ["auto", "put"])
def test_d9_users_swap_names_that_are_shown_in_other_letters(
    quirk: Quirk, size: int, method: str
) -> None:
    server = Quirky(quirk)
    for number in range(size):
        server.user(f"U{number}x", externalId=str(number))
    rows = [
        {
            "user_name": f"u{(number + 1) % size}X",
            "external_id": str(number),
            "update_method": method,
        }
        for number in range(size)
    ]
    for number in range(3):
        said = directory(server, users=rows, thresholds={"identities_changed": "none"})
        assert not said.failure and said.changed is (number == 0), said.failure
        assert not said.result["not_saved"] if "not_saved" in said.result else True
    held = {one["externalId"]: one["userName"] for one in server.held["Users"].values()}
    assert {ident: name.casefold() for ident, name in held.items()} == {
        one["external_id"]: one["user_name"].casefold() for one in rows
    }


@pytest.mark.parametrize("kind", ["user", "group"])
@pytest.mark.parametrize("by", ["former name", "external id"])
def test_e4_a_rename_to_a_name_that_is_shown_in_other_letters_is_kept(
    quirk: Quirk, kind: str, by: str
) -> None:
    server = Quirky(quirk)
    names = {"user": "user_name", "group": "display_name"}
    former = {"user": "previous_user_names", "group": "previous_names"}
    if kind == "user":
        server.user("Old Name", externalId="x1")
    else:
        server.group("Old Name", externalId="x1")
    options: dict[str, Any] = {names[kind]: "nEw NaMe"}
    options.update({former[kind]: ["old name"]} if by == "former name" else {"external_id": "x1"})
    for number in range(2):
        said = go(server, f"scim_{kind}", **options)
        assert not said.failure and said.changed is (number == 0)
        assert not said.warnings and not said.result["not_saved"]
    held = server.names("Users" if kind == "user" else "Groups")
    assert fold(held) == {"new name"}


def test_e4_letters_that_the_service_does_not_keep_are_still_named() -> None:
    server = Quirky(keeps(spelt(str.lower)))
    ident = server.user("ann")
    said = go(server, "scim_user", id=ident, user_name="Ann")
    assert said.result["not_saved"] == ["userName"] and not said.changed
