# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Joiners, movers, leavers: what becomes of people and of the groups they are in."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.leavers import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.plan import Plan, make_plan
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    converge,
    plan,
    read,
    settled,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    ENTERPRISE_URN,
    Store,
)


def office(**groups: list[str]) -> Store:
    store = Store()
    for name in dict.fromkeys(one for people in groups.values() for one in people):
        store.user(name)
    for group, people in groups.items():
        store.group(group, people)
    return store


def steps(made: Plan) -> list[tuple[str, str]]:
    """What a plan does, in order: (verb, name), a change of members as ``joins`` and ``leaves``."""
    found = []
    for one in made.changes:
        if one.kind.name == "Group" and one.verb == "update":
            found += [
                (kind, one.name)
                for kind, some in (("joins", one.joins), ("leaves", one.leaves))
                if some
            ]
        else:
            found.append((one.verb, one.name))
    return found


def active(store: Store) -> set[str]:
    return {name for name in store.names("Users") if store[name]["active"]}


def test_a_mover_joins_before_leaving_and_stays_active() -> None:
    store = office(red=["pam", "jim"], blue=["dwight"])
    wishes = wanted(teams=[team("red", "jim"), team("blue", "dwight", "pam")])
    made = converge(store, wishes, INACTIVE)
    assert steps(made) == [("joins", "blue"), ("leaves", "red")]
    assert active(store) == {"pam", "jim", "dwight"} and store.members("blue") == {"dwight", "pam"}
    settled(store, wishes, INACTIVE)


def test_a_leaver_is_deactivated_before_leaving() -> None:
    store = office(red=["pam", "jim"])
    made = converge(store, wanted(teams=[team("red", "jim", "new")]), INACTIVE)
    assert steps(made) == [
        ("create", "new"),
        ("joins", "red"),
        ("deactivate", "pam"),
        ("leaves", "red"),
    ]
    assert [one.reason for one in made.changes] == ["stated", "stated", "leaver", "stated"]
    assert active(store) == {"jim", "new"}


def test_leavers_stay_findable_as_members_until_they_are_deleted() -> None:
    store = office(red=["pam", "jim"])
    made = converge(store, wanted(teams=[team("red", "jim")]), Policy(leavers="absent"))
    assert steps(made) == [("delete", "pam"), ("leaves", "red")]
    assert store.names("Users") == {"jim"}


def test_leavers_that_are_kept_only_leave() -> None:
    store = office(red=["pam", "jim"])
    converge(store, wanted(teams=[team("red", "jim")]), Policy(leavers="keep"))
    assert active(store) == {"pam", "jim"} and store.members("red") == {"jim"}


def test_additive_teams_have_no_leavers() -> None:
    store = office(red=["pam", "jim"])
    made = converge(store, wanted("additive", teams=[team("red", "jim", "new")]), INACTIVE)
    assert store.members("red") == {"pam", "jim", "new"} and active(store) == {"pam", "jim", "new"}
    assert made.unmanaged == {"red": ["pam"]}


def test_who_is_still_in_another_group_stays_active_and_is_named() -> None:
    store = office(red=["pam", "jim"], staff=["pam"])
    made = converge(store, wanted(teams=[team("red", "jim")]), INACTIVE)
    assert active(store) == {"pam", "jim"} and made.still_member == {"pam": ["staff"]}


@pytest.mark.parametrize(
    "ignored, stays",
    [
        (("All staff",), False),
        (("all *",), False),
        (("ALL STAFF",), False),
        (("staff",), True),
        ((), True),
    ],
)
def test_groups_that_keep_nobody_active(ignored: tuple[str, ...], stays: bool) -> None:
    store = office(red=["pam", "jim"], **{"All staff": ["pam", "jim"]})
    converge(
        store, wanted(teams=[team("red", "jim")]), Policy(leavers="inactive", ignore_groups=ignored)
    )
    assert ("pam" in active(store)) is stays


def test_o9_in_an_offboarded_and_an_onboarded_team() -> None:
    """O9: leaves the one, stays in the other, and active."""
    store = office(red=["pam"], blue=["jim"])
    wishes = wanted(teams=[team("red", "pam", state="offboarded"), team("blue", "jim", "pam")])
    converge(store, wishes, INACTIVE)
    assert (store.members("red"), store.members("blue"), active(store)) == (
        set(),
        {"jim", "pam"},
        {"pam", "jim"},
    )
    settled(store, wishes, INACTIVE)


