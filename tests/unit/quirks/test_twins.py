# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One id on two users or groups, and one user that comes twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._converge import planner
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.list_query import ListQuery
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._transport.lists import list_of
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import members_by_id_only
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
    resources,
)

NAMES = tuple(f"n{number}" for number in range(6))
PURGE = Policy(purge={"User": "inactive"})


def twinned(
    one: str = "n0", other: str = "n1", kind: str = "Users", total: str = "rows", last: bool = False
) -> Quirk:
    """Show ``other`` under the id of ``one``; ``last``: that id and filters find only ``other``.

    ``total`` counts the ``rows``, the ``ids``, or is not there.
    """

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != kind:
            return honest(asked)
        mine, theirs = server.id_of(one), server.id_of(other)
        words = asked.query.get("filter", "")
        if f'id eq "{mine}"' in words:
            asked = asked.asking(filter=f'{words} or id eq "{theirs}"')
        if last and len(asked.segments) > 1 and asked.segments[1] == mine:
            answer = honest(Asked(asked.method, (kind, theirs), asked.query, asked.body))
        else:
            answer = honest(asked)

        def shared(body: Any) -> Any:
            if last and "filter" in asked.query:
                body["Resources"] = [row for row in body["Resources"] if row["id"] != mine]
            for row in resources(body):
                row["id"] = mine if row["id"] == theirs else row["id"]
            if "Resources" in body and total == "ids" and "filter" not in asked.query:
                body["totalResults"] = len(server.held[kind]) - 1
            elif total == "none":
                body.pop("totalResults", None)
            return body

        return altered(answer, shared)

    return quirk


