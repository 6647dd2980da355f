# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users lose with a team: the further groups that the team gave, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import (
    THRESHOLDS,
    Policy,
    limits,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    active,
    converge,
    office,
    plan,
    refusals,
    settled,
    team,
    verbs,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


def after(store: Store, policy: Policy = INACTIVE, **directory: Any) -> dict[str, set[str]]:
    """Return the members of each group after a run, which a second run leaves as they are."""
    desired = wanted(directory.pop("membership", "exact"), **directory)
    converge(store, desired, policy)
    settled(store, desired, policy)
    return {name: store.members(name) for name in store.names("Groups")}


def test_o24_a_struck_member_leaves_the_further_groups_and_becomes_inactive() -> None:
    store = office(red=["pam", "jim"], branch=["pam", "jim", "boss"])
    found = after(store, teams=[team("red", "jim", groups=["branch"])])
    assert found == {"red": {"jim"}, "branch": {"jim", "boss"}}
    assert active(store) == {"jim", "boss"}


def test_the_last_struck_members_leave_the_further_groups_too() -> None:
    store = office(red=["pam", "jim"], branch=["pam", "jim", "boss"])
    policy = Policy(leavers="inactive")
    assert after(store, policy, teams=[team("red", groups=["branch"])]) == {
        "red": set(),
        "branch": {"boss"},
    }


def test_a_group_outside_the_input_still_keeps_a_leaver_active() -> None:
    store = office(red=["pam", "jim"], branch=["pam", "jim"], party=["pam"])
    made = converge(store, wanted(teams=[team("red", "jim", groups=["branch"])]), INACTIVE)
    assert store.members("branch") == {"jim"} and "pam" in active(store)
    assert made.still_member == {"pam": ("party",)}


def test_leavers_that_are_kept_leave_the_further_groups() -> None:
    store = office(red=["pam", "jim"], branch=["pam", "jim"])
    found = after(store, Policy(), teams=[team("red", "jim", groups=["branch"])])
    assert found == {"red": {"jim"}, "branch": {"jim"}} and "pam" in active(store)


@pytest.mark.parametrize(
    "more",
    [
        {"teams": [team("blue", "pam", groups=["branch"])]},
        {"teams": [team("blue", "pam", groups=["branch"], membership="additive")]},
        {"teams": [team("blue", groups=["branch"], membership="additive")]},
        {"teams": [team("branch", "pam")]},
        {"teams": [team("branch", membership="additive")]},
        {"users": [{"user_name": "pam", "groups": {"add": ["branch"]}}]},
        {"users": [{"user_name": "pam", "groups": {"set": ["branch"]}}]},
        {"teams": [team("blue", {"user_name": "pam", "groups": {"add": ["branch"]}})]},
        {"groups": [{"display_name": "branch", "members": {"add": ["pam"]}}]},
    ],
    ids=[
        "another team",
        "an additive team",
        "an additive team that does not list the member",
        "its own team",
        "its own additive team",
        "an entry of users",
        "an exact entry of users",
        "an entry of another team",
        "an entry of groups",
    ],
)
def test_what_something_else_gives_is_kept(more: dict[str, Any]) -> None:
    store = office(red=["pam", "jim"], blue=["pam", "jim"], branch=["pam", "jim"])
    rows = [team("red", "jim", groups=["branch"]), *more.pop("teams", ())]
    found = after(store, teams=rows, **more)
    assert "pam" in found["branch"] and "pam" not in found["red"]


def test_a_user_that_moves_joins_the_new_groups_before_it_leaves_the_old_ones() -> None:
    store = office(red=["pam", "jim"], branch=["pam", "jim"], blue=["dwight"], annex=["dwight"])
    rows = [team("red", "jim", groups=["branch"]), team("blue", "dwight", "pam", groups=["annex"])]
    desired = wanted(teams=rows)
    made = converge(store, desired, INACTIVE)
    assert verbs(made) == [
        ("joins", "annex"),
        ("joins", "blue"),
        ("leaves", "branch"),
        ("leaves", "red"),
    ]
    assert "pam" in active(store)
    settled(store, desired, INACTIVE)


