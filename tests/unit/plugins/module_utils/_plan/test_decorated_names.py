# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""D4: a group whose name a service has added something to is not made again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.quirks.creates_quirks import (
    names_may_repeat,
    renaming,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

RENAMES: dict[str, Callable[[str], str]] = {
    "PRIMARY/dev": lambda name: f"PRIMARY/{name}",
    "CORP\\dev": lambda name: f"CORP\\{name}",
    "a|b|dev": lambda name: f"a|b|{name}",
    "ldap:dev": lambda name: f"ldap:{name}",
    "dev@corp.example": lambda name: f"{name}@corp.example",
}
ROWS: dict[str, dict[str, Any]] = {
    "group": {"groups": [{"display_name": "dev", "members": {"set": ["ann"]}}]},
    "with an external id": {"groups": [{"display_name": "dev", "external_id": "e"}]},
    "team": {"teams": [{"name": "Dev", "members": [{"user_name": "ann"}]}]},
}


def names(server: Quirky) -> list[str]:
    return sorted(one["displayName"] for one in server.held["Groups"].values())


def held(*groups: str, **more: Any) -> Quirky:
    """A service of which names of groups may repeat."""
    server = Quirky(names_may_repeat)
    server.user("ann")
    for name in groups:
        server.group(name, **more)
    return server


@pytest.mark.parametrize("more", [[names_may_repeat], []], ids=["names repeat", "unique names"])
@pytest.mark.parametrize("shown", RENAMES)
def test_d4_the_second_run_stops_and_names_what_the_first_one_made(
    shown: str, more: list[Any]
) -> None:
    server = Quirky(renaming(RENAMES[shown]), *more)
    server.user("ann")
    assert run(server, **ROWS["group"]).changed
    server.forget()
    with pytest.raises(ScimError) as stopped:
        run(server, **ROWS["group"])
    said = str(stopped.value)
    assert f"group 'dev': the service has group '{shown}' (id g2)" in said
    assert "set id or previous_names to use it" in said
    assert "capabilities: {rewrite: {Group.displayName: opaque}}" in said
    assert names(server) == [shown] and not server.log
    row = {**ROWS["group"]["groups"][0], "previous_names": [shown]}
    assert not run(server, groups=[row]).failures and len(names(server)) == 1


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("row", ROWS)
def test_d4_nothing_is_made_beside_it_whatever_names_the_group(row: str, check: bool) -> None:
    server = held("PRIMARY/dev", "Internal/everyone")
    with pytest.raises(ScimError, match="the service has group 'PRIMARY/dev'"):
        run(server, check=check, **ROWS[row])
    assert not server.log


def test_d4_all_groups_that_may_be_meant_are_named() -> None:
    server = held("PRIMARY/dev", "LDAP/DEV", "LDAP/ops")
    with pytest.raises(ScimError, match="'LDAP/DEV' .id g3., 'PRIMARY/dev' .id g2., and no"):
        run(server, **ROWS["group"])


@pytest.mark.parametrize(
    "groups",
    [
        ("PRIMARY/dev", "staff"),
        ("PRIMARY/devs", "PRIMARY/the dev"),
        ("dev/backend", "dev/frontend"),
        ("EMEA dev", "backend-dev", "dev_old"),
        ("corp@dev",),
        (),
    ],
    ids=" ".join,
)
def test_d4_a_group_is_made_where_names_are_plain_or_say_something_else(
    groups: tuple[str, ...],
) -> None:
    server = held(*groups)
    assert run(server, **ROWS["group"]).changed
    assert names(server) == sorted([*groups, "dev"])


@pytest.mark.parametrize("row", ["group", "team"])
@pytest.mark.parametrize("shown", RENAMES)
def test_d4_beside_plain_names_the_second_run_stops_by_the_members(shown: str, row: str) -> None:
    server = Quirky(renaming(RENAMES[shown]), names_may_repeat)
    server.user("ann")
    made = server.group("staff", ["ann"])
    server.held["Groups"][made]["displayName"] = "staff"
    task: dict[str, Any] = {
        "group": ROWS["group"],
        "team": {"teams": [{"name": "dev", "members": [{"user_name": "ann"}]}]},
    }[row]
    assert run(server, **task).changed
    for check in (True, False):
        with pytest.raises(ScimError, match="with these members, so that may be the same group"):
            run(server, check=check, **task)
    assert names(server) == sorted([shown, "staff"])


@pytest.mark.parametrize("name", ["Dev Ops", "Dév & Ops", "DEV_ops"])
def test_d4_a_slug_with_the_same_members_stops_the_second_run(name: str) -> None:
    """Names may repeat, so that each run would make one more."""
    server = Quirky(renaming(lambda _name: "dev-ops"), names_may_repeat)
    for user in ("ann", "bob"):
        server.user(user)
    task = {"groups": [{"display_name": name, "members": {"set": ["ann"]}}]}
    assert run(server, **task).changed
    with pytest.raises(ScimError, match="Group.displayName: slug") as stopped:
        run(server, **task)
    assert "'dev-ops' (id g3) with these members" in str(stopped.value)
    assert names(server) == ["dev-ops"]
    form = {"rewrite": {"Group.displayName": "slug"}}
    assert not run(server, caps=form, **task).changed


def test_d4_a_slug_with_other_members_is_another_group() -> None:
    server = held("dev-ops", "staff")
    assert run(server, groups=[{"display_name": "Dev Ops", "members": {"set": ["ann"]}}]).changed
    assert names(server) == ["Dev Ops", "dev-ops", "staff"]


def test_d4_beside_plain_names_a_group_with_other_members_is_made() -> None:
    server = held("PRIMARY/dev", "staff")
    server.user("bob")
    server.group("x/dev", ["bob"])
    assert run(server, **ROWS["group"]).changed
    assert "dev" in names(server)


def test_d4_a_name_with_the_same_sign_is_made() -> None:
    server = held("org/eng/dev")
    assert run(server, groups=[{"display_name": "eng/dev"}]).changed


def test_d4_a_held_group_with_another_external_id_is_another_one() -> None:
    server = held("PRIMARY/dev", externalId="other")
    assert run(server, **ROWS["with an external id"]).changed
    assert names(server) == ["PRIMARY/dev", "dev"]


def test_d4_a_known_rewriting_to_an_opaque_name_is_not_advised_again() -> None:
    server = held("PRIMARY/dev")
    with pytest.raises(ScimError) as stopped:
        run(server, caps={"rewrite": {"Group.displayName": "opaque"}}, **ROWS["group"])
    assert "previous_names to use it, or choose another name" in str(stopped.value)


def test_d4_a_group_to_be_absent_is_named_and_stays() -> None:
    server = held("PRIMARY/dev")
    found = run(server, policy=Policy(), groups=[{"display_name": "dev", "state": "absent"}])
    assert not found.changed and names(server) == ["PRIMARY/dev"]
    assert [one for one in found.notes if "'PRIMARY/dev'" in one and "left unchanged" in one]
