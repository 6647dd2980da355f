# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes in bulk: whatever the service answers, users are as they were set and told as they are."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Limit, Policy
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.bulky import (
    Bulky,
    Lagging,
    Loose,
    Rows,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    run,
    vanished,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import team
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

AUTO = Policy(stop_on_error=False, bulk="auto")
ALWAYS = replace(AUTO, bulk="always")
WAIT = 5.0  # the option consistency_wait


def people(number: int, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": f"p{one:03}", **more} for one in range(number)]


def bulks(store: Faulty) -> int:
    return store.writes().count(("POST", "Bulk"))


def made(store: Bulky, number: int = 60, policy: Policy = AUTO, **more: Any) -> Any:
    """Create so many users, and check that each is there once and that nothing is left to do."""
    found = run(store, policy=policy, at_once=8, users=people(number, **more))
    names = [f"p{one:03}" for one in range(number)]
    assert sorted(one["userName"] for one in store.held["Users"].values()) == names
    assert not found.failures, [str(one.error) for one in found.failures]
    assert [one["body"]["userName"] for one in found.operations] == names
    assert [one.change.name for one in found.done] == names
    again = run(store, policy=policy, at_once=8, users=people(number, **more))
    assert not again.changed
    return found


def test_all_but_the_first_are_created_in_as_few_requests_as_the_service_takes() -> None:
    store = Bulky(most=25)
    made(store)
    assert sorted(store.sizes) == [9, 25, 25] and store.singly == [("POST", "Users")]


def test_a_request_is_no_larger_than_the_service_takes() -> None:
    store = Bulky(size=6000)
    made(store)
    assert len(store.sizes) > 1 and bulks(store) == len(store.sizes)


def test_users_are_read_together_unless_the_results_show_them() -> None:
    silent, shows = Bulky(), Bulky()
    shows.shows = True
    made(silent)
    made(shows)
    assert silent.requests - shows.requests <= 6


def test_few_changes_are_sent_singly_and_ask_nothing() -> None:
    few, never = Bulky(), Bulky()
    made(few, 19)
    made(never, 19, replace(AUTO, bulk="never"))
    assert bulks(few) == bulks(never) == 0 and few.requests == never.requests


def test_never_and_stop_send_singly() -> None:
    for policy in (replace(AUTO, bulk="never"), replace(AUTO, stop_on_error=True)):
        store = Bulky()
        made(store, policy=policy)
        assert bulks(store) == 0


def test_without_an_announcement_only_always_tries() -> None:
    for policy, expected in ((AUTO, 0), (ALWAYS, 1)):
        store = Bulky()
        store.announces = False
        made(store, policy=policy)
        assert bulks(store) == expected


def test_always_is_for_two_users_too() -> None:
    store = Bulky()
    made(store, 3, ALWAYS)
    assert store.sizes == [2]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 501])
def test_f23_a_service_that_refuses_bulk_is_asked_once(status: int) -> None:
    store = Bulky(lambda _s, _m, segments, *_: Answer(status) if segments == ("Bulk",) else None)
    made(store)
    assert len(store.held["Users"]) == 60


def test_f23_a_request_that_is_too_large_after_all_is_halved() -> None:
    store = Bulky(most=100)
    real = store._answer  # type: ignore[attr-defined]  # pylint: disable=protected-access

    def smaller(method: str, segments: Any, query: Any, body: Any) -> Any:
        if segments == ("Bulk",) and len(body["Operations"]) > 20:
            return Answer(413)
        return real(method, segments, query, body)

    store._answer = smaller  # type: ignore[method-assign]  # pylint: disable=protected-access
    made(store)
    assert max(store.sizes) <= 20 and sum(store.sizes) + len(store.singly) == 60
    assert bulks(store) == len(store.sizes) + 2


