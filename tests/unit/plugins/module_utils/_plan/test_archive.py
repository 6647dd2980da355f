# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settled users are packed away, found, counted, and taken out whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._model.json_patterns import LIST
from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE_URN
from ansible_collections.identity.scim.plugins.module_utils._plan import archive as archives
from ansible_collections.identity.scim.plugins.module_utils._plan.archive import (
    Archive,
    GroupsOfUsers,
    sifted,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired_rows import DesiredRows
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.unread_objects import (
    unread_of,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import wanted

USERS: list[dict[str, Any]] = [
    {
        "id": f"u{number}",
        "userName": f"user{number}",
        "active": number % 2 == 0,
        "emails": [{"value": f"user{number}@x.org", "type": "work"}],
        "groups": [{"value": "g1"}],
    }
    for number in range(200)
]


def archive(**more: Any) -> Archive:
    rows = [{"user_name": one["userName"], **more} for one in USERS]
    found = Archive(DesiredRows(wanted(users=rows)))
    found.add(sifted(range(200), USERS, {}, ()))
    return found


def test_everything_comes_back_as_it_was() -> None:
    found = archive()
    assert len(found) == 200 and "u7" in found
    assert found.get("u7") == USERS[7] and found.get("u150") == USERS[150]
    assert list(found.resources()) == USERS
    assert found.get("nobody") is None


def test_what_is_known_without_unpacking() -> None:
    found = archive()
    assert found.active() == 100
    assert found.shows_type("emails") and found.shows_type("emails")
    assert not found.shows_type("phoneNumbers") and not found.shows_type("schemas")
    assert found.find("userName", "user9") == "u9"
    assert found.name("u9") == "user9"
    assert found.settles(9) and not found.settles(200)


def test_the_groups_that_users_name_are_kept_apart() -> None:
    assert sifted([0], USERS[:1], {}, ()).groups == ((("g1",), ("u0",)),)


def test_a_long_list_of_groups_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LONGEST_KNOWN", 20)
    groups = GroupsOfUsers()
    for ident, is_kept in (("g1", True), ("g" * 20, False)):
        user = {"groups": [{"value": ident}]}
        unread = unread_of(json.dumps(user), user, lambda _path: LIST)
        assert groups.of(unread) == groups.of(unread) == (ident,)
        assert (unread.texts[0] in groups._known) is is_kept


def test_one_that_is_taken_out_is_not_found_any_more() -> None:
    found = archive()
    assert found.take_out("u8") == USERS[8]
    assert "u8" not in found and not found.settles(8)
    assert found.find("userName", "user8") is None and found.take_out("u8") is None
    assert len(found) == 199 and found.active() == 99
    assert [one["id"] for one in found.resources()] == [f"u{n}" for n in range(200) if n != 8]


def test_the_last_answer_counts() -> None:
    found = archive()
    later = {**USERS[3], "title": "later", "active": True}
    found.add(sifted([3], [later], {}, ()))
    assert found.get("u3") == later and found.active() == 101
    assert len(list(found.resources())) == 200


def test_a_link_is_certain_if_it_names_another_settled_user() -> None:
    path = f"{ENTERPRISE_URN}:manager.value"
    found = archive(enterprise={"manager": "user0"})
    links = {number: {path: "u0"} for number in range(200)}
    links[5] = {path: "u1"}
    links[6] = {path: None}
    found.add(sifted(range(200), USERS, links, ()))
    assert found.unresolved() == ["u5", "u6"]
    found.take_out("u0")
    assert len(found.unresolved()) == 199
