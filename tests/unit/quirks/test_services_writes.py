# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Behaviours of real services that break writes: each loses nothing and is not repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirk, Quirky


def names(number: int) -> list[str]:
    return [f"user{n:03}" for n in range(number)]


def of(number: int, *quirks: Quirk, **limits: Any) -> Quirky:
    server = Quirky(*quirks, limits=limits)
    for name in names(number):
        server.user(name)
    return server


def changed_members(asked: Asked) -> int:
    """How many members a write is about."""
    if asked.method == "PATCH":
        number = 0
        for one in asked.body["Operations"]:
            if str(one.get("path", "")).startswith("members"):
                number += len(one["value"]) if "value" in one else 1
        return number
    return len((asked.body or {}).get("members", ()))


def at_most(most: int, status: int = 400, scim_type: str = "invalidValue") -> Quirk:
    """More members in one write are refused, with a reason that misleads."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Groups" and asked.method != "GET" and changed_members(asked) > most:
            detail = "One or more Group members are invalid"
            return Answer(status, {"status": str(status), "scimType": scim_type, "detail": detail})
        return honest(asked)

    return quirk


def members(server: Quirky, group: str) -> set[str]:
    return set(server.members(group))


@pytest.mark.parametrize("most", [1, 7, 100])
@pytest.mark.parametrize("status", [400, 413])
def test_b4_too_many_members_are_sent_in_portions(most: int, status: int) -> None:
    server = of(120, at_most(most, status))
    with web.hostile(store=server) as service:
        group = {"display_name": "all", "members": {"set": names(120)}}
        said = web.run(service, "scim_group", **group)
        assert not said.failure and said.changed and len(members(server, "all")) == 120
        service.seen.clear()
        said = web.run(service, "scim_group", **group)
        assert not said.failure and not said.changed and not service.writes
        group["members"] = {"set": names(3)}
        said = web.run(service, "scim_group", **group)
        assert not said.failure and members(server, "all") == set(names(3))


def test_b4_a_creation_that_is_refused_for_another_reason_says_that_reason() -> None:
    def refusing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST" and asked.kind == "Groups":
            return Answer(400, {"status": "400", "detail": "the name is reserved"})
        return honest(asked)

    server = of(3, refusing)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group", display_name="all", members={"set": names(3)})
    assert "the name is reserved" in said.failure and not server.held["Groups"]
    assert len(server.sent("POST", "Groups")) == 2


def members_in_form(add: str, remove: str) -> Quirk:
    """Members are taken in one form only: a list, an object that wraps it, or one by one."""

    def taken(one: dict[str, Any]) -> list[dict[str, Any]] | None:
        value = one.get("value")
        form = add if one["op"] == "add" else remove
        if form == "wrapped":
            return value["members"] if isinstance(value, dict) and "members" in value else None
        if form == "scalar":
            return [value] if isinstance(value, dict) and "value" in value else None
        return value if isinstance(value, list) else None

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "PATCH" or asked.kind != "Groups":
            return honest(asked)
        operations = []
        for one in asked.body["Operations"]:
            path = str(one.get("path", ""))
            if path.startswith("members["):
                return Answer(400, {"detail": "no filter in a path", "scimType": "invalidPath"})
            rows = taken(one) if path == "members" else None
            if path == "members" and rows is None:
                return Answer(400, {"detail": "wrong form", "scimType": "invalidValue"})
            operations.append({**one, "value": rows} if rows is not None else one)
        return honest(replace(asked, body={**asked.body, "Operations": operations}))

    return quirk


@pytest.mark.parametrize(
    "add, remove", [("wrapped", "wrapped"), ("list", "list"), ("scalar", "list")]
)
def test_b7_members_are_added_and_removed_in_the_form_that_is_set(add: str, remove: str) -> None:
    server = of(5, members_in_form(add, remove), member_remove="list")
    server.judged = False
    server.group("all", names(3))
    caps = {"member_add": add, "member_remove": remove}
    with web.hostile(store=server) as service:
        for wanted in (["user003", "user004", "user000"], [], names(5)):
            row = {"display_name": "all", "members": {"set": wanted}}
            said = web.run(service, "scim_group", connection={"capabilities": caps}, **row)
            assert not said.failure and said.changed and members(server, "all") == set(wanted)
            said = web.run(service, "scim_group", connection={"capabilities": caps}, **row)
            assert not said.failure and not said.changed and not service.writes


def merging(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """PUT keeps what it does not name."""
    if asked.method != "PUT":
        return honest(asked)
    held = _server.held[asked.kind].get(asked.segments[1], {})
    return honest(replace(asked, body={**held, **asked.body}))


@pytest.mark.parametrize("patch", [True, False])
def test_b12_an_attribute_is_removed_where_put_keeps_what_it_omits(patch: bool) -> None:
    server = of(0, merging)
    server.user("jim", title="Sales", nickName="Big Tuna")
    caps = {"put_mode": "merge", "patch": patch}
    with web.hostile(store=server) as service:
        row = {
            "user_name": "jim",
            "clear": ["title"],
            "nick_name": "Tuna",
            "update_method": "put",
        }
        said = web.run(service, "scim_user", connection={"capabilities": caps}, **row)
        held = server.held["Users"][server.id_of("jim")]
        assert held["nickName"] == ("Tuna" if patch else "Big Tuna")
        if patch:
            assert not said.failure and said.changed and "title" not in held
            said = web.run(service, "scim_user", connection={"capabilities": caps}, **row)
            assert not said.failure and not said.changed
        else:
            assert "no PATCH" in said.failure and "title" in held and not service.writes


def put_of_members(how: str) -> Quirk:
    """PUT of a group ignores its members, or refuses a body that has them."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "PUT" or asked.kind != "Groups":
            return honest(asked)
        if how == "reject" and "members" in asked.body:
            return Answer(400, {"detail": "members cannot be replaced"})
        held = server.held["Groups"].get(asked.segments[1], {})
        return honest(replace(asked, body={**asked.body, "members": held.get("members", [])}))

    return quirk


