# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creations that are lost, doubled, renamed or refused, and odd answers to writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.creates_quirks import (
    answering,
    before_write,
    blind_filters,
    etags,
    hidden_until_posted,
    lagging,
    losing,
    names_may_repeat,
    promising,
    refusing,
    refusing_duplicates,
    renaming,
)
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import (
    blind,
    filtering,
    minding_case,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
)

THIRTY = [{"display_name": f"g{number}", "members": {"set": ["ann"]}} for number in range(30)]
PEOPLE = [{"user_name": "ann"}, {"user_name": "bob"}]
RED = {"display_name": "red", "members": {"set": ["ann"]}}


def names(server: Quirky, kind: str) -> list[str]:
    name = "displayName" if kind == "Groups" else "userName"
    return sorted(one[name] for one in server.held[kind].values())


# D5: lost answers, and reads that lag


@pytest.mark.parametrize("lag", [0.0, 0.4, 3.0])
def test_d5_groups_whose_answers_are_lost_are_made_once(lag: float) -> None:
    lost = [number for number in range(30) if number % 3]
    server = Quirky(losing("Groups", lost), lagging(lag), names_may_repeat)
    server.user("ann")
    found = run(server, groups=THIRTY)
    assert not found.failures and found.changed
    assert names(server, "Groups") == sorted(one["display_name"] for one in THIRTY)
    assert all(server.members(one["display_name"]) == {"ann"} for one in THIRTY)
    server.forget()
    server.waited += lag
    assert not run(server, groups=THIRTY).changed


def test_d5_users_whose_answers_are_lost_are_made_once_and_no_failure() -> None:
    server = Quirky(losing("Users", [0, 1]), lagging(2.0))
    found = run(server, users=PEOPLE)
    assert not found.failures and found.changed and names(server, "Users") == ["ann", "bob"]
    assert len(server.sent("POST")) == 2


def test_d5_nothing_waits_for_a_creation_that_is_answered() -> None:
    server = Quirky(lagging(2.0))
    run(server, users=PEOPLE)
    assert server.waited == 0 and server.requests == 3


def test_d5_nothing_waits_after_a_conflict_that_a_look_explains() -> None:
    server = Quirky(hidden_until_posted("ann"))
    server.user("ann")
    assert not run(server, users=PEOPLE[:1]).failures
    assert server.waited == 0


def test_d5_a_service_that_keeps_refusing_is_waited_for_before_each_repetition() -> None:
    server = Quirky(refusing("POST", "Users", 500, {"detail": "broken"}, times=9))
    (failure,) = run(server, users=PEOPLE[:1]).failures
    assert str(failure.error) == "creating user 'ann': the service answered 500: broken"
    assert server.waited == pytest.approx(10.0) and len(server.sent("POST")) == 3


def test_d5_a_new_group_is_awaited_where_its_answer_shows_too_little() -> None:
    def bare(body: Any) -> Any:
        return {key: value for key, value in body.items() if key in ("id", "displayName")}

    server = Quirky(lagging(2.0), answering("POST", "Groups", bare, 201))
    server.user("ann")
    found = run(server, groups=[{**RED, "external_id": "x"}])
    assert not found.failures and found.changed and server.members("red") == {"ann"}
    assert server.waited >= 2.0


def test_d5_no_wait_is_longer_than_set() -> None:
    server = Quirky(losing("Groups", [0]), lagging(60.0), names_may_repeat)
    run(server, wait=3.0, groups=[{"display_name": "red"}])
    assert server.waited == pytest.approx(3.0)


# D6: a resource that a creation met is planned as if it had been found at once


def crowded(*quirks: Any) -> Quirky:
    server = Quirky(hidden_until_posted("red"), *quirks)
    for name in ("ann", "bob", "eve", "own"):
        server.user(name)
    server.group("blue", ["eve"])
    server.group("red", ["bob", "own"])
    return server


def test_d6_a_group_found_after_409_gets_exactly_its_members() -> None:
    server = crowded()
    found = run(server, groups=[RED])
    assert found.changed and not found.failures and server.members("red") == {"ann"}
    server.forget()
    assert not run(server, groups=[RED]).changed


def test_d6_leavers_of_a_group_found_after_409_are_leavers() -> None:
    server = crowded()
    team = {"name": "red", "members": [{"user_name": "ann"}]}
    found = run(server, policy=Policy(leavers="inactive"), teams=[team])
    assert not found.failures and server.members("red") == {"ann"}
    assert [server[name]["active"] for name in ("ann", "bob", "own")] == [True, False, False]


