# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one path on services that go wrong.

Nothing false, nothing lost, nothing doubled.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._converge.outcome import Outcome
from ansible_collections.identity.scim.plugins.module_utils._converge.pages import search
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import limits as thresholds
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.plugins.module_utils._report.diff import before_after
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    lost,
    once,
    run,
    silent,
    vanished,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import team
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    Answer,
    Store,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.directories import (
    directories,
    limits,
    rosters,
    stores,
)

PAM = {"user_name": "pam", "external_id": "x-pam", "title": "Receptionist"}
LEAVING = Policy(leavers="inactive", reads_names=True)


def office(*faults: Any, people: int = 4, **more: Any) -> Faulty:
    store = Faulty(*faults, **more)
    for number in range(people):
        store.user(f"n{number}")
    store.group("red", ["n0", "n1"])
    return store


def faulty(store: Store) -> Faulty:
    made = Faulty(limits=store.limits)
    made.held, made.count = copy.deepcopy(store.held), store.count
    return made


def diffs(found: Outcome) -> list[Any]:
    """Return the diff of a run."""
    return [before_after(one, found.named) for one in found.performed]


def settled(store: Faulty, **directory: Any) -> None:
    """Run again: nothing changes, nothing is written."""
    store.faults = []
    written = len(store.log)
    assert not run(store, **directory).changed
    assert len(store.log) == written


@pytest.mark.parametrize("reading", ["ask", "get", "inline"])
def test_the_last_member_leaves_and_a_group_without_members_says_nothing_of_them(
    reading: str,
) -> None:
    store = office()
    found = run(
        store,
        caps={"members_read": reading},
        groups=[{"display_name": "red", "members": {"set": []}}],
    )
    assert (
        found.changed
        and not store.members("red")
        and not [one.not_saved for one in found.done if one.not_saved]
    )


# P3 and the second run, on the whole path


def settles_as_predicted(
    store: Store, policy: Policy, caps: dict[str, Any], **directory: Any
) -> None:
    """Assert that check mode predicts the run and that a second run does nothing."""
    store.limits = {name: value for name, value in caps.items() if name != "members_read"}
    service = faulty(store)
    predicted = run(service, check=True, policy=policy, caps=caps, **directory)
    assert not service.log
    did = run(service, policy=policy, caps=caps, **directory)
    assert not did.failures and (did.changed, did.operations) == (
        predicted.changed,
        predicted.operations,
    )
    assert diffs(did) == diffs(predicted)
    assert [operation["method"] for operation in did.operations] == [
        method for method, _kind in service.writes()
    ]
    assert not [one.not_saved for one in did.done if one.not_saved]
    written = len(service.log)
    assert not run(service, policy=policy, caps=caps, **directory).changed
    assert len(service.log) == written


READING = st.sampled_from(("ask", "get", "inline"))


@settings(max_examples=40)
@given(stores(), rosters(), st.sampled_from(("inactive", "absent", "keep")), limits, READING)
def test_p3_check_mode_predicts_what_the_run_does_and_the_second_run_does_nothing(
    store: Store, teams: list[dict[str, Any]], leavers: str, caps: dict[str, Any], reading: str
) -> None:
    """P3: ``changed``, ``diff`` and ``operations`` of teams."""
    settles_as_predicted(
        store,
        Policy(leavers=leavers, reads_names=True),
        {**caps, "members_read": reading},
        teams=teams,
    )


@settings(max_examples=40)
@given(stores(), directories(), limits, READING, st.booleans())
def test_p3_check_mode_predicts_what_is_done_to_users_and_groups(
    store: Store, directory: dict[str, Any], caps: dict[str, Any], reading: str, names: bool
) -> None:
    """P3: ``changed``, ``diff`` and ``operations`` of lists of users and groups."""
    settles_as_predicted(
        store, Policy(reads_names=names), {**caps, "members_read": reading}, **directory
    )


