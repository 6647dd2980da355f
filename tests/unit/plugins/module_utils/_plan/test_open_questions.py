# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked: as little as the task needs, in batches, and nothing that is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.change import Plan
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired
from ansible_collections.identity.scim.plugins.module_utils._plan.draft import draft
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Questions,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._plan.value_index import values
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.plugins.module_utils._provider.schemas import Schemas
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.directories import (
    directories,
    rosters,
    stores,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    KEEP,
    plan,
    refusals,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    Store,
    caseless,
)

NAMES = Policy(leavers="inactive", reads_names=True)


def answered(store: Store, one: Question) -> Reading:
    """Return what a service says to one question."""
    rows = list(store.held[one.kind.endpoint].values())
    if one.ids:
        rows = [row for row in rows if row["id"] in one.ids]
    elif one.clauses:
        rows = [row for row in rows if holds(row, (*one.clauses, *one.proofs))]
    elif one.any_one:
        rows = rows[:2]
    if not one.members:
        rows = [{key: value for key, value in row.items() if key != "members"} for row in rows]
    return Reading(
        kind=one.kind,
        resources=tuple(rows),
        members_shown=one.members,
        answered=(*one.clauses, *(("id", ident) for ident in one.ids)),
        listed=True if one.everything else None,
        any_one=one.any_one,
        total=len(store.held[one.kind.endpoint]) if one.any_one else None,
    )


def holds(row: dict[str, Any], clauses: Sequence[tuple[str, str]]) -> bool:
    """Return whether one of the clauses holds for a resource."""
    return any(caseless(value) in map(caseless, values(row, path)) for path, value in clauses)


def conversation(
    store: Store, desired: list[Desired], policy: Policy = KEEP, **caps: Any
) -> tuple[list[Question], Plan]:
    """Return every question, each answered as a service would, and the plan."""
    snapshot = Snapshot()
    every: list[Question] = []
    for _round in range(9):
        found = draft(desired, snapshot, policy, overridden(caps))
        if isinstance(found, Plan):
            return every, found
        assert found.asked or found.account or found.schemas
        if found.account:
            snapshot.add_account(())
        if found.schemas:
            snapshot.add_schemas(Schemas())
        for one in found.asked:
            every.append(one)
            snapshot.add(answered(store, one))
    raise AssertionError("it does not end")


def asked(
    store: Store, desired: list[Desired], policy: Policy = KEEP, **caps: Any
) -> list[Question]:
    """Return every question until there is a plan."""
    return conversation(store, desired, policy, **caps)[0]


def office(*people: str) -> Store:
    store = Store()
    for name in people:
        store.user(name, externalId=f"x-{name}")
    store.group("red", people)
    return store


def summary(found: list[Question]) -> list[tuple[str, str, int]]:
    return [
        (
            one.kind.name,
            "all" if one.everything else "ids" if one.ids else "keys",
            len(one.ids) or len(one.clauses),
        )
        for one in found
    ]


def test_an_unchanged_user_is_one_question() -> None:
    assert asked(office("pam"), wanted(users=[{"user_name": "pam", "title": "x"}])) == [
        Question(kind=USER, clauses=(("userName", "pam"),))
    ]


def test_all_keys_are_asked_together() -> None:
    assert asked(office("pam"), wanted(users=[{"user_name": "pam", "external_id": "x-pam"}])) == [
        Question(kind=USER, clauses=(("externalId", "x-pam"), ("userName", "pam")), encloses=True)
    ]


def test_an_id_is_read_by_itself_and_what_it_says_is_not_asked_again() -> None:
    store = office("pam")
    assert summary(
        asked(store, wanted(users=[{"id": "u1", "user_name": "pam", "external_id": "x-pam"}]))
    ) == [("User", "ids", 1)]
    assert asked(store, wanted(users=[{"id": "u1", "user_name": "beesly"}]))[1:] == [
        Question(kind=USER, clauses=(("userName", "beesly"),))
    ]


def test_a_manager_is_one_more() -> None:
    assert (
        summary(
            asked(
                office("pam", "boss"),
                wanted(users=[{"user_name": "pam", "enterprise": {"manager": "boss"}}]),
            )
        )
        == [("User", "keys", 1)] * 2
    )
    assert summary(
        asked(
            office("pam"),
            wanted(users=[{"user_name": "pam", "enterprise": {"manager": {"id": "u9"}}}]),
        )
    ) == [("User", "keys", 1)]


def test_a_manager_of_the_same_input_is_no_question() -> None:
    rows = [{"user_name": "pam", "enterprise": {"manager": "boss"}}, {"user_name": "boss"}]
    assert summary(asked(office("pam", "boss"), wanted(users=rows))) == [("User", "keys", 2)]


