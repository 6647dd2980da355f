# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection and thresholds: what is refused, in which words, and the exact number that would allow it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.guard import (
    Guard,
    Limit,
    limit,
    limits,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.leavers import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.purge import Purge
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    plan,
    read,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.test_directory import (
    rosters,
    stores,
)


def crowd(number: int, group: str = "red", inactive: int = 0) -> Store:
    store = Store()
    for one in range(number):
        store.user(f"n{one:03}", active=one >= inactive)
    store.group(group, [f"n{one:03}" for one in range(number)])
    return store


def reasons(
    store: Store, directory: dict[str, Any], guard: Guard, policy: Policy = INACTIVE
) -> list[str]:
    made = plan(store, wanted(**directory), policy)
    assert not made.problems
    return guard.reasons(made, read(store))


def judged(**stated: Any) -> Guard:
    return Guard(thresholds=limits(stated))


def alone(kind: str, value: Any) -> Guard:
    """Only one kind is judged."""
    return judged(**{**dict.fromkeys(limits({}), "none"), kind: value})


# B13: how a limit is written


@pytest.mark.parametrize(
    "value, found",
    [
        ("20", Limit(count=20)),
        (20, Limit(count=20)),
        ("20%", Limit(percent=20)),
        (" 20 % ", Limit(percent=20)),
        (0, Limit(count=0)),
        ("0", Limit(count=0)),
        ("0%", Limit(percent=0)),
        ("100%", Limit(percent=100)),
        ("none", Limit()),
        ("None", Limit()),
    ],
)
def test_b13_limits(value: Any, found: Limit) -> None:
    assert limit(value, "users_removed") == found
    assert {
        name: limits({"max_removals": value})[name]
        for name in ("users_removed", "groups_removed", "memberships_removed")
    } == dict.fromkeys(("users_removed", "groups_removed", "memberships_removed"), found)


@pytest.mark.parametrize(
    "value", [-1, "-1", "200%", "101%", "many", "", "%", "2.5", "1e3", "20 percent", True, [], "²"]
)
def test_b13_what_is_no_limit(value: Any) -> None:
    for name in ("users_removed", "max_removals"):
        with pytest.raises(ValueError) as info:
            limits({name: value})
        assert (
            str(info.value)
            == f"thresholds.{name} is a count, a percentage from 0% to 100% or 'none', not '{value}'"
        )
    with pytest.raises(ValueError, match="^stop_after_failures is a count, "):
        limit(value, "stop_after_failures")


def test_defaults_and_what_is_stated_itself_wins() -> None:
    assert {
        name: str(one) if one != Limit() else "none"
        for name, one in limits({"users_removed": None}).items()
    } == {
        "users_removed": "20%",
        "groups_removed": "20%",
        "memberships_removed": "20%",
        "members_removed_per_group": "50%",
        "identities_changed": "20%",
        "users_created": "none",
    }
    found = limits({"max_removals": 3, "users_removed": "none"})
    assert (
        found["users_removed"],
        found["memberships_removed"],
        found["members_removed_per_group"],
    ) == (Limit(), Limit(count=3), Limit(percent=50))


@pytest.mark.parametrize(
    "written, number, total, exceeded",
    [
        ("20%", 5, 6, True),
        ("20%", 5, 10, True),
        ("20%", 5, 11, False),
        ("20%", 3, 6, True),
        ("20%", 2, 6, False),
        ("20%", 1, 2, True),
        ("20%", 1, 3, False),
        ("20%", 6, 30, False),
        ("20%", 6, 29, True),
        ("20%", 20, 100, False),
        ("20%", 21, 100, True),
        ("20%", 0, 0, False),
        ("20%", 1, 1, True),
        ("0%", 1, 100, True),
        ("0%", 0, 100, False),
        ("100%", 7, 7, False),
        ("50%", 5, 10, False),
        ("50%", 51, 100, True),
        (0, 1, 100, True),
        (0, 0, 100, False),
        (5, 5, 6, False),
        (5, 6, 1000, True),
        ("none", 1000, 1000, False),
    ],
)
def test_only_what_exceeds_a_limit_is_refused(
    written: Any, number: int, total: int, exceeded: bool
) -> None:
    assert limit(written, "users_removed").exceeded(number, total) is exceeded


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


def test_ten_names_are_told_in_full() -> None:
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


def test_o15_who_was_inactive_already_does_not_count() -> None:
    """O15: neither as removed nor among those that the share is of."""
    store = crowd(30, inactive=24)
    directory = {"teams": [team("red", "n028", "n029")]}
    (said,) = reasons(store, directory, alone("users_removed", "20%"))
    assert said.startswith(
        "users_removed: 4 of 6 active users would be deactivated or deleted (limit 20%): n024, n025, n026, n027;"
    )


def test_o15_the_share_is_of_those_in_scope() -> None:
    """O15: of 30 active users 10 are in scope, so 6 are more than half of them."""

    def ours(resource: Any) -> bool:
        return str(resource["userName"]) >= "n020"

    directory = {"teams": [team("red", *(f"n{one:03}" for one in range(24)))]}
    everybody, scoped = alone("users_removed", "20%"), alone("users_removed", "20%")
    assert not reasons(crowd(30), directory, everybody)
    (said,) = reasons(crowd(30), directory, replace(scoped, purge=Purge(ours={"User": ours})))
    assert said.startswith(
        "users_removed: 6 of 10 active users would be deactivated or deleted (limit 20%): n024, n025, n026, n027, n028, n029;"
    )


