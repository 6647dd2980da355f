# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resource a wish is about: found by all its keys, never guessed; one person in several places is one person."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.plan import Plan
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    converge,
    plan,
    settled,
    team,
    wanted,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Store


def office() -> Store:
    store = Store()
    store.user("pam", externalId="x-pam", emails=[{"value": "pam@x.org"}])  # u1
    store.user("jim", externalId="x-jim", emails=[{"value": "jim@x.org"}])  # u2
    store.group("Sales", ["jim"], externalId="x-sales")  # g3
    return store


def problems(store: Store, **directory: Any) -> list[str]:
    made: Plan = plan(store, wanted(**directory))
    return made.problems


def twins() -> Store:
    store = office()
    store._put(
        "Users", {"userName": "PAM", "active": True}
    )  # as some services allow: names that differ in case only
    return store


@pytest.mark.parametrize(
    "user, matched_by",
    [
        ({"id": "u1"}, "id"),
        ({"user_name": "PAM"}, "userName"),
        ({"external_id": "x-pam"}, "externalId"),
        ({"external_id": "x-pam", "user_name": "pam"}, "externalId"),
        ({"id": "u1", "external_id": "x-pam"}, "id"),
        ({"external_id": "x-new", "user_name": "pam"}, "userName"),
        ({"external_id": "x-pam", "user_name": "beesly"}, "externalId"),
        ({"external_id": "x-pam", "user_name": "pam", "match_by": ["user_name"]}, "userName"),
        ({"emails": [{"value": "Pam@X.org"}], "match_by": ["email"]}, "emails.value"),
    ],
)
def test_the_first_key_that_finds_names_the_match(user: dict[str, Any], matched_by: str) -> None:
    made = plan(office(), wanted(users=[user]))
    (one,) = made.every
    assert (one.ident, one.matched_by) == ("u1", matched_by)
    assert not made.problems


@pytest.mark.parametrize(
    "users, said",
    [
        (
            [{"external_id": "x-pam", "user_name": "jim"}],
            "users[0]: user 'jim': the stated keys point at different users: externalId 'x-pam' at 'pam' (id u1), userName 'jim' at 'jim' (id u2)",
        ),
        (
            [{"id": "gone", "user_name": "pam"}],
            "users[0]: user 'pam': there is no user with id 'gone', but userName 'pam' at 'pam' (id u1)",
        ),
        ([{"id": "gone", "title": "x"}], "users[0]: user 'gone': there is no user with id 'gone'"),
        (
            [{"external_id": "X-PAM", "title": "x"}],
            "users[0]: user 'X-PAM' does not exist, and creating one needs user_name",
        ),
        (
            [{"user_name": "pam"}, {"user_name": "PAM"}],
            "users[0] and users[1] state different values of userName for user 'pam'",
        ),
        (
            [{"user_name": "pam", "title": "a"}, {"external_id": "x-pam", "title": "b"}],
            "users[0] and users[1] state different values of title for user 'pam'",
        ),
        (
            [{"user_name": "pam", "state": "absent"}, {"external_id": "x-pam"}],
            "users[0] and users[1] state different states for user 'pam': absent and present",
        ),
        (
            [{"user_name": "pam", "title": "a"}, {"external_id": "x-pam", "clear": ["title"]}],
            "users[0] and users[1]: title of user 'pam' is both stated and cleared",
        ),
        (
            [{"user_name": "new", "password": "a"}, {"user_name": "new", "password": "b"}],
            "users[0] and users[1] state different secrets for user 'new'",
        ),
        (
            [
                {"user_name": "pam", "enterprise": {"manager": "jim"}},
                {"user_name": "pam", "enterprise": {"manager": "pam"}},
            ],
            "users[0] and users[1] state a different urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value for user 'pam'",
        ),
    ],
)
def test_what_is_not_certain_is_an_error(users: list[dict[str, Any]], said: str) -> None:
    """O10, O11: both places are named, or both resources."""
    assert problems(office(), users=users) == [said]


def test_a_key_that_matches_two() -> None:
    assert problems(twins(), users=[{"user_name": "pam"}]) == [
        "users[0]: user 'pam': userName 'pam' matches 2 users: 'PAM' (id u4), 'pam' (id u1)"
    ]
    assert problems(twins(), groups=[{"display_name": "Sales", "members": {"add": ["pam"]}}]) == [
        "user 'pam' matches 2 users: 'PAM' (id u4), 'pam' (id u1)"
    ]
    assert not problems(twins(), users=[{"id": "u1"}])


