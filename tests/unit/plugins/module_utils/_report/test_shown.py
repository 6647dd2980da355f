# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removals are shown first and never cut, and a refused plan is shown too."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._report.directory import PLAN_ROWS
from ansible_collections.identity.scim.plugins.module_utils._report.shown import (
    counts_in_words,
    sentences,
    shown,
)
from ansible_collections.identity.scim.tests.unit.faults.hostile import Said, hostile, run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    office,
    plan,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

MANY = [f"new{number:03}" for number in range(PLAN_ROWS + 5)]
FREE = {"max_removals": "none", "members_removed_per_group": "none"}


def rows_of(said: Said) -> list[str]:
    return [f"{one['action']} {one['name']}" for one in said.result["plan"]]


def headers(said: Said) -> list[str]:
    return [one.get("before_header", one.get("prepared")) for one in said.result["diff"]]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("leavers, done", [("inactive", "deactivate"), ("absent", "delete")])
def test_one_removal_among_many_joins_is_first_and_the_joins_are_cut(
    check: bool, leavers: str, done: str
) -> None:
    store = office(red=["pam", "jim", "angela", "kevin"])
    with hostile(store) as service:
        said = run(
            service,
            "scim_directory",
            check=check,
            teams=[team("red", "jim", "angela", "kevin", *MANY)],
            leavers=leavers,
        )
    assert not said.failure
    assert rows_of(said)[:2] == [f"{done} pam", "update red"]
    assert said.result["plan"][1]["leaves"] == ["pam"]
    assert len(said.result["plan"]) == PLAN_ROWS + 2
    assert said.result["plan_cut"] == {"create user": 5, "update group": 1}
    assert headers(said)[0].startswith("user pam") and len(headers(said)) == PLAN_ROWS + 3
    assert headers(said)[-1] == "… and 5 more: 5 create user"
    assert said.result["diff"][1]["before"] == {"members": "4"}
    assert said.result["diff"][1]["after"]["members"].startswith("4 -> 208, + new000, ")
    assert said.result["diff"][1]["after"]["members"].endswith(", + new204, - pam")


def test_no_removal_is_ever_cut() -> None:
    store = Store()
    for name in MANY:
        store.user(name)
    store.group("red", MANY)
    with hostile(store) as service:
        said = run(
            service,
            "scim_directory",
            check=True,
            teams=[team("red", *(f"other{number:03}" for number in range(PLAN_ROWS + 1)))],
            thresholds={"max_removals": "none", "members_removed_per_group": "none"},
        )
    rows = rows_of(said)
    assert rows[: len(MANY)] == [f"deactivate {name}" for name in MANY]
    assert len(rows) == len(MANY) + 1 + PLAN_ROWS and "diff" in said.result


def test_moves_come_after_removals_and_before_joins() -> None:
    store = office(red=["pam", "jim"], blue=["dwight"], green=["toby"])
    rows = [team("red", "new"), team("blue", "dwight", "pam"), team("green", "toby", "creed")]
    made = plan(store, wanted(teams=rows), INACTIVE)
    found = shown(made.changes, 200).changes
    assert [(one.verb, one.name, len(one.joins), len(one.leaves)) for one in found] == [
        ("deactivate", "jim", 0, 0),
        ("update", "red", 0, 2),
        ("update", "blue", 1, 0),
        ("create", "creed", 0, 0),
        ("create", "new", 0, 0),
        ("update", "green", 1, 0),
        ("update", "red", 1, 0),
    ]
    assert sorted(one.name for one in found) == sorted(one.name for one in made.changes)


def test_a_group_that_is_only_left_by_movers_is_a_move() -> None:
    store = office(red=["pam", "jim"], blue=["dwight"])
    rows = [team("red", "jim"), team("blue", "dwight", "pam", "new")]
    found = shown(plan(store, wanted(teams=rows), INACTIVE).changes, 0)
    assert [one.name for one in found.changes] == ["blue", "red"]
    assert counts_in_words(found.cut) == "1 create user"