def test_f22_each_change_that_a_bulk_request_did_not_make_is_named() -> None:
    store = Bulky()
    for number in range(12):
        store.user(f"p{number:03}")
    store.skips = lambda one: one["path"].endswith(("5", "9"))
    found = run(store, policy=ALWAYS, users=people(12, state="absent"))
    said = sorted(str(one.error) for one in found.failures)
    wanted = "sending changes in bulk: user '{}': the service said that it was deleted, but it"
    assert [one.partition(" still")[0] for one in said] == [
        wanted.format(name) for name in ("p004", "p008")
    ]


def reversed_rows(rows: Rows) -> Rows:
    return rows[::-1]


def without_names(rows: Rows) -> Rows:
    return [{key: value for key, value in one.items() if key != "bulkId"} for one in rows]


def only_status(rows: Rows) -> Rows:
    return [{"status": one["status"]} for one in rows]


def with_codes(rows: Rows) -> Rows:
    return [{**one, "status": {"code": one["status"]}} for one in rows]


def half(rows: Rows) -> Rows:
    return rows[::2]


def named_twice(rows: Rows) -> Rows:
    return [{**one, "bulkId": rows[0]["bulkId"]} for one in rows]


def shuffled_without_names(rows: Rows) -> Rows:
    return without_names(rows[::-1])


def nothing(_rows: Rows) -> Rows:
    return []


def other_locations(rows: Rows) -> Rows:
    return [{**one, "location": rows[0].get("location", "")} for one in rows]


def without_locations(rows: Rows) -> Rows:
    return [{key: value for key, value in one.items() if key != "location"} for one in rows]


ALTERED = [
    reversed_rows,
    without_names,
    only_status,
    with_codes,
    half,
    named_twice,
    shuffled_without_names,
    nothing,
    other_locations,
    without_locations,
]


@pytest.mark.parametrize("alter", ALTERED, ids=[one.__name__ for one in ALTERED])
def test_f22_results_in_any_form_make_nobody_twice(alter: Any) -> None:
    made(Bulky(alter=alter))


