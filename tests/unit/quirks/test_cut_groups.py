# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leavers who may be in a group that shows only some of its members."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import (
    groups_by_user,
    members_by_id_only,
    members_cut,
    users_by_group,
    users_name_groups,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

CUT = 10
LEAVER = "n10"
SAYS = (
    "red may have more members than shown (if the service shows all members, set "
    "capabilities: {members_limit: 0}), so no leaver is deactivated: n10"
)
ENDS = pytest.mark.parametrize("end", ["inactive", "absent"])


def service(*quirks: Any, red: int = 20, **more: int) -> Quirky:
    """A service whose group ``red`` has so many of twenty users; ``blue`` has n10 to n12."""
    server = Quirky(*quirks)
    for number in range(20):
        server.user(f"n{number}")
    for name, size in {"red": red, **more}.items():
        server.group(name, [f"n{number}" for number in range(size)])
    server.group("blue", ["n10", "n11", "n12"])
    return server


def leave(server: Quirky, end: str = "inactive", **more: Any) -> Any:
    """Let n10 leave ``blue``."""
    members = [{"user_name": "n11"}, {"user_name": "n12"}]
    teams = [{"name": "blue", "members": members}]
    return run(server, teams=teams, policy=Policy(leavers=end, thresholds={}), **more)


def is_in_use(server: Quirky) -> bool:
    return LEAVER in server.names("Users") and server[LEAVER]["active"]


@ENDS
@pytest.mark.parametrize(
    "quirks",
    [
        [members_cut(CUT)],
        [members_cut(CUT), members_by_id_only],
        [members_cut(CUT), users_by_group],
    ],
    ids=["lists", "by id", "counted"],
)
def test_l13_a_leaver_who_may_be_cut_off_a_group_keeps_the_account(
    quirks: list[Any], end: str
) -> None:
    server = service(*quirks)
    for check in (True, False):
        outcome = leave(server, end, check=check)
        assert [one.replace("deleted", "deactivated") for one in outcome.notes] == [SAYS]
    assert is_in_use(server) and server.members("blue") == {"n11", "n12"}


def refusing_groups_of_users(status: int) -> Any:
    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.query.get("filter", "").startswith("groups.value"):
            return Answer(status, {"detail": "no such filter"})
        return honest(asked)

    return quirk


@pytest.mark.parametrize("status", [400, 403, 404, 501])
def test_l13_a_filter_on_groups_that_is_refused_proves_nothing(status: int) -> None:
    server = service(members_cut(CUT), refusing_groups_of_users(status))
    assert leave(server).notes == (SAYS,)
    assert is_in_use(server)


@pytest.mark.parametrize("total", [1, 3, 20])
def test_l13_a_filter_on_groups_that_is_not_honoured_proves_nothing(total: int) -> None:
    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.query.get("filter", "").startswith("groups.value"):
            return Answer(200, {"totalResults": total, "Resources": [server["n0"]]})
        return honest(asked)

    server = service(members_cut(CUT), quirk)
    assert leave(server).notes == (SAYS,)
    assert is_in_use(server)


@ENDS
@pytest.mark.parametrize("red", [1, 9, 10])
def test_l13_a_leaver_in_no_group_goes_if_a_larger_group_shows_more(red: int, end: str) -> None:
    server = service(red=red, wide=9)
    for number in range(13, 20):
        server.user(f"m{number}")
    server.group("all", [f"n{number}" for number in range(20) if number != 10][:11])
    outcome = leave(server, end)
    assert not outcome.notes and not is_in_use(server)


@pytest.mark.parametrize(
    "quirks, caps, counts",
    [
        ([users_name_groups], {}, 0),
        ([users_by_group], {}, 1),
        ([groups_by_user], {}, 2),
        ([groups_by_user], {"filter_attributes": ["User.userName", "Group.members.value"]}, 1),
        ([], {"members_limit": 0}, 0),
    ],
    ids=["users name groups", "a filter counts", "a filter finds", "only that", "a capability"],
)
def test_l13_a_leaver_goes_if_anything_proves_a_round_group(
    quirks: list[Any], caps: dict[str, Any], counts: int
) -> None:
    """That takes two requests at most."""
    plain = service(*quirks, red=9)
    leave(plain, caps=caps)
    server = service(*quirks, red=CUT)
    outcome = leave(server, caps=caps)
    assert not outcome.notes and not is_in_use(server)
    assert len(server.asked) == len(plain.asked) + counts


def test_l13_one_filter_counts_the_users_of_all_groups() -> None:
    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        condition = asked.query.get("filter", "")
        if not condition.startswith("groups.value"):
            return honest(asked)
        found = set()
        for ident in condition.split('"')[1::2]:
            found |= {row["value"] for row in server.held["Groups"][ident]["members"]}
        rows = [server.held["Users"][one] for one in sorted(found)]
        return Answer(200, {"totalResults": len(rows), "startIndex": 1, "Resources": rows[:1]})

    server = service(quirk, red=CUT)
    server.group("pink", [f"n{number}" for number in range(5, 16) if number != 10])
    assert not leave(server).notes and not is_in_use(server)
    assert len([one for one in server.asked if "groups.value" in str(one.query)]) == 1
    cut = service(members_cut(CUT), quirk, red=CUT, pink=20)
    assert len(leave(cut).notes) == 1 and is_in_use(cut)


