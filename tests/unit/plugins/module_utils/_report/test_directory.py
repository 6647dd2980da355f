# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a whole directory: counts, names, failures and limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._report.directory import PLAN_ROWS
from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    Asked,
    Reply,
    Said,
    hostile,
    people,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store

LIMITS = {"max_removals": "none", "members_removed_per_group": "none"}


def office() -> Store:
    store = people("pam", "jim", "dwight", "toby")
    store.group("Sales", ["pam", "jim", "toby"])
    store.group("Party", ["toby"])
    return store


def team(*names: str, **more: Any) -> dict[str, Any]:
    return {"name": "Sales", "members": [{"user_name": name} for name in names], **more}


def counted(said: Said) -> dict[str, int]:
    """The counts that are not 0, without what differs from run to run."""
    summary = dict(said.result["summary"])
    del summary["seconds"], summary["requests"]
    return {name: number for name, number in summary.items() if number}


@pytest.mark.parametrize("check", [False, True])
def test_a_run_is_counted_and_named(check: bool) -> None:
    with hostile(office()) as service:
        teams = [team("pam", "dwight", "creed")]
        said = run(service, "scim_directory", check=check, teams=teams, thresholds=LIMITS)
        assert counted(said) == {
            "created": 1,
            "deactivated": 1,
            "unchanged": 2,
            "memberships_added": 2,
            "memberships_removed": 2,
        }
        rows = [(one["action"], one["name"], one["reason"]) for one in said.result["plan"]]
        assert ("create", "creed", "stated") in rows and ("deactivate", "jim", "leaver") in rows
        assert said.result["still_member"] == {"toby": ["Party"]}
        assert "toby left, still in Party" in said.warnings
        assert said.result["summary"]["requests"] == said.result["requests"]
        assert said.changed and not said.result["failures"] and not said.result["not_tried"]


def test_a_second_run_counts_what_is_unchanged() -> None:
    with hostile(office()) as service:
        options: dict[str, Any] = {"teams": [team("pam", "jim", "toby")], "return": "full"}
        said = run(service, "scim_directory", **options)
        assert not said.changed and counted(said) == {"unchanged": 4}
        assert said.result["plan"] == said.result["operations"] == []
        names = [one["userName"] for one in said.result["users"]]
        assert sorted(names) == ["jim", "pam", "toby"]
        assert [one["displayName"] for one in said.result["groups"]] == ["Sales"]


def test_members_that_are_not_managed_are_named() -> None:
    with hostile(office()) as service:
        said = run(service, "scim_directory", teams=[team("pam")], membership="additive")
        assert said.result["summary"]["unmanaged"] == 2 and not said.changed
        assert len(said.result["unmanaged"]["Sales"]) == 2


@pytest.mark.parametrize("check", [False, True])
def test_a_group_that_loses_its_last_member_is_counted(check: bool) -> None:
    with hostile(office()) as service:
        groups = [{"display_name": "Party", "members": {"set": []}}]
        said = run(service, "scim_directory", check=check, groups=groups, thresholds=LIMITS)
        assert said.result["summary"]["groups_emptied"] == 1
        assert said.result["plan"][0]["empties"] is True


def refusing(*names: str) -> Callable[[Asked, Callable[[], Reply]], Reply]:
    """Refuse to create users of these names."""

    def spell(asked: Asked, honest: Callable[[], Reply]) -> Reply:
        if asked.method == "POST" and asked.body.get("userName") in names:
            return Reply(400, {"detail": f"no {asked.body['userName']}"})
        return honest()

    return spell


def test_failures_are_listed_and_the_rest_is_done() -> None:
    with hostile(people("pam"), refusing("b")) as service:
        users = [{"user_name": name} for name in ("a", "b", "c")]
        said = run(service, "scim_directory", users=users)
        assert said.failure.startswith("1 of 3 changes failed, 2 were done: creating user 'b': ")
        (failure,) = said.result["failures"]
        assert (failure["kind"], failure["name"], failure["status"]) == ("user", "b", 400)
        assert said.changed and counted(said) == {"created": 2}


def test_changes_that_were_not_tried_are_listed() -> None:
    with hostile(people("pam"), refusing("a")) as service:
        users = [{"user_name": name} for name in ("a", "b", "c")]
        said = run(service, "scim_directory", users=users, on_error="stop")
        assert said.result["not_tried"] == ["create user 'b'", "create user 'c'"]
        assert "; 2 were not tried: " in said.failure and not said.changed


def test_only_the_first_failures_are_in_the_message() -> None:
    names = [f"u{number}" for number in range(7)]
    with hostile(Store(), refusing(*names)) as service:
        said = run(service, "scim_directory", users=[{"user_name": name} for name in names])
        assert len(said.result["failures"]) == 7 and "and 2 more, see failures" in said.failure