@pytest.mark.parametrize("leavers", ["inactive", "absent"])
def test_order_is_joins_then_deactivations_then_further_groups_then_the_own_group(
    leavers: str,
) -> None:
    """The own group comes first by name, and last by order."""
    store = office(alpha=["pam", "jim"], zulu=["pam", "jim"])
    rows = [team("alpha", "jim", "new", groups=["zulu"])]
    made = converge(store, wanted(teams=rows), Policy(leavers=leavers))
    gone = {"inactive": "deactivate", "absent": "delete"}[leavers]
    assert verbs(made) == [
        ("create", "new"),
        ("joins", "alpha"),
        ("joins", "zulu"),
        (gone, "pam"),
        ("leaves", "zulu"),
        ("leaves", "alpha"),
    ]


def test_named_leavers_leave_the_further_groups_first_too() -> None:
    store = office(alpha=["pam", "jim"], zulu=["pam", "jim"])
    rows = [team("alpha", "pam", groups=["zulu"], state="offboarded")]
    made = converge(store, wanted(teams=rows), INACTIVE)
    assert verbs(made) == [("deactivate", "pam"), ("leaves", "zulu"), ("leaves", "alpha")]


def test_a_group_that_is_left_for_both_reasons_is_left_in_two_steps() -> None:
    """Pam leaves the annex with her team, Toby because the annex does not list him."""
    store = office(red=["pam", "jim"], annex=["pam", "jim", "toby"], branch=["toby"])
    rows = [
        team("red", "jim", groups=["annex"]),
        {"name": "annex", "state": "offboarded", "members": [{"user_name": "toby"}]},
    ]
    made = converge(store, wanted(teams=rows), INACTIVE)
    assert [one for one in verbs(made) if one[0] == "leaves"] == [
        ("leaves", "annex"),
        ("leaves", "annex"),
        ("leaves", "red"),
    ]
    assert store.members("annex") == {"jim"}


def test_additive_teams_end_nothing() -> None:
    store = office(red=["pam", "jim"], branch=["pam", "jim"])
    rows = [team("red", "jim", groups=["branch"], membership="additive")]
    assert after(store, teams=rows)["branch"] == {"pam", "jim"}
    rows = [team("red", "jim", groups=["branch"])]
    assert after(store, teams=rows, membership="additive")["branch"] == {"pam", "jim"}


def test_a_group_that_is_dropped_from_a_team_is_left_by_nobody() -> None:
    store = office(red=["pam", "jim"], branch=["pam", "jim"], annex=["pam", "jim"])
    found = after(store, Policy(), teams=[team("red", "jim", groups=["annex"])])
    assert found == {"red": {"jim"}, "annex": {"jim"}, "branch": {"pam", "jim"}}


def test_members_of_a_further_group_that_were_in_no_team_stay() -> None:
    store = office(red=["jim"], branch=["pam", "jim"])
    assert after(store, teams=[team("red", "jim", groups=["branch"])])["branch"] == {"pam", "jim"}


def test_users_outside_the_run_keep_the_further_groups() -> None:
    """The role excepts the users of teams that ``--limit`` leaves out."""
    store = office(red=["pam", "jim"], branch=["pam", "jim"])
    rows = [team("red", "jim", groups=["branch"])]
    found = after(store, teams=rows, leavers_except=["pam"])
    assert found == {"red": {"pam", "jim"}, "branch": {"pam", "jim"}} and "pam" in active(store)


def test_a_nested_group_that_leaves_a_team_keeps_its_other_groups() -> None:
    store = office(red=["jim"], branch=["jim"], inner=["pam"])
    for name in ("red", "branch"):
        store[name]["members"].append({"value": store["inner"]["id"], "type": "Group"})
    converge(store, wanted(teams=[team("red", "jim", groups=["branch"])]), INACTIVE)
    inside = {one["value"] for one in store["branch"]["members"]}
    assert store["inner"]["id"] in inside


