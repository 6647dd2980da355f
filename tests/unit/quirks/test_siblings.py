# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Black-box siblings of each oddity: from the options of a module to what the service holds."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
    altered,
    resources,
)

SIX = ["ann", "bob", "cid", "dan", "eve", "fay"]
FREE = {"max_removals": "none"}


def fresh(*quirks: Any, people: Sequence[str] = tuple(SIX), **groups: list[str]) -> Quirky:
    server = Quirky(*quirks)
    for one in people:
        server.user(one)
    for group, members in groups.items():
        server.group(group, members)
    return server


def go(server: Quirky, module: str, check: bool = False, **options: Any) -> Said:
    with hostile(server) as service:
        said = run(service, module, check=check, **options)
        print(module, said.result.get("changed"), said.failure, said.warnings)
        return said


def group(server: Quirky, name: str, check: bool = False, **options: Any) -> Said:
    return go(server, "scim_group", check, display_name=name, **options)


def user(server: Quirky, user_name: str, check: bool = False, **options: Any) -> Said:
    return go(server, "scim_user", check, user_name=user_name, **options)


def directory(server: Quirky, check: bool = False, **options: Any) -> Said:
    return go(server, "scim_directory", check, **options)


def teams(
    server: Quirky, check: bool = False, more: dict[str, Any] | None = None, **members: list[Any]
) -> Said:
    rows = [
        {
            "name": name,
            "members": [{"user_name": one} if isinstance(one, str) else one for one in some],
        }
        for name, some in members.items()
    ]
    return directory(server, check, teams=rows, thresholds=FREE, **(more or {}))


def of(server: Quirky, kind: str) -> int:
    return len(server.held[kind])


# --- answers that can only mean nothing


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, []),
        (200, {}),
        (200, {"totalResults": "0"}),
        (200, {"Resources": None, "totalResults": 0}),
        (204, None),
        (404, {"detail": "User not found"}),
        (410, None),
        (422, {"detail": "no results"}),
        (400, {"scimType": "noTarget"}),
    ],
)
def test_a_filter_that_finds_nobody_may_be_answered_in_any_way(status: int, body: Any) -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        is_empty = asked.lists and "filter" in asked.query and not answer.body["totalResults"]
        return Answer(status, body) if is_empty else answer

    server = fresh(quirk, people=["bob"])
    said = user(server, "ann")
    assert not said.failure and said.result["changed"] and of(server, "Users") == 2
    assert not user(server, "ann").result["changed"]


# --- ids of members in other forms


def respelt(out: Callable[[str], str], back: Callable[[str], str]) -> Any:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        text = json.dumps(asked.body)
        text = re.sub(
            r'members\[value eq \\"([^"\\]+)\\"\]',
            lambda m: f'members[value eq \\"{back(m[1])}\\"]',
            text,
        )
        body = json.loads(text)
        if isinstance(body, dict):
            for one in body.get("Operations", []):
                if one.get("path") == "members":
                    one["value"] = [
                        {**row, "value": back(row["value"])} for row in one.get("value", [])
                    ]
            if "members" in body:
                body["members"] = [{**row, "value": back(row["value"])} for row in body["members"]]
        answer = honest(replace(asked, body=body))

        def change(found: Any) -> Any:
            for one in resources(found):
                if "members" in one:
                    one["members"] = [{**row, "value": out(row["value"])} for row in one["members"]]
            return found

        return altered(answer, change)

    return quirk