@ENDS
def test_l13_a_filter_finds_leavers_in_groups_that_do_not_show_them(end: str) -> None:
    """One stays in a group that is cut, another one is in no other group."""
    server = service(members_cut(CUT), groups_by_user)
    server.user("gone")
    server.group("pink", ["gone", "n11", "n12"])
    teams = [
        {"name": name, "members": [{"user_name": "n11"}, {"user_name": "n12"}]}
        for name in ("blue", "pink")
    ]
    policy = Policy(leavers=end, thresholds={})
    for check in (True, False):
        notes = run(server, teams=teams, policy=policy, check=check).notes
        assert [one.replace("deleted", "deactivated") for one in notes] == [SAYS]
    assert is_in_use(server)
    assert "gone" not in server.names("Users") or not server["gone"]["active"]


@pytest.mark.parametrize("shown", ["none", "all", "another", "refused"])
def test_l13_a_filter_on_members_that_is_not_honoured_proves_nothing(shown: str) -> None:
    """It is asked for one leaver only."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.query.get("filter", "").startswith("members.value"):
            return honest(asked)
        if shown == "refused":
            return Answer(400, {"detail": "no such filter"})
        groups = list(server.held["Groups"].values())
        rows = {"none": [], "all": groups, "another": groups[-1:]}[shown]
        return Answer(200, {"totalResults": len(rows), "startIndex": 1, "Resources": rows})

    server = service(members_cut(CUT), quirk)
    server.group("pink", ["n13", "n14"])
    server.group("last", ["n1"])
    teams = [
        {"name": "blue", "members": [{"user_name": "n11"}, {"user_name": "n12"}]},
        {"name": "pink", "members": [{"user_name": "n14"}]},
    ]
    policy = Policy(leavers="inactive", thresholds={})
    assert run(server, teams=teams, policy=policy).notes == (f"{SAYS}, n13",)
    assert is_in_use(server) and server["n13"]["active"]
    asked = [one for one in server.asked if "members.value eq" in str(one.query)]
    assert len(asked) == (2 if shown == "all" else 1)


def test_l13_a_group_that_is_ignored_or_deleted_keeps_no_account() -> None:
    members = [{"user_name": "n11"}, {"user_name": "n12"}]
    teams = [{"name": "blue", "members": members}]
    server = service(members_cut(CUT))
    policy = Policy(leavers="inactive", thresholds={}, ignored_groups=("red",))
    assert not run(server, teams=teams, policy=policy).notes and not is_in_use(server)
    server = service(members_cut(CUT))
    gone = [{"display_name": "red", "state": "absent"}]
    policy = Policy(leavers="inactive", thresholds={})
    assert not run(server, teams=teams, groups=gone, policy=policy).notes
    assert not is_in_use(server)


@pytest.mark.parametrize("option", ["teams", "groups"])
def test_l4_members_that_a_group_shows_only_after_a_change_are_named(option: str) -> None:
    """They stay in it, and the next run finds them."""
    rows: dict[str, list[dict[str, Any]]] = {
        "teams": [{"name": "red", "members": [{"user_name": "n0"}]}],
        "groups": [{"display_name": "red", "members": {"set": ["n0"]}}],
    }
    server = service(members_cut(CUT), red=12)
    task: dict[str, Any] = {option: rows[option]}
    outcome = run(server, **task)
    assert outcome.notes == (
        "group 'red' shows members after a change that it did not show before: n10, n11; nobody of "
        "these was removed; run again to remove them",
    )
    assert server.members("red") == {"n0", "n10", "n11"}
    again = run(server, **task)
    assert not again.notes and server.members("red") == {"n0"}


@pytest.mark.parametrize("check", [True, False])
def test_l13_all_groups_in_doubt_and_all_leavers_are_one_sentence(check: bool) -> None:
    server = service(members_cut(CUT), pink=20)
    server.group("last", ["n13", "n14"])
    teams = [
        {"name": "blue", "members": [{"user_name": "n12"}]},
        {"name": "last", "members": [{"user_name": "n12"}]},
    ]
    policy = Policy(leavers="inactive", thresholds={})
    assert run(server, teams=teams, policy=policy, check=check).notes == (
        "pink, red may have more members than shown (if the service shows all members, set "
        "capabilities: {members_limit: 0}), so no leaver is deactivated: n10, n11, n13, n14",
    )


def test_l13_a_leaver_that_a_cut_group_shows_stays_without_a_word() -> None:
    server = service(members_cut(CUT))
    server.group("pink", [LEAVER])
    outcome = leave(server)
    assert not outcome.notes and is_in_use(server)