@settings(max_examples=80)
@given(
    stores(),
    rosters(),
    st.sampled_from(("inactive", "absent")),
    st.integers(0, 2),
    st.integers(0, 3),
    READING,
)
def test_p11_no_more_is_removed_than_allowed_or_nothing_is_written(
    store: Store,
    teams: list[dict[str, Any]],
    leavers: str,
    people: int,
    memberships: int,
    reading: str,
) -> None:
    """P11: on the whole path, counted on what the service holds before and after, without users that the input removes by name."""
    allowed = thresholds(
        {
            "users_removed": people,
            "memberships_removed": memberships,
            "groups_removed": 0,
            "members_removed_per_group": 2,
            "identities_changed": "none",
        }
    )
    service = faulty(store)
    try:
        run(
            service,
            policy=Policy(thresholds=allowed, leavers=leavers, reads_names=True),
            caps={"members_read": reading},
            teams=teams,
        )
    except ScimError as refusal:
        assert "to allow it set thresholds." in str(refusal) and not service.log
        return
    by_name = {
        one["user_name"]
        for row in teams
        for one in row["members"]
        if row["state"] == "offboarded" or one["state"] in ("inactive", "absent")
    }
    was_active = {name for name in store.names("Users") if store[name]["active"]}
    is_active = {name for name in service.names("Users") if service[name]["active"]}
    assert len(was_active - is_active - by_name) <= people
    ended = {
        name: store.members(name) - service.members(name) - by_name
        for name in store.names("Groups")
    }
    assert sum(map(len, ended.values())) <= memberships and all(
        len(inside) <= 2 for inside in ended.values()
    )
    assert store.names("Groups") <= service.names("Groups")


@pytest.mark.parametrize(
    "directory, requests, writes",
    [
        ({"users": [{"user_name": "n0"}]}, 1, 0),
        ({"users": [PAM]}, 2, 1),
        ({"users": [{"user_name": "n0", "title": "x"}]}, 2, 1),
        ({"users": [{"user_name": "n0", "state": "absent"}]}, 3, 1),
        ({"users": [{"user_name": "none", "state": "absent"}]}, 1, 0),
        ({"users": [{"user_name": "n0", "enterprise": {"manager": "n1"}}]}, 3, 1),
        ({"groups": [{"display_name": "red"}]}, 1, 0),
        (
            {"groups": [{"display_name": "red", "members": {"add": [{"id": "u3"}, {"id": "u4"}]}}]},
            2,
            1,
        ),
        ({"groups": [{"display_name": "red", "members": {"add": ["n2", "n3"]}}]}, 3, 1),
        ({"groups": [{"display_name": "red", "members": {"remove": ["n0"]}}]}, 4, 1),
        ({"users": [{"user_name": "n2", "groups": {"add": ["red"]}}]}, 3, 1),
        ({"teams": [team("red", "n0", "n1")]}, 2, 0),
    ],
)
def test_requests(directory: dict[str, Any], requests: int, writes: int) -> None:
    store = office()
    run(store, **directory)
    assert (store.requests, len(store.log)) == (requests, writes)


# creations


@pytest.mark.parametrize("fault", [lost, vanished], ids=["done", "not done"])
def test_f8_f9_a_creation_whose_answer_was_lost_makes_one_user(fault: Any) -> None:
    store = office(once("POST", "Users", fault))
    found = run(store, users=[PAM])
    assert found.changed and not found.failures
    assert [one["userName"] for one in store.held["Users"].values()].count("pam") == 1
    settled(store, users=[PAM])


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_f7_a_temporary_refusal_is_looked_up_before_it_is_sent_again(status: int) -> None:
    store = office(once("POST", "Users", answers(status)))
    assert run(store, users=[PAM]).changed
    assert len(store.writes()) == 1
    settled(store, users=[PAM])


def test_a_creation_that_never_gets_through_fails_in_one_sentence() -> None:
    store = office(once("POST", "Users", answers(503, detail="busy"), times=99))
    found = run(store, users=[PAM])
    assert not found.changed and [str(one.error) for one in found.failures] == [
        "creating user 'pam': the service answered 503: busy"
    ]


def test_f13_a_conflict_with_a_user_created_meanwhile_is_converged() -> None:
    def rival(store: Faulty, *_request: Any) -> Answer:
        store.user("pam", title="Artist")
        return Answer(409, {"scimType": "uniqueness"})

    store = office(once("POST", "Users", rival))
    found = run(store, users=[PAM])
    assert found.changed and not found.failures
    assert (store["pam"]["title"], store["pam"]["externalId"]) == ("Receptionist", "x-pam")
    assert store.writes() == [("PATCH", "Users")]
    settled(store, users=[PAM])