FORMS = {
    "capitals": (str.upper, str.lower),
    "braces": (lambda t: "{" + t + "}", lambda t: t.strip("{}")),
    "url": (lambda t: "https://idp.example.com/v2/Users/" + t, lambda t: t.rpartition("/")[2]),
    "prefixed": (lambda t: "user:" + t, lambda t: t.rpartition(":")[2]),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("how", ["group", "membership", "teams", "put"])
def test_members_with_ids_in_another_form_are_never_all_removed(form: str, how: str) -> None:
    out, back = FORMS[form]
    server = fresh(respelt(out, back), staff=SIX)
    server.judged = False
    for _run in range(2):
        if how == "group":
            group(server, "staff", members={"set": SIX})
        elif how == "put":
            group(server, "staff", members={"set": SIX}, update_method="put")
        elif how == "membership":
            go(server, "scim_group_membership", group="staff", members=SIX, state="exact")
        else:
            teams(server, staff=SIX)
        assert server.members("staff") == set(SIX)
    assert all(server[one]["active"] for one in SIX)


@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_among_members_in_another_form_is_never_traded_for_a_user(form: str) -> None:
    out, back = FORMS[form]
    server = fresh(respelt(out, back), staff=SIX)
    server.judged = False
    group(server, "staff", members={"set": SIX[:5]})
    assert server.members("staff") >= set(SIX[:5])


# --- membership writes that do something else


def add_replaces(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    if asked.method == "PATCH" and asked.kind == "Groups":
        body = copy.deepcopy(asked.body)
        for one in body["Operations"]:
            if one["op"] == "add" and one["path"] == "members":
                _server.held["Groups"][asked.segments[1]]["members"] = []
        asked = replace(asked, body=body)
    return honest(asked)


def any_write_empties(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if asked.method in ("PATCH", "PUT") and asked.kind == "Groups" and answer.status < 300:
        ops = (asked.body or {}).get("Operations", [])
        if not any(one["op"] == "add" and one.get("path") == "members" for one in ops):
            server.held["Groups"][asked.segments[1]]["members"] = []
            return replace(answer, status=204, body=None)
    return answer


def remove_takes_all(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if asked.method == "PATCH" and asked.kind == "Groups":
        if any(one["op"] == "remove" for one in asked.body["Operations"]):
            server.held["Groups"][asked.segments[1]]["members"] = []
            return altered(answer, lambda body: {**body, "members": []})
    return answer


def silent(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if asked.method in ("PATCH", "PUT") and answer.status < 300:
        return replace(answer, status=204, body=None)
    return answer


WRITES = {
    "add_replaces": (add_replaces,),
    "add_replaces_silently": (silent, add_replaces),
    "any_write_empties": (any_write_empties,),
    "remove_takes_all": (remove_takes_all,),
    "remove_takes_all_silently": (silent, remove_takes_all),
}


@pytest.mark.parametrize("verify", ["removals", "writes", "none"])
@pytest.mark.parametrize("quirk", WRITES)
def test_no_membership_write_loses_a_member_unsaid(quirk: str, verify: str) -> None:
    server = fresh(*WRITES[quirk], staff=SIX[:4])
    options = {"verify": verify} if verify != "removals" else {}
    try:
        said = group(
            server,
            "staff",
            members={"add": ["eve"], "remove": ["ann"]},
            external_id="x1",
            **options,
        )
    except AssertionError as wrong:
        pytest.skip(str(wrong)[:80])
    wanted = {"bob", "cid", "dan", "eve"}
    lost = wanted - server.members("staff")
    assert not lost or (said.failure and all(one in said.failure for one in lost))


@pytest.mark.parametrize("quirk", WRITES)
def test_a_rename_of_a_group_loses_no_member_unsaid(quirk: str) -> None:
    server = fresh(*WRITES[quirk], staff=SIX)
    said = go(server, "scim_group", display_name="crew", previous_names=["staff"])
    lost = set(SIX) - server.members("crew")
    assert not lost or said.failure


# --- joins ignored


def joins_ignored(status: int) -> Any:
    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH" and asked.kind == "Groups":
            ops = [one for one in asked.body["Operations"] if one["op"] != "add"]
            if not ops:
                held = copy.deepcopy(server.held["Groups"][asked.segments[1]])
                return Answer(status, held if status == 200 else None)
            asked = replace(asked, body={**asked.body, "Operations": ops})
        return honest(asked)

    return quirk


@pytest.mark.parametrize("status", [200, 204])
@pytest.mark.parametrize("how", ["group", "membership", "teams", "user"])
def test_an_ignored_join_is_not_saved_and_never_changed(status: int, how: str) -> None:
    server = fresh(joins_ignored(status), staff=["ann"])
    for _run in range(2):
        if how == "group":
            said = group(server, "staff", members={"add": ["bob", "cid"]})
        elif how == "membership":
            said = go(server, "scim_group_membership", group="staff", members=["bob", "cid"])
        elif how == "user":
            said = user(server, "bob", groups={"add": ["staff"]})
        else:
            said = teams(server, staff=["ann", "bob", "cid"])
        assert said.result.get("changed") is False
        assert "members" in str(said.result.get("not_saved")) or said.failure


@pytest.mark.parametrize("status", [200, 204])
def test_an_ignored_join_keeps_a_mover_in_the_old_team(status: int) -> None:
    server = fresh(joins_ignored(status), old=["ann", "bob"], new=["cid"])
    teams(server, old=["ann"], new=["cid", "bob"])
    assert "bob" in server.members("old") and server["bob"]["active"]


# --- listings that lie


def no_list_without_start(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if asked.lists and "startIndex" not in asked.query:
        return altered(answer, lambda body: {**body, "totalResults": 0, "Resources": []})
    return answer


def total_is_page(size: int) -> Any:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.lists:
            return honest(asked)
        count = min(int(asked.query.get("count", size)), size)
        answer = honest(asked.asking(count=str(count)))
        return altered(answer, lambda body: {**body, "totalResults": len(body["Resources"])})

    return quirk


@pytest.mark.parametrize("size", [10, 20, 50])
@pytest.mark.parametrize("kind", ["total", "start"])
def test_a_list_that_lies_about_its_end_does_not_deactivate_someone_in_a_later_group(
    size: int, kind: str
) -> None:
    server = fresh(total_is_page(size) if kind == "total" else no_list_without_start)
    server.page = 200
    server.group("team", ["ann", "bob"])
    for number in range(size * 2):
        server.group(f"g{number}", ["cid"])
    server.group("zlast", ["bob"])
    said = teams(server, team=["ann"])
    assert server["bob"]["active"], said.warnings


@pytest.mark.parametrize("size", [10, 50])
def test_purge_on_a_list_that_lies_about_its_end_is_refused_or_whole(size: int) -> None:
    server = fresh(total_is_page(size), people=[f"p{number:03}" for number in range(size * 3)])
    wanted = [{"user_name": f"p{number:03}"} for number in range(size * 3 - 5)]
    said = directory(server, users=wanted, purge={"users": "absent"}, thresholds=FREE)
    left = server.names("Users")
    assert {one["user_name"] for one in wanted} <= left
    assert said.failure or len(left) == len(wanted)


def test_two_hundred_absent_users_go_in_one_run() -> None:
    names = [f"p{number:03}" for number in range(200)]
    server = fresh(total_is_page(50), people=names)
    said = directory(
        server, users=[{"user_name": one, "state": "absent"} for one in names], thresholds=FREE
    )
    assert said.failure or not server.held["Users"]


@pytest.mark.parametrize("size", [10, 50])
def test_an_info_module_returns_everything_of_a_list_that_lies(size: int) -> None:
    server = fresh(total_is_page(size), people=[f"p{number:03}" for number in range(size * 3)])
    said = go(server, "scim_user_info")
    assert said.failure or len(said.result["users"]) == size * 3


# --- groups without members in lists


def bare_lists(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    def bare(body: Any) -> Any:
        for one in body["Resources"]:
            one.pop("members", None)
        return body

    answer = honest(asked)
    return altered(answer, bare) if asked.lists and asked.kind == "Groups" else answer


def empty_lists(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    def empty(body: Any) -> Any:
        for one in body["Resources"]:
            one["members"] = []
        return body

    answer = honest(asked)
    return altered(answer, empty) if asked.lists and asked.kind == "Groups" else answer


def bare_with_attributes(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Members come by id without ``attributes`` only."""
    answer = honest(asked.without("attributes"))
    if (
        asked.kind == "Groups"
        and asked.method == "GET"
        and (asked.lists or "attributes" in asked.query)
    ):
        return altered(
            answer,
            lambda body: json.loads(
                re.sub(r'"members": \[[^\]]*\],? ?', "", json.dumps(body)).replace(", }", "}")
            ),
        )
    return answer


BARE = {"bare": bare_lists, "empty": empty_lists, "attributes": bare_with_attributes}


@pytest.mark.parametrize("quirk", BARE)
def test_groups_without_members_in_lists_converge(quirk: str) -> None:
    server = fresh(BARE[quirk], staff=SIX, other=["ann"])
    said = group(server, "staff", members={"set": SIX[:5]})
    assert server.members("staff") == set(SIX[:5]) or said.failure
    assert not group(server, "staff", members={"add": ["ann"]}).changed
    server.forget()
    again = group(server, "staff", members={"set": SIX[:5]})
    assert not server.log and not again.changed


@pytest.mark.parametrize("quirk", BARE)
def test_leavers_are_found_where_lists_show_no_members(quirk: str) -> None:
    server = fresh(BARE[quirk], staff=["ann", "bob", "cid"], other=["bob"])
    said = teams(server, staff=["ann"])
    assert server["bob"]["active"]
    assert server.members("staff") == {"ann"} or said.failure or said.warnings
    assert not server["cid"]["active"] or said.failure or said.warnings


@pytest.mark.parametrize("quirk", BARE)
def test_members_are_shown_and_kept_where_lists_have_none(quirk: str) -> None:
    server = fresh(BARE[quirk], staff=SIX[:3], other=["ann"])
    said = go(server, "scim_group_info")
    assert [len(one["members"]) for one in said.result["groups"]] == [3, 1]
    ident = server["staff"]["id"]
    said = go(server, "scim_group", id=ident, members={"set": ["ann", "dan"]})
    assert said.changed and server.members("staff") == {"ann", "dan"}
    said = group(server, "staff", external_id="x", members={"add": ["eve"]}, update_method="put")
    assert server.members("staff") == {"ann", "dan", "eve"} or said.failure


def members_in_answers_only(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    def hide(body: Any) -> Any:
        for one in resources(body):
            one.pop("members", None)
        return body

    answer = honest(asked)
    return altered(answer, hide) if asked.kind == "Groups" and asked.method == "GET" else answer


@pytest.mark.parametrize("how", ["group", "membership", "teams"])
def test_members_that_only_an_answer_shows_are_named(how: str) -> None:
    server = fresh(members_in_answers_only, staff=SIX[:3])
    if how == "group":
        said = group(server, "staff", members={"set": ["ann", "eve"]})
    elif how == "membership":
        said = go(
            server, "scim_group_membership", group="staff", members=["ann", "eve"], state="exact"
        )
    else:
        said = teams(server, staff=["ann", "eve"])
    assert {"ann", "bob", "cid"} <= server.members("staff")
    assert said.failure or any("bob, cid" in one for one in said.warnings), said.warnings


def cut_in_lists(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Lists show ten members of a group, a group by its id shows all."""

    def cut(body: Any) -> Any:
        for one in resources(body):
            if "members" in one:
                one["members"] = one["members"][:10]
        return body

    answer = honest(asked)
    return altered(answer, cut) if asked.kind == "Groups" and asked.lists else answer


@pytest.mark.parametrize("change", ["add", "set", "attribute"])
def test_a_replacement_keeps_members_that_lists_cut(change: str) -> None:
    names = [f"p{number:02}" for number in range(17)]
    server = fresh(cut_in_lists, people=[*names, "zoe"], staff=names)
    options: dict[str, Any] = {"external_id": "x"}
    if change != "attribute":
        options["members"] = {change: ["zoe"] if change == "add" else [*names[1:10], "zoe"]}
    said = group(server, "staff", update_method="put", **options)
    assert said.changed and not said.failure, said.failure
    assert {*names[1:]} <= server.members("staff")


# --- PUT gives back what came


ODD = {
    "urn:example:ext:2.0:User": {
        "dotted.name": 1,
        "a": {"b.c": [1, [2, {"x.y": None}]], "z": None},
        "list": [["x"], [], {}],
        "": "empty name",
        "n": 1.5e300,
        "t": True,
    },
    "top.level": {"a.b": "c"},
    "x": None,
}


def test_put_gives_back_what_is_not_managed() -> None:
    server = Quirky(judged=False)
    server.user("ann", title="x", **copy.deepcopy(ODD))
    said = user(server, "ann", title="y", update_method="put")
    assert said.failure == "" and said.changed
    held = server["ann"]
    for name, value in ODD.items():
        if value is not None:
            assert held[name] == value
    assert held["title"] == "y"


# --- raw names


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "urn:ietf:params:scim:schemas:core:2.0:User:",
        "a b",
        "a]b[",
        "title ",
        " title",
        "a..b",
        ".a",
        "a.",
        "a\tb",
        "1a",
        "a/b",
        'a"b',
        "é",
        "urn:",
        "urn:x:",
    ],
)
@pytest.mark.parametrize("option", ["attributes", "secret_attributes"])
def test_a_raw_name_outside_the_grammar_is_refused(name: str, option: str) -> None:
    server = fresh()
    said = user(server, "ann", **{option: {name: "x"}})
    assert said.failure and not server.log


# --- other letters


def shouted(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    def shout(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                (key if key.startswith("urn:") else key[:1].upper() + key[1:]): shout(inner)
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [shout(one) for one in value]
        return value

    return altered(honest(asked), shout)


def lowered(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    def lower(value: Any) -> Any:
        if isinstance(value, dict):
            return {key.lower(): lower(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [lower(one) for one in value]
        return value

    return altered(honest(asked), lower)


@pytest.mark.parametrize("quirk", [shouted, lowered])
def test_names_in_other_letters_are_the_same_names(quirk: Any) -> None:
    server = Quirky(quirk)
    server.user("bob")
    server.user(
        "ann",
        externalId="e1",
        emails=[{"value": "a@example.com", "type": "work"}],
    )
    server["ann"]["name"] = {"givenName": "Ann"}
    server.group("staff", ["ann", "bob"])
    enterprise = {"department": "x"}
    wanted = {
        "external_id": "e1",
        "emails": [{"value": "a@example.com", "type": "work"}],
        "name": {"given_name": "Ann"},
    }
    assert not user(server, "ann", **wanted).changed
    assert user(server, "ann", enterprise=enterprise).changed
    assert not user(server, "ann", enterprise=enterprise).changed
    assert not user(server, "ann", active=True).changed
    said = group(server, "staff", members={"set": ["bob"]})
    assert said.changed and server.members("staff") == {"bob"}
    assert not group(server, "staff", members={"set": ["bob"]}).changed
    assert not teams(server, staff=["bob"]).changed


# --- contradictions


@pytest.mark.parametrize("active", [True, False])
def test_another_external_id_is_a_contradiction(active: bool) -> None:
    server = Quirky()
    server.user("ann", externalId="old", active=active)
    said = user(server, "ann", external_id="new", active=True)
    assert "old" in said.failure and "new" in said.failure and not server.log
    said = user(server, "ann", external_id="new", match_by=["user_name"])
    assert not said.failure and server["ann"]["externalId"] == "new"


def test_an_empty_external_id_is_none_and_a_user_by_id_may_change_it() -> None:
    server = Quirky()
    server.user("ann", externalId="")
    ident = server.user("bob", externalId="old")
    assert not user(server, "ann", external_id="new").failure
    assert not go(server, "scim_user", id=ident, external_id="newer").failure
    assert server["bob"]["externalId"] == "newer"


def test_previous_names_with_another_external_id_are_a_contradiction() -> None:
    server = Quirky()
    server.user("ann", externalId="old")
    said = user(server, "anna", external_id="new", previous_user_names=["ann"])
    assert "old" in said.failure and "new" in said.failure and not server.log


def test_a_group_with_another_external_id_is_a_contradiction() -> None:
    server = Quirky()
    server.group("staff", externalId="old")
    said = group(server, "staff", external_id="new")
    assert "old" in said.failure and "new" in said.failure and not server.log


def test_twenty_contradictions_are_one_sentence() -> None:
    server = Quirky()
    for number in range(20):
        server.user(f"u{number}", externalId=f"old{number}")
    said = directory(
        server, users=[{"user_name": f"u{n}", "external_id": f"new{n}"} for n in range(20)]
    )
    assert said.failure and len(said.failure) < 1200 and not server.log


# --- roles and other lists


def test_roles_are_added_by_value() -> None:
    server = Quirky()
    server.user("ann", roles=[{"value": "admin"}, {"value": "auditor", "type": "x"}])
    said = user(server, "ann", roles=[{"value": "billing"}])
    assert said.changed
    assert {one["value"] for one in server["ann"]["roles"]} == {"admin", "auditor", "billing"}
    assert not user(server, "ann", roles=[{"value": "admin"}]).changed
    user(server, "ann", roles=[{"value": "billing"}], multi_valued="exact")
    assert [one["value"] for one in server["ann"]["roles"]] == ["billing"]


@pytest.mark.parametrize(
    "name",
    ["roles", "emails", "phone_numbers", "ims", "entitlements", "photos", "x509_certificates"],
)
def test_every_list_takes_set_add_and_remove(name: str) -> None:
    held = {"phone_numbers": "phoneNumbers", "x509_certificates": "x509Certificates"}.get(
        name, name
    )
    value = (
        (lambda n: f"a{n}@example.com")
        if name == "emails"
        else (lambda n: f"https://x/{n}" if name == "photos" else f"+1555000{n}")
    )
    server = Quirky()
    server.user(
        "ann", **{held: [{"value": value(1), "type": "work"}, {"value": value(2), "type": "home"}]}
    )
    assert not user(server, "ann", **{name: {"add": [{"value": value(1), "type": "work"}]}}).changed
    said = user(
        server,
        "ann",
        **{name: {"add": [{"value": value(3), "type": "other"}], "remove": [{"value": value(2)}]}},
    )
    assert not said.failure and said.changed
    assert {one["value"] for one in server["ann"][held]} == {value(1), value(3)}
    said = user(server, "ann", **{name: {"set": [{"value": value(4), "type": "work"}]}})
    assert [one["value"] for one in server["ann"][held]] == [value(4)]
    assert not user(server, "ann", **{name: {"set": [{"value": value(4), "type": "work"}]}}).changed


def test_addresses_take_set_add_and_remove() -> None:
    rome, oslo = ({"type": "work", "locality": "Rome"}, {"type": "home", "locality": "Oslo"})
    bonn = {"type": "other", "locality": "Bonn"}
    server = Quirky()
    server.user("ann", addresses=[rome, oslo])
    assert not user(server, "ann", addresses={"add": [rome]}).changed
    said = user(server, "ann", addresses={"add": [bonn], "remove": [oslo]})
    assert not said.failure and server["ann"]["addresses"] == [rome, bonn]
    assert user(server, "ann", addresses={"set": [oslo]}).changed
    assert server["ann"]["addresses"] == [oslo]
    assert not user(server, "ann", addresses={"set": [oslo]}).changed


# --- values as services write them


def stored(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """A service that keeps users in another form."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if (
            asked.kind == "Users"
            and asked.method in ("POST", "PUT", "PATCH")
            and answer.status < 300
        ):
            ident = answer.body["id"]
            server.held["Users"][ident] = change(copy.deepcopy(server.held["Users"][ident]))
            return replace(answer, body=copy.deepcopy(server.held["Users"][ident]))
        return answer

    return quirk


def each(
    name: str, change: Callable[[dict[str, Any]], Any]
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def changed(user: dict[str, Any]) -> dict[str, Any]:
        if name in user:
            user[name] = [change(dict(one)) if isinstance(one, dict) else one for one in user[name]]
        return user

    return changed


def e164(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "value": "+" + re.sub(r"\D", "", one["value"])}


def untyped(one: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key != "type"}


STORED: dict[str, Any] = {
    "e164": each("phoneNumbers", e164),
    "lower": each("emails", lambda one: {**one, "value": one["value"].lower()}),
    "untyped": lambda user: each("phoneNumbers", untyped)(each("emails", untyped)(user)),
    "untyped_e164": each("phoneNumbers", lambda one: untyped(e164(one))),
    "plain_strings": each("emails", lambda one: one["value"]),
    "with_display": each("emails", lambda one: {**one, "display": one["value"]}),
}


@pytest.mark.parametrize("form", STORED)
def test_n_runs_give_the_same_lists(form: str) -> None:
    server = Quirky(stored(STORED[form]), judged=False)
    options = {
        "emails": [
            {"value": "Ann@Example.com", "type": "work"},
            {"value": "Ann@home.example", "type": "home"},
        ],
        "phone_numbers": [
            {"value": "+49 30 1234-5", "type": "work"},
            {"value": "(030) 99", "type": "home"},
        ],
    }
    sizes = []
    for _run in range(4):
        user(server, "ann", **options)
        sizes.append((len(server["ann"]["emails"]), len(server["ann"]["phoneNumbers"])))
    assert set(sizes[1:]) == {sizes[0]} and sizes[0] == (2, 2)
    server.forget()
    assert not user(server, "ann", **options).changed


def test_a_service_with_types_of_its_own_holds_each_value_once() -> None:
    """The same value under another type may be an entry of its own, so it is tried once a run."""
    server = Quirky(stored(each("emails", lambda one: {**one, "type": "other"})), judged=False)
    emails = [
        {"value": "a@example.com", "type": "work"},
        {"value": "b@example.com", "type": "home"},
    ]
    sizes = []
    for _run in range(4):
        user(server, "ann", emails=emails)
        sizes.append(len(server["ann"]["emails"]))
    assert sizes == [2, 2, 2, 2]


@pytest.mark.parametrize("held", [1, 0, "true", "True", "false", "False", "1", "0"])
def test_active_in_another_type_is_read(held: Any) -> None:
    server = Quirky()
    is_active = str(held).lower() in ("1", "true")
    server.user("ann")
    server["ann"]["active"] = held
    server.group("staff", ["ann"])
    said = user(server, "ann", active=is_active)
    assert not said.changed
    said = teams(server, staff=["ann"])
    assert said.changed is not is_active


def test_a_copy_of_an_address_follows() -> None:
    server = Quirky()
    server.user(
        "ann",
        emails=[
            {"value": "old@example.com", "type": "work", "primary": True},
            {"value": "old@example.com", "type": "other"},
        ],
    )
    user(server, "ann", emails=[{"value": "new@example.com", "type": "work"}])
    assert "old@example.com" not in json.dumps(server["ann"])
    server.forget()
    assert not user(server, "ann", emails=[{"value": "new@example.com", "type": "work"}]).changed


def test_a_mail_in_other_letters_is_the_same() -> None:
    server = Quirky()
    server.user("ann", emails=[{"value": "ann@example.com", "type": "work"}])
    said = user(server, "ann", emails=[{"value": "Ann@Example.COM", "type": "work"}])
    assert not said.changed and not said.warnings


# --- filters that lie


def first_only(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    if "filter" in asked.query:
        asked = asked.asking(filter=asked.query["filter"].split(" or ")[0])
    return honest(asked)


def last_only(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    if "filter" in asked.query:
        asked = asked.asking(filter=asked.query["filter"].split(" or ")[-1])
    return honest(asked)


def or_is_nothing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if " or " in asked.query.get("filter", ""):
        return altered(answer, lambda body: {**body, "totalResults": 0, "Resources": []})
    return answer


def filters_find_nothing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if "filter" in asked.query:
        return altered(answer, lambda body: {**body, "totalResults": 0, "Resources": []})
    return answer


def odd_names_not_found(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if re.search(r'eq "[^"]*[^A-Za-z0-9._@"-]', asked.query.get("filter", "")):
        return altered(answer, lambda body: {**body, "totalResults": 0, "Resources": []})
    return answer


def case_matters(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    if "filter" not in asked.query:
        return honest(asked)
    wanted = {
        json.loads(one) for one in re.findall(r'eq ("(?:[^"\\]|\\.)*")', asked.query["filter"])
    }

    def exactly(body: Any) -> Any:
        rows = [
            one
            for one in body["Resources"]
            if {one.get("userName"), one.get("displayName"), one.get("externalId")} & wanted
        ]
        return {**body, "Resources": rows, "totalResults": len(rows)}

    return altered(honest(asked), exactly)


def none_is_404(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if "filter" in asked.query and answer.status == 200 and not answer.body["Resources"]:
        return Answer(404, {"detail": "nothing found", "status": "404"})
    return answer


def none_is_204(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if "filter" in asked.query and answer.status == 200 and not answer.body["Resources"]:
        return Answer(204)
    return answer


def names_repeat(server: Quirky) -> Quirky:
    """Let names of groups repeat, as the RFC allows."""
    checked = server._check

    def check(kind: str, body: Any, but: str = "") -> None:
        if kind != "Groups":
            checked(kind, body, but)

    server._check = check  # type: ignore[method-assign]
    return server


LYING: dict[str, Any] = {
    "first_only": first_only,
    "last_only": last_only,
    "or_is_nothing": or_is_nothing,
    "nothing": filters_find_nothing,
    "odd": odd_names_not_found,
    "case": case_matters,
    "404": none_is_404,
    "204": none_is_204,
}


@pytest.mark.parametrize("quirk", LYING)
def test_a_filter_that_lies_never_makes_a_second_group(quirk: str) -> None:
    server = names_repeat(Quirky(LYING[quirk]))
    for name in ("Alpha Team", "beta/é", "gamma", "Delta, Inc."):
        server.group(name)
    wanted = [
        {"display_name": one} for one in ("alpha team", "beta/e\u0301", "gamma", "Delta, Inc.")
    ]
    for _run in range(2):
        said = directory(server, groups=wanted)
        assert of(server, "Groups") == 4, said.failure
    assert not said.failure
    server.forget()
    said = directory(server, groups=[*wanted, {"display_name": "new"}])
    assert of(server, "Groups") == 5 and not said.failure
    said = directory(server, groups=[*wanted, {"display_name": "new"}])
    assert of(server, "Groups") == 5 and not said.failure and not said.changed


@pytest.mark.parametrize("quirk", LYING)
def test_a_filter_that_lies_hides_no_user_of_an_offboarded_team(quirk: str) -> None:
    server = Quirky(LYING[quirk])
    for name in ("Ann O'Neil", "bob", "Cid"):
        server.user(name)
    server.group("Old Team", ["Ann O'Neil", "bob", "Cid"])
    server.group("zother", [])
    rows = [
        {
            "name": "Old Team",
            "state": "offboarded",
            "members": [{"user_name": one} for one in ("Ann O'Neil", "bob", "Cid")],
        }
    ]
    said = directory(server, teams=rows, thresholds=FREE)
    assert not said.failure
    assert server.members("Old Team") == set()
    assert not any(server[one]["active"] for one in ("Ann O'Neil", "bob", "Cid"))


@pytest.mark.parametrize("state", ["absent", "inactive"])
@pytest.mark.parametrize("quirk", [name for name in LYING if name != "nothing"])
def test_a_filter_that_lies_hides_no_user_that_goes(quirk: str, state: str) -> None:
    server = Quirky(LYING[quirk])
    server.user("Ann O'Neil")
    said = user(server, "Ann O'Neil", state=state)
    assert said.changed and not said.failure


def union_but_one(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Several comparisons find everything but the last resource."""
    answer = honest(asked)
    if " or " not in asked.query.get("filter", ""):
        return answer

    def cut(body: Any) -> Any:
        rows = body["Resources"][:-1]
        return {**body, "totalResults": len(rows), "Resources": rows}

    return altered(answer, cut)


@pytest.mark.parametrize("state", ["absent", "inactive"])
@pytest.mark.parametrize("size", [2, 3, 6])
@pytest.mark.parametrize("quirk", [first_only, or_is_nothing, union_but_one])
def test_a_filter_that_lies_hides_none_of_several_users_that_go(
    quirk: Any, size: int, state: str
) -> None:
    server = fresh(quirk)
    rows = [{"user_name": one, "state": state} for one in SIX[:size]]
    said = directory(server, users=rows, thresholds=FREE)
    left = [one["userName"] for one in server.held["Users"].values() if one["active"]]
    assert not said.failure and left == SIX[size:]


def test_an_endpoint_that_is_missing_is_no_empty_service() -> None:
    def gone(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return Answer(404, {"detail": "no such endpoint"}) if asked.lists else honest(asked)

    server = fresh(gone)
    said = directory(server, groups=[{"display_name": "x"}])
    assert said.failure or of(server, "Groups") <= 1


def prefixed(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """The service returns groups under another name."""
    if "filter" in asked.query and asked.kind == "Groups":
        asked = asked.asking(filter=asked.query["filter"].replace("PRIMARY/", ""))

    def change(body: Any) -> Any:
        for one in resources(body):
            if "displayName" in one and not one["displayName"].startswith("PRIMARY/"):
                one["displayName"] = "PRIMARY/" + one["displayName"]
        return body

    answer = honest(asked)
    return altered(answer, change) if asked.kind == "Groups" else answer


@pytest.mark.parametrize("external", [True, False])
def test_a_group_under_another_name_is_made_once(external: bool) -> None:
    server = names_repeat(fresh(prefixed))
    row: dict[str, Any] = {"display_name": "developers", "members": {"set": ["ann"]}}
    if external:
        row["external_id"] = "g-1"
    first = directory(server, groups=[row])
    assert (
        not first.failure and of(server, "Groups") == 1 and server.members("developers") == {"ann"}
    )
    assert any("PRIMARY/developers" in one for one in first.warnings)
    second = directory(server, groups=[row])
    assert of(server, "Groups") == 1
    if external:
        assert not second.failure
    else:
        assert second.failure


def lagging(seconds: float, loses: int) -> Any:
    """Creations answer nothing, and reads show them only after some seconds."""
    born: dict[str, float] = {}
    left = [loses]

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST":
            answer = honest(asked)
            if answer.status == 201:
                born[answer.body["id"]] = server.waited
                if left[0] > 0:
                    left[0] -= 1
                    return Answer(503, {"detail": "try again"})
            return answer
        answer = honest(asked)
        if asked.lists:

            def seen(body: Any) -> Any:
                rows = [
                    one
                    for one in body["Resources"]
                    if server.waited - born.get(one["id"], -99) >= seconds
                ]
                return {**body, "Resources": rows, "totalResults": len(rows)}

            return altered(answer, seen)
        return answer

    return quirk


def hidden_inactive(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    answer = honest(asked)
    if asked.is_listing and asked.kind == "Users":

        def seen(body: Any) -> Any:
            rows = [one for one in body["Resources"] if one.get("active") is not False]
            hidden = len(body["Resources"]) - len(rows)
            return {**body, "Resources": rows, "totalResults": body["totalResults"] - hidden}

        return altered(answer, seen)
    return answer


def test_inactive_users_that_lists_leave_out_are_found() -> None:
    names = [f"p{number:03}" for number in range(300)]
    server = fresh(hidden_inactive, people=names)
    for one in names[::7]:
        server[one]["active"] = False
    rows = [{"user_name": one} for one in names]
    check = directory(server, True, users=rows)
    assert not check.failure and check.result["summary"]["created"] == 0
    said = directory(server, users=rows)
    assert not said.failure and of(server, "Users") == 300
    said = directory(server, teams=[{"name": "t", "members": rows}], thresholds=FREE)
    assert not said.failure and all(server[one]["active"] for one in names)


def duplicate_as(status: int, scim_type: str = "") -> Any:
    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if answer.status == 409:
            return Answer(status, {"detail": "already exists", "scimType": scim_type})
        return answer

    return quirk


def hidden_at_first(times: int) -> Any:
    """Searches find nothing at first."""
    left = [times]

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.lists and left[0] > 0:
            left[0] -= 1
            return altered(answer, lambda body: {**body, "totalResults": 0, "Resources": []})
        return answer

    return quirk


@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_duplicate_refused_otherwise_is_found(status: int) -> None:
    made: list[str] = []

    def late(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST" and not made:
            made.append(server.user("ann", title="other"))
        return honest(asked)

    server = Quirky(duplicate_as(status), late)
    said = user(server, "ann", title="mine")
    assert not said.failure and server["ann"]["title"] == "mine" and of(server, "Users") == 1


def test_a_group_found_after_409_is_exact() -> None:
    made: list[str] = []

    def late(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST" and not made:
            made.append(server.group("staff", ["ann", "bob", "eve"]))
        return honest(asked)

    server = fresh(late)
    said = group(server, "staff", members={"set": ["bob", "cid"]})
    assert not said.failure, said.failure
    assert server.members("staff") == {"bob", "cid"}


def test_a_rename_frees_a_name() -> None:
    server = Quirky()
    server.user("ann", externalId="1")
    rows = [{"user_name": "ann", "external_id": "2"}, {"user_name": "anna", "external_id": "1"}]
    said = directory(server, users=rows, thresholds={"identities_changed": "none"})
    assert not said.failure, said.failure
    assert {one["externalId"]: one["userName"] for one in server.held["Users"].values()} == {
        "1": "anna",
        "2": "ann",
    }
    assert not directory(server, users=rows, thresholds={"identities_changed": "none"}).changed


@pytest.mark.parametrize("size", [2, 3, 5])
def test_users_swap_their_names(size: int) -> None:
    server = Quirky()
    for number in range(size):
        server.user(f"u{number}", externalId=str(number))
    rows = [
        {"user_name": f"u{(number + 1) % size}", "external_id": str(number)}
        for number in range(size)
    ]
    said = directory(server, users=rows, thresholds={"identities_changed": "none"})
    assert not said.failure, said.failure
    assert {one["externalId"]: one["userName"] for one in server.held["Users"].values()} == {
        str(number): f"u{(number + 1) % size}" for number in range(size)
    }
    assert not directory(server, users=rows, thresholds={"identities_changed": "none"}).changed


def test_groups_swap_their_names() -> None:
    server = Quirky()
    server.group("a", externalId="1")
    server.group("b", externalId="2")
    rows = [{"display_name": "b", "external_id": "1"}, {"display_name": "a", "external_id": "2"}]
    said = directory(server, groups=rows)
    assert not said.failure, said.failure
    assert {one["externalId"]: one["displayName"] for one in server.held["Groups"].values()} == {
        "1": "b",
        "2": "a",
    }


def test_a_name_that_was_anothers_stops_without_an_id() -> None:
    server = Quirky()
    server.user("ann")
    rows = [{"user_name": "ann"}, {"user_name": "anna", "previous_user_names": ["ann"]}]
    said = directory(server, users=rows)
    assert said.failure and not server.log


# --- for ever


def drops(*names: str) -> Any:
    def less(user: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in user.items() if key not in names}

    return stored(less)


def test_a_dropped_attribute_is_written_once_a_run_at_most_and_never_changed() -> None:
    server = Quirky(drops("nickName", "displayName"))
    rows = [
        {"user_name": f"p{number}", "nick_name": "x", "display_name": "y", "title": "t"}
        for number in range(10)
    ]
    assert not directory(server, users=rows).failure
    server.forget()
    said = directory(server, users=rows)
    assert not said.changed and not said.failure
    assert len(server.log) <= 2
    assert any("unsaved" in one and "User.nickName" in one for one in said.warnings)


def patch_refuses(path: str) -> Any:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH" and any(
            str(one.get("path")).startswith(path) for one in asked.body["Operations"]
        ):
            return Answer(400, {"detail": "bad path", "scimType": "invalidPath"})
        return honest(asked)

    return quirk


def test_a_refused_path_stops_no_deactivation() -> None:
    names = [f"p{number}" for number in range(30)]
    server = Quirky(drops("title"), patch_refuses("title"))
    for one in names:
        server.user(one)
    server.group("staff", names)
    leaver = [{"user_name": one, "title": "x", "state": "inactive"} for one in names[20:]]
    rows = [{"user_name": one, "title": "x"} for one in names[:20]]
    directory(server, users=[*rows, *leaver], thresholds=FREE)
    assert not any(server[one]["active"] for one in names[20:])


def test_one_501_for_one_path_of_one_user_changes_nothing_for_groups() -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH" and asked.kind == "Users":
            if any(one.get("path") == "title" for one in asked.body["Operations"]):
                return Answer(501, {"detail": "not implemented"})
        return honest(asked)

    server = fresh(quirk, staff=["ann"])
    said = directory(
        server,
        users=[{"user_name": "ann", "title": "x"}, {"user_name": "bob", "nick_name": "b"}],
        groups=[{"display_name": "staff", "members": {"add": ["cid"]}}],
    )
    assert not said.failure
    assert [one.method for one in server.asked if one.kind == "Groups" and one.method != "GET"] == [
        "PATCH"
    ]


def add_ignored_for_absent(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    if asked.method == "PATCH" and asked.kind == "Users":
        ops = [one for one in asked.body["Operations"] if one["op"] != "add"]
        if not ops:
            return Answer(200, copy.deepcopy(server.held["Users"][asked.segments[1]]))
        asked = replace(asked, body={**asked.body, "Operations": ops})
    return honest(asked)


def test_an_ignored_add_is_tried_otherwise_once() -> None:
    server = fresh(add_ignored_for_absent)
    said = user(server, "ann", title="x")
    assert server["ann"].get("title") == "x" or "update_method" in json.dumps(
        [said.failure, said.warnings]
    )
    server.forget()
    said = user(server, "ann", title="x")
    assert not said.changed


@pytest.mark.parametrize("most", [25, 50, 80, 100, 200])
@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_page_that_is_refused_for_its_size_is_asked_smaller(most: int, status: int) -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.lists and int(asked.query.get("count", 0)) > most:
            return Answer(status, {"detail": "count is too large"})
        return honest(asked)

    server = fresh(quirk, people=[f"p{number:03}" for number in range(120)])
    server.group("staff", ["p001"])
    assert not user(server, "p001").failure
    said = go(server, "scim_user_info")
    assert not said.failure and len(said.result["users"]) == 120
    said = teams(server, staff=["p001", "p002"])
    assert not said.failure


def test_check_mode_takes_an_id_that_an_earlier_task_would_make() -> None:
    server = fresh()
    said = go(server, "scim_user", True, user_name="zoe")
    ident = said.result["user"]["id"]
    assert not go(server, "scim_user", True, id=ident, title="x").failure
    assert not go(
        server, "scim_group", True, display_name="g", members={"add": [{"id": ident}]}
    ).failure
    made = group(server, "crew", True)
    said = go(
        server, "scim_group_membership", True, group_id=made.result["group"]["id"], members=["ann"]
    )
    assert not said.failure
    said = go(server, "scim_group_membership", True, group="crew", members=[{"id": ident}])
    assert not said.failure


# --- one odd thing


ODD_MEMBERS: list[Any] = [
    None,
    {"$ref": "https://x/Users/u1"},
    {"display": "x"},
    {},
    7,
    [],
    {"value": None},
    {"value": ["x"]},
]


@pytest.mark.parametrize("row", ODD_MEMBERS, ids=map(repr, ODD_MEMBERS))
def test_an_odd_member_of_another_group_stops_nothing(row: Any) -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        def odd(body: Any) -> Any:
            for one in resources(body):
                if one.get("displayName") == "other":
                    one["members"] = [*one.get("members", []), row]
            return body

        answer = honest(asked)
        return altered(answer, odd) if asked.kind == "Groups" and asked.method == "GET" else answer

    server = fresh(quirk, staff=["ann", "bob"], other=["cid"])
    said = group(server, "staff", members={"set": ["ann"]})
    assert not said.failure and server.members("staff") == {"ann"}
    said = teams(server, staff=["ann", "dan"])
    assert not said.failure and "dan" in server.members("staff")
    said = go(server, "scim_group_info")
    assert not said.failure and len(said.result["groups"]) == 2


ODD_ROWS: list[Any] = [None, 7, "x", [], {}, {"id": None}, {"id": ["x"]}, {"userName": "ghost"}]


@pytest.mark.parametrize("row", ODD_ROWS, ids=map(repr, ODD_ROWS))
def test_an_odd_row_stops_only_what_rests_on_it(row: Any) -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.is_listing and asked.kind == "Users":
            return altered(
                answer,
                lambda body: {
                    **body,
                    "Resources": [*body["Resources"], row],
                    "totalResults": body["totalResults"] + 1,
                },
            )
        return answer

    server = fresh(quirk, staff=["ann", "bob"])
    said = go(server, "scim_user_info")
    assert not said.failure and len([one for one in said.result["users"] if one]) >= 6
    said = directory(server, users=[{"user_name": one, "title": "x"} for one in SIX])
    assert not said.failure and server["fay"]["title"] == "x"


@pytest.mark.parametrize(
    "ident", ["..", ".", "", ".search", "Me", "a/b", "?x", "#", "../Groups/g1", "%2e%2e"]
)
def test_an_id_that_would_be_another_address_is_never_requested(ident: str) -> None:
    server = fresh(staff=["ann"])
    said = go(server, "scim_user", id=ident, title="x")
    assert said.failure
    assert all(
        one.segments[0] in ("Users", "ServiceProviderConfig", "Schemas") for one in server.asked
    )
    assert not server.log


ODD_BODIES: list[Any] = [
    None,
    "text",
    7,
    [],
    {},
    {"id": 5},
    {"id": "zzz"},
    {"Resources": []},
    {"detail": "x", "status": "200"},
    True,
]


@pytest.mark.parametrize("body", ODD_BODIES, ids=map(repr, ODD_BODIES))
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_an_odd_answer_to_a_write_is_proved_otherwise(method: str, body: Any) -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        return Answer(200, body) if asked.method == method and answer.status < 300 else answer

    server = fresh(quirk)
    if method == "POST":
        said = user(server, "zoe", title="x")
        assert "zoe" in server.names("Users")
    elif method == "DELETE":
        said = user(server, "ann", state="absent")
    else:
        said = user(
            server, "ann", title="x", **({"update_method": "put"} if method == "PUT" else {})
        )
        assert server["ann"]["title"] == "x"
    assert said.changed and not said.failure, said.failure


@pytest.mark.parametrize("body", ["text", [], True], ids=map(repr, ["text", [], True]))
@pytest.mark.parametrize("is_done", [True, False])
def test_each_deletion_with_an_odd_answer_is_proved(body: Any, is_done: bool) -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "DELETE":
            return honest(asked)
        if is_done or asked.segments[1] != "u3":
            honest(asked)
        return Answer(200, body)

    server = fresh(quirk)
    rows = [{"user_name": one, "state": "absent"} for one in SIX]
    said = directory(server, users=rows, thresholds=FREE)
    assert server.names("Users") == (set() if is_done else {"cid"})
    assert said.changed and bool(said.failure) is not is_done
    assert is_done or "cid" in said.failure


# --- leavers


def test_an_ignored_deactivation_is_a_failure_and_stays_findable() -> None:
    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method in ("PATCH", "PUT") and asked.kind == "Users":
            honest(asked)
            server.held["Users"][asked.segments[1]]["active"] = True
            return Answer(200, copy.deepcopy(server.held["Users"][asked.segments[1]]))
        return honest(asked)

    server = fresh(quirk, staff=["ann", "bob"])
    for _run in range(2):
        said = teams(server, staff=["ann"])
        assert "bob" in said.failure and "bob" in server.members("staff")
    said = user(server, "ann", state="inactive")
    assert said.failure


def test_an_ignored_deletion_is_a_failure_and_stays_findable() -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return Answer(204) if asked.method == "DELETE" else honest(asked)

    server = fresh(quirk, staff=["ann", "bob"])
    for _run in range(2):
        said = teams(server, more={"leavers": "absent"}, staff=["ann"])
        assert "bob" in said.failure and "bob" in server.members("staff")
    said = user(server, "ann", state="absent")
    assert said.failure


@pytest.mark.parametrize("status", [403, 404, 501, 400, 413])
def test_leavers_keep_their_accounts_where_groups_cannot_be_listed(status: int) -> None:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.is_listing and asked.kind == "Groups" and int(asked.query.get("count", 9)) != 1:
            return Answer(status, {"detail": "no", "scimType": "tooMany" if status == 400 else ""})
        return honest(asked)

    server = fresh(quirk, staff=["ann", "bob"])
    said = teams(server, staff=["ann", "cid"])
    assert not said.failure, said.failure
    assert server["bob"]["active"] and "cid" in server.members("staff")
    assert any("bob" in one for one in said.warnings), said.warnings


# --- counts on a service that follows the RFC


def test_counts_of_requests() -> None:
    server = fresh(staff=SIX[:3])
    counts = {}

    def counted(name: str, call: Callable[[], Said]) -> None:
        server.forget()
        said = call()
        assert not said.failure, said.failure
        counts[name] = server.requests
        print(
            name,
            server.requests,
            [(one.method, one.segments, dict(one.query)) for one in server.asked],
        )

    counted("unchanged", lambda: user(server, "ann"))
    counted("create", lambda: user(server, "zoe", title="x"))
    counted("update", lambda: user(server, "zoe", title="y"))
    counted("unchanged_many", lambda: directory(server, users=[{"user_name": one} for one in SIX]))
    counted("join", lambda: group(server, "staff", members={"add": ["eve"]}))
    counted("unchanged_group", lambda: group(server, "staff", members={"add": ["eve"]}))
    counted("create_group", lambda: group(server, "new", members={"set": ["ann"]}))
    counted("unchanged_team", lambda: teams(server, staff=["ann", "bob", "cid", "eve"]))
    print(counts)
    assert counts["unchanged"] == 1 and counts["create"] == 2 and counts["update"] == 2
    assert counts["unchanged_many"] == 1


def groups_of_users(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Users name the groups that they are in (RFC 7643 section 4.1.2)."""

    def named(body: Any) -> Any:
        for one in resources(body):
            inside = []
            for held in server.held["Groups"].values():
                if one["id"] in [row["value"] for row in held.get("members", [])]:
                    inside.append({"value": held["id"], "display": held["displayName"]})
            if inside:
                one["groups"] = inside
        return body

    answer = honest(asked)
    return altered(answer, named) if asked.kind == "Users" and asked.method == "GET" else answer


def test_d6_two_runs_that_fill_the_same_groups_at_once_both_end() -> None:
    rows = {"Paper": ["p0", "p1"], "Print": ["p2", "p3"]}
    other: list[str] = []

    def meanwhile(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST" and not other:
            for group, members in rows.items():
                for name in members:
                    other.append(server.user(name))
                server[group]["members"] = [{"value": one} for one in other[-2:]]
        return honest(asked)

    server = fresh(groups_of_users, meanwhile, people=[], Paper=[], Print=[])
    said = teams(server, **rows)
    assert not said.failure, said.failure
    assert server.members("Paper") == {"p0", "p1"} and server.members("Print") == {"p2", "p3"}
    assert not teams(server, **rows).changed


def test_a_member_that_another_run_removes_first_is_not_added_back() -> None:
    removed: list[str] = []

    def meanwhile(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH" and asked.kind == "Groups" and not removed:
            removed.append("bob")
            rows = server["staff"]["members"]
            server["staff"]["members"] = [
                row for row in rows if row["value"] != server.id_of("bob")
            ]
        return honest(asked)

    server = fresh(meanwhile, staff=["ann", "bob", "cid"])
    said = teams(server, staff=["ann", "cid", "dan"])
    assert not said.failure, said.failure
    assert server.members("staff") == {"ann", "cid", "dan"} and not server["bob"]["active"]


# --- a new row that may be a leaver under another name (O23)


@pytest.mark.parametrize("check", [False, True])
def test_a_probable_rename_is_left_out_and_fails_after_the_rest(check: bool) -> None:
    server = fresh(sales=["ann", "bob"])
    server["ann"]["emails"] = [{"value": "ann@x.org", "type": "home"}]
    new = {"user_name": "anna", "emails": [{"value": "ANN@x.org", "type": "work"}]}
    said = teams(server, check, sales=[new, "bob", "cid"])
    assert said.failure.startswith("probable rename: user 'anna'")
    assert "previous_user_names: [ann]" in said.failure and "state: inactive" in said.failure
    assert said.result["probable_renames"] == [
        {"new": "anna", "old": "ann", "same": ["e-mail address"]}
    ]
    assert [one["name"] for one in said.result["plan"]] == ["sales"] and said.result["changed"]
    joined = {"ann", "bob"} if check else {"ann", "bob", "cid"}
    assert server.members("sales") == joined and "anna" not in server.names("Users")
    assert server["ann"]["active"]


def test_a_previous_name_in_a_roster_renames_the_account_and_keeps_its_groups() -> None:
    server = fresh(sales=["ann", "bob"], staff=["ann"])
    ident = server.id_of("ann")
    row = {"user_name": "anna", "previous_user_names": ["ann"]}
    said = teams(server, sales=[row, "bob"])
    assert not said.failure and server.id_of("anna") == ident
    assert server.members("staff") == {"anna"} and server.members("sales") == {"anna", "bob"}
    again = teams(server, sales=[row, "bob"])
    assert not again.failure and not again.result["changed"]