@pytest.mark.parametrize("check", [False, True])
def test_long_lists_are_cut(check: bool) -> None:
    with hostile(Store()) as service:
        users = [{"user_name": f"u{number:03}"} for number in range(PLAN_ROWS + 2)]
        said = run(service, "scim_directory", check=check, users=users)
        assert counted(said) == {"created": PLAN_ROWS + 2}
        assert len(said.result["plan"]) == len(said.result["operations"]) == PLAN_ROWS
        assert said.result["diff"][PLAN_ROWS:] == [{"prepared": "… and 2 more: 2 create user"}]


def test_missing_members_are_pending_in_check_mode() -> None:
    with hostile(office()) as service:
        groups = [{"display_name": "Party", "members": {"add": ["ghost"], "remove": ["spook"]}}]
        said = run(service, "scim_directory", check=True, groups=groups)
        assert said.changed and said.result["pending_members"] == ["ghost", "spook"]
        assert "user 'ghost' does not exist yet; an earlier task may create it" in said.warnings


def test_not_saved_joins_a_user_and_a_group_of_one_name() -> None:
    with hostile(Store()) as service:
        said = run(
            service,
            "scim_directory",
            connection={"capabilities": {"unsaved": ["title", "externalId"]}},
            users=[{"user_name": "ops", "title": "x"}],
            groups=[{"display_name": "ops", "external_id": "7"}],
        )
    assert not said.failure and said.result["not_saved"] == {"ops": ["externalId", "title"]}


def numbers(said: Said) -> list[int]:
    """The numbers of failed, done, partly done and untried changes in the sentence."""
    found = re.match(
        r"(\d+) of (\d+) changes failed, (\d+) were done(?:, (\d+) w\w+ done in part)?"
        r"(?:; (\d+) were not tried)?: ",
        said.failure,
    )
    assert found, said.failure
    failed, size, done, part, left = (int(one or 0) for one in found.groups())
    assert failed + done + part + left == size, said.failure
    return [failed, done, part, left]


def test_a_change_done_in_part_is_its_own_number() -> None:
    """The group is created without the member that failed. It is neither failed nor untried."""
    with hostile(Store(), refusing("d")) as service:
        users = [{"user_name": name} for name in ("a", "b", "d")]
        groups = [{"display_name": name, "members": {"set": ["a", "d"]}} for name in ("Red", "Tan")]
        said = run(service, "scim_directory", users=users, groups=groups)
        assert numbers(said) == [1, 2, 2, 0]
        assert "2 were done in part: creating user 'd'" in said.failure
        assert said.result["done_in_part"] == ["create group 'Red'", "create group 'Tan'"]
        assert said.result["not_tried"] == []
        assert service.store.members("Red") == {"a"}


def test_a_group_that_was_created_without_its_members_is_done_in_part() -> None:
    store = people("pam", "jim")
    store.limits = {"create_members": False}
    more = {"capabilities": {"create_members": False}}

    def spell(asked: Asked, honest: Callable[[], Reply]) -> Reply:
        refused = asked.method == "PATCH" and asked.kind == "Groups"
        return Reply(400, {"detail": "no", "status": "400"}) if refused else honest()

    with hostile(store, spell) as service:
        groups = [{"display_name": "Red", "members": {"set": ["pam"]}}]
        said = run(service, "scim_directory", groups=groups, connection=more)
        assert numbers(said) == [0, 0, 1, 0]
        assert said.result["done_in_part"] == ["create group 'Red'"]
        assert [one["name"] for one in said.result["failures"]] == ["Red"]


def test_a_team_is_left_in_part_if_one_of_its_leavers_stays_active() -> None:
    def spell(asked: Asked, honest: Callable[[], Reply]) -> Reply:
        refused = asked.method == "PATCH" and asked.segments[-1] == jim
        return Reply(400, {"detail": "no", "status": "400"}) if refused else honest()

    store = office()
    jim = store["jim"]["id"]
    store.user("creed")
    store["Sales"]["members"].append({"value": store["creed"]["id"]})
    with hostile(store, spell) as service:
        said = run(service, "scim_directory", teams=[team("pam")], thresholds=LIMITS)
        assert numbers(said) == [1, 1, 1, 0]
        assert said.result["done_in_part"] == ["update group 'Sales'"]
        assert store.members("Sales") == {"pam", "jim"}
        said = run(service, "scim_directory", teams=[team("pam")], thresholds=LIMITS)
        assert numbers(said) == [1, 0, 0, 1]
        assert said.result["not_tried"] == ["update group 'Sales'"]
