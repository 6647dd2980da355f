# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection and thresholds.

What is refused, in which words, and the exact number that would allow it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import Plan
from ansible_collections.identity.scim.plugins.module_utils._plan.draft import draft
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import (
    THRESHOLDS,
    Policy,
    Scope,
    limits,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Questions,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.directories import (
    rosters,
    stores,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    office,
    plan,
    planned,
    read,
    refusals,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


def crowd(number: int, group: str = "red", inactive: int = 0) -> Store:
    store = Store()
    for one in range(number):
        store.user(f"n{one:03}", active=one >= inactive)
    store.group(group, [f"n{one:03}" for one in range(number)])
    return store


def reasons(store: Store, directory: dict[str, Any], policy: Policy) -> list[str]:
    return refusals(plan(store, wanted(**directory), policy))


def judged(*, protected: dict[str, tuple[str, ...]] | None = None, **thresholds: Any) -> Policy:
    """Return a policy with thresholds, all others as by default."""
    return Policy(leavers="inactive", thresholds=limits(thresholds), protected=protected or {})


def protecting(*, users: tuple[str, ...] = (), groups: tuple[str, ...] = ()) -> Policy:
    """Return a policy without thresholds."""
    return Policy(leavers="inactive", protected={"User": users, "Group": groups})


def alone(kind: str, value: Any) -> Policy:
    """Return a policy with one threshold only."""
    return judged(**{**dict.fromkeys(limits({}), "none"), kind: value})


# O2 and its kin: the sentences


def test_o2_a_roster_cut_in_half() -> None:
    """O2: kind, n of m, ten names, and the number that allows it."""
    store = crowd(30)
    half = {"teams": [team("red", *(f"n{one:03}" for one in range(15)))]}
    said = reasons(store, half, judged())
    names = [f"n{one:03}" for one in range(15, 30)]
    first = ", ".join(names[:10])
    assert said == [
        f"users_removed: 15 of 30 active users would be deactivated or deleted (limit 20%): {first}, …; to allow it set thresholds.users_removed to 15",
        "memberships_removed: 15 of 30 memberships would end (limit 20%): "
        + ", ".join(f"{one} in red" for one in names[:10])
        + ", …; to allow it set thresholds.memberships_removed to 15",
    ]
    assert reasons(store, half, judged(users_removed=14))[0].endswith(
        "(limit 14): " + f"{first}, …; to allow it set thresholds.users_removed to 15"
    )
    assert not reasons(store, half, judged(max_removals=15))
    assert not reasons(store, half, judged(max_removals="50%"))
    assert not reasons(store, half, judged(max_removals="none"))


def test_ten_names_are_all_named() -> None:
    (said,) = reasons(
        crowd(20),
        {"teams": [team("red", *(f"n{one:03}" for one in range(10)))]},
        alone("users_removed", "20%"),
    )
    assert said.endswith("n018, n019; to allow it set thresholds.users_removed to 10")


def test_o14_most_of_one_group() -> None:
    """O14: a group that loses most of its members is judged by itself."""
    store = crowd(100)
    store.group("small", [f"n{one:03}" for one in range(8)])
    (said,) = reasons(
        store,
        {
            "groups": [
                {"display_name": "small", "members": {"set": ["n000", "n001"]}},
                {"display_name": "red", "members": {"set": [f"n{one:03}" for one in range(100)]}},
            ]
        },
        judged(),
    )
    assert said == (
        "members_removed_per_group: 6 of 8 members would leave group 'small' (limit 50%): n002, n003, n004, n005, n006, n007; "
        "to allow it set thresholds.members_removed_per_group to 6"
    )


def test_o15_users_that_are_inactive_already_do_not_count() -> None:
    """O15: neither as removed nor in the total."""
    store = crowd(30, inactive=24)
    directory = {"teams": [team("red", "n028", "n029")]}
    (said,) = reasons(store, directory, alone("users_removed", "20%"))
    assert said.startswith(
        "users_removed: 4 of 6 active users would be deactivated or deleted (limit 20%): n024, n025, n026, n027;"
    )


def test_o15_the_share_is_of_the_users_in_scope() -> None:
    """O15: of 30 active users 10 are in scope, so 6 are more than half of them."""

    directory = {"teams": [team("red", *(f"n{one:03}" for one in range(24)))]}
    limited = alone("users_removed", "20%")
    assert not reasons(crowd(30), directory, limited)
    scoped = replace(limited, scope={"User": Scope(query="userName >= 'n020'")})
    (said,) = reasons(crowd(30), directory, scoped)
    assert said.startswith(
        "users_removed: 6 of 10 active users would be deactivated or deleted (limit 20%): n024, n025, n026, n027, n028, n029;"
    )


def test_leavers_by_name_are_not_judged() -> None:
    store = crowd(10)
    every_name = [f"n{one:03}" for one in range(10)]
    assert not reasons(
        store,
        {"teams": [team("red", *every_name, state="offboarded")]},
        judged(max_removals=0, members_removed_per_group=0),
    )
    assert not reasons(
        store,
        {"users": [{"user_name": one, "state": "inactive"} for one in every_name]},
        judged(max_removals=0),
    )
    assert not reasons(
        store,
        {"users": [{"user_name": one, "state": "absent"} for one in every_name]},
        judged(max_removals=0),
    )
    assert not reasons(
        store,
        {"teams": [team("red", *({"user_name": one, "state": "inactive"} for one in every_name))]},
        judged(max_removals=0, members_removed_per_group=0),
    )
    assert not reasons(
        store, {"groups": [{"display_name": "red", "state": "absent"}]}, judged(max_removals=0)
    )


def test_users_deactivated_by_an_attribute_are_judged() -> None:
    (said,) = reasons(
        crowd(10),
        {"users": [{"user_name": f"n{one:03}", "active": False} for one in range(6)]},
        judged(),
    )
    assert said.startswith("users_removed: 6 of 10 active users")


@pytest.mark.parametrize(
    "changed, counted",
    [
        ({"user_name": "new{}"}, True),
        ({"external_id": "y{}"}, True),
        ({"emails": [{"value": "new{}@x.org", "type": "work"}]}, True),
        ({"emails": [{"value": "new{}@x.org", "type": "home"}]}, False),
        ({"title": "t{}"}, False),
        ({"active": False}, False),
    ],
)
def test_o5_identities(changed: dict[str, Any], counted: bool) -> None:
    """O5: user names, external ids and primary addresses are identities, and nothing else."""
    store = Store()
    for one in range(12):
        store.user(
            f"n{one:03}",
            externalId=f"x{one}",
            emails=[{"value": f"{one}@x.org", "type": "work", "primary": True}],
        )

    def filled(value: Any, one: int) -> Any:
        if isinstance(value, list):
            return [{key: filled(inner, one) for key, inner in row.items()} for row in value]
        return value.format(one) if isinstance(value, str) else value

    ids = {one: store.id_of(f"n{one:03}") for one in range(12)}
    rows = [
        {
            "id": ids[one],
            **{key: filled(value, one) for key, value in changed.items()},
            "match_by": ["id"],
        }
        for one in range(6)
    ]
    said = reasons(store, {"users": rows}, alone("identities_changed", "20%"))
    assert bool(said) is counted
    if counted:
        assert said[0].startswith(
            "identities_changed: 6 of 6 users would change their identity (limit 20%): n000, n001,"
        )


def test_a_first_external_id_is_no_changed_identity() -> None:
    store = crowd(10)
    assert not reasons(
        store,
        {"users": [{"user_name": f"n{one:03}", "external_id": f"x{one}"} for one in range(10)]},
        judged(),
    )


def test_creations_are_limited_if_the_policy_says_so() -> None:
    rows = {"users": [{"user_name": f"new{one}"} for one in range(3)]}
    assert not reasons(crowd(1), rows, judged())
    assert reasons(crowd(1), rows, judged(users_created=2)) == [
        "users_created: 3 of 3 users would be created (limit 2): new0, new1, new2; to allow it set thresholds.users_created to 3"
    ]


def test_refusals_come_in_the_order_of_the_table_of_thresholds() -> None:
    store = crowd(30)
    store.group("blue", ["n000"])
    rows = [
        {"user_name": "new", "external_id": "x-new"},
        *({"id": store.id_of(f"n{one:03}"), "user_name": f"m{one:03}"} for one in range(8)),
    ]
    desired = {
        "teams": [team("red", *(f"n{one:03}" for one in range(8, 12)))],
        "groups": [{"display_name": "red"}],
        "users": [{**row, "match_by": ["id", "external_id"]} for row in rows],
    }
    policy = replace(judged(users_created=0), purge={"Group": "absent"})
    said = [one.partition(":")[0] for one in reasons(store, desired, policy)]
    assert said == list(THRESHOLDS)


def test_without_thresholds_nothing_is_judged() -> None:
    assert not reasons(crowd(30), {"teams": [team("red")]}, Policy(leavers="inactive"))


# P11


@settings(max_examples=60)
@given(stores(), rosters(), st.sampled_from(("inactive", "absent")), st.integers(0, 3))
def test_p11_no_more_than_allowed_and_the_number_of_the_refusal_allows_it(
    store: Store, teams: list[dict[str, Any]], leavers: str, most: int
) -> None:
    """P11: the refusals, and the number that they name."""
    desired = wanted(teams=teams)
    made = plan(store, desired, Policy(leavers=leavers))
    removed = [
        one
        for one in made.changes
        if one.kind is USER and one.reason == "leaver" and store[one.name]["active"]
    ]
    ended = 0
    for change in made.changes:
        ended += len(change.membership.unlisted) if change.membership is not None else 0
    kinds = ("users_removed", "groups_removed", "memberships_removed", "members_removed_per_group")
    allowed: dict[str, Any] = {**dict.fromkeys(limits({}), "none"), **dict.fromkeys(kinds, most)}
    for _round in range(5):
        said = refusals(plan(store, desired, Policy(leavers=leavers, thresholds=limits(allowed))))
        is_little = (
            len(removed) <= allowed["users_removed"] and ended <= allowed["memberships_removed"]
        )
        assert said or is_little
        if not said:
            break
        for sentence in said:
            match = re.search(
                r"^(\w+): (\d+) of \d+ .*; to allow it set thresholds\.(\w+) to (\d+)$", sentence
            )
            assert match and match[1] == match[3] and match[2] == match[4]
            allowed[match[1]] = max(allowed[match[1]], int(match[4]))
    assert not said


# protect


@pytest.mark.parametrize(
    "names, said",
    [
        (("n009",), True),
        (("N009",), True),
        (("n00*",), True),
        (("*",), True),
        (("n9",), False),
        (("n00",), False),
        ((), False),
    ],
)
def test_o13_protected_users_are_neither_removed_nor_deactivated(
    names: tuple[str, ...], said: bool
) -> None:
    """O13: protection has no threshold."""
    found = reasons(
        crowd(10),
        {"teams": [team("red", *(f"n{one:03}" for one in range(9)))]},
        protecting(users=names),
    )
    assert found == (
        [
            "user 'n009' is protected and would be deactivated",
            "user 'n009' is protected and would be removed from group 'red'",
        ]
        if said
        else []
    )


def test_protection_is_judged_on_the_names_of_the_service() -> None:
    store = Store()
    store.user("admin", externalId="x-1")
    said = reasons(
        store, {"users": [{"external_id": "x-1", "state": "absent"}]}, protecting(users=("Admin",))
    )
    assert said == ["user 'admin' is protected and would be deleted"]
    said = reasons(
        store,
        {"users": [{"external_id": "x-1", "user_name": "other", "state": "inactive"}]},
        protecting(users=("admin",)),
    )
    assert said == ["user 'admin' is protected and would be deactivated"]


def test_protected_groups_are_not_deleted() -> None:
    said = reasons(
        crowd(2, "Board"),
        {"groups": [{"display_name": "board", "state": "absent"}]},
        protecting(groups=("BOARD",)),
    )
    assert said == ["group 'Board' is protected and would be deleted"]


def test_protected_resources_may_be_changed_otherwise() -> None:
    assert not reasons(
        crowd(2),
        {
            "users": [{"user_name": "n000", "title": "x"}],
            "groups": [{"display_name": "red", "members": {"add": ["n001"]}}],
        },
        protecting(users=("*",), groups=("*",)),
    )


def test_all_refusals_are_named_at_once() -> None:
    assert (
        len(
            reasons(
                crowd(30),
                {"teams": [team("red", "n000")]},
                judged(protected={"User": ("n001",)}),
            )
        )
        == 5
    )


def test_o13_the_account_of_the_credentials_is_neither_removed_nor_leaves() -> None:
    """O13: the credentials of a run may belong to one of the users."""
    store = crowd(3)
    policy = Policy(knows_itself=True)
    for state, done in (("absent", "deleted"), ("inactive", "deactivated")):
        snapshot = read(store)
        snapshot.add_account([store.id_of("n001")])
        made = planned(wanted(users=[{"user_name": "n001", "state": state}]), snapshot, policy)
        assert refusals(made) == [
            f"user 'n001' is the account of these credentials and would be {done}"
        ]
    snapshot = Snapshot(account=["n001"])
    for reading in readings(store):
        snapshot.add(reading)
    groups = [{"display_name": "red", "members": {"remove": ["n001"]}}]
    assert refusals(planned(wanted(groups=groups), snapshot, policy)) == [
        "user 'n001' is the account of these credentials and would be removed from group 'red'"
    ]
    assert not refusals(planned(wanted(groups=groups), snapshot))


def test_o13_protection_by_an_expression() -> None:
    """O13: an entry of protect may be a JMESPath expression over the resource."""
    store = crowd(3)
    store["n001"]["userType"] = "service"
    policy = protecting(users=("jmespath:userType == 'service'",))
    said = reasons(store, {"users": [{"user_name": "n001", "state": "absent"}]}, policy)
    assert said == ["user 'n001' is protected and would be deleted"]
    assert not reasons(store, {"users": [{"user_name": "n002", "state": "absent"}]}, policy)


def test_purged_groups_are_judged_with_their_memberships() -> None:
    store = office(**{name: ["pam", "jim"] for name in ("red", "blue", "green")})
    policy = replace(judged(), purge={"Group": "absent"}, leavers="keep")
    said = reasons(store, {"groups": [{"display_name": "red"}]}, policy)
    assert said == [
        "groups_removed: 2 of 3 groups would be deleted (limit 20%): blue, green; "
        "to allow it set thresholds.groups_removed to 2",
        "memberships_removed: 4 of 4 memberships would end (limit 20%): jim in blue, jim in green, "
        "pam in blue, pam in green; to allow it set thresholds.memberships_removed to 4",
    ]


def test_a_deletion_that_the_input_sets_is_not_judged_beside_a_purge() -> None:
    store = office(red=["pam"], blue=["jim"])
    policy = replace(judged(max_removals=0), purge={"Group": "absent"})
    groups = [{"display_name": "red"}, {"display_name": "blue", "state": "absent"}]
    assert not reasons(store, {"groups": groups}, policy)


# the account of the credentials


@pytest.mark.parametrize(
    "policy, noted",
    [
        (Policy(knows_itself=True), True),
        (Policy(knows_itself=True, protected={"User": ("root",)}), False),
        (Policy(knows_itself=True, protected={"Group": ("root",)}), True),
        (Policy(), False),
    ],
)
def test_an_unknown_account_is_noted_if_a_user_is_removed(policy: Policy, noted: bool) -> None:
    store = crowd(3)
    made = plan(store, wanted(users=[{"user_name": "n001", "state": "inactive"}]), policy)
    note = (
        "the account of these credentials is not known; if it is a user of this service, "
        "add it to protect.users"
    )
    assert made.remarks == ((note,) if noted else ()) and not made.notes
    assert not plan(store, wanted(users=[{"user_name": "n001", "title": "x"}]), policy).remarks
    snapshot = read(store)
    snapshot.add_account(["robot"])
    desired = wanted(users=[{"user_name": "n001", "state": "inactive"}])
    assert not planned(desired, snapshot, policy).remarks


# what the judge must know


def readings(store: Store, *, users: tuple[str, ...] | None = None) -> list[Reading]:
    """Return all groups, and all users or those of that name, as if they had been looked up."""
    groups = tuple(store.held["Groups"].values())
    found = []
    for row in store.held["Users"].values():
        if users is None or row["userName"] in users:
            found.append(row)
    ids = tuple(("id", row["id"]) for row in store.held["Users"].values())
    names = tuple(("userName", row["userName"]) for row in store.held["Users"].values())
    return [
        Reading(kind=GROUP, resources=groups, members_shown=True, listed=True),
        Reading(kind=USER, resources=tuple(found), answered=(*ids, *names)),
    ]


def known(store: Store, *users: str) -> Snapshot:
    """Return a snapshot with all groups, and some users that were looked up."""
    snapshot = Snapshot()
    for reading in readings(store, users=users):
        snapshot.add(reading)
    return snapshot


EVERY_USER = Questions(asked=(Question(kind=USER, optional=True),))


@pytest.mark.parametrize(
    "removed, limit, asks",
    [
        (1, "20%", True),
        (1, "0%", True),
        (1, 5, False),
        (1, 0, True),
        (1, "none", False),
        (0, "20%", False),
    ],
)
def test_the_users_are_listed_only_if_their_number_decides(
    removed: int, limit: Any, asks: bool
) -> None:
    """Of the users that are known, one is all.

    Of the thirty of the service, it is few.
    """
    store = crowd(30)
    names = [f"n{one:03}" for one in range(30)]
    desired = wanted(teams=[team("red", *names[removed:])])
    snapshot = known(store, names[0])
    found = draft(desired, snapshot, alone("users_removed", limit), Capabilities())
    assert (found == EVERY_USER) is asks
    if asks:
        snapshot.add(readings(store)[1])
        snapshot.add(Reading(kind=USER, listed=True))
        found = draft(desired, snapshot, alone("users_removed", limit), Capabilities())
        assert isinstance(found, Plan) and bool(found.refusals) is (limit in ("0%", 0))


def test_an_incomplete_list_of_users_is_not_asked_for_again() -> None:
    store = crowd(30)
    desired = wanted(teams=[team("red", *(f"n{one:03}" for one in range(1, 30)))])
    snapshot = known(store, "n000")
    snapshot.add(Reading(kind=USER, listed=False))
    found = draft(desired, snapshot, alone("users_removed", "20%"), Capabilities())
    assert isinstance(found, Plan) and found.refusals


def test_the_users_are_listed_before_a_refusal_names_them_by_their_ids() -> None:
    """Members that leave, or whose group is deleted, may be known by their ids only."""
    store = crowd(4)
    desired = wanted(groups=[{"display_name": "red", "members": {"set": []}}])
    policy = replace(alone("memberships_removed", 0), leavers="keep")
    assert draft(desired, known(store), policy, Capabilities()) == EVERY_USER
    allowed = replace(alone("memberships_removed", 4), leavers="keep")
    assert isinstance(draft(desired, known(store), allowed, Capabilities()), Plan)
    every = tuple(store.names("Users"))
    assert isinstance(draft(desired, known(store, *every), policy, Capabilities()), Plan)


def test_without_thresholds_no_users_are_listed() -> None:
    store = crowd(4)
    desired = wanted(teams=[team("red", "n000")])
    found = draft(desired, known(store, "n000"), protecting(users=("n000",)), Capabilities())
    assert isinstance(found, Plan)