def test_d6_thresholds_are_judged_again_before_any_further_write() -> None:
    server = crowded()
    policy = Policy(thresholds={"members_removed_per_group": Limit(count=0)})
    rows = [RED, {"display_name": "new", "members": {"set": ["bob"]}}]
    found = run(server, policy=policy, groups=rows)
    assert server.members("red") == {"bob", "own"}
    (failure,) = found.failures
    assert str(failure.error).startswith(
        "planning group 'red' again, which exists after all: members_removed_per_group: 2 of 2"
    )
    assert found.changed and server.members("new") == {"bob"}


def test_d6_what_was_done_before_is_not_done_again() -> None:
    server = crowded()
    rows = [{"user_name": "new", "title": "x"}, {"user_name": "ann", "title": "y"}]
    groups = [RED, {"display_name": "alpha", "members": {"set": ["new"]}}]
    found = run(server, users=rows, groups=groups)
    assert not found.failures and server.members("alpha") == {"new"}
    assert server.members("red") == {"ann"}
    assert [one.method for one in server.asked if one.method != "GET"] == [
        "POST",
        "PATCH",
        "POST",
        "POST",
        "PATCH",
        "PATCH",
    ]
    created = [one.change.name for one in found.done if one.change.verb == "create"]
    assert created == ["new", "alpha"]


def test_d6_a_user_found_after_409_is_updated_and_joins() -> None:
    server = Quirky(hidden_until_posted("ann"))
    server.user("ann", active=False)
    team = {"name": "red", "members": [{"user_name": "ann", "title": "x"}, {"user_name": "bob"}]}
    found = run(server, teams=[team])
    assert not found.failures and server.members("red") == {"ann", "bob"}
    assert (server["ann"]["title"], server["ann"]["active"]) == ("x", True)
    server.forget()
    assert not run(server, teams=[team]).changed


def test_d6_a_group_with_a_previous_name_is_not_made_twice() -> None:
    """Another run has made the first group, so the second one is looked for under any name."""
    server = crowded(names_may_repeat_but("red"), blind_filters)
    rows = [RED, {"display_name": "zinc", "previous_names": ["blue"]}]
    found = run(server, groups=rows)
    assert not found.failures
    assert names(server, "Groups") == ["red", "zinc"] and server.members("red") == {"ann"}


def names_may_repeat_but(name: str) -> Any:
    """Names of groups repeat, but for one: a stand-in for two services in one test."""

    def quirk(server: Any, asked: Any, honest: Any) -> Any:
        if asked.method == "POST" and asked.body.get("displayName") != name:
            return names_may_repeat(server, asked, honest)
        return honest(asked)

    return quirk


# D7: a duplicate that is refused in other ways


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        (400, {"scimType": "uniqueness"}, ""),
        (400, {"scimType": "invalidValue", "detail": "User already exists"}, ""),
        (400, {"detail": "Bad Request"}, ""),
        (403, {"detail": "forbidden"}, ""),
        (422, {"errors": [{"title": "userName has already been taken"}]}, ""),
        (500, None, "IntegrityError: UNIQUE constraint failed"),
        (500, {"detail": "duplicate key value"}, ""),
        (503, {"detail": "try again"}, ""),
        (412, {"detail": "precondition"}, ""),
        (200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "409"}, ""),
    ],
)
@pytest.mark.parametrize("kind", ["users", "groups"])
def test_d7_a_duplicate_refused_in_any_way_is_looked_up(
    kind: str, status: int, body: Any, text: str
) -> None:
    hidden = {"users": "ann", "groups": "red"}[kind]
    server = Quirky(hidden_until_posted(hidden), refusing_duplicates(status, body, text))
    server.user("ann")
    server.user("bob")
    server.group("red", ["bob"])
    server.forget()
    rows: dict[str, Any] = {"users": [{"user_name": "ann", "title": "x"}]}
    if kind == "groups":
        rows = {"groups": [{"display_name": "red", "members": {"set": ["ann"]}}]}
    found = run(server, **rows)
    assert not found.failures and found.changed
    assert len(server.held["Users"]) == 2 and len(server.held["Groups"]) == 1
    server.forget()
    assert not run(server, **rows).changed


