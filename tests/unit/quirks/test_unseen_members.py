# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that do not show who is in them, and users that are to leave (rows L5, L13, L16)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.faults.hostile import Said
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import (
    members_cut,
    members_hidden,
)
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    hidden_members,
    members_listed_as,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk, Quirky
from ansible_collections.identity.scim.tests.unit.quirks.services_quirks import users_of_a_group
from ansible_collections.identity.scim.tests.unit.quirks.test_siblings import (
    FREE,
    SIX,
    directory,
    fresh,
    go,
    user,
)

HIDDEN = {"empty": members_hidden(True), "left out": members_hidden(False)}
SPELT: dict[str, tuple[Any, bool]] = {
    "capitals": (str.upper, False),
    "capitals that a filter finds": (str.upper, True),
    "braces": (lambda ident: "{" + ident + "}", False),
    "address": (lambda ident: f"https://idp.example.com/Users/{ident}", False),
}


def offboarded(server: Quirky, *names: str, **more: Any) -> Said:
    rows = [{"name": "staff", "state": "offboarded", "members": [{"user_name": n} for n in names]}]
    return directory(server, teams=rows, thresholds=FREE, **more)


def named_in(said: Said, text: str) -> bool:
    return any(text in one for one in said.warnings)


@pytest.mark.parametrize("form", SPELT)
@pytest.mark.parametrize("leavers", ["inactive", "absent"])
def test_l13_no_run_removes_a_leaver_that_another_group_lists_by_another_id(
    form: str, leavers: str
) -> None:
    spelt, by_filter = SPELT[form]
    quirk = members_listed_as(spelt, by_filter=by_filter, by_address=by_filter)
    server = fresh(quirk, staff=["ann", "bob", "cid"], other=["bob", "dan"])
    server.judged = False
    for number in range(3):
        said = offboarded(server, "ann", "bob", leavers=leavers)
        assert server["bob"]["active"], number
        assert named_in(said, "bob") or "bob" in said.failure, (number, said.warnings)
    assert "bob" in server.members("other")


@pytest.mark.parametrize("form", HIDDEN)
@pytest.mark.parametrize("leavers", ["inactive", "absent"])
def test_l16_leavers_stay_where_a_filter_finds_members_that_no_group_shows(
    form: str, leavers: str
) -> None:
    server = fresh(users_of_a_group, HIDDEN[form], staff=["ann", "bob"], other=["bob"])
    for check in (True, False, False):
        server.forget()
        said = offboarded(
            server, "ann", "bob", leavers=leavers, **({"check": True} if check else {})
        )
        assert server["ann"]["active"] and server["bob"]["active"]
        assert named_in(said, "members_read") and named_in(said, "ann, bob")
        assert not server.log and not said.changed


@pytest.mark.parametrize("form", HIDDEN)
def test_l16_leavers_are_named_where_no_group_shows_a_member(form: str) -> None:
    server = fresh(HIDDEN[form], staff=["ann", "bob"], other=["bob"])
    said = offboarded(server, "ann", "bob")
    assert named_in(said, "no group of the service shows a member")
    assert named_in(said, "may be in others: ann, bob")


def test_l16_nothing_is_said_of_leavers_without_another_group() -> None:
    server = fresh(HIDDEN["empty"], staff=[])
    said = offboarded(server, "ann")
    assert not server["ann"]["active"] and not said.warnings


@pytest.mark.parametrize("form", HIDDEN)
@pytest.mark.parametrize("how", ["membership", "group", "user", "teams"])
def test_l5_a_leave_that_no_group_shows_is_noted(form: str, how: str) -> None:
    server = fresh(HIDDEN[form], staff=["ann", "bob"], other=["cid"])
    for _run in range(2):
        if how == "membership":
            said = go(
                server, "scim_group_membership", group="staff", members=["ann"], state="absent"
            )
        elif how == "group":
            said = go(server, "scim_group", display_name="staff", members={"remove": ["ann"]})
        elif how == "user":
            said = user(server, "ann", groups={"remove": ["staff"]})
        else:
            said = offboarded(server, "ann", leavers="keep")
        assert any("'staff'" in one and "members_read" in one for one in said.result["notes"])


def test_l5_nothing_is_noted_where_a_group_shows_members() -> None:
    server = fresh(staff=["ann", "bob"], other=["cid"])
    for _run in range(2):
        said = go(server, "scim_group_membership", group="staff", members=["ann"], state="absent")
        assert "notes" not in said.result and not said.warnings


@pytest.mark.parametrize("wanted", [["staff", "third"], ["third"], []])
def test_l5_a_user_leaves_groups_that_only_its_own_entry_names(wanted: list[str]) -> None:
    server = fresh(hidden_members, staff=["ann"], other=["ann", "bob"], third=["cid"])
    before: Quirk = server.quirks[0]
    assert before is hidden_members
    for number in range(2):
        said = user(server, "ann", groups={"set": wanted})
        groups = {one for one in ("staff", "other", "third") if "ann" in server.members(one)}
        assert groups == set(wanted) and not said.failure
        assert said.changed is (number == 0)
    assert server.members("other") == {"bob"}


@pytest.mark.parametrize("form", HIDDEN)
@pytest.mark.parametrize("how", ["membership", "group", "directory"])
def test_l16_a_join_that_each_run_repeats_says_why(form: str, how: str) -> None:
    """Reads show no members, the answers to changes do."""
    server = fresh(HIDDEN[form], staff=["ann", "bob"])
    for _run in range(2):
        if how == "membership":
            said = go(server, "scim_group_membership", group="staff", members=["cid"])
        elif how == "group":
            said = go(server, "scim_group", display_name="staff", members={"add": ["cid"]})
        else:
            rows = [{"display_name": "staff", "members": {"add": ["cid"]}}]
            said = directory(server, groups=rows)
        assert named_in(said, "an answer to a change shows 2 others"), said.warnings
        assert server.members("staff") == {"ann", "bob", "cid"}


@pytest.mark.parametrize("most", [1, 2, 100])
@pytest.mark.parametrize("members", ["add", "set"])
def test_an_empty_group_that_is_filled_in_parts_shows_no_others(most: int, members: str) -> None:
    server = fresh(staff=[])
    server.limits["members_per_patch"] = most
    said = go(server, "scim_group", display_name="staff", members={members: SIX})
    assert server.members("staff") == set(SIX) and not said.warnings


@pytest.mark.parametrize("module", ["scim_group", "scim_directory"])
def test_l16_joins_of_a_group_that_shows_a_round_number_are_noted(module: str) -> None:
    names = [f"p{number:02}" for number in range(12)]
    server = fresh(members_cut(10), people=names, staff=names)
    group = {"display_name": "staff", "members": {"set": names}}
    for _run in range(2):
        said = go(server, module, **({"groups": [group]} if module == "scim_directory" else group))
        assert any("members_limit: 0" in one for one in said.result["notes"])
    assert server.members("staff") == set(names)


def test_an_honest_service_is_told_nothing_of_round_numbers_without_joins() -> None:
    names = [f"p{number:02}" for number in range(10)]
    server = fresh(people=names, staff=names)
    said = directory(server, groups=[{"display_name": "staff", "members": {"set": names}}])
    assert "notes" not in said.result and not said.changed


def test_e10_nothing_is_noted_of_a_group_that_an_earlier_task_would_create() -> None:
    server = fresh()
    made = go(server, "scim_group", True, display_name="crew")
    ident = made.result["group"]["id"]
    for state in ("absent", "present", "exact"):
        said = go(
            server, "scim_group_membership", True, group_id=ident, members=["ann"], state=state
        )
        assert "notes" not in said.result and not said.warnings