@pytest.mark.parametrize("alter", ALTERED, ids=[one.__name__ for one in ALTERED])
def test_f22_changes_whose_results_have_any_form_are_proved_by_reading(alter: Any) -> None:
    store = Bulky(alter=alter)
    for one in people(40):
        store.user(one["user_name"])
    store.skips = lambda one: one["path"].endswith(("7", "8"))
    found = run(store, policy=AUTO, at_once=8, users=people(40, title="x"))
    saved = {one.change.name for one in found.done if not one.not_saved and one.changed}
    assert saved == {one["userName"] for one in store.held["Users"].values() if "title" in one}
    store.skips = lambda one: False
    run(store, policy=AUTO, at_once=8, users=people(40, title="x"))
    assert all(one["title"] == "x" for one in store.held["Users"].values())


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_lost_answer_makes_nobody_twice(lost: str) -> None:
    broken: list[str] = []

    def fault(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> None:
        if segments == ("Bulk",) and not broken:
            broken.append(lost)
            if lost == "after":
                store.really(method, segments, query, body)
            raise TransportError(kind="reset", reason="the connection was reset", sent=True)

    made(Bulky(fault))


NO_ANSWER = 0


@pytest.mark.parametrize("status", [NO_ANSWER, 400, 403, 408, 409, 412, 422, 500, 502, 503, 504])
@pytest.mark.parametrize("part", [0, 1, 10, 60])
def test_a_request_that_was_done_in_part_and_refused_makes_nobody_twice(
    status: int, part: int
) -> None:
    """Bulk is not atomic: a service may do some operations and answer with an error of another."""
    answered: list[int] = []

    def fault(store: Faulty, _method: str, segments: Any, _query: Any, body: Any) -> Any:
        if segments != ("Bulk",) or answered:
            return None
        assert isinstance(store, Bulky)
        answered.append(status)
        for one in body["Operations"][:part]:
            store._one(one)  # pylint: disable=protected-access
        if status == NO_ANSWER:
            raise TransportError(kind="timeout", reason="no answer came", sent=True)
        return Answer(status, {"detail": "no"})

    store = Loose(fault)
    made(store)
    assert answered and store.waited <= WAIT


@pytest.mark.parametrize("fault", [vanished, answers(500), answers(400)])
def test_a_bulk_request_that_is_never_answered_is_waited_for_once(fault: Any) -> None:
    def never(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return fault(store, method, segments, query, body) if segments == ("Bulk",) else None

    store = Loose(never)
    made(store)
    assert bulks(store) == 0 and store.waited <= WAIT and store.requests < 100


@pytest.mark.parametrize("status", [404, 405, 429, 501])
def test_a_refusal_that_says_that_nothing_was_done_costs_no_look(status: int) -> None:
    store, never = Bulky(), Bulky()
    store.faults = [lambda _s, _m, at, *_: Answer(status) if at == ("Bulk",) else None]
    made(store)
    made(never, policy=replace(AUTO, bulk="never"))
    assert store.requests <= never.requests + 4 and not store.waited


def test_a_promise_is_no_loss_and_nothing_is_sent_again() -> None:
    """The service answers 202 and carries the operations out after the run."""
    promised: list[Any] = []

    def later(_store: Faulty, _method: str, segments: Any, _query: Any, body: Any) -> Any:
        if segments != ("Bulk",):
            return None
        promised.extend(body["Operations"])
        return Answer(202)

    store = Loose(later)
    found = run(store, policy=AUTO, at_once=8, users=people(30))
    assert len(store.names("Users")) == 1 and len(promised) == 29
    assert not found.failures and sum(bool(one.pending) for one in found.done) == 29
    for one in promised:
        store._one(one)  # pylint: disable=protected-access
    store.faults = []
    assert not run(store, policy=AUTO, at_once=8, users=people(30)).changed


def only_errors(rows: Rows) -> Rows:
    return [one for one in rows if int(one["status"]) >= 400]


LEFT_OUT = (only_errors, half, nothing, without_names)


@pytest.mark.parametrize("alter", LEFT_OUT, ids=[one.__name__ for one in LEFT_OUT])
@pytest.mark.parametrize("honest", [True, False], ids=["stops", "goes on"])
@pytest.mark.parametrize("most", [3, 20])
def test_results_that_are_left_out_are_looked_up_together(
    alter: Any, honest: bool, most: int
) -> None:
    """``honest``: the service stops after as many errors as it is asked to."""
    bad = {"p005", "p020", "p021", "p022", "p023", "p024", "p040"}

    def refuses(_store: Faulty, method: str, segments: Any, _query: Any, body: Any) -> Any:
        is_bad = method == "POST" and segments == ("Users",) and body["userName"] in bad
        return Answer(400, {"detail": "bad"}) if is_bad else None

    store = Loose(refuses, alter=alter)
    real_one, real_bulk = store._one, store._bulk  # pylint: disable=protected-access

    def one(operation: Any) -> Any:
        if operation["data"]["userName"] in bad:
            return {"method": "POST", "bulkId": operation["bulkId"], "status": "400"}
        return real_one(operation)

    def in_bulk(body: Any) -> Any:
        return real_bulk(body if honest else {**body, "failOnErrors": 10**9})

    store._one, store._bulk = one, in_bulk  # type: ignore[method-assign]
    policy = replace(AUTO, stop_after=Limit(count=most))
    found = run(store, policy=policy, at_once=8, users=people(60))
    names = [user["userName"] for user in store.held["Users"].values()]
    assert len(names) == len(set(names)) and store.waited <= 3 * WAIT
    assert {one.change.name for one in found.done} == set(names)
    assert {one.change.name for one in found.failures} <= bad
    assert len(found.done) + len(found.failures) + len(found.not_tried) == 60
    if honest:
        assert len(found.failures) <= most


def test_updates_of_a_request_that_was_refused_in_part_are_read_again() -> None:
    def fault(store: Faulty, _method: str, segments: Any, _query: Any, body: Any) -> Any:
        if segments != ("Bulk",):
            return None
        assert isinstance(store, Bulky)
        for one in body["Operations"][:10]:
            store._one(one)  # pylint: disable=protected-access
        return Answer(500, {"detail": "no"})

    store = Bulky(fault)
    for one in people(40):
        store.user(one["user_name"])
    mails = [{"value": "x@example.com", "type": "work"}]
    found = run(store, policy=AUTO, at_once=8, users=people(40, title="x", emails=mails))
    assert not found.failures and len(found.done) == 40
    assert all(len(one["emails"]) == 1 for one in store.held["Users"].values())
    assert not run(store, policy=AUTO, at_once=8, users=people(40, title="x", emails=mails)).changed


def test_f22_a_creation_that_was_only_said_to_be_made_is_a_failure() -> None:
    store = Bulky()
    store.skips = lambda one: one["data"].get("userName") in ("p030", "p040")
    found = run(store, policy=AUTO, at_once=8, users=people(60))
    assert [one.change.name for one in found.failures] == ["p030", "p040"]
    assert len(store.names("Users")) == 58 == len(found.done)


def test_leavers_that_were_only_said_to_be_deactivated_or_deleted_stay_in_their_groups() -> None:
    for leavers in ("inactive", "absent"):
        store = Bulky()
        for one in people(50):
            store.user(one["user_name"])
        store.group("red", [one["user_name"] for one in people(50)])
        kept = store.id_of("p030")
        store.skips = lambda one, kept=kept: one["path"].endswith(f"/{kept}")  # type: ignore[misc]
        policy = replace(AUTO, leavers=leavers, reads_names=True)
        teams = [team("red", "p000", "p001")]
        found = run(store, policy=policy, at_once=8, membership="exact", teams=teams)
        assert bulks(store) and [one.change.name for one in found.failures] == ["p030"]
        assert store.members("red") == {"p000", "p001", "p030"}
        assert store["p030"]["active"] is True


def test_a_user_that_exists_is_planned_again_and_others_are_made() -> None:
    store = Bulky()

    def another_run(held: Faulty, _method: str, segments: Any, *_more: Any) -> None:
        if segments == ("Bulk",) and "p030" not in held.names("Users"):
            held.user("p030", title="old")

    store.faults = [another_run]
    run(store, policy=AUTO, at_once=8, users=people(60, title="x"))
    assert len(store.held["Users"]) == 60 and store["p030"]["title"] == "x"


def test_refused_operations_are_failures_and_the_run_ends_at_as_many_as_it_may() -> None:
    store = Bulky()
    real = store._check  # type: ignore[attr-defined]  # pylint: disable=protected-access

    def refuses(kind: str, body: Any, but: str = "") -> None:
        if body.get("title") == "bad":
            body = {**body, "userName": ""}
        real(kind, body, but)

    store._check = refuses  # type: ignore[method-assign]  # pylint: disable=protected-access
    users = [{"user_name": f"p{one:03}", "title": "bad" if one > 10 else "x"} for one in range(60)]
    policy = replace(AUTO, stop_after=Limit(count=5))
    found = run(store, policy=policy, at_once=8, users=users)
    assert len(found.failures) == 5 and len(found.done) == 11
    assert len(found.not_tried) == 60 - 16 and len(store.names("Users")) == 11


def test_groups_come_after_the_users_that_they_need() -> None:
    store = Bulky()
    names = [one["user_name"] for one in people(40)]
    found = run(store, policy=AUTO, at_once=8, teams=[team("red", *names)])
    assert not found.failures and store.members("red") == set(names) and bulks(store) == 1


def test_secrets_are_in_the_request_and_nowhere_else() -> None:
    store = Bulky()
    users = [{"user_name": f"p{one:03}", "password": f"canary{one}"} for one in range(30)]
    found = run(store, policy=AUTO, at_once=8, users=users)
    sent = [body for _method, segments, body in store.log if segments == ("Bulk",)]
    assert "canary17" in str(sent) and "canary" not in str(found.operations)


class Killed(BaseException):
    """The end of a run that nothing can catch, as SIGKILL is."""


@pytest.mark.parametrize("number", range(0, 60, 4))
def test_a_run_that_is_cut_in_a_bulk_request_is_finished_by_the_next(number: int) -> None:
    def kills(_store: Faulty, _method: str, _segments: Any, _query: Any, _body: Any) -> None:
        if len(store.log) >= number:
            raise Killed

    store = Bulky(most=10)
    for one in people(60)[30:]:
        store.user(one["user_name"])
    store.group("red", [one["user_name"] for one in people(60)[30:]])
    real = store._one  # type: ignore[attr-defined]  # pylint: disable=protected-access

    def cut(one: Any) -> Any:
        if len(store.log) >= number and store.faults:
            raise Killed
        return real(one)

    store._one = cut  # type: ignore[method-assign]  # pylint: disable=protected-access
    store.faults = [kills]
    policy = replace(AUTO, leavers="inactive", reads_names=True)
    teams = [team("red", *[f"p{one:03}" for one in range(35)])]
    with pytest.raises(Killed):
        run(store, policy=policy, at_once=8, membership="exact", teams=teams)
    store.faults = []
    found = run(store, policy=policy, at_once=8, membership="exact", teams=teams)
    assert not found.failures and store.members("red") == {f"p{one:03}" for one in range(35)}
    assert len(store.held["Users"]) == 60
    active = {one["userName"] for one in store.held["Users"].values() if one["active"]}
    assert active == {f"p{one:03}" for one in range(35)}
    assert not run(store, policy=policy, at_once=8, membership="exact", teams=teams).changed


def storm(chance: random.Random) -> Any:
    """Requests that are refused or lost, before, after and in the middle of what they do."""

    def fault(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        luck = chance.random()
        if method == "GET" or luck > 0.3:
            return None
        assert isinstance(store, Bulky)
        if segments == ("Bulk",):
            part = chance.choice((0, len(body["Operations"]) // 2, len(body["Operations"])))
            for one in body["Operations"][:part]:
                store._one(one)  # pylint: disable=protected-access
        elif luck > 0.15:
            store.really(method, segments, query, body)
        if chance.random() < 0.5:
            raise TransportError(kind="reset", reason="the connection was reset", sent=True)
        return Answer(chance.choice((500, 502, 503, 504)), {"detail": "no"})

    return fault


@pytest.mark.parametrize("bulk", ["never", "auto"])
@pytest.mark.parametrize("seed", range(10))
def test_f29_a_storm_makes_nobody_twice_where_names_repeat_and_reads_lag(
    seed: int, bulk: str
) -> None:
    """F29: nothing but look-ups keeps a user or a group from being created twice."""
    store = Lagging(seed=seed, most=25)
    store.group("red", [store.named(number) for number in range(8)])
    teams = [
        team("red", *[f"p{one:03}" for one in range(40)], "old0", "old1"),
        team("blue", *[f"old{one}" for one in range(2, 8)]),
    ]
    store.faults = [storm(random.Random(seed))]
    policy = replace(AUTO, bulk=bulk, leavers="inactive", reads_names=True)
    for number in range(8):
        store.waited += 2 * WAIT
        store.faults = store.faults if number < 6 else []
        found = run(store, policy=policy, at_once=8, teams=teams)
        inside = store.members("red") | (
            store.members("blue") if "blue" in store.names("Groups") else set()
        )
        assert {f"old{one}" for one in range(8)} <= inside
    assert not found.changed and not found.failures
    for kind, count in (("Users", 48), ("Groups", 2)):
        assert len(store.held[kind]) == len(store.names(kind)) == count
    assert store.members("red") == {*[f"p{one:03}" for one in range(40)], "old0", "old1"}
    assert all(one["active"] for one in store.held["Users"].values())