@pytest.mark.parametrize(
    ("status", "body", "text"),
    [
        (500, None, ""),
        (503, {"detail": "try again"}, ""),
        (409, None, ""),
        (200, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "500"}, ""),
    ],
)
@pytest.mark.parametrize(("held", "choose"), [("ANN", minding_case), ("ann", blind)])
def test_d7_an_older_user_that_only_a_listing_shows_is_not_counted_as_created(
    status: int, body: Any, text: str, held: str, choose: Any
) -> None:
    server = Quirky(filtering(choose), refusing_duplicates(status, body, text))
    server.user(held)
    found = run(server, users=PEOPLE[:1])
    assert not found.failures and not found.changed and names(server, "Users") == [held]
    found = run(server, users=[{"user_name": "ann", "title": "x"}])
    assert found.changed and server[held]["title"] == "x"
    assert [one.change.verb for one in found.done] == ["update"]


@pytest.mark.parametrize("numbers", [[0], [0, 1]])
@pytest.mark.parametrize("lag", [0.0, 2.0])
def test_d7_a_new_user_that_only_a_listing_shows_is_counted_as_created(
    numbers: list[int], lag: float
) -> None:
    server = Quirky(filtering(blind), losing("Users", numbers), lagging(lag))
    found = run(server, users=PEOPLE)
    assert not found.failures and found.changed and names(server, "Users") == ["ann", "bob"]
    created = [one.change.name for one in found.done if one.change.verb == "create"]
    assert created == ["ann", "bob"]


def test_d7_a_user_that_a_list_lacked_before_is_counted_as_created() -> None:
    failing = answering("POST", "Users", lambda body: None, 500)
    server = Quirky(filtering(blind), failing, lagging(2.0))
    found = run(server, users=PEOPLE[:1])
    assert not found.failures and found.changed and names(server, "Users") == ["ann"]
    assert [one.change.verb for one in found.done] == ["create"]


def test_d7_refusal_of_something_else_costs_one_look() -> None:
    server = Quirky(refuse_title)
    found = run(server, users=[{"user_name": "ann", "title": "x"}])
    assert str(found.failures[0].error) == "creating user 'ann': the service answered 400: no title"
    assert server.requests == 3 and server.waited == 0


@pytest.mark.parametrize("choose", [blind, minding_case])
@pytest.mark.parametrize("body", [{"detail": "Bad Request"}, {}, None])
@pytest.mark.parametrize("status", [400, 422])
def test_d7_a_refusal_that_says_nothing_is_explained_by_a_listing(
    choose: Any, body: Any, status: int
) -> None:
    server = Quirky(filtering(choose), refusing_duplicates(status, body, ""))
    server.user("Ann")
    rows = [{"user_name": "Ann" if choose is blind else "ann", "title": "x"}]
    found = run(server, users=rows)
    assert not found.failures and found.changed and server["Ann"]["title"] == "x"
    assert [one.change.verb for one in found.done] == ["update"]


