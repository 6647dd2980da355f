# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leavers and purged resources.

Which users and groups go although no input says so of them, and which stay.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.departures import candidates
from ansible_collections.identity.scim.plugins.module_utils._plan.memberships import (
    settle_memberships,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import (
    Policy,
    Scope,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._plan.targets import match_targets
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    active,
    converge,
    office,
    plan,
    planned,
    read,
    refusals,
    settled,
    team,
    verbs,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


def test_a_leaver_is_deactivated_before_leaving() -> None:
    store = office(red=["pam", "jim"])
    made = converge(store, wanted(teams=[team("red", "jim", "new")]), INACTIVE)
    assert verbs(made) == [
        ("create", "new"),
        ("joins", "red"),
        ("deactivate", "pam"),
        ("leaves", "red"),
    ]
    assert [one.reason for one in made.changes] == ["stated", "stated", "leaver", "stated"]
    assert active(store) == {"jim", "new"}


def test_leavers_that_are_kept_only_leave() -> None:
    store = office(red=["pam", "jim"])
    converge(store, wanted(teams=[team("red", "jim")]), Policy(leavers="keep"))
    assert active(store) == {"pam", "jim"} and store.members("red") == {"jim"}


def test_a_leaver_in_another_group_stays_active_and_is_named() -> None:
    store = office(red=["pam", "jim"], staff=["pam"])
    made = converge(store, wanted(teams=[team("red", "jim")]), INACTIVE)
    assert active(store) == {"pam", "jim"} and made.still_member == {"pam": ("staff",)}


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
def test_ignored_groups_keep_no_leaver_active(ignored: tuple[str, ...], stays: bool) -> None:
    store = office(red=["pam", "jim"], **{"All staff": ["pam", "jim"]})
    converge(
        store,
        wanted(teams=[team("red", "jim")]),
        Policy(leavers="inactive", ignored_groups=ignored),
    )
    assert ("pam" in active(store)) is stays


def without_members(store: Store) -> Snapshot:
    """Return everything that a service holds which does not show members."""
    snapshot = Snapshot()
    for kind in (USER, GROUP):
        rows = store.held[kind.endpoint].values()
        shown = tuple({k: v for k, v in row.items() if k != "members"} for row in rows)
        snapshot.add(Reading(kind=kind, resources=shown, listed=True))
    return snapshot


def test_without_members_every_user_stays_active() -> None:
    snapshot = without_members(office(red=["pam", "jim"], other=["jim"]))
    desired = wanted(
        "additive", teams=[team("red", "jim"), team("other", "pam", state="offboarded")]
    )
    made = planned(desired, snapshot, INACTIVE)
    assert "deactivate" not in {one.verb for one in made.changes}
    assert made.notes == (
        "the members of other, red cannot be read, so no leaver is deactivated: pam",
    )
    made = planned(wanted(teams=[team("red", "jim")]), snapshot, INACTIVE)
    assert made.refusals == (
        "group 'red': its members cannot be read, so an exact list cannot be applied; "
        "add or remove members instead",
    )


def test_without_a_complete_list_of_groups_every_user_stays_active() -> None:
    snapshot = read(office(red=["pam", "jim"]))
    snapshot.add(Reading(kind=GROUP, listed=False))
    made = planned(wanted(teams=[team("red", "jim")]), snapshot, INACTIVE)
    assert [one.verb for one in made.changes] == ["update"]
    assert made.notes == (
        "the groups of the service could not be listed completely, so no leaver is deactivated: pam",
    )


def test_leavers_that_are_inactive_already_are_no_change() -> None:
    store = office(red=["pam", "jim"])
    store["pam"]["active"] = False
    assert verbs(converge(store, wanted(teams=[team("red", "jim")]), INACTIVE)) == [
        ("leaves", "red")
    ]


def test_a_group_that_is_deleted_makes_no_leavers() -> None:
    store = office(red=["pam"])
    made = converge(store, wanted(groups=[{"display_name": "red", "state": "absent"}]), INACTIVE)
    assert verbs(made) == [("delete", "red")] and active(store) == {"pam"}


def test_an_onboarded_team_keeps_members_active_although_its_group_is_ignored() -> None:
    store = office(red=["pam"], blue=["pam", "jim"])
    converge(
        store,
        wanted(teams=[team("red", "pam"), team("blue", "jim")]),
        Policy(leavers="inactive", ignored_groups=("*",)),
    )
    assert active(store) == {"pam", "jim"} and store.members("blue") == {"jim"}


def test_a_leaver_of_which_the_input_says_more_keeps_that_with_a_note() -> None:
    store = office(red=["pam", "jim"])
    desired = wanted(users=[{"user_name": "pam", "title": "x"}], teams=[team("red", "jim")])
    made = converge(store, desired, INACTIVE)
    assert active(store) == {"pam", "jim"}
    assert made.notes == (
        "pam left every team but is not treated as a leaver, because users[0] sets user 'pam'",
    )
    store = office(red=["pam", "jim"])
    desired = wanted(users=[{"user_name": "pam", "active": True}], teams=[team("red", "jim")])
    made = converge(store, desired, INACTIVE)
    assert active(store) == {"pam", "jim"} and not made.notes


def test_a_group_that_a_users_own_entry_names_keeps_them_active() -> None:
    """The list of groups may hide members, or cut them."""
    store = office(red=["pam", "jim"], staff=[])
    for rows, keeping in (
        ([{"value": store.id_of("staff")}], ("staff",)),
        ([{"value": "g99", "display": "Hidden"}], ("Hidden",)),
        ([{"value": "g99"}], ("g99",)),
        ([{"value": "g99", "type": "indirect"}], None),
        ([{"value": store.id_of("red")}], None),
        ([], None),
    ):
        store["pam"]["groups"] = rows
        made = plan(store, wanted(teams=[team("red", "jim")]), INACTIVE)
        assert made.still_member == ({"pam": keeping} if keeping else {}), rows
        assert ("deactivate", "pam") in verbs(made) or keeping, rows
    store["pam"]["groups"] = [{"value": "g99", "display": "Hidden"}]
    policy = Policy(leavers="inactive", ignored_groups=("hid*",))
    assert ("deactivate", "pam") in verbs(plan(store, wanted(teams=[team("red", "jim")]), policy))


def test_a_group_to_be_deleted_keeps_no_leaver_active() -> None:
    store = office(red=["pam", "jim"], old=["pam"])
    store["pam"]["groups"] = [{"value": store.id_of("old")}]
    desired = wanted(
        teams=[team("red", "jim")], groups=[{"display_name": "old", "state": "absent"}]
    )
    converge(store, desired, INACTIVE)
    assert active(store) == {"jim"}


def test_candidates_are_users_that_left_and_are_in_no_onboarded_team() -> None:
    store = office(red=["pam", "jim", "creed"], blue=["toby"])
    store.group("nested")
    store["red"]["members"].append({"value": store.id_of("nested")})
    snapshot = read(store)
    teams = [team("red", "jim"), team("blue", "creed"), team("green", "toby", state="offboarded")]
    targets = match_targets(wanted(teams=teams), snapshot)
    memberships = settle_memberships(targets, snapshot)
    ids = {name: Key("User", store.id_of(name)) for name in ("pam", "toby")}
    found = candidates(targets, memberships, snapshot, INACTIVE)
    assert found == {ids["pam"]: "leaver", ids["toby"]: "offboarded"}
    assert candidates(targets, memberships, snapshot, Policy()) == {}


# purge


def purging(**kinds: str) -> Policy:
    return Policy(purge=kinds)


@pytest.mark.parametrize("state", ["inactive", "absent"])
def test_users_that_the_input_lacks_are_purged(state: str) -> None:
    store = office(red=["pam", "jim", "toby"])
    desired = wanted(users=[{"user_name": "pam"}, {"user_name": "jim"}])
    made = converge(store, desired, purging(User=state))
    assert active(store) == {"pam", "jim"}
    assert ("toby" in store.names("Users")) is (state == "inactive")
    assert [(one.name, one.reason) for one in made.changes] == [("toby", "purge")]
    assert made.scope == {"users": {"in_scope": 3, "all": 3}}
    settled(store, desired, purging(User=state))


@pytest.mark.parametrize(
    "directory",
    [
        {"groups": [{"display_name": "red", "members": {"add": ["toby"]}}]},
        {"groups": [{"display_name": "red", "members": {"remove": ["toby"]}}]},
        {"users": [{"user_name": "pam", "enterprise": {"manager": "toby"}}]},
        {"teams": [team("blue", "toby", state="offboarded")]},
        {"users": [{"user_name": "toby", "state": "inactive"}]},
    ],
    ids=["member", "former member", "manager", "offboarded", "state"],
)
def test_users_that_the_input_refers_to_are_not_purged(directory: dict[str, Any]) -> None:
    store = office(red=["pam", "jim", "toby"])
    users = [{"user_name": "pam"}, {"user_name": "jim"}]
    desired = wanted(**{**directory, "users": [*users, *directory.get("users", [])]})
    made = plan(store, desired, purging(User="absent"))
    assert not refusals(made) and not [one for one in made.changes if one.reason == "purge"]


def test_groups_that_the_input_lacks_are_purged_also_those_that_an_exact_list_leaves() -> None:
    store = office(red=["pam"], blue=["pam"], green=["pam"])
    users = [{"user_name": "pam", "groups": {"set": ["red"]}}]
    desired = wanted(users=users, groups=[{"display_name": "red"}])
    made = converge(store, desired, purging(Group="absent"))
    assert store.names("Groups") == {"red"}
    assert verbs(made) == [("delete", "blue"), ("delete", "green")]
    settled(store, desired, purging(Group="absent"))


def test_a_purge_of_an_input_without_resources_of_the_kind_is_refused() -> None:
    made = plan(
        office(red=["pam"]), wanted(groups=[{"display_name": "red"}]), purging(User="inactive")
    )
    assert refusals(made) == [
        "purge: the input has no users, which would remove all users of the service"
    ]


def test_a_purge_because_of_an_incomplete_list_is_refused() -> None:
    snapshot = read(office(red=["pam", "jim"]))
    snapshot.add(Reading(kind=USER, listed=False, came="2 of 3 came"))
    made = planned(wanted(users=[{"user_name": "pam"}]), snapshot, purging(User="inactive"))
    assert refusals(made) == [
        "purge: the list of all users is not complete (2 of 3 came), so it does not show what the "
        "input lacks"
    ]
    assert not made.size


def test_a_purge_that_matches_fewer_than_half_of_the_active_users_is_refused() -> None:
    store = office(red=["pam", "jim", "toby"])
    store.user("old", active=False)
    made = plan(store, wanted(users=[{"user_name": "pam"}]), purging(User="inactive"))
    assert refusals(made) == [
        "purge: only 1 of 3 active users in scope are in the input; check server_url and that the "
        "roster is complete"
    ]
    users = [{"user_name": "pam"}, {"user_name": "jim"}]
    assert not refusals(plan(store, wanted(users=users), purging(User="inactive")))


def test_leavers_count_as_matched_and_are_purged() -> None:
    store = office(red=["pam", "jim"])
    policy = Policy(leavers="inactive", purge={"User": "absent"})
    made = plan(store, wanted(teams=[team("red", "jim")]), policy)
    assert not refusals(made)
    assert ("delete", "pam") in verbs(made) and not made.still_member
    policy = Policy(leavers="absent", purge={"User": "inactive"})
    made = plan(store, wanted(teams=[team("red", "jim")]), policy)
    assert [(one.verb, one.reason) for one in made.changes if one.name == "pam"] == [
        ("delete", "purge")
    ]


def test_a_leaver_that_a_group_keeps_active_is_purged_and_not_named_as_kept() -> None:
    store = office(red=["pam", "jim"], staff=["pam"])
    policy = Policy(leavers="inactive", purge={"User": "inactive"})
    made = plan(store, wanted(teams=[team("red", "jim")]), policy)
    assert ("deactivate", "pam") in verbs(made) and made.still_member == {}


def test_only_what_is_in_scope_is_purged() -> None:
    store = office(red=["pam", "jim", "toby"])
    for name in ("pam", "toby"):
        store[name]["title"] = "ours"
    desired = wanted(users=[{"user_name": "pam"}])
    for scope in (Scope(filter='title eq "ours"'), Scope(query="title == 'ours'")):
        policy = Policy(purge={"User": "inactive"}, scope={"User": scope})
        made = plan(store, desired, policy)
        assert verbs(made) == [("deactivate", "toby")] and not refusals(made)
        assert made.scope == {"users": {"in_scope": 2, "all": 3}}
    policy = Policy(purge={"User": "inactive"}, scope={"User": Scope(query="title == 'x'")})
    made = plan(store, desired, policy)
    assert not made.size and made.notes == (
        "purge: none of the users of the service are in scope, so none are purged",
    )


def test_protected_resources_are_passed_over_by_a_purge_with_a_note() -> None:
    store = office(red=["pam", "jim", "toby"], blue=[])
    desired = wanted(
        users=[{"user_name": "pam"}, {"user_name": "jim"}], groups=[{"display_name": "red"}]
    )
    policy = Policy(
        purge={"User": "absent", "Group": "absent"},
        protected={"User": ("TO*",), "Group": ("jmespath:displayName == 'blue'",)},
    )
    made = plan(store, desired, policy)
    assert not made.size and not refusals(made)
    assert made.notes == (
        "purge: protected users that are not in the input stay: 1",
        "purge: protected groups that are not in the input stay: 1",
    )


def test_a_purge_passes_over_the_account_of_the_credentials() -> None:
    store = office(red=["pam", "jim", "robot"])
    desired = wanted(users=[{"user_name": "pam"}, {"user_name": "jim"}])
    policy = Policy(purge={"User": "inactive"}, knows_itself=True)
    snapshot = read(store)
    snapshot.add_account([store.id_of("robot")])
    made = planned(desired, snapshot, policy)
    assert not made.size and not refusals(made)
    assert made.notes == ("purge: protected users that are not in the input stay: 1",)
    assert verbs(plan(store, desired, policy)) == [("deactivate", "robot")]


def test_members_that_are_purged_are_not_reported_as_unmanaged() -> None:
    store = office(red=["pam", "jim", "toby"])
    desired = wanted(
        "additive",
        users=[{"user_name": "pam"}],
        groups=[{"display_name": "red", "members": {"add": ["jim"]}}],
    )
    made = plan(store, desired, purging(User="inactive"))
    assert verbs(made) == [("deactivate", "toby")] and made.unmanaged == {"red": ("pam",)}


@pytest.mark.parametrize("leavers, done", [("inactive", "deactivated"), ("absent", "deleted")])
def test_l13_leavers_that_cannot_be_judged_are_named_with_the_reason(
    leavers: str, done: str
) -> None:
    snapshot = read(office(red=["pam", "jim", "kev"]))
    snapshot.add(Reading(kind=GROUP, listed=False))
    snapshot.add_refusal(Question(kind=GROUP), "the service answered 403: no")
    made = planned(wanted(teams=[team("red", "jim")]), snapshot, Policy(leavers=leavers))
    assert {one.verb for one in made.changes} == {"update"}
    assert made.notes == (
        "the groups of the service could not be listed (the service answered 403: no), "
        f"so no leaver is {done}: kev, pam",
    )


def test_l13_users_that_are_gone_or_set_by_the_input_are_not_named_as_leavers() -> None:
    snapshot = read(office(red=["pam", "jim", "kev"]))
    snapshot.add(Reading(kind=GROUP, listed=False))
    users = [{"user_name": "kev", "state": "inactive"}]
    made = planned(wanted(teams=[team("red", "jim")], users=users), snapshot, INACTIVE)
    assert [one.name for one in made.changes if one.verb == "deactivate"] == ["kev"]
    assert made.notes[-1].endswith(": pam")