def test_two_entries_of_one_team_end_only_what_an_exact_one_gives() -> None:
    store = office(red=["pam", "jim"], branch=["pam"], annex=["pam"])
    rows = [
        team("red", "jim", groups=["branch"]),
        team("red", groups=["annex"], membership="additive"),
    ]
    found = after(store, Policy(), teams=rows)
    assert found == {"red": {"jim"}, "branch": {"jim"}, "annex": {"pam"}}


def crowd() -> tuple[Store, list[str]]:
    names = [f"n{one:02}" for one in range(20)]
    return office(red=names, branch=names), names


def test_leaves_of_further_groups_count_in_the_thresholds() -> None:
    store, names = crowd()
    rows = [team("red", *names[8:], groups=["branch"])]
    free = dict.fromkeys(THRESHOLDS, "none")
    for kind, most, reason in (
        ("memberships_removed", 10, "memberships_removed: 16 of 40"),
        ("members_removed_per_group", 7, "members_removed_per_group: 8 of 20 members would leave"),
    ):
        for limit, is_refused in ((most, True), (16, False)):
            thresholds = limits({**free, kind: limit})
            policy = Policy(leavers="inactive", thresholds=thresholds)
            found = refusals(plan(store, wanted(teams=rows), policy))
            assert bool(found) is is_refused and all(one.startswith(reason) for one in found)
    policy = Policy(leavers="inactive", thresholds=limits({**free, kind: most}))
    found = refusals(plan(store, wanted(teams=rows), policy))
    assert [one.split("'")[1] for one in found] == ["branch", "red"]


def test_protected_users_are_removed_from_no_further_group() -> None:
    store = office(red=["pam", "jim"], branch=["pam", "jim"])
    policy = Policy(leavers="inactive", protected={"User": ("pam",)})
    found = refusals(plan(store, wanted(teams=[team("red", "jim", groups=["branch"])]), policy))
    assert "user 'pam' is protected and would be removed from group 'branch'" in found


def test_a_further_group_that_does_not_exist_is_an_error_only_if_members_are_to_join() -> None:
    store = office(red=["pam"])
    [reason] = refusals(plan(store, wanted(teams=[team("red", "pam", groups=["none"])]), INACTIVE))
    assert reason.startswith("there is no group 'none'")
    store = office(red=[])
    assert not refusals(plan(store, wanted(teams=[team("red", groups=["none"])]), INACTIVE))


NAMES = ("a", "b", "c", "d")
some = st.lists(st.sampled_from(NAMES), unique=True)


@st.composite
def departments(draw: st.DrawFn) -> tuple[Store, list[dict[str, Any]]]:
    """Return teams that give each other's groups and further ones, and any state of before."""
    groups = ("red", "blue", "branch", "annex")
    store = office(everybody=list(NAMES), **{name: draw(some) for name in groups})
    rows = []
    for name in draw(st.lists(st.sampled_from(groups[:2]), unique=True, min_size=1)):
        row = team(name, *draw(some))
        row["groups"] = draw(st.lists(st.sampled_from(groups), unique=True))
        row["membership"] = draw(st.sampled_from(("exact", "exact", "additive")))
        rows.append(row)
    return store, rows


@given(departments())
def test_nobody_loses_what_no_left_team_gave(made: tuple[Store, list[dict[str, Any]]]) -> None:
    """A membership ends only with a team that gave it, and never while another gives it."""
    store, rows = made
    before = {name: store.members(name) for name in store.names("Groups")}
    now = after(store, Policy(), teams=rows)
    listed = {row["name"]: {one["user_name"] for one in row["members"]} for row in rows}
    for group, inside in before.items():
        for user in NAMES:
            gives = [row["name"] for row in rows if group in row["groups"]]
            if any(user in listed[name] for name in gives) or user in listed.get(group, ()):
                assert user in now[group]
            if user not in inside or user in now[group]:
                continue
            own = [row for row in rows if row["name"] == group and row["membership"] == "exact"]
            left = [
                row
                for row in rows
                if group in row["groups"]
                and row["membership"] == "exact"
                and user in before[row["name"]] - now[row["name"]]
            ]
            assert own or left, (group, user)
