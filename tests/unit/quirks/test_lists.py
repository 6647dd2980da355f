# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists, pages, members and names as services really return them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import renamed
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

LETTERS = pytest.mark.parametrize(
    "letters", [str.upper, str.lower, str.title, lambda name: name[:1].upper() + name[1:]]
)


@LETTERS
def test_l9_names_in_other_letters_change_nothing(letters: Callable[[str], str]) -> None:
    server = Quirky(renamed(letters))
    directory: dict[str, Any] = {
        "users": [
            {
                "user_name": "ann",
                "active": True,
                "name": {"family_name": "Lee"},
                "emails": [{"value": "ann@example.com", "type": "work"}],
                "enterprise": {"department": "x"},
            },
            {"user_name": "bob"},
        ],
        "groups": [{"display_name": "staff", "members": {"set": ["ann"]}}],
    }
    assert run(server, **directory).changed
    server.forget()
    assert not run(server, **directory).changed
    assert not server.log
    directory["groups"][0]["members"] = {"set": ["bob"]}
    assert run(server, **directory).changed
    assert server.members("staff") == {"bob"}


@LETTERS
def test_l9_an_info_module_returns_names_as_the_schema_spells_them(
    letters: Callable[[str], str],
) -> None:
    server = Quirky(renamed(letters))
    server.group("staff", [server["ann"]["userName"]] if server.user("ann") else [])
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group_info", display_name="staff")
    assert said.result["groups"][0]["members"] == [{"value": server.id_of("ann")}]


@pytest.mark.parametrize("name", ["id", "members", "userName", "active", "totalResults"])
def test_l9_one_name_in_other_letters_changes_nothing(name: str) -> None:
    server = Quirky(renamed(str.upper, frozenset({name})))
    server.user("ann")
    server.user("bob", active=False)
    server.group("staff", ["ann"])
    assert run(server, groups=[{"display_name": "staff", "members": {"set": ["bob"]}}]).changed
    assert server.members("staff") == {"bob"}
    assert run(server, users=[{"user_name": "bob", "active": True}]).changed
    assert server["bob"]["active"] is True