def test_a_conflict_with_a_user_that_is_as_desired_is_no_change() -> None:
    def rival(store: Faulty, *_request: Any) -> Answer:
        store.user("pam", title="Receptionist", externalId="x-pam")
        return Answer(409)

    assert not run(office(once("POST", "Users", rival)), users=[PAM]).changed


def test_a_conflict_with_something_invisible_is_one_sentence() -> None:
    found = run(office(once("POST", "Users", answers(409, "uniqueness", "taken"))), users=[PAM])
    assert str(found.failures[0].error) == (
        "creating user 'pam': the service answered 409: taken (uniqueness); no look-up finds a "
        "resource with its keys; another value that must be unique may be taken, or these "
        "credentials may not see the resource"
    )


def test_f28_a_filter_that_minds_the_case_makes_no_second_user() -> None:
    def exact(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return (
            Answer(200, {"Resources": [], "totalResults": 0})
            if query.get("filter") == 'userName eq "N0"'
            else None
        )

    store = office(exact)
    found = run(store, users=[{"user_name": "N0", "title": "x"}])
    assert (
        not found.failures
        and found.changed
        and len(store.held["Users"]) == 4
        and store["n0"]["title"] == "x"
    )


def test_m17_a_creation_without_an_answer_is_looked_up() -> None:
    store = office(once("POST", "Users", silent))
    assert run(store, users=[PAM]).changed
    settled(store, users=[PAM])


def test_a_creation_that_was_accepted_and_not_done_is_an_error() -> None:
    found = run(office(once("POST", "Users", lambda *_: Answer(201))), users=[PAM])
    assert (
        str(found.failures[0].error)
        == "creating user 'pam': the service answered 201 without the resource, and no look-up finds it"
    )


def test_members_that_a_creation_ignores_are_added_afterwards() -> None:
    def drops(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer:
        return store.really(
            method, segments, query, {key: value for key, value in body.items() if key != "members"}
        )

    rows = [{"display_name": "blue", "members": {"set": ["n0", "n1"]}}]
    store = office(once("POST", "Groups", drops))
    found = run(store, groups=rows)
    assert found.changed and not found.failures and store.members("blue") == {"n0", "n1"}
    assert [one["method"] for one in found.operations] == ["POST", "PATCH"]
    settled(store, groups=rows)


def test_a_new_group_of_a_service_that_never_shows_members_is_one_write() -> None:
    def secretive(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if segments[0] != "Groups" or method == "PATCH":
            return None
        found = store.really(method, segments, query, body)
        for one in found.body.get("Resources", [found.body]):
            one.pop("members", None)
        return found

    store = office(secretive)
    found = run(
        store,
        caps={"members_read": "none"},
        groups=[{"display_name": "blue", "members": {"add": ["n0", "n1"]}}],
    )
    assert found.changed and store.members("blue") == {"n0", "n1"}
    assert len(store.writes()) == 1 and not [one.not_saved for one in found.done if one.not_saved]


# updates


@pytest.mark.parametrize(
    "fault", [lost, vanished, silent, answers(503)], ids=["done", "not done", "no body", "busy"]
)
@pytest.mark.parametrize("caps", [{}, {"patch": False}], ids=["patch", "put"])
def test_f12_an_update_is_verified_after_any_answer(fault: Any, caps: dict[str, Any]) -> None:
    rows = [{"user_name": "n0", "title": "x", "emails": [{"value": "a@b", "type": "work"}]}]
    store = office(once("PUT" if caps else "PATCH", "Users", fault))
    found = run(store, caps=caps, users=rows)
    assert found.changed and not found.failures and store["n0"]["title"] == "x"
    settled(store, users=rows)


def test_f10_joins_whose_answer_was_lost_are_not_made_twice() -> None:
    rows = [{"display_name": "red", "members": {"add": ["n2", "n3"]}}]
    store = office(once("PATCH", "Groups", lost))
    found = run(store, groups=rows)
    assert found.changed and not found.failures and len(store["red"]["members"]) == 4
    settled(store, groups=rows)


def test_f11_a_deletion_that_was_done_before_is_no_failure() -> None:
    store = office(once("DELETE", "Users", lambda *_: Answer(404, tries=2)))
    assert run(store, users=[{"user_name": "n0", "state": "absent"}]).changed
    store = office(once("DELETE", "Users", lambda *_: Answer(404)))
    found = run(store, users=[{"user_name": "n0", "state": "absent"}])
    assert not found.changed and not found.failures


def test_m18_ignored_write_is_named_and_no_endless_change() -> None:
    def ignores(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return (
            Answer(200, store.really("GET", segments, {}, None).body) if method == "PATCH" else None
        )

    store = office(ignores)
    for _run in range(2):
        found = run(store, users=[{"user_name": "n0", "title": "x"}])
        assert not found.changed and [one.not_saved for one in found.done] == [("title",)]


def test_partly_accepted_change_is_changed_and_named() -> None:
    def ignores(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method != "PATCH":
            return None
        return store.really(
            method,
            segments,
            query,
            {
                **body,
                "Operations": [one for one in body["Operations"] if one["path"] != "nickName"],
            },
        )

    found = run(office(ignores), users=[{"user_name": "n0", "title": "x", "nick_name": "y"}])
    assert found.changed and [one.not_saved for one in found.done] == [("nickName",)]


def versions(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> None:
    for one in store.held["Users"].values():
        one.setdefault("meta", {"version": 'W/"1"'})


def test_f25_a_resource_that_changed_meanwhile_is_read_and_planned_anew() -> None:
    def changed(store: Faulty, *_request: Any) -> Answer:
        store["n0"].update(
            nickName="by someone else", emails=[{"value": "new@home", "type": "home"}]
        )
        return Answer(412)

    rows = [{"user_name": "n0", "emails": [{"value": "a@b", "type": "work"}]}]
    store = office(versions, once("PATCH", "Users", changed))
    assert run(store, users=rows).changed
    assert store["n0"]["nickName"] == "by someone else" and {
        row["value"] for row in store["n0"]["emails"]
    } == {"new@home", "a@b"}


def test_f25_user_that_keeps_changing_ends_the_run() -> None:
    store = office(versions, once("PATCH", "Users", answers(412), times=99))
    found = run(store, users=[{"user_name": "n0", "title": "x"}])
    assert str(found.failures[0].error) == (
        "changing user 'n0': it kept changing: no; another client may have "
        "changed it meanwhile; run again"
    )
    assert store.requests < 12


def test_a_service_without_patch_is_written_by_put_and_that_is_remembered() -> None:
    store = office(limits={"patch": False})
    rows = [{"user_name": f"n{number}", "title": "x"} for number in range(3)]
    found = run(store, users=rows)
    assert found.changed and not found.failures
    assert [method for method, _kind in store.writes()] == ["PATCH", "PUT", "PATCH", "PUT", "PUT"]
    settled(store, users=rows)


def test_a_group_that_must_be_put_keeps_its_members_and_attributes() -> None:
    store = office(limits={"patch": False})
    store["red"]["urn:example:2.0:Group"] = {"floor": 1}
    store["red"]["schemas"].append("urn:example:2.0:Group")
    found = run(store, groups=[{"display_name": "red", "external_id": "x"}])
    assert (
        not found.failures
        and store.members("red") == {"n0", "n1"}
        and store["red"]["urn:example:2.0:Group"] == {"floor": 1}
    )


RED_X = {"display_name": "red", "external_id": "x"}


@pytest.mark.parametrize(
    "group, left",
    [
        (RED_X, {"n0", "n1", "n2"}),
        ({**RED_X, "members": {"add": ["n1"]}}, {"n0", "n1", "n2"}),
        ({**RED_X, "members": {"remove": ["n1"]}}, {"n0", "n2"}),
    ],
    ids=["attributes", "no member changes", "one leaves"],
)
def test_f25_members_that_join_a_group_during_its_put_stay(
    group: dict[str, Any], left: set[str]
) -> None:
    def joined(store: Faulty, *_request: Any) -> Answer:
        store["red"]["members"].append({"value": store.id_of("n2")})
        store["red"]["meta"] = {"version": 'W/"2"'}
        return Answer(412)

    store = office(once("PUT", "Groups", joined))
    store["red"]["meta"] = {"version": 'W/"1"'}
    found = run(store, caps={"patch": False}, groups=[group])
    assert not found.failures and store["red"]["externalId"] == "x"
    assert store.members("red") == left


def test_f25_members_that_leave_a_group_during_its_put_do_not_return() -> None:
    def left(store: Faulty, *_request: Any) -> Answer:
        store["red"]["members"] = [{"value": store.id_of("n0")}]
        return Answer(412)

    store = office(once("PUT", "Groups", left))
    found = run(store, caps={"patch": False}, groups=[RED_X])
    assert not found.failures and store["red"]["externalId"] == "x"
    assert store.members("red") == {"n0"}


# members


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_members_are_halved_until_the_service_takes_them(most: int) -> None:
    store = office(people=20, limits={"members_per_patch": most})
    rows = [{"display_name": "red", "members": {"set": [f"n{number}" for number in range(2, 20)]}}]
    found = run(store, groups=rows)
    assert not found.failures and store.members("red") == {f"n{number}" for number in range(2, 20)}
    settled(store, groups=rows)


@pytest.mark.parametrize(
    "refusal",
    [answers(501), answers(400, "invalidPath"), answers(400, "invalidFilter"), answers(400)],
)
def test_a_form_of_removal_that_is_refused_is_replaced_by_the_other(refusal: Any) -> None:
    def filters(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        by_filter = method == "PATCH" and any("[" in one["path"] for one in body["Operations"])
        return refusal(store, method, segments, query, body) if by_filter else None

    store = office(filters, limits={"member_remove": "list"})
    rows = [{"display_name": "red", "members": {"remove": ["n0", "n1"]}}]
    found = run(store, groups=rows)
    assert not found.failures and store.members("red") == set()
    settled(store, groups=rows)


def test_refusal_of_one_group_teaches_nothing_and_its_first_reason_is_shown() -> None:
    def locked(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer | None:
        if method != "PATCH" or segments != ("Groups", store.id_of("locked")):
            return None
        by_list = any("value" in one for one in body["Operations"])
        return Answer(400, {"detail": "a remove operation takes no value" if by_list else "boom"})

    store = office(locked, limits={"member_remove": "filter"})
    for name in ("locked", "red2", "red3"):
        store.group(name, ["n0", "n1", "n2"])
    rows = [
        {"display_name": name, "members": {"remove": ["n0", "n1"]}}
        for name in ("locked", "red2", "red3")
    ]
    found = run(store, policy=Policy(stop_on_error=False, reads_names=True), groups=rows)
    assert [one.change.name for one in found.failures] == ["locked"] and store.members(
        "red2"
    ) == store.members("red3") == {"n2"}
    assert [segments for method, segments, _body in store.log] == [
        ("Groups", store.id_of("red2")),
        ("Groups", store.id_of("red3")),
    ]  # one PATCH each
    said = str(found.failures[0].error)
    assert (
        said.startswith("changing group 'locked': the service answered 400: boom")
        and "takes no value" in said
    )


def test_a_removal_that_is_accepted_and_not_done_is_never_called_done() -> None:
    store = office(once("PATCH", "Groups", silent_nothing, times=99))
    found = run(store, groups=[{"display_name": "red", "members": {"remove": ["n0"]}}])
    assert store.members("red") == {"n0", "n1"}
    assert (
        found.failures
        or not found.changed
        and [one.not_saved for one in found.done] == [("members",)]
    )


def silent_nothing(*_request: Any) -> Answer:
    return Answer(204)


def test_a_service_that_removes_too_many_members_ends_the_run_with_their_names() -> None:
    def all_members(store: Faulty, _method: str, segments: Any, _query: Any, body: Any) -> Answer:
        if segments[1] != store.id_of("red"):
            return store.really("PATCH", segments, {}, body)
        store["red"]["members"] = []
        return Answer(204)

    store = office(once("PATCH", "Groups", all_members, times=2))
    store.group("then", [])
    found = run(
        store,
        groups=[
            {"display_name": "red", "members": {"remove": ["n0"]}},
            {"display_name": "then", "members": {"add": ["n0"]}},
            {"display_name": "zed", "external_id": "x"},
        ],
    )
    said = str(found.failures[0].error)
    assert said.startswith(
        "changing the members of group 'red': more members left the group than this run removed: n1; they were added back"
    )


def test_joins_are_proven_where_that_is_asked() -> None:
    store = office(once("PATCH", "Groups", silent_nothing))
    found = run(
        store,
        policy=Policy(verify="writes"),
        groups=[{"display_name": "red", "members": {"add": ["n2"]}}],
    )
    assert not found.changed and [one.not_saved for one in found.done] == [("members",)]


def test_a_group_that_is_gone_meanwhile_is_an_error() -> None:
    def gone(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Answer:
        del store.held["Groups"][segments[1]]
        return Answer(404, {"detail": "gone"})

    found = run(
        office(once("PATCH", "Groups", gone)),
        groups=[{"display_name": "red", "members": {"add": ["n2"]}}],
    )
    assert str(found.failures[0].error).startswith(
        "changing group 'red': the service answered 404: gone; check server_url"
    )


# reading


@pytest.mark.parametrize("most", [1, 2, 5])
@pytest.mark.parametrize("status", [400, 414, 501])
def test_filters_that_are_too_long_are_halved_and_no_user_is_missed(most: int, status: int) -> None:
    def narrow(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return (
            Answer(status, {"detail": "too long"})
            if query.get("filter", "").count(" eq ") > most
            else None
        )

    store = office(narrow, people=9)
    found = run(store, users=[{"user_name": f"n{number}"} for number in range(9)])
    assert not found.changed and not found.plan.size
    assert store.requests < 20


def test_a_service_without_filters_is_listed() -> None:
    def none(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return Answer(501) if "filter" in query else None

    store = office(none, people=9, page=2)
    assert not run(store, teams=[team("red", "n0", "n1")], policy=LEAVING).changed


def test_a_filter_that_is_not_honoured_is_seen_through() -> None:
    def ignored(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return (
            store.really(
                method,
                segments,
                {key: value for key, value in query.items() if key != "filter"},
                body,
            )
            if "filter" in query
            else None
        )

    store = office(ignored, people=9)
    assert not run(store, users=[{"user_name": "n7"}]).changed
    assert run(store, users=[PAM]).changed and len(store.held["Users"]) == 10


def test_a_filter_that_is_not_honoured_is_not_tried_again() -> None:
    tried = []

    def ignored(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if "filter" not in query:
            return None
        tried.append(query["filter"])
        return store.really(method, segments, {}, body)

    run(
        office(ignored, people=9),
        caps={"filter_clauses": 1},
        users=[{"user_name": "new"}, {"user_name": "newer"}],
    )
    assert len(tried) == 1


def test_m9_an_answer_about_another_user_is_no_match() -> None:
    def other(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return (
            store.really(method, segments, {"filter": 'userName eq "n1"'}, body)
            if query.get("filter") == 'userName eq "pam"'
            else None
        )

    store = office(other)
    run(store, users=[{"user_name": "pam"}])
    assert store.writes() == [("POST", "Users")] and "pam" in store.names("Users")


def test_m9_another_resource_than_the_one_of_that_id() -> None:
    store = office(
        lambda store, method, segments, query, body: (
            Answer(200, {"id": "u2", "userName": "n1"}) if segments == ("Users", "u1") else None
        )
    )
    with pytest.raises(
        ScimError, match="reading user 'u1': the service answered with another resource, id 'u2'"
    ):
        run(store, users=[{"id": "u1", "title": "x"}])
    assert not store.log


@pytest.mark.parametrize("total", [9, None])
def test_m1_a_page_that_repeats_never_makes_leavers(total: int | None) -> None:
    def repeats(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method == "GET" and segments == ("Groups",) and "filter" not in query:
            return Answer(
                200,
                {
                    "Resources": [copy.deepcopy(store["red"])],
                    **({"totalResults": total} if total else {}),
                },
            )
        return None

    store = office(repeats)
    store.group("other", ["n1"])
    found = run(store, teams=[team("red", "n0")], policy=LEAVING)
    assert store["n1"]["active"] is True
    assert (
        "the groups of the service could not be listed completely, so no leaver is deactivated: n1"
        in found.plan.notes
    )
    assert store.requests < 15


def test_f26_a_page_that_fails_forbids_everything() -> None:
    def third(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return Answer(500, {"detail": "broken"}) if query.get("startIndex") == "5" else None

    store = office(third, people=9, page=2)
    with pytest.raises(ScimError, match="the service answered 500: broken"):
        run(store, caps={"filters": False}, users=[{"user_name": "n0", "title": "x"}])
    assert not store.log


def test_f27_an_incomplete_answer_makes_no_user_new() -> None:
    def fewer(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return Answer(200, {"Resources": [], "totalResults": 1}) if "filter" in query else None

    store = office(fewer)
    with pytest.raises(
        ScimError, match="the answer is not complete: 0 of 1 came; run again; nothing was changed"
    ):
        run(store, users=[{"user_name": "n0"}])
    assert not store.log


def test_pages_are_asked_for_in_the_size_the_service_takes() -> None:
    def hundred(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return Answer(400, {"detail": "count"}) if int(query.get("count", 0)) > 100 else None

    store = office(hundred, people=250)
    service = Service(store, overridden({}))
    assert len(search(service, USER, {}, doing="listing").resources) == 250
    assert service.capabilities.get("page_size") == 62


@pytest.mark.parametrize("body", [None, {}, {"Resources": "x"}, {"error": "login"}])
def test_m16_body_that_is_not_a_list_is_one_sentence(body: Any) -> None:
    store = office(lambda store, method, segments, query, _body: Answer(200, body))
    with pytest.raises(ScimError) as info:
        run(store, users=[PAM])
    said = ": login" if body and "error" in body else ""
    assert (
        f"the answer is not a SCIM list: it has no Resources{said}; check that server_url is the "
        "base URL of a SCIM service"
    ) in str(info.value)


# failures midway


def test_f20_one_of_many_fails_and_the_rest_converges() -> None:
    def bad(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return (
            Answer(400, {"detail": "no such title"})
            if method == "PATCH" and segments[1] == "u2"
            else None
        )

    store = office(bad)
    rows = [{"user_name": f"n{number}", "title": "x"} for number in range(4)]
    found = run(store, policy=Policy(stop_on_error=False), users=rows)
    assert [str(one.error) for one in found.failures] == [
        "changing user 'n1': the service answered 400: no such title"
    ]
    assert [store[f"n{number}"].get("title") for number in range(4)] == [
        "x",
        None,
        "x",
        "x",
    ] and found.changed


@pytest.mark.parametrize("status", [401, 403])
def test_f21_refused_credentials_end_it_at_once(status: int) -> None:
    store = office(once("PATCH", "Users", answers(status), times=99))
    found = run(
        store,
        policy=Policy(stop_on_error=False),
        users=[{"user_name": f"n{number}", "title": "x"} for number in range(4)],
    )
    assert len(found.failures) == 1 and len(found.not_tried) == 3


def test_a_mover_whose_join_failed_does_not_leave() -> None:
    def no_joins(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        joins = (
            method == "PATCH"
            and segments[0] == "Groups"
            and any(one["op"] == "add" for one in body["Operations"])
        )
        return Answer(400, {"detail": "full"}) if joins else None

    store = office(no_joins)
    store.group("blue", ["n2"])
    run(
        store,
        policy=replace(LEAVING, stop_on_error=False),
        teams=[team("red", "n0"), team("blue", "n2", "n1")],
    )
    assert "n1" in store.members("red") and store["n1"]["active"]


NEWBIE = {
    "users": [{"user_name": "newbie"}],
    "groups": [{"display_name": "red", "members": {"set": ["newbie", "n0"]}}],
}


@pytest.mark.parametrize("caps", [{}, {"patch": False}], ids=["patch", "put"])
@pytest.mark.parametrize("verify", ["removals", "writes"])
def test_a_user_that_was_not_created_is_no_member_when_others_leave(
    caps: dict[str, Any], verify: str
) -> None:
    store = office(once("POST", "Users", answers(400)))
    found = run(store, policy=Policy(stop_on_error=False, verify=verify), caps=caps, **NEWBIE)
    assert [one.change.name for one in found.failures] == ["newbie"]
    assert store.members("red") == {"n0"} and "bulkId" not in repr(store.log)
    assert [one.change.leaves for one in found.done] == [(Key("User", "u2"),)]
    assert [one["method"] for one in found.operations] == ["PUT" if caps else "PATCH"]


@pytest.mark.parametrize("caps", [{}, {"patch": False}], ids=["patch", "put"])
@pytest.mark.parametrize(
    "refusal, verify, failed",
    [
        (answers(400), "removals", ["red"]),
        (answers(400), "writes", ["red"]),
        (lambda *_: Answer(204), "writes", []),
    ],
    ids=["refused", "refused, verified", "ignored"],
)
def test_a_user_that_did_not_join_is_no_member_when_others_leave(
    caps: dict[str, Any], refusal: Any, verify: str, failed: list[str]
) -> None:
    store = office(once("PUT" if caps else "PATCH", "Groups", refusal))
    policy = Policy(stop_on_error=False, verify=verify)
    found = run(
        store,
        policy=policy,
        caps=caps,
        users=[{"user_name": "n3", "title": "x"}],
        groups=[{"display_name": "red", "members": {"set": ["n2", "n0"]}}],
    )
    assert [one.change.name for one in found.failures] == failed
    assert store.members("red") == {"n0"}
    assert [one.change.leaves for one in found.done if one.change.leaves] == [(Key("User", "u2"),)]


def test_a_user_that_did_not_join_one_group_is_still_a_member_of_another() -> None:
    store = office(once("PATCH", "Groups", answers(400)))
    store.group("wine", ["n2", "n3"])
    found = run(
        store,
        policy=Policy(stop_on_error=False),
        groups=[
            {"display_name": "red", "members": {"set": ["n2", "n0"]}},
            {"display_name": "wine", "members": {"set": ["n2", "n1"]}},
        ],
    )
    assert [one.change.name for one in found.failures] == ["red"]
    known = {one.change.name: one.change.moves.known for one in found.done if one.change.leaves}
    assert Key("User", "u3") in known["wine"] and Key("User", "u3") not in known["red"]
    assert store.members("red") == {"n0"}
    assert store.members("wine") == {"n2", "n1"}


@pytest.mark.parametrize("leavers, method", [("inactive", "PATCH"), ("absent", "DELETE")])
def test_a_leaver_that_cannot_be_removed_does_not_leave_and_the_next_run_tries_again(
    leavers: str, method: str
) -> None:
    policy = Policy(leavers=leavers, reads_names=True, stop_on_error=False)
    store = office(once(method, "Users", answers(422)))
    found = run(store, policy=policy, teams=[team("red", "n0")])
    assert len(found.failures) == 1 and store.members("red") == {"n0", "n1"}
    assert not run(store, policy=policy, teams=[team("red", "n0")]).failures and store.members(
        "red"
    ) == {"n0"}
    assert "n1" not in store.names("Users") or not store["n1"]["active"]


@pytest.mark.parametrize(
    "caps, method", [({}, "PATCH"), ({"patch": False}, "PUT")], ids=["patch", "put"]
)
def test_a_deleted_leaver_leaves_only_where_the_service_did_not_see_to_it(
    caps: dict[str, Any], method: str
) -> None:
    def lingers(store: Faulty, _method: str, segments: Any, query: Any, body: Any) -> Answer:
        del store.held["Users"][segments[1]]
        return Answer(204)

    policy = Policy(leavers="absent", reads_names=True)
    tidy, other = office(), office(once("DELETE", "Users", lingers, times=9))
    for store, writes in ((tidy, [("DELETE", "Users")]), (other, [(method, "Groups")])):
        found = run(store, policy=policy, caps=caps, teams=[team("red", "n0")])
        assert not found.failures and [one.change.verb for one in found.done if one.changed] == [
            "delete",
            "update",
        ]
        assert store.writes() == writes and store.members("red") == {
            "n0"
        }  # a fault's DELETE is not in the store's log
        assert (
            not run(store, policy=policy, caps=caps, teams=[team("red", "n0")]).changed
            and store.writes() == writes
        )


def test_a_removal_that_cannot_be_read_back_is_sent_again_when_its_answer_was_busy() -> None:
    store = office(once("PATCH", "Groups", answers(503)))
    found = run(
        store,
        caps={"members_read": "none"},
        groups=[{"display_name": "red", "members": {"remove": ["n0"]}}],
    )
    assert found.changed and not found.failures and store.members("red") == {"n1"}


def test_a_password_is_sent_once_and_shown_nowhere() -> None:
    store = office()
    found = run(store, users=[{**PAM, "password": "hunter2-canary"}])
    assert store.log[0][2]["password"] == "hunter2-canary" and "canary" not in repr(
        found.operations
    ) + repr(found.plan)
    assert not run(store, users=[{**PAM, "password": "hunter2-canary"}]).changed
    assert run(
        store, users=[{**PAM, "password": "hunter2-canary", "update_password": "always"}]
    ).changed
