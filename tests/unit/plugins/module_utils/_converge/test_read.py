# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent for one question, and reading again what a change is about."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.read import (
    find_by_name,
    look_again,
    own_account,
    read,
    read_members,
    read_whole,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Question
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

PAM = Desired(kind=USER, keys=(("externalId", "x1"), ("userName", "pam")))


def office(*faults: Any, page: int = 100, **limits: Any) -> Faulty:
    store = Faulty(*faults, page=page, limits=limits)
    for number in range(12):
        store.user(f"n{number}", externalId=f"e{number}")
    store.group("red", ["n0", "n1"])
    return store


def service_of(store: Faulty, **caps: Any) -> Service:
    return Service(store, overridden(caps))


def filters(store: Faulty) -> list[str]:
    return [one["filter"] for one in store.queries if "filter" in one]


def no_filters(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
    return answers(501)(store, method, segments, query, body) if "filter" in query else None


def not_honoured(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
    """A filter is ignored: everything comes."""
    if "filter" not in query:
        return None
    return store.really(method, segments, {}, body)


def finds_nothing(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
    return Answer(200, {"Resources": [], "totalResults": 0}) if "filter" in query else None


# one question


def test_a_lesson_is_learnt_once_the_question_is_answered() -> None:
    service = service_of(office(no_filters))
    readings = read(service, Question(kind=USER, clauses=(("userName", "n1"),)), Snapshot())
    assert readings[-1].listed and not service.capabilities.of("User").filters


def test_an_answer_that_is_not_whole_is_asked_for_once_more() -> None:
    left = [1]

    def cut(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        left[0] -= 1
        return Answer(200, {"Resources": [], "totalResults": 1}) if left[0] >= 0 else None

    store = office(cut)
    (reading,) = read(
        service_of(store), Question(kind=USER, clauses=(("userName", "n1"),)), Snapshot()
    )
    assert [one["userName"] for one in reading.resources] == ["n1"]


def test_a_whole_listing_answers_later_questions_without_a_request() -> None:
    store = office()
    service, snapshot = service_of(store), Snapshot()
    for reading in read(service, Question(kind=USER), snapshot):
        snapshot.add(reading)
    before = store.requests
    (reading,) = read(service, Question(kind=USER, clauses=(("userName", "?"),)), snapshot)
    assert reading.answered == (("userName", "?"),) and store.requests == before


def test_members_of_a_group_are_shown_by_the_attributes_that_name_them() -> None:
    store = office()
    question = Question(kind=GROUP, clauses=(("displayName", "red"),), members=True)
    (reading,) = read(service_of(store), question, Snapshot())
    assert reading.members_listed and reading.partial
    assert store.queries[-1]["attributes"] == "displayName,externalId,members"


def test_a_member_that_is_not_a_user_is_asked_for_by_id_before_it_counts_as_gone() -> None:
    store = office()
    ids = ("u1", "u2", "gone")
    readings = read(service_of(store), Question(kind=USER, ids=ids), Snapshot())
    assert [one["id"] for reading in readings for one in reading.resources] == ["u1", "u2"]
    assert readings[-1].answered == (("id", "gone"),) and store.requests == 2


# reading again


def test_reading_a_missing_resource_is_an_error() -> None:
    service = service_of(office())
    with pytest.raises(ScimError, match="reading user 'x': it is gone") as info:
        read_whole(service, USER, Key("User", "none"), "user 'x'")
    assert info.value.status == 404
    with pytest.raises(ScimError, match="reading the members of group 'x': the group is gone"):
        read_members(service, Key("Group", "none"), "group 'x'")


@pytest.mark.parametrize("reads, partial", [("ask", True), ("get", False), ("inline", False)])
def test_members_are_read_anew(reads: str, partial: bool) -> None:
    store = office()
    key = Key("Group", store.id_of("red"))
    reading = read_members(service_of(store, members_read=reads), key, "group 'red'")
    assert reading.members_shown and reading.partial is partial
    assert len(reading.resources[0]["members"]) == 2


def test_keys_are_looked_up_again_by_filter_and_then_in_a_listing() -> None:
    store = office()
    snapshot = look_again(service_of(store), PAM)
    assert snapshot.knows(USER, "userName", "pam") and not snapshot.find(USER, "userName", "pam")
    assert len(filters(store)) == 1 and snapshot.listed(USER)
    store.user("pam")
    store.queries.clear()
    snapshot = look_again(service_of(store), PAM)
    assert snapshot.find(USER, "userName", "pam") and snapshot.listed(USER) is None


def test_a_name_that_only_a_listing_shows_teaches_that_filters_mind_the_case() -> None:
    store = office(finds_nothing)
    store.user("Pam")
    service = service_of(store)
    assert look_again(service, PAM).find(USER, "userName", "pam")
    assert service.capabilities.get("filter_case") == "exact"


def test_second_look_up_ignores_earlier_readings() -> None:
    store = office()
    service = service_of(store)
    clauses = tuple(("externalId", f"e{number}") for number in range(200))
    read(service, Question(kind=USER, clauses=clauses), Snapshot())
    store.user("pam")
    assert look_again(service.viewed_with(service.capabilities), PAM).find(USER, "userName", "pam")


@pytest.mark.parametrize("key", ["display_name", "id"])
def test_members_that_a_service_never_shows_are_removed_however_the_group_is_found(
    key: str,
) -> None:
    """A group without members in the answer is not an empty group there."""

    def hides(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method != "GET":
            return None
        answer = store.really(method, segments, query, body)
        for row in answer.body.get("Resources", [answer.body]):
            row.pop("members", None)
        return answer

    store = office(hides)
    group = {key: "red" if key == "display_name" else store.id_of("red")}
    found = run(
        store, caps={"members_read": "none"}, groups=[{**group, "members": {"remove": ["n0"]}}]
    )
    assert found.changed and store.members("red") == {"n1"}


# by name, for the info modules


@pytest.mark.parametrize("fault", [None, no_filters, not_honoured])
def test_a_name_is_found_with_or_without_filters(fault: Any) -> None:
    store = office(*([fault] if fault else []))
    service = service_of(store)
    assert [one["userName"] for one in find_by_name(service, USER, "N3", {})] == ["n3"]
    assert find_by_name(service, USER, "none", {}) == []
    assert service.capabilities.of("User").filters is (fault is not no_filters)


def test_the_name_is_asked_for_and_left_out_of_what_is_returned() -> None:
    store = office()
    service = service_of(store)
    find_by_name(service, USER, "n3", {"attributes": "title"})
    assert store.queries[-1]["attributes"] == "title,userName"
    (found,) = find_by_name(service, USER, "n3", {"excludedAttributes": "username,title"})
    assert "userName" not in found and found["externalId"] == "e3"
    assert store.queries[-1]["excludedAttributes"] == "title"


def test_a_name_that_an_incomplete_list_lacks_is_an_error() -> None:
    cut = Answer(200, {"Resources": [], "totalResults": 5})
    with pytest.raises(ScimError, match="looking up user 'n3': the answer is not complete: 0 of 5"):
        find_by_name(service_of(office(lambda *_asked: cut)), USER, "n3", {})


@pytest.mark.parametrize(
    "body, names",
    [
        ({"id": "u1", "userName": "pam", "externalId": ""}, {"robot", "u1", "pam"}),
        ({"id": ["u1"], "userName": None}, {"robot"}),
        ([], {"robot"}),
    ],
)
def test_the_account_is_what_the_service_and_the_credentials_say(
    body: Any, names: set[str]
) -> None:
    store = office(lambda *_asked: Answer(200, body))
    assert own_account(Service(store, overridden({}), frozenset({"robot"}))) == names