def test_an_onboarded_team_whose_group_keeps_nobody_active_still_does() -> None:
    store = office(red=["pam"], blue=["pam", "jim"])
    converge(
        store,
        wanted(teams=[team("red", "pam"), team("blue", "jim")]),
        Policy(leavers="inactive", ignore_groups=("*",)),
    )
    assert active(store) == {"pam", "jim"} and store.members("blue") == {"jim"}


def test_offboarding_keeps_the_group_and_names_who_was_not_listed() -> None:
    store = office(red=["pam", "jim", "creed"], further=["pam", "creed"])
    wishes = wanted(
        teams=[
            team(
                "red",
                "pam",
                "jim",
                "nobody",
                state="offboarded",
                groups=["further", "no such group"],
            )
        ]
    )
    made = converge(store, wishes, INACTIVE)
    assert store.members("red") == {"creed"} == store.members("further") and active(store) == {
        "creed"
    }
    assert made.unmanaged["red"] == ["creed"]
    assert {one.reason for one in made.changes if one.verb == "deactivate"} == {"offboarded"}
    settled(store, wishes, INACTIVE)


def test_offboarding_again_when_the_group_is_gone_changes_nothing() -> None:
    store = office(other=["jim"])
    made = plan(store, wanted(teams=[team("red", "pam", state="offboarded")]), INACTIVE)
    assert not made.changes and not made.problems and not made.missing


def test_offboarding_changes_nothing_else_about_people() -> None:
    store = office(red=["pam"])
    converge(
        store,
        wanted(teams=[team("red", {"user_name": "pam", "title": "x"}, state="offboarded")]),
        INACTIVE,
    )
    assert "title" not in store["pam"]


@pytest.mark.parametrize("further", [[], ["staff"]], ids=["in no other group", "in another one"])
@pytest.mark.parametrize(
    "state, there, isactive",
    [("absent", False, False), ("inactive", True, False), ("present", True, True)],
)
def test_the_state_of_a_person_wins_in_an_offboarded_team(
    state: str, there: bool, isactive: bool, further: list[str]
) -> None:
    store = office(red=["pam"], **{name: ["pam"] for name in further})
    rows = [{"user_name": "pam", "state": state}, {"user_name": "nobody", "state": state}]
    wishes = wanted(teams=[team("red", *rows, state="offboarded")])
    converge(store, wishes, INACTIVE)
    settled(store, wishes, INACTIVE)
    assert "nobody" not in store.names("Users")
    assert ("pam" in store.names("Users")) is there and ("pam" in active(store)) is isactive
    assert store.members("red") == set()


def test_onboarded_again_is_active_again() -> None:
    store = office(red=["jim"])
    store.user("pam", active=False)
    wishes = wanted(teams=[team("red", "jim", "pam")])
    converge(store, wishes, INACTIVE)
    assert active(store) == {"jim", "pam"}
    converge(
        store, wanted(teams=[team("red", "jim", {"user_name": "pam", "active": False})]), INACTIVE
    )
    assert active(store) == {"jim"} and store.members("red") == {"jim", "pam"}


def test_an_inactive_member_leaves_the_team_in_order() -> None:
    store = office(red=["pam", "jim"], further=["pam"])
    made = converge(
        store,
        wanted(
            teams=[
                team("red", "jim", {"user_name": "pam", "state": "inactive"}, groups=["further"])
            ]
        ),
        INACTIVE,
    )
    assert (store.members("red"), store.members("further"), active(store)) == (
        {"jim"},
        {"jim"},
        {"jim"},
    )
    assert steps(made)[0] == ("joins", "further") and steps(made)[1] == ("deactivate", "pam")


def test_without_members_everybody_stays_active() -> None:
    store = office(red=["pam", "jim"], other=["jim"])
    snapshot = read(store, members=False)
    for name in ("red", "other"):
        snapshot._members.pop(store.id_of(name), None)
    made = make_plan(
        wanted("additive", teams=[team("red", "jim"), team("other", "pam", state="offboarded")]),
        snapshot,
        Capabilities(),
        INACTIVE,
    )
    assert "deactivate" not in {one.verb for one in made.changes}
    assert made.notes == [
        "the members of other, red cannot be read, so no one who left a team is deactivated"
    ]
    made = make_plan(wanted(teams=[team("red", "jim")]), snapshot, Capabilities(), INACTIVE)
    assert made.problems == [
        "group 'red': its members cannot be read, so they cannot be made exactly those stated; add or remove members instead"
    ]


