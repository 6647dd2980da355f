# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resource each desired state is about.

Found by all its keys, never guessed; one user in several places is one.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Reference
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._plan.targets import (
    Match,
    match,
    match_targets,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    INACTIVE,
    converge,
    plan,
    read,
    refusals,
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
    return refusals(plan(store, wanted(**directory)))


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
        ({"external_id": "x-new", "user_name": "pam", "match_by": ["user_name"]}, "userName"),
        ({"external_id": "x-pam", "user_name": "beesly"}, "externalId"),
        ({"external_id": "x-pam", "user_name": "pam", "match_by": ["user_name"]}, "userName"),
        ({"emails": [{"value": "Pam@X.org"}], "match_by": ["email"]}, "emails.value"),
    ],
)
def test_the_first_key_that_finds_names_the_match(user: dict[str, Any], matched_by: str) -> None:
    made = plan(office(), wanted(users=[user]))
    (one,) = made.subjects
    assert (one.key, one.matched_by) == (Key("User", "u1"), matched_by)
    assert one.exists and not refusals(made)


@pytest.mark.parametrize(
    "users, said",
    [
        (
            [{"external_id": "x-pam", "user_name": "jim"}],
            "users[0]: user 'jim': its keys point at different users: externalId 'x-pam' at 'pam' (id u1), userName 'jim' at 'jim' (id u2)",
        ),
        (
            [{"id": "gone", "user_name": "pam"}],
            "users[0]: user 'pam': there is no user with id 'gone', but userName 'pam' at 'pam' (id u1)",
        ),
        ([{"id": "gone", "title": "x"}], "users[0]: user 'gone': there is no user with id 'gone'"),
        (
            [{"external_id": "X-PAM", "title": "x"}],
            "users[0]: user 'X-PAM' does not exist, and creating it needs user_name",
        ),
        (
            [{"user_name": "pam"}, {"user_name": "PAM"}],
            "users[0] and users[1] set different values of userName for user 'pam'",
        ),
        (
            [{"user_name": "pam", "title": "a"}, {"external_id": "x-pam", "title": "b"}],
            "users[0] and users[1] set different values of title for user 'pam'",
        ),
        (
            [{"user_name": "pam", "state": "absent"}, {"external_id": "x-pam"}],
            "users[0] and users[1] set different states for user 'pam': absent and present",
        ),
        (
            [{"user_name": "pam", "title": "a"}, {"external_id": "x-pam", "clear": ["title"]}],
            "users[0] and users[1] set and clear title of user 'pam'",
        ),
        (
            [{"user_name": "new", "password": "a"}, {"user_name": "new", "password": "b"}],
            "users[0] and users[1] set different secrets for user 'new'",
        ),
        (
            [
                {"user_name": "pam", "enterprise": {"manager": "jim"}},
                {"user_name": "pam", "enterprise": {"manager": "pam"}},
            ],
            "users[0] and users[1] set a different urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value for user 'pam'",
        ),
    ],
)
def test_uncertain_keys_are_refused(users: list[dict[str, Any]], said: str) -> None:
    """O10, O11: the sentence names both places, or both resources."""
    assert problems(office(), users=users) == [said]


def test_a_key_that_matches_two_users_is_refused() -> None:
    assert problems(twins(), users=[{"user_name": "pam"}]) == [
        "users[0]: user 'pam': userName 'pam' matches 2 users: 'PAM' (id u4), 'pam' (id u1)"
    ]
    assert problems(twins(), groups=[{"display_name": "Sales", "members": {"add": ["pam"]}}]) == [
        "user 'pam' matches 2 users: 'PAM' (id u4), 'pam' (id u1)"
    ]
    assert not problems(twins(), users=[{"id": "u1"}])


def test_o10_the_same_user_twice_with_equal_values_is_one() -> None:
    """O10: entries that agree are one."""
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
    users = [one for one in made.changes if one.kind.name == "User" and one.reason == "stated"]
    assert [one.text for one in users] == ["user 'pam'"]
    assert len([one for one in made.subjects if one.key == Key("User", "u1")]) == 1
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
                "users[0]: user 'pam ': user_name has white space around it, which no user name of the service has; remove the white space"
            ],
        ),
        (
            [{"user_name": "pam"}, {"user_name": " pam", "title": "x"}],
            [
                "users[1]: user ' pam': user_name has white space around it, which no user name of "
                "the service has, and users[0] sets it without; remove the white space"
            ],
        ),
        (
            [{"external_id": "x-pam", "user_name": "pam\u00a0"}],
            [
                "users[0]: user 'pam\u00a0': user_name 'pam\u00a0' contains U+00A0 (no-break space), "
                "which nobody can see; remove it"
            ],
        ),
        ([{"user_name": "pam ", "state": "absent"}], []),
        ([{"user_name": "jim b"}], []),
        ([{"user_name": "Odd "}, {"user_name": "odd"}], []),
    ],
)
def test_o10_white_space_around_a_user_name_creates_no_user(
    users: list[dict[str, Any]], said: list[str]
) -> None:
    """O10: a space makes no other user, unless the service has one of that name."""
    store = office()
    store.user("odd ")
    assert problems(store, users=users) == said