def test_a_team_of_fifteen_is_one_question_for_its_users_and_one_for_its_group() -> None:
    people = [f"p{number}" for number in range(15)]
    found = asked(office(*people), wanted(teams=[team("red", *people)]), NAMES)
    assert summary(found) == [("User", "keys", 15), ("Group", "keys", 1)]
    assert found[1].members and not found[0].members


def test_leavers_are_one_question_for_all_groups_and_one_for_the_users() -> None:
    people = [f"p{number}" for number in range(15)]
    assert summary(asked(office(*people), wanted(teams=[team("red", *people[:13])]), NAMES)) == [
        ("User", "keys", 13),
        ("Group", "keys", 1),
        ("Group", "all", 0),
        ("User", "ids", 2),
    ]


def test_members_by_id_need_no_question_about_them() -> None:
    rows = [
        {"display_name": "red", "members": {"add": [{"id": f"u{number}"} for number in range(500)]}}
    ]
    assert summary(asked(office("pam"), wanted(groups=rows))) == [("Group", "keys", 1)]


def test_members_by_name_are_asked_together() -> None:
    rows = [
        {
            "display_name": "red",
            "members": {"add": ["pam", "jim", {"external_id": "x-jim"}, {"group": "blue"}]},
        }
    ]
    assert sorted(summary(asked(office("pam", "jim"), wanted(groups=rows)))) == [
        ("Group", "all", 0),
        ("Group", "keys", 1),
        ("Group", "keys", 1),
        ("User", "keys", 3),
    ]


def test_groups_of_a_user_are_one_more_question_and_an_exact_list_a_listing() -> None:
    store = office("pam")
    assert summary(
        asked(store, wanted(users=[{"user_name": "pam", "groups": {"add": ["red", "blue"]}}]))
    ) == [("User", "keys", 1), ("Group", "keys", 2), ("Group", "all", 0)]
    assert ("Group", "all", 0) in summary(
        asked(store, wanted(users=[{"user_name": "pam", "groups": {"set": ["red"]}}]))
    )


def test_previous_names_are_asked_only_if_no_key_finds_the_group() -> None:
    rows = [{"display_name": "red", "previous_names": ["old"]}]
    assert summary(asked(office("pam"), wanted(groups=rows))) == [("Group", "keys", 1)]
    assert summary(
        asked(
            office("pam"),
            wanted(groups=[{"display_name": "blue", "previous_names": ["old", "older"]}]),
        )
    ) == [("Group", "keys", 1), ("Group", "keys", 2), ("Group", "all", 0)]


def test_the_members_of_a_group_that_is_replaced_are_asked_and_all_its_attributes() -> None:
    found = asked(office("pam"), wanted(groups=[{"display_name": "red", "update_method": "put"}]))
    assert all(one.members and one.whole for one in found if one.kind is GROUP)
    assert all(
        one.members and one.whole
        for one in asked(office("pam"), wanted(groups=[{"display_name": "red"}]), patch=False)
    )
    assert not any(
        one.members or one.whole
        for one in asked(office("pam"), wanted(groups=[{"display_name": "red"}]))
    )


def test_members_are_not_asked_of_a_service_that_never_shows_them() -> None:
    found = asked(
        office("pam", "jim"),
        wanted("additive", teams=[team("red", "pam")]),
        INACTIVE,
        members_read="none",
    )
    assert summary(found) == [("User", "keys", 1), ("Group", "keys", 1)]


@pytest.mark.parametrize(
    "rows",
    [
        {"users": [{"user_name": "new", "groups": {"add": ["red"]}}]},
        {"groups": [{"display_name": "none", "members": {"set": ["new"]}}]},
        {"teams": [team("none", "new", state="offboarded", groups=["red"])]},
        {"users": [{"id": "gone", "external_id": "none"}]},
    ],
)
def test_what_does_not_exist_is_asked_once(rows: dict[str, Any]) -> None:
    found = asked(office("pam"), wanted(**rows), NAMES)
    clauses = [(one.kind.name, clause) for one in found for clause in one.clauses]
    assert len(clauses) == len(set(clauses))


def test_a_purge_lists_everything_first_and_looks_nothing_up() -> None:
    policy = Policy(purge={"User": "inactive", "Group": "absent"})
    found = asked(
        office("pam"),
        wanted(users=[{"user_name": "pam"}], groups=[{"display_name": "red"}]),
        policy,
    )
    assert summary(found) == [("User", "all", 0), ("Group", "all", 0)]
    assert found[1].members