def test_without_a_whole_list_of_groups_everybody_stays_active() -> None:
    store = office(red=["pam", "jim"])
    snapshot = read(store)
    snapshot.listed["Group"] = False
    made = make_plan(wanted(teams=[team("red", "jim")]), snapshot, Capabilities(), INACTIVE)
    assert [one.verb for one in made.changes] == ["update"]
    assert made.notes == [
        "the groups of the service could not be listed in full, so no one who left a team is deactivated"
    ]


def test_leavers_who_are_inactive_already_are_no_change() -> None:
    store = office(red=["pam", "jim"])
    store["pam"]["active"] = False
    assert steps(converge(store, wanted(teams=[team("red", "jim")]), INACTIVE)) == [
        ("leaves", "red")
    ]


def test_a_group_that_is_deleted_makes_no_leavers() -> None:
    store = office(red=["pam"])
    made = converge(store, wanted(groups=[{"display_name": "red", "state": "absent"}]), INACTIVE)
    assert steps(made) == [("delete", "red")] and active(store) == {"pam"}


# who refers to whom


def test_managers_created_in_the_same_run_come_first() -> None:
    store = Store()
    people = [
        {"user_name": name, "enterprise": {"manager": boss}}
        for name, boss in (("a", "b"), ("b", "c"), ("c", None))
    ]
    made = converge(store, wanted(users=people))
    assert [one.name for one in made.changes] == ["c", "b", "a"] and len(store.writes()) == 3
    assert store["a"][ENTERPRISE_URN]["manager"]["value"] == store["b"]["id"]


def test_b18_a_circle_of_managers_is_closed_afterwards() -> None:
    store = Store()
    people = [
        {"user_name": name, "title": "x", "enterprise": {"manager": boss}}
        for name, boss in (("a", "b"), ("b", "c"), ("c", "a"))
    ]
    converge(store, wanted(users=people))
    assert {name: store[name][ENTERPRISE_URN]["manager"]["value"] for name in "abc"} == {
        "a": store["b"]["id"],
        "b": store["c"]["id"],
        "c": store["a"]["id"],
    }
    assert [method for method, _kind in store.writes()] == ["POST", "POST", "POST", "PATCH"]
    settled(store, wanted(users=people))


def test_ones_own_manager() -> None:
    store = Store()
    wishes = wanted(users=[{"user_name": "ceo", "enterprise": {"manager": "ceo"}}])
    converge(store, wishes)
    assert store["ceo"][ENTERPRISE_URN]["manager"]["value"] == store["ceo"]["id"]
    settled(store, wishes)


def test_nested_groups_are_created_inside_out() -> None:
    store = Store()
    wishes = wanted(
        groups=[
            {"display_name": "all", "members": {"set": [{"group": "red"}, {"group": "blue"}]}},
            {"display_name": "red", "members": {"set": [{"group": "blue"}]}},
            {"display_name": "blue"},
        ]
    )
    made = converge(store, wishes)
    assert [one.name for one in made.changes] == ["blue", "red", "all"]
    assert store.members("all") == {"red", "blue"}
    settled(store, wishes)


@pytest.mark.parametrize(
    "rows, said",
    [
        ([("a", ["a"])], "group 'a' would contain itself through 'a'"),
        ([("a", ["b"]), ("b", ["a"])], "group 'b' would contain itself through 'a'"),
        ([("b", ["a"])], "group 'b' would contain itself through 'a'"),
    ],
)
def test_b15_a_group_inside_itself(rows: list[tuple[str, list[str]]], said: str) -> None:
    store = office(x=["pam"], b=[])
    store.group("a", ["b"])
    made = plan(
        store,
        wanted(
            "additive",
            groups=[
                {"display_name": name, "members": {"add": [{"group": one} for one in inner]}}
                for name, inner in rows
            ],
        ),
    )
    assert said in made.problems


def test_b15_new_groups_that_contain_each_other() -> None:
    made = plan(
        Store(),
        wanted(
            groups=[
                {"display_name": name, "members": {"set": [{"group": inner}]}}
                for name, inner in (("a", "b"), ("b", "a"))
            ]
        ),
    )
    assert made.problems and "contain" in made.problems[0]


