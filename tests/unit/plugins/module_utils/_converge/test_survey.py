# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One round of questions, and the number of requests with many users."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._converge.survey import (
    ask,
    list_groups_with_members,
    list_whole,
    survey,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Questions,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.schemas import Schemas
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer


def directory(users: int, *faults: Any, page: int = 1000) -> Faulty:
    store = Faulty(*faults, page=page)
    for number in range(users):
        store.user(f"n{number}", externalId=f"x{number}")
    return store


def rows(numbers: Iterable[int]) -> list[dict[str, str]]:
    return [{"user_name": f"n{number}"} for number in numbers]


def spread(users: int, total: int) -> list[dict[str, str]]:
    """So many users, spread evenly over a directory."""
    return rows(number * total // users for number in range(users))


def as_before(users: int, total: int, page: int = 1000) -> int:
    """How many requests it was when only a listing of one page was read instead of look-ups."""
    look_ups = -(-users // 40)
    if look_ups <= 3:
        return look_ups
    return 1 if total <= page else 1 + look_ups


# whole runs


@pytest.mark.parametrize(
    "users, requests", [(20, 1), (1_000, 1), (2_000, 2), (5_000, 5), (10_000, 10)]
)
def test_unchanged_users_cost_one_request_for_each_page(users: int, requests: int) -> None:
    store = directory(users)
    found = run(store, users=rows(range(users)))
    assert store.requests == requests
    assert not found.changed and found.plan.unchanged == {"User": users}


@pytest.mark.parametrize(
    "users, caps, requests",
    [(20, {}, 1), (120, {}, 3), (20, {"filter_clauses": 1}, 20), (200, {}, 6)],
)
def test_few_users_of_a_large_directory_are_looked_up(
    users: int, caps: dict[str, Any], requests: int
) -> None:
    store = directory(4_000, page=50)
    found = run(store, caps=caps, users=spread(users, 4_000))
    assert store.requests == requests and found.plan.unchanged == {"User": users}


@pytest.mark.parametrize("total", [150, 600, 1_500, 4_000])
@pytest.mark.parametrize("users", [1, 121, 200, 400])
def test_no_run_costs_more_requests_than_before(users: int, total: int) -> None:
    if users > total:
        return
    store = directory(total, page=100)
    found = run(store, users=spread(users, total))
    assert store.requests <= as_before(users, total, 100)
    assert found.plan.unchanged == {"User": users}


def test_users_by_two_keys_cost_one_request_for_each_page() -> None:
    store = directory(3_000)
    users = [{"user_name": f"n{one}", "external_id": f"x{one}"} for one in range(3_000)]
    assert not run(store, users=users).changed and store.requests == 3


def test_new_users_are_created_after_a_listing_as_after_look_ups() -> None:
    store = directory(1_500)
    found = run(store, users=rows(range(1_400, 1_510)) + spread(300, 1_400))
    assert len(found.done) == 10 and len(store.held["Users"]) == 1_510


def test_pages_that_are_smaller_than_asked_count_as_they_come() -> None:
    store = directory(2_000, page=50)
    assert not run(store, users=rows(range(2_000))).changed and store.requests == 40
    store = directory(1_000, page=10)
    assert not run(store, users=rows(range(1_000))).changed and store.requests == 100


def total(change: Any) -> Any:
    """A service whose listings say another total."""

    def fault(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method != "GET" or "filter" in query or segments != ("Users",):
            return None
        answer = store.really(method, segments, query, body)
        said = change(answer.body["totalResults"], len(answer.body["Resources"]))
        return Answer(200, {**answer.body, "totalResults": said})

    return fault


@pytest.mark.parametrize(
    "lie",
    [
        lambda right, rows: None,
        lambda right, rows: rows,
        lambda right, rows: 7,
        lambda right, rows: right + 700,
        lambda right, rows: 10**9,
        lambda right, rows: right - 700,
    ],
    ids=["none", "those of the page", "too few", "too many", "far too many", "fewer"],
)
def test_totals_that_lie_or_are_absent_change_no_result(lie: Any) -> None:
    store = directory(2_000, total(lie), page=200)
    asked = rows(range(0, 2_000, 2))
    if lie(2_000, 200) == 200:  # a list that says that it is whole cannot be told from one
        asked = rows(range(200))
    found = run(store, users=asked)
    assert not found.changed and found.plan.unchanged == {"User": len(asked)}
    assert store.requests <= 1 + 10 + 25 + 1


@pytest.mark.parametrize("status", [400, 403, 500, 501])
def test_a_listing_that_is_refused_midway_is_replaced_by_look_ups(status: int) -> None:
    def third(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if query.get("startIndex") == "401" and "filter" not in query:
            return answers(status)(store, method, segments, query, body)
        return None

    store = directory(1_000, third, page=200)
    found = run(store, users=rows(range(1_000)))
    assert not found.changed and found.plan.unchanged == {"User": 1_000}
    assert store.requests <= 4 + 15


def test_two_users_of_one_external_id_are_found_though_one_is_on_the_first_page() -> None:
    store = directory(3_000, page=50)
    store.held["Users"]["twin"] = {"id": "twin", "userName": "twin", "externalId": "x1"}
    users = [{"external_id": f"x{one * 7}"} for one in range(200)] + [{"external_id": "x1"}]
    with pytest.raises(ScimError, match="externalId 'x1' matches 2 users"):
        run(store, users=users)


# one round


def service_of(store: Faulty, **caps: Any) -> Service:
    return Service(store, overridden(caps), frozenset({"robot"}))


def test_answers_and_lessons_are_kept() -> None:
    def narrow(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        too_long = query.get("filter", "").count(" eq ") > 2
        return answers(414)(store, method, segments, query, body) if too_long else None

    store = directory(9, narrow)
    service, snapshot = service_of(store), Snapshot()
    question = Question(
        kind=USER, clauses=(("userName", "N1"), ("userName", "n2"), ("userName", "?"))
    )
    survey(service, snapshot, Questions(asked=(question,)))
    assert service.capabilities.get("filter_clauses") == 1
    assert snapshot.knows(USER, "userName", "?") and not snapshot.find(USER, "userName", "?")
    assert [one["userName"] for one in snapshot.find(USER, "userName", "n1")] == ["n1"]


def test_form_that_fails_too_is_not_learnt() -> None:
    def broken(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return Answer(501 if query.get("filter", "").count(" eq ") > 2 else 403)

    service = service_of(directory(9, broken))
    clauses = tuple(("userName", f"n{one}") for one in range(3))
    with pytest.raises(ScimError, match="the service answered 403"):
        survey(service, Snapshot(), Questions(asked=(Question(kind=USER, clauses=clauses),)))
    assert service.capabilities == overridden({})


def test_e3_schemas_are_asked_for_once_and_may_be_unknown() -> None:
    store = directory(1)
    service = service_of(store)
    for _round in range(2):
        snapshot = Snapshot()
        survey(service, snapshot, Questions(schemas=True))
        assert snapshot.schemas == Schemas() and store.requests == 1


def test_the_account_is_asked_for_and_may_be_unknown() -> None:
    def me(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        return (
            Answer(200, {"id": "u7", "userName": "pam", "externalId": 7})
            if segments == ("Me",)
            else None
        )

    snapshot = Snapshot()
    survey(service_of(directory(1, me)), snapshot, Questions(account=True))
    assert snapshot.account == {"robot", "u7", "pam"} and snapshot.account_asked
    snapshot = Snapshot()
    survey(service_of(directory(1)), snapshot, Questions(account=True))
    assert snapshot.account == {"robot"} and snapshot.account_asked


def test_an_interruption_ends_it_before_the_next_question() -> None:
    store = directory(1)
    service = service_of(store)
    service.interrupted = True
    with pytest.raises(ScimError, match="interrupted before anything was changed"):
        survey(service, Snapshot(), Questions(asked=(Question(kind=USER),)))
    assert store.requests == 0


def test_a_listing_that_was_begun_is_read_on() -> None:
    store = directory(1_000, page=50)
    service, snapshot = service_of(store), Snapshot()
    clauses = tuple(("externalId", f"x{one}") for one in range(200))
    ask(service, snapshot, Question(kind=USER, clauses=clauses))
    assert store.requests == 1 + 5 and snapshot.listed(USER) is None
    assert snapshot.total(USER) == 1_000
    ask(service, snapshot, Question(kind=USER))
    assert snapshot.listed(USER) and len(snapshot.everything(USER)) == 1_000
    starts = [one.get("startIndex", "1") for one in store.queries if "filter" not in one]
    assert starts == [str(50 * page + 1) for page in range(20)]


# for the inventory


def office(*faults: Any) -> Faulty:
    store = directory(3, *faults)
    store.group("red", ["n0", "n1"])
    store.group("blue")
    return store


def test_groups_come_with_their_members() -> None:
    store = office()
    snapshot = list_groups_with_members(service_of(store), None)
    members = {
        one["displayName"]: snapshot.members(Key("Group", one["id"]))
        for one in snapshot.everything(GROUP)
    }
    assert members == {"red": {Key("User", "u1"), Key("User", "u2")}, "blue": set()}
    assert store.requests == 2


@pytest.mark.parametrize("reads, requests", [("ask", 2), ("inline", 1), ("get", 3), ("none", 1)])
def test_groups_of_a_filter_come_with_their_members(reads: str, requests: int) -> None:
    store = office()
    snapshot = list_groups_with_members(
        service_of(store, members_read=reads), 'displayName eq "blue"'
    )
    (blue,) = snapshot.everything(GROUP)
    expected = None if reads == "none" else frozenset()
    assert snapshot.members(Key("Group", blue["id"])) == expected and store.requests == requests


def test_a_list_that_is_not_whole_is_an_error() -> None:
    def fewer(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if len(segments) > 1 or segments[0] not in store.held:
            return None
        answer = store.really(method, segments, query, body)
        return Answer(200, {**answer.body, "totalResults": 9})

    service = service_of(office(fewer))
    with pytest.raises(ScimError, match="listing users: the list is not complete: 3 of 9 came"):
        list_whole(service, USER, {})
    with pytest.raises(ScimError, match="listing groups: the list is not complete: 2 of 9 came"):
        list_groups_with_members(service, None)
    found, _notes = list_whole(service_of(office()), USER, {"filter": 'userName eq "n1"'})
    assert len(found.resources) == 1


def test_a_list_of_samples_is_an_error() -> None:
    wanted = "not complete: .* only a sample; read resources by a filter or by name"
    with pytest.raises(ScimError, match=f"listing users: the list is {wanted}"):
        list_whole(service_of(office(), fake=["n1"]), USER, {})
    with pytest.raises(ScimError, match=f"listing groups: the list is {wanted}"):
        list_groups_with_members(service_of(office(), fake=["blue"]), None)
    assert len(list_whole(service_of(office(), fake=["n9"]), USER, {})[0].resources) == 3


@pytest.mark.parametrize("optional", [True, False])
@pytest.mark.parametrize("status", [403, 404, 501, 401])
def test_l13_only_an_optional_question_may_be_refused(optional: bool, status: int) -> None:
    service = Service(directory(1, answers(status, detail="not you")), overridden({}))
    snapshot = Snapshot()
    questions = Questions(asked=(Question(kind=GROUP, optional=optional),))
    if optional and status != 401:
        survey(service, snapshot, questions)
        assert snapshot.refusal(GROUP) == f"the service answered {status}: not you"
        assert snapshot.listed(GROUP) is None and not snapshot.refusal(USER)
        return
    with pytest.raises(ScimError, match=str(status)):
        survey(service, snapshot, questions)
    assert not snapshot.refusal(GROUP)


def test_l13_an_interruption_is_no_refusal() -> None:
    def interrupts(*_request: Any) -> Answer:
        service.interrupted = True
        return Answer(403)

    service = Service(directory(1, interrupts), overridden({}))
    with pytest.raises(ScimError, match="interrupted before anything was changed"):
        survey(service, Snapshot(), Questions(asked=(Question(kind=GROUP, optional=True),)))


@pytest.mark.parametrize(
    "kind, status, goes_on",
    [
        *(("witness", status, True) for status in (400, 403, 404, 501)),
        *(("witness", status, False) for status in (401, 429, 500, 503)),
        *(("optional", status, True) for status in (400, 403, 404, 413, 500, 501)),
        *(("optional", status, False) for status in (401, 429, 502, 503, 504)),
    ],
)
def test_what_is_refused_for_good_and_not_needed_stops_nothing(
    kind: str, status: int, goes_on: bool
) -> None:
    store = Faulty(answers(status))
    service, snapshot = Service(store, overridden({})), Snapshot()
    questions = Questions(asked=(Question(kind=GROUP, **{kind: True}),))
    if goes_on:
        survey(service, snapshot, questions)
        assert snapshot.refusal(GROUP)
    else:
        with pytest.raises(ScimError, match=str(status)):
            survey(service, snapshot, questions)
