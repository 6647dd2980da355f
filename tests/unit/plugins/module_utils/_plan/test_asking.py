# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked: as little as the wish needs, in batches, and nothing that is known."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired
from ansible_collections.identity.scim.plugins.module_utils._plan.leavers import Policy
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    questions,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot, values
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    Store,
    caseless,
)


def asked(
    store: Store,
    wishes: list[Desired],
    policy: Policy = Policy(),
    *,
    names: bool = False,
    **caps: Any,
) -> list[Question]:
    """Every question until there is none, each answered from the store as a service would."""
    snapshot, every = Snapshot(), []
    for _round in range(8):
        found = questions(wishes, snapshot, overridden(caps), policy, names=names)
        if not found:
            return every
        for one in found:
            every.append(one)
            rows = list(store.held[one.kind.endpoint].values())
            if one.ids:
                rows = [row for row in rows if row["id"] in one.ids]
            elif one.clauses:
                rows = [
                    row
                    for row in rows
                    if any(
                        caseless(value) in map(caseless, values(row, path))
                        for path, value in one.clauses
                    )
                ]
            shown = [
                row
                if one.members
                else {key: value for key, value in row.items() if key != "members"}
                for row in rows
            ]
            snapshot.add(one.kind, shown, members_asked=one.members)
            for path, value in (*one.clauses, *(("id", ident) for ident in one.ids)):
                snapshot.asked(one.kind, path, value)
            if one.everything:
                snapshot.listed[one.kind.name] = True
    raise AssertionError("it does not end")


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


def test_all_stated_keys_are_asked_together() -> None:
    assert asked(office("pam"), wanted(users=[{"user_name": "pam", "external_id": "x-pam"}])) == [
        Question(kind=USER, clauses=(("externalId", "x-pam"), ("userName", "pam")))
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


def test_a_manager_of_the_same_input_is_none() -> None:
    rows = [{"user_name": "pam", "enterprise": {"manager": "boss"}}, {"user_name": "boss"}]
    assert summary(asked(office("pam", "boss"), wanted(users=rows))) == [("User", "keys", 2)]


def test_a_team_of_fifteen_is_one_for_its_people_and_one_for_its_group() -> None:
    people = [f"p{number}" for number in range(15)]
    found = asked(office(*people), wanted(teams=[team("red", *people)]), INACTIVE, names=True)
    assert summary(found) == [("Group", "keys", 1), ("User", "keys", 15)]
    assert found[0].members and not found[1].members


def test_a_leaver_of_a_team_is_one_for_all_groups_and_one_for_those_who_leave() -> None:
    people = [f"p{number}" for number in range(15)]
    assert summary(
        asked(office(*people), wanted(teams=[team("red", *people[:13])]), INACTIVE, names=True)
    ) == [("Group", "keys", 1), ("User", "keys", 13), ("Group", "all", 0), ("User", "ids", 2)]


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
        ("Group", "keys", 1),
        ("Group", "keys", 1),
        ("User", "keys", 3),
    ]


def test_groups_of_a_user_are_one_more_and_exactly_those_a_listing() -> None:
    store = office("pam")
    assert summary(
        asked(store, wanted(users=[{"user_name": "pam", "groups": {"add": ["red", "blue"]}}]))
    ) == [("User", "keys", 1), ("Group", "keys", 2)]
    assert ("Group", "all", 0) in summary(
        asked(store, wanted(users=[{"user_name": "pam", "groups": {"set": ["red"]}}]))
    )


def test_previous_names_are_asked_only_where_nothing_else_finds_it() -> None:
    rows = [{"display_name": "red", "previous_names": ["old"]}]
    assert summary(asked(office("pam"), wanted(groups=rows))) == [("Group", "keys", 1)]
    assert summary(
        asked(
            office("pam"),
            wanted(groups=[{"display_name": "blue", "previous_names": ["old", "older"]}]),
        )
    ) == [("Group", "keys", 1), ("Group", "keys", 2)]


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


def test_members_are_not_asked_of_a_service_that_never_tells() -> None:
    found = asked(
        office("pam", "jim"),
        wanted("additive", teams=[team("red", "pam")]),
        INACTIVE,
        members_read="none",
    )
    assert summary(found) == [("Group", "keys", 1), ("User", "keys", 1)]


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
    found = asked(office("pam"), wanted(**rows), INACTIVE, names=True)
    clauses = [(one.kind.name, clause) for one in found for clause in one.clauses]
    assert len(clauses) == len(set(clauses))