def test_a_cycle_that_is_there_already_stops_nobody() -> None:
    store = office(x=["pam"], b=[])
    store.group("a", ["b"])
    store["b"]["members"] = [{"value": store.id_of("a")}]
    converge(store, wanted("additive", groups=[{"display_name": "a", "members": {"add": ["pam"]}}]))
    assert store.members("a") == {"b", "pam"}


@pytest.mark.parametrize(
    "directory, missing",
    [
        (
            {
                "groups": [
                    {
                        "display_name": "red",
                        "members": {"add": ["nobody", {"email": "a@b"}, {"group": "none"}]},
                    }
                ]
            },
            ["user 'nobody'", "user with emails.value 'a@b'", "group 'none'"],
        ),
        (
            {
                "users": [
                    {
                        "user_name": "pam",
                        "enterprise": {"manager": "boss"},
                        "groups": {"add": ["none"]},
                    }
                ]
            },
            ["group 'none'", "user 'boss'"],
        ),
        (
            {"teams": [{"name": "red", "members": [{"user_name": "pam"}], "groups": ["none"]}]},
            ["group 'none'"],
        ),
        (
            {"groups": [{"display_name": "red", "members": {"remove": ["nobody"]}}]},
            ["user 'nobody'"],
        ),
    ],
)
def test_missing_references_are_all_named(directory: dict[str, Any], missing: list[str]) -> None:
    made = plan(office(red=["pam"]), wanted(**directory))
    assert sorted(map(str, made.missing)) == sorted(missing)


@pytest.mark.parametrize(
    "directory, said",
    [
        (
            {"groups": [{"display_name": "red", "members": {"add": ["pam"], "remove": ["PAM"]}}]},
            "'pam' is both to join and to leave group 'red'",
        ),
        (
            {
                "groups": [{"display_name": "red", "state": "absent"}],
                "users": [{"user_name": "jim", "groups": {"add": ["red"]}}],
            },
            "group 'red' is to be deleted, and somebody is to join it",
        ),
        (
            {
                "groups": [{"display_name": "red", "members": {"set": ["pam"]}}],
                "users": [{"user_name": "pam", "state": "absent"}],
            },
            "user 'pam' is to be deleted and to be a member of group 'red'",
        ),
    ],
)
def test_contradictions_about_members(directory: dict[str, Any], said: str) -> None:
    assert said in plan(office(red=["pam"], blue=["jim"]), wanted(**directory)).problems


def test_unmanaged_members_are_named_where_nobody_asks_for_exactness() -> None:
    made = plan(
        office(red=["pam", "jim"]),
        wanted("additive", groups=[{"display_name": "red", "members": {"add": ["jim"]}}]),
    )
    assert made.unmanaged == {"red": ["pam"]} and not made.changes


def test_an_inactive_user_that_is_only_described_stays_so_with_a_note() -> None:
    store = office(red=["pam"])
    store["pam"]["active"] = False
    made = converge(store, wanted(users=[{"user_name": "pam", "title": "x"}]))
    assert made.notes == [
        "user 'pam' is inactive and stays so; state active: true to make the user active"
    ]
    assert store["pam"]["active"] is False and store["pam"]["title"] == "x"


def test_create_only_is_left_alone_afterwards() -> None:
    store = office(red=["pam"])
    rows = [
        {"user_name": name, "locale": "de-DE", "create_only": ["locale"]} for name in ("pam", "new")
    ]
    converge(store, wanted(users=rows))
    assert "locale" not in store["pam"] and store["new"]["locale"] == "de-DE"


def test_what_the_service_does_not_keep_is_never_sent_and_named() -> None:
    store = office(red=["pam"])
    made = converge(
        store,
        wanted(
            users=[
                {"user_name": "pam", "nick_name": "x", "locale": "en-GB"},
                {"user_name": "new", "nick_name": "x", "locale": "en-GB"},
            ]
        ),
        unsaved=["nickName"],
        fixed=["locale"],
    )
    assert (
        "nickName" not in store["pam"]
        and "nickName" not in store["new"]
        and store["new"]["locale"] == "en-GB"
        and "locale" not in store["pam"]
    )
    assert {one.name: set(one.unsaved) for one in made.every} == {
        "pam": {"nickName", "locale"},
        "new": {"nickName"},
    }
