# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of changes.

What refers to a new resource comes after it, and users join before they leave.
"""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.change import (
    Change,
    MembershipChange,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Content, Desired
from ansible_collections.identity.scim.plugins.module_utils._plan.order import (
    Phase,
    ordered,
    phase,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
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
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    ENTERPRISE_URN,
    Store,
)


def test_a_user_that_moves_joins_before_leaving_and_stays_active() -> None:
    store = office(red=["pam", "jim"], blue=["dwight"])
    desired = wanted(teams=[team("red", "jim"), team("blue", "dwight", "pam")])
    made = converge(store, desired, INACTIVE)
    assert verbs(made) == [("joins", "blue"), ("leaves", "red")]
    assert active(store) == {"pam", "jim", "dwight"} and store.members("blue") == {"dwight", "pam"}
    settled(store, desired, INACTIVE)


def test_leavers_stay_findable_as_members_until_they_are_deleted() -> None:
    store = office(red=["pam", "jim"])
    made = converge(store, wanted(teams=[team("red", "jim")]), Policy(leavers="absent"))
    assert verbs(made) == [("delete", "pam"), ("leaves", "red")]
    assert store.names("Users") == {"jim"}


def test_managers_created_in_the_same_run_come_first() -> None:
    store = Store()
    rows = [
        {"user_name": name, "enterprise": {"manager": boss}}
        for name, boss in (("a", "b"), ("b", "c"), ("c", None))
    ]
    made = converge(store, wanted(users=rows))
    assert [one.name for one in made.changes] == ["c", "b", "a"] and len(store.writes()) == 3
    assert store["a"][ENTERPRISE_URN]["manager"]["value"] == store["b"]["id"]


def test_b18_a_circle_of_managers_is_closed_afterwards() -> None:
    store = Store()
    rows = [
        {"user_name": name, "title": "x", "enterprise": {"manager": boss}}
        for name, boss in (("a", "b"), ("b", "c"), ("c", "a"))
    ]
    converge(store, wanted(users=rows))
    assert {name: store[name][ENTERPRISE_URN]["manager"]["value"] for name in "abc"} == {
        "a": store["b"]["id"],
        "b": store["c"]["id"],
        "c": store["a"]["id"],
    }
    assert [method for method, _kind in store.writes()] == ["POST", "POST", "POST", "PATCH"]
    settled(store, wanted(users=rows))


def test_a_user_may_be_their_own_manager() -> None:
    store = Store()
    desired = wanted(users=[{"user_name": "ceo", "enterprise": {"manager": "ceo"}}])
    converge(store, desired)
    assert store["ceo"][ENTERPRISE_URN]["manager"]["value"] == store["ceo"]["id"]
    settled(store, desired)


def test_nested_groups_are_created_innermost_first() -> None:
    store = Store()
    desired = wanted(
        groups=[
            {"display_name": "all", "members": {"set": [{"group": "red"}, {"group": "blue"}]}},
            {"display_name": "red", "members": {"set": [{"group": "blue"}]}},
            {"display_name": "blue"},
        ]
    )
    made = converge(store, desired)
    assert [one.name for one in made.changes] == ["blue", "red", "all"]
    assert store.members("all") == {"red", "blue"}
    settled(store, desired)


def test_b15_new_groups_that_contain_each_other_are_refused() -> None:
    made = plan(
        Store(),
        wanted(
            groups=[
                {"display_name": name, "members": {"set": [{"group": inner}]}}
                for name, inner in (("a", "b"), ("b", "a"))
            ]
        ),
    )
    assert refusals(made) and "contain" in refusals(made)[0]


# the phases and steps


def user(name: str, *, before: bool | None, after: bool | None) -> Change:
    """Return a change of a user that is active or not, or None, before and after."""
    states = [None if one is None else {"userName": name, "active": one} for one in (before, after)]
    return Change(
        key=Key("User", name),
        name=name,
        desired=Desired(kind=USER),
        before=states[0],
        after=states[1],
    )


def group(name: str, *, joins: str = "", leaves: str = "", renamed: bool = False) -> Change:
    """Return an update of a group; each letter of ``joins`` and ``leaves`` is a user."""
    members = MembershipChange(
        current=frozenset(Key("User", one) for one in leaves),
        joins=tuple(Key("User", one) for one in joins),
        leaves=tuple(Key("User", one) for one in leaves),
        unlisted=frozenset(Key("User", one) for one in leaves),
    )
    return Change(
        key=Key("Group", name),
        name=name,
        desired=Desired(kind=GROUP),
        before={"displayName": name},
        after={"displayName": f"new {name}" if renamed else name},
        membership=members,
    )


def test_every_kind_of_change_has_its_phase() -> None:
    assert [
        phase(one)
        for one in (
            user("a", before=None, after=True),
            user("a", before=False, after=True),
            user("a", before=True, after=False),
            user("a", before=True, after=None),
            group("g", joins="a"),
            group("g", joins="a", leaves="b"),
            group("g", renamed=True),
            group("g", leaves="b"),
            given("g", "b", leaves="b"),
            given("g", "b", leaves="bc"),
        )
    ] == [
        Phase.CREATE_USER,
        Phase.UPDATE_USER,
        Phase.DEACTIVATE,
        Phase.DELETE_USER,
        Phase.JOIN,
        Phase.JOIN,
        Phase.JOIN,
        Phase.LEAVE,
        Phase.LEAVE_FURTHER,
        Phase.LEAVE,
    ]


def given(name: str, given_to: str, *, joins: str = "", leaves: str = "") -> Change:
    """Return an update of a group that a team gave to some of those that leave."""
    change = group(name, joins=joins, leaves=leaves)
    assert change.membership is not None
    users = frozenset(Key("User", one) for one in given_to)
    return replace(change, membership=replace(change.membership, given=users))


def test_a_group_is_left_first_by_users_to_whom_a_team_gave_it() -> None:
    change = given("g", "b", joins="a", leaves="bc")
    steps = ordered([change, user("x", before=None, after=True)]).steps
    parts = [one for step in steps for one in step if one.name == "g"]
    assert [("".join(key.id for key in one.joins + one.leaves)) for one in parts] == ["a", "b", "c"]
    assert [phase(one) for one in parts] == [Phase.JOIN, Phase.LEAVE_FURTHER, Phase.LEAVE]
    ids = ["".join(sorted(key.id for key in one.moves.known)) for one in parts]
    assert ids == ["bc", "abc", "ac"]
    assert [one.moves.unlisted for one in parts] == [
        frozenset(),
        {Key("User", "b")},
        {Key("User", "c")},
    ]


def test_a_group_with_joins_and_leaves_is_two_changes_beside_others_and_one_alone() -> None:
    both = group("g", joins="a", leaves="b", renamed=True)
    assert ordered([both]).steps == ((both,),)
    steps = ordered([user("b", before=True, after=False), both]).steps
    assert [[(one.name, one.joins, one.leaves, one.paths) for one in step] for step in steps] == [
        [("g", (Key("User", "a"),), (), ("displayName",))],
        [("b", (), (), ("active",))],
        [("g", (), (Key("User", "b"),), ())],
    ]
    joining, leaving = steps[0][0].membership, steps[2][0].membership
    assert joining is not None and joining.unlisted == frozenset()
    assert leaving is not None and leaving.unlisted == {Key("User", "b")}
    assert leaving.current == {Key("User", "a"), Key("User", "b")}


def test_e2_only_the_first_part_of_a_group_has_its_attributes() -> None:
    found = group("red", joins="x", leaves="y", renamed=True)
    content = Content(attributes={"displayName": "red"}, clear=("externalId",))
    found = replace(found, desired=replace(found.desired, content=content))
    _other, joins, leaves = ordered([found, user("ann", before=True, after=True)]).changes
    assert joins.desired.content == content
    assert not leaves.desired.content.attributes and not leaves.desired.content.clear


def test_changes_of_one_step_are_sorted_by_name_whatever_the_input() -> None:
    changes = [user(name, before=False, after=True) for name in "bca"]
    (step,) = ordered(changes).steps
    assert [one.name for one in step] == ["a", "b", "c"]
    assert ordered(changes[::-1]) == ordered(changes)


def test_creations_that_refer_to_each_other_are_in_steps_of_their_own() -> None:
    rows = [
        {"user_name": name, "enterprise": {"manager": boss}}
        for name, boss in (("a", "c"), ("b", "c"), ("c", None), ("d", None))
    ]
    made = plan(Store(), wanted(users=rows))
    assert [[one.name for one in step] for step in made.steps] == [["c", "d"], ["a", "b"]]


def test_no_secret_is_sent_again_when_a_circle_of_managers_is_closed() -> None:
    rows = [
        {"user_name": name, "password": "x", "enterprise": {"manager": boss}}
        for name, boss in (("a", "b"), ("b", "a"))
    ]
    made = plan(Store(), wanted(users=rows))
    assert [(one.verb, bool(one.secrets.attributes)) for one in made.changes] == [
        ("create", True),
        ("create", True),
        ("update", False),
    ]