def test_d7_a_type_is_listed_once_a_run_for_refusals_that_say_nothing() -> None:
    def refuse(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return Answer(400, {"detail": "no"}) if asked.method == "POST" else honest(asked)

    server = Quirky(refuse)
    server.user("zoe")
    rows = [{"user_name": f"n{number}", "title": "x"} for number in range(5)]
    found = run(server, users=rows, policy=Policy(stop_on_error=False))
    assert len(found.failures) == 5
    first = [one.method for one in server.asked].index("POST")
    listings = [one for one in server.asked[first:] if one.is_listing and one.kind == "Users"]
    assert len(listings) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_d7_refused_credentials_are_no_duplicate(status: int) -> None:
    """A token that may not create is no reason to read a listing."""

    def refuse(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return Answer(status, {}) if asked.method == "POST" else honest(asked)

    server = Quirky(refuse)
    server.user("zoe")
    found = run(server, users=[{"user_name": "ann"}])
    assert len(found.failures) == 1
    assert not [one for one in server.asked if one.is_listing and one.kind == "Users"]


def refuse_title(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Refuse every user with a title."""
    if asked.method == "GET":
        return honest(asked)
    server.requests += 1
    return Answer(400, {"detail": "no title"})


# D4: the answer to a creation is that group, whatever name it shows


def answering_filters(rename: Callable[[str], str]) -> Quirk:
    """Find a group under the name that it was given, as WSO2 does."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != "Groups" or "filter" not in asked.query:
            return honest(asked)
        given = re.sub(
            r'"(?!PRIMARY/)([^"]*)"', lambda one: f'"{rename(one[1])}"', asked.query["filter"]
        )
        return honest(asked.asking(filter=given))

    return quirk


def primary(name: str) -> str:
    return f"PRIMARY/{name}"


@pytest.mark.parametrize("quirks", [[], [answering_filters(primary)]])
@pytest.mark.parametrize("lost", [[], [0]])
@pytest.mark.parametrize("more", [{}, {"external_id": "x-red"}])
def test_d4_the_answer_to_a_creation_is_that_group(
    quirks: list[Quirk], lost: list[int], more: dict[str, str]
) -> None:
    if lost and not quirks and not more:
        pytest.skip("nothing tells a lost group from none")
    server = Quirky(*quirks, losing("Groups", lost), renaming(primary), names_may_repeat)
    server.user("ann")
    row = {**RED, **more}
    found = run(server, groups=[row])
    assert not found.failures and found.changed, [str(one.error) for one in found.failures]
    assert names(server, "Groups") == ["PRIMARY/red"]
    assert server.members("PRIMARY/red") == {"ann"}
    (note,) = [one for one in found.notes if "'PRIMARY/red'" in one]
    assert "capabilities: {rewrite: {Group.displayName: opaque}}" in note
    assert ("external_id" in note) is (not more and not quirks)
    if more or quirks:
        server.forget()
        again = run(server, caps={"rewrite": {"Group.displayName": "opaque"}}, groups=[row])
        assert not again.changed and not server.log and not again.failures


def test_d4_a_conflict_names_what_may_be_meant() -> None:
    server = Quirky(renaming(primary), blind_filters)
    server.user("ann")
    server.group("staff")
    run(server, groups=[RED])
    (failure,) = run(server, groups=[{"display_name": "red"}]).failures
    assert "'PRIMARY/red' (id g3)" in str(failure.error)
    assert names(server, "Groups") == ["PRIMARY/red", "staff"]


# L6: after a conflict everything is planned anew from one read


def rename(server: Quirky) -> None:
    """Another client renames what it manages, and adds a member."""
    server["red"]["externalId"] = "theirs"
    server["red"].setdefault("members", []).append({"value": server.id_of("own")})


@pytest.mark.parametrize(
    "row", [{"members": {"add": ["ann"]}}, {"external_id": "mine", "match_by": ["display_name"]}]
)
@pytest.mark.parametrize("is_lost", [False, True])
def test_l6_a_replaced_group_keeps_what_another_client_wrote(
    row: dict[str, Any], is_lost: bool
) -> None:
    rival = before_write("PUT", rename)
    quirks = [rival, etags, losing("Groups", [0] if is_lost else [], "PUT")]
    server = Quirky(*quirks, judged=False)
    for name in ("ann", "bob", "own"):
        server.user(name)
    server.group("red", ["bob"], externalId="before", custom="kept")
    found = run(server, groups=[{"display_name": "red", "update_method": "put", **row}])
    assert not found.failures and found.changed
    assert server.members("red") >= {"bob", "own"}
    expected = "mine" if "external_id" in row else "theirs"
    assert (server["red"]["externalId"], server["red"]["custom"]) == (expected, "kept")
    reads = [one for one in server.asked if one.method == "GET" and not one.lists]
    # One before the PUT, since a list may cut members, and one after the conflict.
    assert len(reads) <= 3


def test_l6_the_version_is_that_of_the_attributes_that_go_back() -> None:
    """The members of a group come by a second read, and the group changes between both."""
    reads = [0]

    def between(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.method == "GET" and not asked.lists:
            reads[0] += 1
            if "attributes" not in asked.query:
                answer = altered(answer, lambda body: {**body, "members": []})
                if reads[0] == 3:
                    server["red"]["externalId"] = "later"
        return answer

    server = Quirky(between, before_write("PUT", rename), etags)
    for name in ("ann", "bob", "own"):
        server.user(name)
    server.group("red", ["bob"], externalId="before")
    row = {"display_name": "red", "update_method": "put", "members": {"add": ["ann"]}}
    found = run(server, groups=[row])
    assert not found.failures and server.members("red") == {"ann", "bob", "own"}
    assert server["red"]["externalId"] == "later"


# N5: a 409 to a change is read again before it fails


def test_n5_a_conflict_of_a_change_is_read_and_sent_again() -> None:
    server = Quirky(refusing("PATCH", "Users", 409, {"detail": "concurrent update"}))
    server.user("ann")
    found = run(server, users=[{"user_name": "ann", "title": "x"}])
    assert not found.failures and found.changed and server["ann"]["title"] == "x"


def test_n5_a_change_that_is_there_after_a_conflict_is_done() -> None:
    def done(server: Quirky) -> None:
        server["ann"]["title"] = "x"

    server = Quirky(before_write("PATCH", done), refusing("PATCH", "Users", 409))
    server.user("ann")
    found = run(server, users=[{"user_name": "ann", "title": "x"}])
    assert not found.failures and len(server.sent("PATCH")) == 1


def test_n5_a_value_that_is_taken_is_one_write_and_no_guess() -> None:
    server = Quirky()
    server.user("ann", externalId="a")
    server.user("bob")
    found = run(server, users=[{"user_name": "bob", "external_id": "a", "match_by": ["user_name"]}])
    (failure,) = found.failures
    assert "answered 409: bob is taken (uniqueness); another resource may have" in str(
        failure.error
    )
    assert len(server.sent("PATCH")) == 1 and server.requests == 3 and not found.changed


CHANGING = [
    {"detail": "version conflict"},
    {"detail": "The ETag does not match the current version"},
    {"errors": [{"message": "An existing revision is newer", "code": 7}]},
    {"error": "optimistic lock: it was already modified by another client"},
    {"detail": "Conflict"},
    None,
]


@pytest.mark.parametrize("body", CHANGING)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_n5_a_conflict_of_versions_is_planned_anew_and_sent_again(body: Any, method: str) -> None:
    def other(server: Quirky) -> None:
        server["ann"]["nickName"] = "theirs"
        server.held["Groups"]["g1"]["externalId"] = "theirs"

    refusals = [refusing(method, kind, 409, body) for kind in ("Users", "Groups")]
    server = Quirky(before_write(method, other), *refusals)
    server.user("ann")
    server.held["Groups"]["g1"] = {"id": "g1", "displayName": "red", "members": []}
    way = {"update_method": method.lower()}
    found = run(server, users=[{"user_name": "ann", "title": "x", **way}], groups=[{**RED, **way}])
    assert not found.failures and found.changed, [str(one.error) for one in found.failures]
    assert server["ann"]["title"] == "x" and server["ann"]["nickName"] == "theirs"
    assert server.members("red") == {"ann"} and server["red"]["externalId"] == "theirs"


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        ({"detail": "version conflict"}, "; another client may be changing it, or its state"),
        ({"scimType": "uniqueness"}, "; another resource may have one of these values; look"),
        ({"detail": "mail exists"}, "; another resource may have one of these values; look"),
        (None, "; another resource may have one of these values, another client may"),
    ],
)
def test_n5_the_advice_for_a_conflict_follows_its_words(body: Any, advice: str) -> None:
    server = Quirky(refusing("PATCH", "Users", 409, body, times=9))
    server.user("ann")
    found = run(server, users=[{"user_name": "ann", "title": "x"}])
    (failure,) = found.failures
    assert advice in str(failure.error)


@pytest.mark.parametrize("body", CHANGING)
def test_n5_a_conflict_with_a_deletion_advises_about_no_value(body: Any) -> None:
    server = Quirky(refusing("DELETE", "Users", 409, body, times=9))
    server.user("ann")
    found = run(server, users=[{"user_name": "ann", "state": "absent"}])
    (failure,) = found.failures
    assert "values" not in str(failure.error) and "may be changing it" in str(failure.error)


@pytest.mark.parametrize("body", CHANGING[:4])
def test_n5_a_deletion_is_sent_again_after_a_conflict_of_versions(body: Any) -> None:
    server = Quirky(refusing("DELETE", "Users", 409, body))
    server.user("ann")
    found = run(server, users=[{"user_name": "ann", "state": "absent"}])
    assert not found.failures and found.changed and not server.held["Users"]


@pytest.mark.parametrize("kind", ["users", "groups"])
@pytest.mark.parametrize("gone", [True, False])
def test_n5_a_deletion_is_read_again_after_412(gone: bool, kind: str) -> None:
    """No version was sent, so it is about something else."""

    def locked(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "DELETE" or len(server.sent("DELETE")) > 1:
            return honest(asked)
        if gone:
            del server.held[asked.kind][asked.segments[-1]]
        return Answer(412, {"detail": "the record is locked"})

    server = Quirky(locked)
    server.user("ann")
    server.group("ann")
    row = {"user_name": "ann"} if kind == "users" else {"display_name": "ann"}
    found = run(server, **{kind: [{**row, "state": "absent"}]})
    assert not found.failures and not server.held[kind.title()]
    assert found.changed is not gone and len(server.sent("DELETE")) == (1 if gone else 2)


@pytest.mark.parametrize("kind, name", [("users", "user_name"), ("groups", "display_name")])
def test_e4_a_new_name_in_other_letters_is_the_same_name(kind: str, name: str) -> None:
    path = "userName" if kind == "users" else "displayName"

    def lower(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST":
            asked = replace(asked, body={**asked.body, path: asked.body[path].lower()})
        return honest(asked)

    server = Quirky(lower)
    found = run(server, **{kind: [{name: "Zed"}]})
    assert (
        found.changed and found.done[0].not_saved == () and names(server, kind.title()) == ["zed"]
    )
    assert [one.method for one in server.asked][-1] == "POST"
    assert not run(server, **{kind: [{name: "Zed"}]}).changed


@pytest.mark.parametrize("create", [400, 501])
@pytest.mark.parametrize("status", [400, 422])
def test_n3_a_group_that_was_created_without_its_members_is_said_to_be(
    create: int, status: int
) -> None:
    def no_members(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Groups" and asked.method != "GET" and "members" in str(asked.body):
            return Answer(create if asked.method == "POST" else status, {"detail": "no members"})
        return honest(asked)

    server = Quirky(no_members)
    server.user("ann")
    found = run(server, groups=[RED])
    (failure,) = found.failures
    assert str(failure.error).startswith(
        "creating group 'red': it was created, but its members were refused: the service answered "
        f"{status}: no members"
    )
    assert found.changed and names(server, "Groups") == ["red"]
    (failure,) = run(server, groups=[RED]).failures
    assert str(failure.error).startswith(f"changing group 'red': the service answered {status}")


@pytest.mark.parametrize("body", [*CHANGING[:4], {"detail": "the tenant is busy, try again"}])
@pytest.mark.parametrize("kind", ["users", "groups"])
def test_n5_a_creation_is_looked_up_and_sent_again_after_a_conflict_of_versions(
    body: Any, kind: str
) -> None:
    server = Quirky(refusing("POST", kind.title(), 409, body, times=1))
    row = {"user_name": "ann"} if kind == "users" else {"display_name": "ann"}
    found = run(server, **{kind: [row]})
    assert not found.failures and found.changed and len(server.held[kind.title()]) == 1
    methods = [one.method for one in server.asked if one.kind == kind.title()]
    assert methods[-1] == "POST" and "GET" in methods[methods.index("POST") :]


def test_n5_a_creation_that_is_refused_for_a_state_advises_about_no_value() -> None:
    body = {"detail": "the tenant is being provisioned, try again"}
    server = Quirky(refusing("POST", "Users", 409, body, times=9))
    found = run(server, users=[{"user_name": "ann"}])
    (failure,) = found.failures
    assert "may be changing it, or its state" in str(failure.error)
    assert "values" not in str(failure.error) and not found.changed


# L16: 202 is not done


@pytest.mark.parametrize("body", [None, {"id": "task-1", "status": "queued"}])
def test_l16_writes_that_are_promised_are_awaited(body: Any) -> None:
    server = Quirky(promising("POST", "PATCH", "PUT", seconds=2.0, body=body))
    server.user("bob")
    server.group("blue", ["bob"])
    directory = {
        "users": [{"user_name": "ann"}, {"user_name": "bob", "title": "x"}],
        "groups": [RED, {"display_name": "blue", "members": {"set": ["ann"]}}],
    }
    found = run(server, **directory)
    assert not found.failures and found.changed and not found.promised
    assert server.members("red") == {"ann"} == server.members("blue")
    assert server["bob"]["title"] == "x"
    server.forget()
    assert not run(server, **directory).changed


def test_l16_writes_that_are_not_made_in_time_are_pending_and_no_failure() -> None:
    server = Quirky(promising("POST", "PATCH", seconds=60.0))
    server.user("bob")
    server.group("blue", ["bob"])
    directory = {
        "users": [{"user_name": "ann"}, {"user_name": "bob", "title": "x"}],
        "groups": [{"display_name": "blue", "members": {"set": ["ann"]}}],
    }
    found = run(server, **directory)
    assert found.changed and not found.failures
    assert [one.partition(":")[0] for one in found.promised] == [
        "creating user 'ann'",
        "changing user 'bob'",
        "changing group 'blue'",
    ]
    assert all(one in found.notes for one in found.promised)
    assert [one.text for one in found.not_tried] == ["group 'blue'"]
    server.waited += 60.0
    run(server, **directory)
    assert server["bob"]["title"] == "x" and len(server.held["Users"]) == 2


def test_l16_a_leaver_whose_removal_is_promised_stays_a_member() -> None:
    server = Quirky(promising("PATCH", "DELETE", seconds=60.0))
    server.user("ann")
    server.user("bob")
    server.group("red", ["ann", "bob"])
    team = {"name": "red", "members": [{"user_name": "ann"}]}
    for leavers in ("inactive", "absent"):
        found = run(server, policy=Policy(leavers=leavers), teams=[team])
        assert found.changed and not found.failures and len(found.promised) == 1
        assert server.members("red") == {"ann", "bob"}


def test_l16_a_kept_promise_costs_one_read() -> None:
    server = Quirky(promising("PATCH", seconds=0.0))
    server.user("bob")
    found = run(server, users=[{"user_name": "bob", "title": "x"}])
    assert found.changed and not found.promised and server.waited == 0


# N2, N3: a 2xx whose body is not what was asked for

ERROR = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
    "status": "400",
    "detail": "no",
}
BODIES = {
    "none": lambda body: None,
    "text": lambda body: "created",
    "list": lambda body: [body],
    "number": lambda body: 7,
    "list response": lambda body: {"totalResults": 1, "Resources": [body]},
    "no id": lambda body: {key: value for key, value in body.items() if key != "id"},
    "id of another": lambda body: {**body, "id": "u1"},
    "unknown id": lambda body: {**body, "id": "zz"},
    "odd id": lambda body: {**body, "id": {"value": "u1"}},
    "error": lambda body: ERROR,
    "failure": lambda body: {"success": False, "message": "no"},
    "errors": lambda body: {"errors": [{"message": "no"}]},
    "error object": lambda body: {"error": {"code": "no"}},
    "status": lambda body: {"status": "error", "data": {"reason": "no"}},
    "wrapped": lambda body: {"response": {"error": {"message": "no"}}, "id": 7},
    "odd types": lambda body: {
        **{key: 5 for key in body},
        "id": body["id"],
        "members": "x",
        "meta": [],
        "emails": {"a": [None]},
        "name": "y",
    },
    "null members": lambda body: {**body, "members": [None, {"$ref": "x"}, 5]},
}


@pytest.mark.parametrize("shape", sorted(BODIES.keys() - {"id of another", "unknown id"}))
@pytest.mark.parametrize("status", [200, 201, 203, 207])
def test_n2_a_creation_is_proved_whatever_its_answer(shape: str, status: int) -> None:
    quirks = [answering("POST", kind, BODIES[shape], status) for kind in ("Users", "Groups")]
    server = Quirky(*quirks)
    server.user("first")
    directory: dict[str, Any] = {
        "users": [{"user_name": "ann", "emails": [{"value": "a@x.org", "type": "work"}]}],
        "groups": [RED],
    }
    found = run(server, **directory)
    assert not found.failures and found.changed, [str(one.error) for one in found.failures]
    assert names(server, "Users") == ["ann", "first"] and server.members("red") == {"ann"}
    server.forget()
    assert not run(server, **directory).changed


@pytest.mark.parametrize("shape", BODIES)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_n2_a_change_is_proved_whatever_its_answer(shape: str, method: str) -> None:
    quirks = [answering(method, kind, BODIES[shape]) for kind in ("Users", "Groups")]
    server = Quirky(*quirks)
    for name in ("first", "ann", "bob"):
        server.user(name)
    server.group("red", ["bob"])
    way = {"update_method": method.lower()}
    directory: dict[str, Any] = {
        "users": [{"user_name": "ann", "title": "x", **way}],
        "groups": [{**RED, **way}],
    }
    found = run(server, **directory)
    assert not found.failures and found.changed, [str(one.error) for one in found.failures]
    assert server["ann"]["title"] == "x" and server.members("red") == {"ann"}
    server.forget()
    assert not run(server, **directory).changed


def test_n2_an_existing_group_that_answers_a_creation_is_planned_again() -> None:
    """Some services answer a POST with the resource that has one of its values already."""

    def linking(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST":
            return Answer(200, server["red"])
        return honest(asked)

    server = Quirky(hidden_until_posted("red"), linking)
    for name in ("ann", "bob"):
        server.user(name)
    server.group("red", ["bob"])
    found = run(server, groups=[RED])
    assert not found.failures and found.changed and server.members("red") == {"ann"}


@pytest.mark.parametrize(
    "body",
    [
        ERROR,
        {"success": False, "message": "no"},
        {"errors": [{"message": "no"}]},
        {"error": {"code": "no"}},
        {"status": "error", "data": {"reason": "no"}},
        {"response": {"error": "no"}},
        {"code": 422, "msg": "no"},
    ],
)
def test_n2_an_error_in_a_200_that_is_true_is_told(body: Any) -> None:
    def denied(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return Answer(200, body) if asked.method != "GET" else honest(asked)

    server = Quirky(denied)
    server.user("bob")
    rows = [{"user_name": "ann"}, {"user_name": "bob", "title": "x"}]
    found = run(server, policy=Policy(stop_on_error=False), users=rows)
    assert [str(one.error) for one in found.failures] == [
        "creating user 'ann': the service answered 200: no"
    ]
    assert [one.not_saved for one in found.done] == [("title",)] and not found.changed
    assert "changing user 'bob': the service answered 200 with an error: no" in found.notes


def test_n2_words_in_a_200_are_told_where_nothing_was_done() -> None:
    def deaf(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "GET":
            return Answer(200, {"message": "quota"})
        return honest(asked)

    server = Quirky(deaf)
    server.user("bob")
    rows = [{"user_name": "ann"}, {"user_name": "bob", "title": "x"}]
    found = run(server, policy=Policy(stop_on_error=False), users=rows)
    assert "without the resource, and no look-up finds it: quota" in str(found.failures[0].error)
    assert "changing user 'bob': the service answered 200: quota" in found.notes


def test_n2_a_deletion_that_answers_an_error_is_read() -> None:
    def denied(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "DELETE" and asked.segments[1] == "u2":
            return Answer(200, {"success": False, "message": "locked"})
        return honest(asked)

    server = Quirky(denied)
    for name in ("ann", "bob"):
        server.user(name)
    rows = [{"user_name": name, "state": "absent"} for name in ("ann", "bob")]
    found = run(server, users=rows)
    assert [str(one.error) for one in found.failures][0].startswith("deleting user 'bob': the serv")
    assert "deleting user 'bob': the service answered 200 with an error: locked" in found.notes
    assert names(server, "Users") == ["bob"]


def test_n2_a_read_that_answers_an_error_tells_it() -> None:
    def down(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return Answer(200, {"success": False, "message": "maintenance"})

    with pytest.raises(ScimError, match="it has no Resources: maintenance"):
        run(Quirky(down), users=[{"user_name": "ann"}])


@pytest.mark.parametrize("body", [{"status": "ok"}, {"hello": "world"}])
def test_n2_a_read_that_answers_something_else_tells_no_reason(body: Any) -> None:
    def elsewhere(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return Answer(200, body)

    with pytest.raises(ScimError, match="it has no Resources; check that server_url"):
        run(Quirky(elsewhere), users=[{"user_name": "ann"}])


def test_n2_another_user_is_never_taken_for_the_new_one() -> None:
    def vanishing(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST":
            return Answer(201, {"id": "u9", "userName": "eve", "active": True})
        if asked.segments == ("Users", "u9"):
            return Answer(200, {"id": "u9", "userName": "eve", "active": True})
        return honest(asked)

    found = run(Quirky(vanishing), users=[{"user_name": "ann", "active": True}])
    (failure,) = found.failures
    assert "answered with 'eve' (id u9)" in str(failure.error)


def test_n3_a_failure_after_an_accepted_write_is_a_change() -> None:
    def unreadable(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "GET" and len(asked.segments) == 2:
            return Answer(500, {"detail": "broken"})
        answer = honest(asked)
        return Answer(204) if asked.method == "PATCH" else answer

    server = Quirky(unreadable)
    server.user("ann")
    server.user("bob")
    rows = [{"user_name": "ann", "title": "x"}, {"user_name": "bob", "title": "y"}]
    found = run(server, policy=Policy(stop_on_error=False), users=rows)
    assert found.changed and len(found.failures) == 2 and len(found.operations) == 2
    assert server["bob"]["title"] == "y"


# request counts


@pytest.mark.parametrize(
    ("row", "requests"),
    [({"user_name": "new"}, 2), ({"user_name": "ann", "title": "x"}, 2), ({"user_name": "ann"}, 1)],
)
def test_n2_requests_on_a_service_that_follows_the_rfc(row: dict[str, Any], requests: int) -> None:
    server = Quirky()
    server.user("ann")
    run(server, users=[row])
    assert (server.requests, server.waited) == (requests, 0)


def test_n2_a_write_answered_204_is_one_read() -> None:
    server = Quirky(answering("PATCH", "Users", lambda body: None, 204))
    server.user("ann")
    run(server, users=[{"user_name": "ann", "title": "x"}])
    assert server.requests == 3