def test_o10_the_same_person_twice_with_equal_values_is_one() -> None:
    """O10: what is said twice and alike is said once."""
    store = office()
    made = converge(
        store,
        wanted(
            users=[
                {"user_name": "pam", "title": "a"},
                {"external_id": "x-pam", "title": "a", "nick_name": "p"},
            ],
            teams=[team("Sales", {"user_name": "pam", "title": "a"})],
        ),
        INACTIVE,
    )
    assert [
        one.text for one in made.every if one.kind.name == "User" and one.reason == "stated"
    ] == ["user 'pam'"]
    assert (store["pam"]["title"], store["pam"]["nickName"], store.members("Sales")) == (
        "a",
        "p",
        {"pam"},
    )


@pytest.mark.parametrize(
    "users, said",
    [
        (
            [{"user_name": "pam "}],
            [
                "users[0]: user 'pam ': white space is around the user name, which no user of the service has; remove that"
            ],
        ),
        (
            [{"user_name": "pam"}, {"user_name": " pam", "title": "x"}],
            [
                "users[1]: user ' pam': white space is around the user name, which no user of the service has; users[0] states it without; remove that"
            ],
        ),
        (
            [{"external_id": "x-pam", "user_name": "pam\u00a0"}],
            [
                "users[0]: user 'pam\u00a0': white space is around the user name, which no user of the service has; remove that"
            ],
        ),
        ([{"user_name": "pam ", "state": "absent"}], []),
        ([{"user_name": "jim b"}], []),
        ([{"user_name": "Odd "}, {"user_name": "odd"}], []),
    ],
)
def test_o10_white_space_around_a_user_name_makes_nobody(
    users: list[dict[str, Any]], said: list[str]
) -> None:
    """O10: a space is no other person, unless the service has one of that name."""
    store = office()
    store.user("odd ")
    assert problems(store, users=users) == said


def test_a_new_person_named_twice_is_created_once() -> None:
    store = office()
    wishes = wanted(
        users=[{"user_name": "new", "external_id": "x-new"}],
        teams=[team("Sales", "jim", {"external_id": "x-new", "user_name": "NEW"})],
    )
    converge(
        store,
        wanted(
            users=[{"user_name": "new", "external_id": "x-new"}],
            teams=[team("Sales", "jim", "new")],
        ),
    )
    assert store.writes() == [("POST", "Users"), ("PATCH", "Groups")] and store.members(
        "Sales"
    ) == {"jim", "new"}
    made = plan(office(), wishes)
    assert made.problems == [
        "users[0] and teams[0].members[1] state different values of userName for user 'new'"
    ]


def test_the_case_of_a_name_is_no_rename() -> None:
    store = office()
    made = converge(store, wanted(users=[{"user_name": "PAM"}], groups=[{"display_name": "SALES"}]))
    assert not made.changes


def test_a_rename_by_external_id_keeps_the_id() -> None:
    store = office()
    converge(store, wanted(users=[{"external_id": "x-pam", "user_name": "halpert"}]))
    assert store["halpert"]["id"] == "u1" and store.writes() == [("PATCH", "Users")]


def test_a_group_found_by_a_previous_name_keeps_its_members() -> None:
    store = office()
    wishes = wanted(groups=[{"display_name": "Revenue", "previous_names": ["Old", "Sales"]}])
    made = converge(store, wishes)
    assert store.members("Revenue") == {"jim"} and store["Revenue"]["id"] == "g3"
    assert made.changes[0].matched_by == "previous_names"
    settled(store, wishes)


def test_previous_names_that_match_two_groups() -> None:
    store = office()
    store.group("Older")
    assert problems(
        store, groups=[{"display_name": "Revenue", "previous_names": ["Sales", "Older"]}]
    ) == [
        "groups[0]: group 'Revenue': previous_names match 2 groups: 'Older' (id g4), 'Sales' (id g3)"
    ]


def test_o17_a_rename_to_the_name_of_another_group() -> None:
    """O17: no rename makes two groups of one name."""
    store = office()
    store.group("Other")
    assert problems(store, groups=[{"external_id": "x-sales", "display_name": "Other"}]) == [
        "groups[0]: group 'Other': the stated keys point at different groups: externalId 'x-sales' at 'Sales' (id g3), displayName 'Other' at 'Other' (id g4)"
    ]


def test_all_faults_are_named_at_once() -> None:
    found = problems(
        office(), users=[{"id": "gone", "title": "x"}, {"external_id": "x-pam", "user_name": "jim"}]
    )
    assert len(found) == 2


def test_an_unknown_user_that_is_to_be_inactive_or_absent() -> None:
    """O22: nobody is made of a misspelt name, and that is told."""
    made = plan(
        office(),
        wanted(
            users=[
                {"user_name": "toby", "state": "inactive"},
                {"user_name": "creed", "state": "absent"},
            ]
        ),
    )
    assert not made.changes and not made.problems
    assert made.notes == ["not found, so left unchanged: user 'toby'"]
