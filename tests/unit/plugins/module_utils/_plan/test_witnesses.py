# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked again before anything rests on what was not found."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._plan.targets import match_targets
from ansible_collections.identity.scim.plugins.module_utils._plan.witnesses import (
    is_looked_up_again,
    is_unusual,
    stranger_notes,
    stranger_problems,
    uncertain,
    witness_questions,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import wanted

Asked = tuple[Question, ...]


def asked(snapshot: Snapshot, caps: dict[str, Any] | None = None, **directory: Any) -> Asked:
    desired = wanted(**directory)
    targets = match_targets(desired, snapshot)
    return witness_questions(desired, targets, snapshot, overridden(caps or {}))


def snapshot_of(*readings: Reading) -> Snapshot:
    snapshot = Snapshot()
    for one in readings:
        snapshot.add(one)
    return snapshot


def looked_up(kind: Any, *names: str, **more: Any) -> Reading:
    return Reading(kind=kind, answered=tuple((kind.name_attribute, one) for one in names), **more)


def groups(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"display_name": one, **more} for one in names]


def users(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": one, **more} for one in names]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_d2_groups_that_no_filter_finds_are_listed(state: str) -> None:
    snapshot = snapshot_of(looked_up(GROUP, "staff"))
    assert asked(snapshot, groups=groups("staff", state=state)) == (
        Question(kind=GROUP, witness=True),
    )
    snapshot.add(Reading(kind=GROUP, listed=True))
    assert not asked(snapshot, groups=groups("staff", state=state))


@pytest.mark.parametrize("name", ["ann smith", "a+b", "josé", "a'b", "ann/x"])
def test_d2_users_of_unusual_names_are_listed(name: str) -> None:
    snapshot = snapshot_of(looked_up(USER, name, "ann.b-c_d@example.com"))
    assert is_unusual(("userName", name))
    assert asked(snapshot, users=users(name)) == (Question(kind=USER, witness=True),)
    assert not asked(snapshot, users=users("ann.b-c_d@example.com"))


def test_d1_comparisons_that_need_not_be_evaluated_are_proven() -> None:
    unproven = (("displayName", "b"), ("displayName", "c"))
    snapshot = snapshot_of(
        looked_up(GROUP, "a", "b", "c", unproven=unproven), Reading(kind=GROUP, listed=False)
    )
    rows = groups("a", "b", "c")
    assert asked(snapshot, groups=rows) == (Question(kind=GROUP, any_one=True, witness=True),)
    known = ({"id": "g1", "displayName": "staff"}, {"id": "g2", "displayName": "office"})
    snapshot.add(Reading(kind=GROUP, resources=known, any_one=True, total=9))
    (proof,) = asked(snapshot, groups=rows)
    assert proof.clauses == unproven
    assert proof.proofs == (("displayName", "staff"), ("displayName", "office"))
    snapshot.add(looked_up(GROUP, "b", "c", resources=known[:1]))
    assert not asked(snapshot, groups=rows)


def test_d1_nothing_is_to_prove_where_nothing_exists() -> None:
    unproven = (("displayName", "b"),)
    snapshot = snapshot_of(
        looked_up(GROUP, "a", "b", unproven=unproven),
        Reading(kind=GROUP, listed=False),
        Reading(kind=GROUP, any_one=True, total=0),
    )
    assert not asked(snapshot, groups=groups("a", "b"))


def test_d1_a_new_user_is_proven_once_filters_are_known_to_have_one_comparison() -> None:
    row = users("a", external_id="x")
    keys = (("externalId", "x"), ("userName", "a"))
    snapshot = snapshot_of(Reading(kind=USER, answered=keys, unproven=keys))
    (alone,) = asked(snapshot, users=row)
    assert alone.clauses == keys[:1] and alone.by_filter and alone.alone
    snapshot = snapshot_of(Reading(kind=USER, answered=keys, unproven=keys[1:]))
    assert not asked(snapshot, users=row)
    snapshot = snapshot_of(Reading(kind=USER, answered=keys, unproven=keys))
    (again,) = asked(snapshot, {"filter_clauses": 1}, users=row)
    assert again.clauses == keys and again.by_filter and again.alone


def test_d1_several_users_are_proven_by_two_that_are_known() -> None:
    unproven = (("userName", "a"), ("userName", "b"))
    snapshot = snapshot_of(looked_up(USER, "a", "b", unproven=unproven))
    rows = users("a", "b", state="absent")
    assert asked(snapshot, users=rows) == (Question(kind=USER, any_one=True, witness=True),)
    known = ({"id": "u1", "userName": "c"}, {"id": "u2", "userName": "d"})
    snapshot.add(Reading(kind=USER, resources=known, any_one=True, total=9))
    (proof,) = asked(snapshot, users=rows)
    assert proof.clauses == unproven and proof.proofs == (("userName", "c"), ("userName", "d"))


def test_d1_nothing_is_to_prove_where_the_only_user_is_known() -> None:
    unproven = (("userName", "a"), ("userName", "b"))
    only = {"id": "u1", "userName": "admin"}
    snapshot = snapshot_of(
        looked_up(USER, "a", "b", unproven=unproven),
        Reading(kind=USER, resources=(only,), any_one=True, total=1),
    )
    assert not asked(snapshot, users=users("a", "b"))


def test_d8_before_creations_one_portion_is_tried_and_the_rest_if_it_finds_something() -> None:
    names = [f"n{number}" for number in range(100)]
    listing = Reading(kind=USER, listed=True, came="1 of 1", paged=True)
    snapshot = snapshot_of(listing)
    (first,) = asked(snapshot, users=users(*names))
    assert first.by_filter and len(first.clauses) == 40
    snapshot.add(Reading(kind=USER, answered=first.clauses))
    assert not asked(snapshot, users=users(*names))
    hidden = {"id": "u1", "userName": "n0", "active": False}
    snapshot = snapshot_of(listing, Reading(kind=USER, answered=first.clauses, resources=(hidden,)))
    (rest,) = asked(snapshot, users=users(*names))
    assert len(rest.clauses) == 60


def test_d8_users_to_be_changed_or_removed_are_all_looked_up() -> None:
    names = [f"n{number}" for number in range(100)]
    snapshot = snapshot_of(Reading(kind=USER, listed=True, paged=True))
    (question,) = asked(snapshot, users=users(*names, state="absent"))
    assert len(question.clauses) == 100
    assert not asked(snapshot, {"filters": False}, users=users(*names, state="absent"))


def strange(state: str) -> tuple[list[str], list[str]]:
    other = {"id": "g7", "displayName": "PRIMARY/dev"}
    snapshot = snapshot_of(looked_up(GROUP, "dev", strangers=((("displayName", "dev"), (other,)),)))
    targets = match_targets(wanted(groups=groups("dev", state=state)), snapshot)
    return list(stranger_problems(targets, snapshot)), list(stranger_notes(targets, snapshot))


def test_d4_a_stranger_stops_a_creation_and_is_named_otherwise() -> None:
    (problem,), notes = strange("present")
    assert "'PRIMARY/dev' (id g7)" in problem and "previous_names" in problem and not notes
    problems, (note,) = strange("absent")
    assert "'PRIMARY/dev' (id g7)" in note and not problems


def test_d2_an_unusual_name_is_not_created_on_an_incomplete_list() -> None:
    snapshot = snapshot_of(
        looked_up(GROUP, "R&D", "plain"), Reading(kind=GROUP, listed=False, came="50 of 200 came")
    )
    targets = match_targets(wanted(groups=groups("R&D", "plain")), snapshot)
    (problem,) = uncertain(targets, snapshot)
    assert "R&D" in problem and "50 of 200 came" in problem
    refused = snapshot_of(looked_up(GROUP, "R&D"))
    refused.add_refusal(Question(kind=GROUP), "403")
    assert not list(uncertain(match_targets(wanted(groups=groups("R&D")), refused), refused))


@pytest.mark.parametrize(
    ("reading", "caps", "expected"),
    [
        (Reading(kind=USER, listed=True, came="1"), {}, True),
        (Reading(kind=USER, listed=True, came="1"), {"filters": False}, False),
        (looked_up(USER, "ann"), {}, False),
        (looked_up(USER, "ann", unproven=(("userName", "ann"),)), {}, True),
        (
            looked_up(USER, "ann", unproven=(("userName", "ann"),)),
            {"filter_clauses": 1},
            False,
        ),
    ],
)
def test_d8_a_creation_that_met_what_look_ups_may_miss_looks_others_up_again(
    reading: Reading, caps: dict[str, Any], expected: bool
) -> None:
    (ann,) = wanted(users=users("ann"))
    snapshot = snapshot_of(reading)
    assert is_looked_up_again(ann, snapshot, overridden(caps)) is expected