class Written(Quirky):
    """A service whose lists come as text, so that their rows may stay unread."""

    def send(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Answer:
        answer = super().send(method, segments, query=query, **more)
        if not isinstance(query, ListQuery) or answer.status != 200:
            return answer
        body = list_of(json.dumps(answer.body).encode(), query.layouts)
        return answer if body is None else Answer(200, body)


def filled(*quirks: Quirk, page: int = 100, made: type[Quirky] = Quirky) -> Quirky:
    server = made(*quirks, page=page)
    for name in NAMES:
        server.user(name, title="t")
    server.group("staff", NAMES[2:4])
    return server


def rows(*numbers: int, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": NAMES[number], **more} for number in numbers]


def refusal(server: Quirky, **more: Any) -> str:
    """The sentence that refuses a run, before anything is written."""
    with pytest.raises(ScimError) as problem:
        run(server, **more)
    assert not server.log
    return str(problem.value)


SENTENCE = (
    "the service has 2 users with the id 'u1', 'n0' and 'n1', so what is sent for one may change "
    "another; correct their ids on the service"
)
PLACES = pytest.mark.parametrize("page", (100, 2, 1))
TOTALS = pytest.mark.parametrize("total", ("rows", "ids", "none"))
LAST = pytest.mark.parametrize("last", (False, True))


@PLACES
@TOTALS
@LAST
@pytest.mark.parametrize("numbers", ((0, 1), (1, 0), range(6), (0, 1, 4)))
@pytest.mark.parametrize("more", ({}, {"title": "new"}))
def test_n6_two_users_of_one_id_are_named_and_nothing_is_written(
    page: int, total: str, last: bool, numbers: Sequence[int], more: dict[str, Any]
) -> None:
    server = filled(twinned(total=total, last=last), page=page)
    caps = {"filters": False} if last else {}
    assert refusal(server, users=rows(*numbers, **more), caps=caps) == SENTENCE


@LAST
def test_n6_two_users_of_one_id_in_two_answers_are_named(last: bool) -> None:
    server = filled(twinned())
    assert refusal(server, users=rows(0, 1, title="new"), caps={"filter_clauses": 1}) == SENTENCE


@PLACES
@TOTALS
@pytest.mark.parametrize("number", (0, 1))
@pytest.mark.parametrize("made", (Quirky, Written))
def test_n6_one_of_two_users_of_one_id_is_enough(
    monkeypatch: pytest.MonkeyPatch, page: int, total: str, number: int, made: type[Quirky]
) -> None:
    """Also if all users are as desired and drop out."""
    for least in (1, 1000):
        monkeypatch.setattr(planner, "LEAST", least)
        server = filled(twinned(total=total), page=page, made=made)
        users = rows(number, 2, 3, 4, 5, title="t")
        assert refusal(server, users=users, caps={"filters": False}) == SENTENCE


@PLACES
@TOTALS
@pytest.mark.parametrize("least", (1, 1000))
@pytest.mark.parametrize("made", (Quirky, Written))
def test_n6_users_of_one_id_that_nothing_is_about_stay_and_are_named(
    monkeypatch: pytest.MonkeyPatch, page: int, total: str, least: int, made: type[Quirky]
) -> None:
    monkeypatch.setattr(planner, "LEAST", least)
    server = filled(twinned(total=total), page=page, made=made)
    server.user("left")
    outcome = run(server, policy=PURGE, users=rows(2, 3, 4, 5, title="t"))
    assert [one.name for one in outcome.plan.changes] == ["left"]
    assert not server["left"]["active"] and server["n0"]["active"] and server["n1"]["active"]
    assert (
        "the service returned several users with the same id, which are not changed: "
        "'u1' ('n0' and 'n1')"
    ) in outcome.notes


def test_n6_users_are_created_beside_two_of_one_id() -> None:
    server = filled(twinned())
    outcome = run(server, users=[{"user_name": "new"}], caps={"filters": False})
    assert outcome.changed and server.names("Users") == {*NAMES, "new"}


@pytest.mark.parametrize(
    "directory",
    (
        {"groups": [{"display_name": "staff", "members": {"add": ["n0", "n1"]}}]},
        {"groups": [{"display_name": "staff", "members": {"set": ["n3"]}}]},
        {"teams": [{"name": "staff", "members": [{"user_name": "n3"}]}]},
        {"users": [{"user_name": "n4", "enterprise": {"manager": "n1"}}]},
    ),
)
def test_n6_no_member_and_no_manager_is_one_of_two(directory: dict[str, Any]) -> None:
    server = filled(twinned("n2", "n1"))
    caps = {"filters": False}
    said = refusal(server, policy=Policy(leavers="inactive"), caps=caps, **directory)
    assert said == SENTENCE.replace("u1", "u3").replace("'n0' and 'n1'", "'n1' and 'n2'")
    assert server.members("staff") == {"n2", "n3"} and server["n2"]["active"]


def test_n6_two_groups_of_one_id_are_named() -> None:
    server = filled()
    server.group("other", ["n4"])
    server.quirks.append(twinned("staff", "other", "Groups"))
    groups = [{"display_name": one, "members": {"set": ["n0"]}} for one in ("staff", "other")]
    assert refusal(server, groups=groups) == (
        "the service has 2 groups with the id 'g7', 'other' and 'staff', so what is sent for one "
        "may change another; correct their ids on the service"
    )


def test_n6_ids_that_differ_in_letters_are_two_users() -> None:
    server = filled()
    for name, ident in (("n0", "A1"), ("n1", "a1")):
        server.held["Users"][ident] = {**server.held["Users"].pop(server.id_of(name)), "id": ident}
    directory: dict[str, Any] = {
        "users": rows(*range(6), title="new"),
        "groups": [{"display_name": "staff", "members": {"set": ["n1", "n2"]}}],
    }
    assert run(server, **directory).changed
    assert server.members("staff") == {"n1", "n2"}
    assert {one["title"] for one in server.held["Users"].values()} == {"new"}
    assert not run(server, **directory).changed


def renamed_between(name: str, new: str) -> Quirk:
    """Rename a user after the first page of all users, so that it comes again at the end."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.is_listing and asked.kind == "Users" and name in server.names("Users"):
            ident = server.id_of(name)
            held = server.held["Users"].pop(ident)
            server.held["Users"][ident] = {**held, "userName": new}
        return answer

    return quirk


@pytest.mark.parametrize("least", (1, 1000))
def test_n6_a_user_that_is_renamed_while_the_list_is_read_is_one(
    monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    monkeypatch.setattr(planner, "LEAST", least)
    server = filled(renamed_between("n0", "m0"), page=2)
    users = [*rows(1, 2, 3, 4, 5, title="t"), {"user_name": "m0", "title": "t"}]
    outcome = run(server, users=users, caps={"filters": False})
    assert not outcome.changed and not server.log


def test_n6_what_was_renamed_meanwhile_is_read_again_once() -> None:
    """The name that it had is free."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.lists and "n0" in asked.query.get("filter", ""):
            server["n0"]["userName"] = "n9"
        return answer

    server = filled()
    server.quirks.append(once(quirk))
    outcome = run(server, users=[*rows(0), {"user_name": "n9"}], caps={"filter_clauses": 1})
    assert [one.verb for one in outcome.plan.changes] == ["create"]
    assert len([one for one in server.sent("GET") if len(one.segments) > 1]) == 1


def once(quirk: Quirk) -> Quirk:
    done: list[bool] = []

    def first(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if done or "n0" not in asked.query.get("filter", ""):
            return honest(asked)
        done.append(True)
        return quirk(server, asked, honest)

    return first


def by_id(name: str) -> Quirk:
    """Show another name by the id than in lists."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != "Groups" or len(asked.segments) == 1:
            return answer
        return altered(answer, lambda body: {**body, "displayName": name})

    return quirk


def test_n6_a_group_that_has_another_name_by_its_id_is_one() -> None:
    server = filled(members_by_id_only, by_id("Staff of all"))
    groups = [{"display_name": "staff", "members": {"set": ["n0", "n2"]}}]
    assert run(server, groups=groups).changed
    assert server.members("staff") == {"n0", "n2"} and server.names("Groups") == {"staff"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_n6_whatever_shares_an_id_is_neither_changed_nor_doubled(data: st.DataObject) -> None:
    pair = data.draw(st.permutations(NAMES))[:2]
    total, last = data.draw(st.sampled_from(("rows", "ids", "none"))), data.draw(st.booleans())
    server = filled(
        twinned(*pair, total=total, last=last), page=data.draw(st.sampled_from((1, 2, 100)))
    )
    numbers = data.draw(st.lists(st.sampled_from(range(6)), unique=True, min_size=1))
    caps = {"filters": False} if last else {}
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr(planner, "LEAST", data.draw(st.sampled_from((1, 1000))))
        try:
            run(server, users=rows(*numbers, title="new"), policy=PURGE, caps=caps)
        except ScimError:
            assert not server.log
    assert server.names("Users") == set(NAMES)
    for name in pair:
        assert server[name]["title"] == "t" and server[name]["active"]


@pytest.mark.parametrize("module", ("scim_user_info", "scim_group_info"))
def test_n6_both_users_of_one_id_are_returned(module: str) -> None:
    server = filled(twinned("n2", "n1"))
    with web.hostile(store=server) as service:
        options = {"members": "names"} if module == "scim_group_info" else {}
        said = web.run(service, module, **options)
    assert not said.failure
    if module == "scim_user_info":
        assert {one["userName"] for one in said.result["users"]} == set(NAMES)
    else:
        named = {one["value"]: one.get("userName") for one in said.result["groups"][0]["members"]}
        assert named == {"u3": None, "u4": "n3"}