def test_a_name_that_a_creation_would_take_is_asked_although_match_by_leaves_it_out() -> None:
    rows = [{"user_name": "pam", "external_id": "x-9", "match_by": ["external_id"]}]
    found, made = conversation(office("pam"), wanted(users=rows))
    assert found == [
        Question(kind=USER, clauses=(("externalId", "x-9"), ("userName", "pam")), encloses=True)
    ]
    assert "match_by leaves out user_name" in refusals(made)[0]


def test_names_of_members_that_stay_unasked_are_read_for_the_plan() -> None:
    people = [f"p{number:03}" for number in range(250)]
    desired = wanted("additive", teams=[team("red", "p000")])
    assert summary(asked(office(*people), desired, INACTIVE)) == [
        ("User", "keys", 1),
        ("Group", "keys", 1),
    ]
    found = asked(office(*people), desired, NAMES)
    assert summary(found)[2:] == [("User", "ids", 200)]


def alike() -> Store:
    """Return a store in which user 1 and group 1 are two.

    Red (1) has all of jim (2), pam (3).
    """
    store = Store(alike=True)
    for name in ("boss", "jim", "pam"):
        store.user(name)
    store.group("red", ["jim", "pam"])
    store.group("blue")
    store.group("green")
    return store


def test_a_leaver_is_asked_for_although_a_group_of_that_id_is_known() -> None:
    """Group 2 and 3 are known from the listing; the leaver with id 3 is a user."""
    desired = wanted(teams=[team("red", "jim")])
    found, made = conversation(alike(), desired, NAMES)
    assert summary(found) == [
        ("User", "keys", 1),
        ("Group", "keys", 1),
        ("Group", "all", 0),
        ("User", "ids", 1),
    ]
    assert found[-1].ids == ("3",)
    assert [(one.verb, one.name) for one in made.changes] == [
        ("deactivate", "pam"),
        ("update", "red"),
    ]
    (update,) = (one for one in made.changes if one.name == "red")
    assert update.membership is not None and set(update.membership.names.values()) == {"pam"}


@pytest.mark.parametrize("form", ["add", "remove", "set"])
def test_a_group_named_as_member_is_not_taken_for_the_user_of_its_id(form: str) -> None:
    """Members are ids: 2 in red is jim, until the service says that there is no such user."""
    rows = [{"display_name": "red", "members": {form: [{"group": "blue"}]}}]
    found, made = conversation(alike(), wanted(groups=rows))
    assert any(one.kind is USER and "2" in one.ids for one in found)
    if form == "remove":
        assert not made.size and not refusals(made)
    else:
        assert "group 'blue' and user 'jim' have the same id 2" in refusals(made)[0]


def test_no_user_is_asked_for_if_the_ids_of_groups_are_no_numbers() -> None:
    store = office("pam")
    store.group("blue")
    rows = [{"display_name": "red", "members": {"add": [{"group": "blue"}]}}]
    found, made = conversation(store, wanted(groups=rows))
    assert {one.kind for one in found} == {GROUP} and not refusals(made) and made.size == 1


def effects(made: Plan) -> list[tuple[Any, ...]]:
    """Return what each change does, without the names of members that need not be known."""
    return [
        (one.key, one.verb, one.paths, one.joins, one.leaves, one.reason) for one in made.changes
    ]


@settings(max_examples=60)
@given(stores(), rosters(), directories(), st.sampled_from(("inactive", "absent", "keep")))
def test_what_is_asked_is_enough_for_the_plan_that_knows_everything(
    store: Store,
    teams: list[dict[str, Any]],
    directory: dict[str, list[dict[str, Any]]],
    leavers: str,
) -> None:
    policy = Policy(leavers=leavers)
    for desired in (wanted(teams=teams), wanted(**directory)):
        _asked, made = conversation(store, desired, policy)
        assert effects(made) == effects(plan(store, desired, policy))


def test_the_account_is_asked_for_once_before_the_first_removal_of_a_user() -> None:
    store = office("pam", "jim")
    policy = Policy(knows_itself=True)
    snapshot = Snapshot()
    desired = wanted(users=[{"user_name": "pam", "state": "inactive"}])
    rounds = []
    while not isinstance(found := draft(desired, snapshot, policy, overridden({})), Plan):
        rounds.append(found)
        if found.account:
            snapshot.add_account(())
        for one in found.asked:
            snapshot.add(answered(store, one))
    assert rounds == [
        Questions(asked=(Question(kind=USER, clauses=(("userName", "pam"),)),)),
        Questions(account=True),
    ]
    for state in ("present", None):
        desired = wanted(users=[{"user_name": "jim", "state": state, "title": "x"}])
        found = draft(desired, Snapshot(), policy, overridden({}))
        assert isinstance(found, Questions) and not found.account