@pytest.mark.parametrize(
    "directory",
    [
        {"groups": [{"display_name": "Sales "}]},
        {"teams": [{"name": " Sales", "members": []}]},
        {"groups": [{"id": "g3", "display_name": " Sales"}]},
    ],
)
def test_l14_white_space_around_the_name_of_a_group_makes_no_other_group(
    directory: dict[str, Any],
) -> None:
    (said,) = problems(office(), **directory)
    assert "display_name has white space around it, which no display name of the" in said


def test_a_new_user_named_twice_is_created_once() -> None:
    store = office()
    desired = wanted(
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
    made = plan(office(), desired)
    assert refusals(made) == [
        "users[0] and teams[0].members[1] set different values of userName for user 'new'"
    ]


def test_another_case_of_a_name_is_no_rename() -> None:
    store = office()
    made = converge(store, wanted(users=[{"user_name": "PAM"}], groups=[{"display_name": "SALES"}]))
    assert not made.size


def test_a_rename_by_external_id_keeps_the_id() -> None:
    store = office()
    converge(store, wanted(users=[{"external_id": "x-pam", "user_name": "halpert"}]))
    assert store["halpert"]["id"] == "u1" and store.writes() == [("PATCH", "Users")]


def test_a_group_found_by_a_previous_name_keeps_its_members() -> None:
    store = office()
    desired = wanted(groups=[{"display_name": "Revenue", "previous_names": ["Old", "Sales"]}])
    made = converge(store, desired)
    assert store.members("Revenue") == {"jim"} and store["Revenue"]["id"] == "g3"
    assert [one.matched_by for one in made.subjects] == ["previous_names"]
    settled(store, desired)


def test_previous_names_that_match_two_groups_are_refused() -> None:
    store = office()
    store.group("Older")
    assert problems(
        store, groups=[{"display_name": "Revenue", "previous_names": ["Sales", "Older"]}]
    ) == [
        "groups[0]: group 'Revenue': previous_names match 2 groups: 'Older' (id g4), 'Sales' (id g3)"
    ]


def test_o17_a_rename_to_the_name_of_another_group_is_refused() -> None:
    """O17: no rename makes two groups of one name."""
    store = office()
    store.group("Other")
    assert problems(store, groups=[{"external_id": "x-sales", "display_name": "Other"}]) == [
        "groups[0]: group 'Other': its keys point at different groups: externalId 'x-sales' at 'Sales' (id g3), displayName 'Other' at 'Other' (id g4)"
    ]


def test_all_problems_are_named_at_once() -> None:
    found = problems(
        office(), users=[{"id": "gone", "title": "x"}, {"external_id": "x-pam", "user_name": "jim"}]
    )
    assert len(found) == 2


def test_an_unknown_user_to_be_inactive_or_absent_is_not_created() -> None:
    """O22: a misspelt name creates no user, and a note says so."""
    made = plan(
        office(),
        wanted(
            users=[
                {"user_name": "toby", "state": "inactive"},
                {"user_name": "creed", "state": "absent"},
            ]
        ),
    )
    assert not made.size and not refusals(made)
    assert made.notes == ("not found, so left unchanged: user 'toby'",)


def test_users_of_an_offboarded_team_that_are_gone_are_no_warning() -> None:
    members = [{"user_name": "ghost"}, {"user_name": "toby", "state": "inactive"}]
    made = plan(office(), wanted(teams=[{"name": "No", "state": "offboarded", "members": members}]))
    assert made.remarks == ("not found, so left unchanged: user 'ghost'",)
    assert "not found, so left unchanged: group 'No', user 'toby'" in made.notes


# a single desired state, and what targets know of references


def test_match_needs_no_answer_to_find_nothing() -> None:
    """A look-up after a lost answer matches in a snapshot of its own."""
    (desired,) = wanted(users=[{"user_name": "pam"}])
    assert match(desired, Snapshot()) == Match()
    found = match(desired, read(office()))
    assert found.resource is not None and found.resource["id"] == "u1"
    assert (found.matched_by, found.problem) == ("userName", "")


@pytest.mark.parametrize("state, said", [("absent", False), ("inactive", False), (None, True)])
def test_an_unknown_id_is_refused_only_if_the_user_must_exist(
    state: str | None, said: bool
) -> None:
    assert bool(problems(office(), users=[{"id": "u9", "state": state}])) is said


def test_keys_that_join_two_new_users_are_refused() -> None:
    rows = [
        {"user_name": "a", "external_id": "x-a"},
        {"user_name": "b", "external_id": "x-b"},
        {"user_name": "a", "external_id": "x-b"},
    ]
    found = problems(office(), users=rows)
    assert "users[2]: user 'a': its keys belong to users[0] and to users[1], which differ" in found


def test_a_user_and_a_group_to_be_created_with_one_name_are_two() -> None:
    made = plan(
        Store(),
        wanted(
            users=[{"user_name": "red"}],
            groups=[{"display_name": "red", "members": {"add": ["red"]}}],
        ),
    )
    assert [one.key for one in made.changes] == [
        Key("User", "bulkId:red"),
        Key("Group", "bulkId:Group:red"),
    ]


def test_a_name_that_match_by_leaves_out_is_refused() -> None:
    rows = [{"user_name": "pam", "external_id": "x-9", "match_by": ["external_id"]}]
    assert problems(office(), users=rows) == [
        "users[0]: user 'pam': match_by leaves out user_name, but 'pam' (id u1) has that name; "
        "add user_name to match_by to use that user"
    ]


def test_references_find_targets_before_resources() -> None:
    """A user of the input is found by every key, by a former name, and by the e-mail address to come."""
    rows = [
        {"user_name": "pam", "emails": [{"value": "p@new.org"}]},
        {"user_name": "new", "external_id": "x-new"},
    ]
    groups = [{"display_name": "Revenue", "previous_names": ["Sales"]}]
    snapshot = read(office())
    targets = match_targets(wanted(users=rows, groups=groups), snapshot)
    expected = {
        Reference("User", "userName", "PAM"): [Key("User", "u1")],
        Reference("User", "emails.value", "P@new.org"): [Key("User", "u1")],
        Reference("User", "externalId", "x-new"): [Key("User", "bulkId:new")],
        Reference("User", "userName", "jim"): [Key("User", "u2")],
        Reference("User", "userName", "toby"): [],
        Reference("User", "id", "u7"): [Key("User", "u7")],
        Reference("Group", "displayName", "Sales"): [Key("Group", "g3")],
        Reference("Group", "id", "g7"): [Key("Group", "g7")],
    }
    assert {one: targets.resolve(one, snapshot) for one in expected} == expected
    assert targets.mentions(Reference("User", "userName", "new"))
    assert not targets.mentions(Reference("User", "userName", "jim"))
    assert targets.name(Key("User", "bulkId:new"), snapshot) == "new"
    assert targets.name(Key("User", "u2"), snapshot) == "jim"


def test_a_former_name_of_a_group_to_be_created_finds_it() -> None:
    snapshot = read(Store())
    targets = match_targets(
        wanted(groups=[{"display_name": "Revenue", "previous_names": ["Sales"]}]), snapshot
    )
    former = Reference("Group", "displayName", "sales")
    assert targets.resolve(former, snapshot) == [Key("Group", "bulkId:Revenue")]


def test_plus_replaces_targets_of_the_same_key_and_adds_others() -> None:
    snapshot = read(office())
    targets = match_targets(wanted(users=[{"user_name": "pam"}]), snapshot)
    others = match_targets(
        wanted(users=[{"user_name": "pam", "state": "absent"}, {"user_name": "jim"}]), snapshot
    )
    both = targets.plus(others.every)
    assert [(one.key.id, one.desired.state) for one in both.every] == [
        ("u1", "absent"),
        ("u2", "present"),
    ]
    assert [one.desired.state for one in targets.every] == ["present"]
    assert both.get(Key("User", "u2")) is both.every[1] and both.get(Key("User", "u7")) is None


def test_resource_that_is_to_be_absent_is_deleted() -> None:
    store = office()
    users = [{"user_name": "pam", "state": "absent"}, {"user_name": "jim"}]
    targets = match_targets(wanted(users=users), read(store))
    assert targets.deletes(Key("User", "u1"))
    assert not targets.deletes(Key("User", "u2"))
    assert not targets.deletes(Key("User", "u9"))


def test_new_resources_of_one_name_have_ids_of_their_own() -> None:
    groups = [
        {"display_name": "ops", "external_id": f"e{number}", "match_by": ["external_id"]}
        for number in range(3)
    ]
    made = plan(office(), wanted(users=[{"user_name": "ops"}], groups=groups))
    ids = [change.key.id for change in made.changes]
    assert len(ids) == len(set(ids)) == 4
    assert ids[0] == "bulkId:ops"


def test_new_group_never_takes_the_id_of_a_user_that_is_named_like_it() -> None:
    users = [{"user_name": "Group:x"}, {"user_name": "x"}]
    group = {"display_name": "x", "members": {"add": ["Group:x"]}}
    made = plan(office(), wanted(users=users, groups=[group]))
    ids = {change.text: change.key.id for change in made.changes}
    assert len(set(ids.values())) == 3
    joins = [key.id for change in made.changes for key in change.joins]
    assert joins == [ids["user 'Group:x'"]]
