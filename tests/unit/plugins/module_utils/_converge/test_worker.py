# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The view of one change: it sees the run, and writes nothing into it."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.worker import Worker
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.plugins.module_utils._plan.lessons import Lesson
from ansible_collections.identity.scim.plugins.module_utils._plan.requests import Request
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    group_change,
    run_on,
    user_change,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    once,
    vanished,
)

NO_PATCH = Lesson(source="answer", values={"patch": False})
BY_LIST = Lesson(source="answer", values={"member_remove": "list"})


def office(alike: bool = False) -> Faulty:
    store = Faulty(alike=alike)
    store.user("pam")
    store.user("jim")
    store.group("red", ["pam"])
    return store


def test_lessons_stay_here_until_they_are_merged() -> None:
    run = run_on(office())
    worker = Worker(run, user_change("u1", {"userName": "pam"}, {"userName": "pam"}))
    worker.try_lesson(NO_PATCH)
    kept = worker.lessons
    worker.try_lesson(BY_LIST)
    assert worker.capabilities.get("member_remove") == "list" and run.service.lessons == []
    worker.unlearn(kept)
    assert worker.capabilities.get("member_remove") == "filter"
    assert worker.capabilities.get("patch") is False and run.service.capabilities.get("patch")
    assert worker.effects(None, ScimError("no")).lessons == (NO_PATCH,)


def test_new_ids_stay_here_until_they_are_merged() -> None:
    run = run_on(office())
    run.ids["bulkId:jan"] = "u8"
    worker = Worker(run, user_change("bulkId:new", None, {"userName": "new"}))
    worker.created(Key("User", "bulkId:new"), "u9")
    assert worker.service_keys(users("bulkId:new", "bulkId:jan", "u1")) == {
        *users("u9", "u8", "u1")
    }
    assert run.ids == {"bulkId:jan": "u8"}
    assert worker.effects(None, ScimError("no")).created == {"bulkId:new": "u9"}


def test_readings_stay_in_the_worker_until_they_are_merged() -> None:
    store = office()
    run = run_on(store)
    change = user_change("u1", {"userName": "pam"}, {"userName": "pam"})
    worker = Worker(run, change)
    known = worker.resource(change.key)
    assert known is not None and known["userName"] == "pam"
    store["pam"]["title"] = "x"
    assert worker.read_whole(change)["title"] == "x"
    assert "title" not in (run.snapshot.get(change.key) or {})
    (reading,) = worker.effects(None, ScimError("no")).readings
    assert reading.resources[0]["title"] == "x"


def test_a_resource_that_is_read_in_part_later_stays_whole() -> None:
    store = office()
    membership = MembershipChange(current=frozenset(users("u1")), joins=users("u2"))
    change = group_change("g3", "red", {"displayName": "red"}, membership)
    store["red"]["urn:example:2.0:Group"] = {"floor": 1}
    worker = Worker(run_on(store), change)
    assert worker.read_members(change) == {*users("u1")}
    resource = worker.resource(change.key)
    assert not worker.is_partial(change.key) and resource is not None
    assert resource["urn:example:2.0:Group"] == {"floor": 1}


def test_members_are_known_by_the_keys_of_the_change() -> None:
    store = office(alike=True)
    membership = MembershipChange(current=frozenset({Key("Group", "1")}), joins=users("2"))
    change = group_change("1", "red", {"displayName": "red"}, membership)
    worker = Worker(run_on(store), change)
    store["red"]["members"] = [{"value": "1"}, {"value": "2"}, {"value": "3"}]
    assert worker.read_members(change) == {Key("Group", "1"), *users("2", "3")}


def test_a_resource_that_does_not_exist_any_more_is_an_error() -> None:
    store = office()
    change = user_change("u1", {"userName": "pam"}, {"userName": "pam"})
    worker = Worker(run_on(store), change)
    del store.held["Users"]["u1"]
    with pytest.raises(ScimError, match="reading user 'pam': it is gone"):
        worker.read_whole(change)
    group = group_change("g9", "no", {}, MembershipChange(current=frozenset()))
    with pytest.raises(ScimError, match="reading the members of group 'no': the group is gone"):
        worker.read_members(group)


def test_proofs_stay_here_until_they_are_merged_and_one_failure_outweighs_them() -> None:
    run = run_on(office())
    run.proofs["other"] = False
    worker = Worker(run, user_change("u1", {"userName": "pam"}, {"userName": "pam"}))
    worker.prove(["form", "other"], is_done=True)
    assert worker.is_proven(["form"]) and not worker.is_proven(["form", "other"])
    assert not worker.is_proven(["unseen"]) and run.proofs == {"other": False}
    worker.prove(["form"], is_done=False)
    worker.prove(["form"], is_done=True)
    assert worker.effects(None, ScimError("no")).proofs == {"form": False, "other": False}


@pytest.mark.parametrize(
    "answer, expected",
    [
        ({"id": "g3", "members": [{"value": "u1"}]}, {*users("u1")}),
        ({"id": "g3", "members": []}, set()),
        ({"id": "g3"}, None),
        ({"id": "other", "members": []}, None),
        ({"members": []}, None),
        (None, None),
    ],
)
def test_members_in_an_answer_are_those_of_this_group(answer: object, expected: object) -> None:
    change = group_change("g3", "red", {}, MembershipChange(current=frozenset()))
    assert Worker(run_on(office()), change).members_in(change, answer) == expected


def test_members_count_as_seen_until_the_next_write() -> None:
    change = group_change("g3", "red", {}, MembershipChange(current=frozenset()))
    worker = Worker(run_on(office()), change)
    assert worker.read_members(change) == worker.seen_members == {*users("u1")}
    worker.write(Request(method="PATCH", segments=("Groups", "gone"), body={}), "")
    assert worker.seen_members is None


def test_l17_no_second_write_begins_once_the_run_must_end_but_to_repair_a_loss() -> None:
    store = office()
    change = user_change("u1", {"userName": "pam"}, {"userName": "pam"})
    worker = Worker(run_on(store), change)
    request = Request(method="PATCH", segments=("Users", "gone"), body={})
    worker.run.service.interrupted = True
    assert worker.write(request, "changing x").status == 404
    sent = store.requests
    with pytest.raises(ScimError, match="changing x: interrupted, so it was not sent"):
        worker.write(request, "changing x")
    assert store.requests == sent
    worker.repairs = True
    assert worker.write(request, "changing x").status == 404


@pytest.mark.parametrize("is_over", [True, False])
def test_l17_what_may_have_been_done_is_told_if_no_read_may_show_it(is_over: bool) -> None:
    store = office()
    store.faults = [once("PATCH", "Users", vanished)]
    worker = Worker(run_on(store), user_change("u1", {"userName": "pam"}, {"userName": "pam"}))
    with pytest.raises(ScimError) as lost:
        worker.write(Request(method="PATCH", segments=("Users", "u1"), body={}), "changing x")
    worker.run.service.interrupted = is_over
    later = ScimError("not read")
    assert worker.told(later) is (lost.value if is_over else later)