@pytest.mark.parametrize("how", ["no", "reject"])
def test_b5_members_are_patched_where_put_does_not_take_them(how: str) -> None:
    server = of(4, put_of_members(how))
    server.group("all", names(2))
    caps = {"put_members": how}
    with web.hostile(store=server) as service:
        row = {"display_name": "all", "external_id": "x", "update_method": "put"}
        row["members"] = {"set": ["user001", "user003"]}
        said = web.run(service, "scim_group", connection={"capabilities": caps}, **row)
        assert not said.failure and said.changed, said.failure
        assert members(server, "all") == {"user001", "user003"}
        assert [one.method for one in service.seen if one.method != "GET"] == ["PUT", "PATCH"]
        said = web.run(service, "scim_group", connection={"capabilities": caps}, **row)
        assert not said.failure and not said.changed and not service.writes


def test_b6_members_are_never_replaced_as_a_whole() -> None:
    server = of(9)
    server.group("all", names(4))
    with web.hostile(store=server) as service:
        web.run(service, "scim_group", display_name="all", members={"set": names(9)[3:]})
    for asked in server.sent("PATCH", "Groups"):
        for one in asked.body["Operations"]:
            assert one["op"] != "replace" and ("value" in one or "[" in one["path"])
    assert members(server, "all") == set(names(9)[3:])


def test_b5_the_last_member_leaves_by_put_too() -> None:
    server = of(2)
    server.group("all", names(1))
    with web.hostile(store=server) as service:
        caps = {"patch": False, "members_read": "inline"}
        row = {"display_name": "all", "members": {"set": []}}
        said = web.run(service, "scim_group", connection={"capabilities": caps}, **row)
    assert not said.failure and said.changed and not members(server, "all")
    (put,) = server.sent("PUT", "Groups")
    assert put.body["members"] == []


def test_requests_and_operations_go_where_the_endpoints_are() -> None:
    """Entra has /users, Salesforce /ServiceProviderConfigs."""
    seen = []

    def moved(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        seen.append(asked.segments)
        usual = {("api", "users"): "Users", ("groups",): "Groups"}
        for place, name in usual.items():
            if asked.segments[: len(place)] == place:
                return honest(replace(asked, segments=(name, *asked.segments[len(place) :])))
        return Answer(404)

    server = of(2, moved)
    server.judged = False
    caps = {"paths": {"users": "/api/users", "groups": "/groups", "config": "/Configs"}}
    with web.hostile(store=server) as service:
        rows = {"display_name": "all", "members": {"set": names(2)}}
        said = web.run(service, "scim_group", connection={"capabilities": caps}, **rows)
        assert not said.failure and members(server, "all") == set(names(2))
        said = web.run(
            service, "scim_user", connection={"capabilities": caps}, user_name="jim", title="x"
        )
        assert not said.failure
        assert [one["path"] for one in said.result["operations"]] == ["/api/users"]
    assert ("Configs",) in seen and not {"Users", "Groups"} & {one[0] for one in seen}


def test_b8_an_update_that_does_not_take_is_told_once_and_is_no_change() -> None:
    def stubborn(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH" and asked.kind == "Users":
            return Answer(200, dict(server.held["Users"][asked.segments[1]]))
        return honest(asked)

    server = of(0, stubborn)
    server.user("jim", title="Sales")
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_user", user_name="jim", title="Manager")
    assert not said.failure and not said.changed and said.result["not_saved"] == ["title"]
    assert len([one for one in said.warnings if "title" in one]) == 1


def test_b9_a_creation_whose_answer_is_lost_makes_no_second_user() -> None:
    lost = []

    def losing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.method == "POST" and not lost:
            lost.append(asked)
            return Answer(503, {"status": "503", "detail": "try later"})
        return answer

    server = of(0, losing)
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_user", user_name="jim", external_id="1")
        assert not said.failure and said.changed and len(server.held["Users"]) == 1
        said = web.run(service, "scim_user", user_name="jim", external_id="1")
        assert not said.failure and not said.changed


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("bad", ["user001", "user007", "user012", "user019"])
def test_b14_a_member_that_is_refused_is_named_and_the_others_join(status: int, bad: str) -> None:
    def choking(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Groups" and asked.method in ("PATCH", "POST"):
            ident = server.id_of(bad)
            rows = list((asked.body or {}).get("members", ()))
            for one in (asked.body or {}).get("Operations", ()):
                rows += one["value"] if isinstance(one.get("value"), list) else []
            if any(row.get("value") == ident for row in rows):
                return Answer(status, {"status": str(status), "detail": "boom"})
        return honest(asked)

    server = of(20, choking)
    server.group("all", ["user000"])
    with web.hostile(store=server) as service:
        said = web.run(service, "scim_group", display_name="all", members={"add": names(20)})
        assert bad in said.failure
        assert not [one for one in names(20) if one != bad and one in said.failure]
        assert members(server, "all") == set(names(20)) - {bad}
        assert len(server.sent("PATCH", "Groups")) <= 40
        service.seen.clear()
        web.run(service, "scim_group", display_name="all", members={"add": names(20)})
        assert members(server, "all") == set(names(20)) - {bad}