def test_leavers_by_name_are_not_judged() -> None:
    store = crowd(10)
    everybody = [f"n{one:03}" for one in range(10)]
    assert not reasons(
        store,
        {"teams": [team("red", *everybody, state="offboarded")]},
        judged(max_removals=0, members_removed_per_group=0),
    )
    assert not reasons(
        store,
        {"users": [{"user_name": one, "state": "inactive"} for one in everybody]},
        judged(max_removals=0),
    )
    assert not reasons(
        store,
        {"users": [{"user_name": one, "state": "absent"} for one in everybody]},
        judged(max_removals=0),
    )
    assert not reasons(
        store,
        {"teams": [team("red", *({"user_name": one, "state": "inactive"} for one in everybody))]},
        judged(max_removals=0, members_removed_per_group=0),
    )
    assert not reasons(
        store, {"groups": [{"display_name": "red", "state": "absent"}]}, judged(max_removals=0)
    )


def test_who_is_deactivated_without_a_state_of_its_own_is_judged() -> None:
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


def test_creations_are_limited_where_that_is_asked() -> None:
    rows = {"users": [{"user_name": f"new{one}"} for one in range(3)]}
    assert not reasons(crowd(1), rows, judged())
    assert reasons(crowd(1), rows, judged(users_created=2)) == [
        "users_created: 3 of 3 users would be created (limit 2): new0, new1, new2; to allow it set thresholds.users_created to 3"
    ]


def test_a_single_module_is_not_judged() -> None:
    assert not reasons(crowd(30), {"teams": [team("red")]}, Guard())


# P11


@settings(max_examples=60)
@given(stores(), rosters(), st.sampled_from(("inactive", "absent")), st.integers(0, 3))
def test_p11_no_more_than_allowed_and_the_number_told_allows_it(
    store: Store, teams: list[dict[str, Any]], leavers: str, most: int
) -> None:
    """P11: the judgement by itself, and the number it tells."""
    made = plan(store, wanted(teams=teams), Policy(leavers=leavers))
    snapshot = read(store)
    stated: dict[str, Any] = {
        **dict.fromkeys(limits({}), "none"),
        **dict.fromkeys(
            ("users_removed", "groups_removed", "memberships_removed", "members_removed_per_group"),
            most,
        ),
    }
    removed = [
        one
        for one in made.changes
        if one.kind.name == "User" and one.reason == "leaver" and store[one.name]["active"]
    ]
    ended = [ident for one in made.changes for ident in one.implied]
    for _round in range(5):
        said = judged(**stated).reasons(made, snapshot)
        assert (
            bool(said)
            or len(removed) <= stated["users_removed"]
            and len(ended) <= stated["memberships_removed"]
        )
        if not said:
            break
        for sentence in said:
            match = re.search(
                r"^(\w+): (\d+) of \d+ .*; to allow it set thresholds\.(\w+) to (\d+)$", sentence
            )
            assert match and match[1] == match[3] and match[2] == match[4]
            stated[match[1]] = max(stated[match[1]], int(match[4]))
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
        crowd(10), {"teams": [team("red", *(f"n{one:03}" for one in range(9)))]}, Guard(users=names)
    )
    assert found == (
        [
            "user 'n009' is protected and would be deactivated",
            "user 'n009' is protected and would be removed from group 'red'",
        ]
        if said
        else []
    )


def test_protection_is_judged_on_what_the_service_calls_them() -> None:
    store = Store()
    store.user("admin", externalId="x-1")
    said = reasons(
        store, {"users": [{"external_id": "x-1", "state": "absent"}]}, Guard(users=("Admin",))
    )
    assert said == ["user 'admin' is protected and would be deleted"]
    said = reasons(
        store,
        {"users": [{"external_id": "x-1", "user_name": "other", "state": "inactive"}]},
        Guard(users=("admin",)),
    )
    assert said == ["user 'admin' is protected and would be deactivated"]


def test_protected_groups_are_not_deleted() -> None:
    said = reasons(
        crowd(2, "Board"),
        {"groups": [{"display_name": "board", "state": "absent"}]},
        Guard(groups=("BOARD",)),
    )
    assert said == ["group 'Board' is protected and would be deleted"]


def test_who_is_protected_may_be_changed_otherwise() -> None:
    assert not reasons(
        crowd(2),
        {
            "users": [{"user_name": "n000", "title": "x"}],
            "groups": [{"display_name": "red", "members": {"add": ["n001"]}}],
        },
        Guard(users=("*",), groups=("*",)),
    )


def test_all_reasons_are_told_at_once() -> None:
    assert (
        len(
            reasons(
                crowd(30),
                {"teams": [team("red", "n000")]},
                Guard(users=("n001",), thresholds=limits({})),
            )
        )
        == 5
    )


def test_the_own_account() -> None:
    """O13: whose the credentials are is not deleted."""
    store = crowd(3)
    said = reasons(
        store,
        {"users": [{"user_name": "n001", "state": "absent"}]},
        Guard(own=frozenset((store.id_of("n001"),))),
    )
    assert said == ["user 'n001' is the account of these credentials and would be deleted"]