REFUSED: dict[str, dict[str, Any]] = {
    "thresholds": {"thresholds": {"users_removed": 1, "members_removed_per_group": "none"}},
    "protection": {"protect": {"users": ["n0*"]}, "thresholds": FREE},
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("more", REFUSED.values(), ids=list(REFUSED))
def test_a_plan_that_is_refused_is_returned_and_said(check: bool, more: dict[str, Any]) -> None:
    names = [f"n{number:02}" for number in range(30)]
    store = office(red=names)
    with hostile(store) as service:
        said = run(
            service, "scim_directory", check=check, teams=[team("red", *names[12:], "ann")], **more
        )
    assert said.failure and not said.result["changed"] and not store.log
    assert rows_of(said)[:12] == [f"deactivate {name}" for name in names[:12]]
    assert headers(said)[0].startswith("user n00") and len(headers(said)) == 14
    ten = ", ".join(names[:10])
    assert f"would deactivate 12 users: {ten} and 2 more" in said.failure
    assert "would end 12 memberships: n00 in red, " in said.failure
    assert "would create 1 user: ann" in said.failure
    assert "would add 1 membership: ann in red" in said.failure


def test_a_plan_with_a_mistake_in_the_input_is_not_returned() -> None:
    """Nobody knows what it would do."""
    store = office(red=["pam", "jim", "toby"])
    rows = [team("red", "pam", groups=["none"])]
    with hostile(store) as service:
        said = run(service, "scim_directory", teams=rows, thresholds={"users_removed": 0})
    assert "there is no group 'none'" in said.failure and "plan" not in said.result


def test_every_kind_of_change_has_a_sentence() -> None:
    store = office(red=["pam", "jim"], old=["pam"], blue=[])
    made = plan(
        store,
        wanted(
            users=[
                {"user_name": "jim", "title": "x"},
                {"user_name": "pam", "state": "absent"},
                {"user_name": "new"},
            ],
            groups=[
                {"display_name": "old", "state": "absent"},
                {"display_name": "blue", "external_id": "b", "members": {"add": ["jim"]}},
                {"display_name": "green"},
                {"display_name": "red", "members": {"remove": ["jim"]}},
            ],
        ),
    )
    found = list(sentences(made.changes, lambda key: key.id))
    assert [one.partition(":")[0] for one in found] == [
        "would delete 1 user",
        "would delete 1 group",
        "would end 1 membership",
        "would create 1 user",
        "would create 1 group",
        "would add 1 membership",
        "would update 1 user",
        "would update 1 group",
    ]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "before, after, shown_as",
    [
        (["pam", "jim", "angela"], ["jim", "angela", "oscar"], "3 -> 3, + oscar, - pam"),
        (["pam", "jim"], ["oscar", "kevin"], "2 -> 2, + kevin, + oscar, - jim, - pam"),
        ([], ["pam"], "0 -> 1, + pam"),
        (["pam", "jim"], ["jim"], "2 -> 1, - pam"),
    ],
)
def test_members_that_join_and_leave_a_group_are_one_diff(
    before: list[str], after: list[str], shown_as: str, check: bool
) -> None:
    """They join before the deactivation of leavers, and leave after it."""
    store = office(red=before)
    with hostile(store) as service:
        said = run(
            service,
            "scim_directory",
            check=check,
            teams=[team("red", *after)],
            thresholds=FREE,
        )
    assert not said.failure
    members = [one["after"]["members"] for one in said.result["diff"] if "members" in one["after"]]
    assert members == [shown_as]


@pytest.mark.parametrize("check", [True, False])
def test_a_new_group_and_its_members_are_one_diff(check: bool) -> None:
    with hostile(office(red=["pam"])) as service:
        said = run(service, "scim_directory", check=check, teams=[team("blue", "pam", "jim")])
    assert [one["after"] for one in said.result["diff"] if "group" in one["after_header"]] == [
        {"displayName": "blue", "members": "2, + jim, + pam"}
    ]
