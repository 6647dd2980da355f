# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs whose second run once undid, or refused, what the first had done.

Knows one small service, without faults.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.converge import converge
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy, limits
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    run,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.planning import (
    team,
    wanted,
)


def office(people: str = "abcdefgh", **groups: str) -> Faulty:
    store = Faulty()
    for name in people:
        store.user(name)
    for group, members in groups.items():
        store.group(group, members)
    return store


def policy(leavers: str = "inactive", users: str = "none", groups: str = "none") -> Policy:
    return Policy(leavers=leavers, purge={"User": users, "Group": groups}, reads_names=True)


def twice(store: Faulty, rules: Policy, **directory: Any) -> list[tuple[str, str]]:
    """What the first run does; the second one must do nothing."""
    first = run(store, policy=rules, **directory)
    written = len(store.log)
    assert (
        not first.failures
        and not run(store, policy=rules, **directory).changed
        and len(store.log) == written
    )
    return [(one.verb, one.name) for one in first.plan.changes]


def refused(store: Faulty, rules: Policy, **directory: Any) -> str:
    with pytest.raises(ScimError) as info:
        run(store, policy=rules, **directory)
    assert not store.log
    return str(info.value)


def users(names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"user_name": name, **more} for name in names]


@pytest.mark.parametrize("leavers", ["inactive", "absent"])
@pytest.mark.parametrize("state", [{}, {"state": "present"}])
def test_a_user_that_is_set_to_present_is_no_leaver(leavers: str, state: dict[str, str]) -> None:
    planned = run(
        office(G1="abc"),
        check=True,
        policy=policy(leavers),
        teams=[team("G1", "b", "c")],
        users=users("a", title="Boss", **state),
    )
    assert (
        "a left every team but is not treated as a leaver, because users[0] sets user 'a'"
        in planned.plan.notes
    )
    store = office(G1="abc")
    assert twice(
        store,
        policy(leavers),
        teams=[team("G1", "b", "c")],
        users=users("a", title="Boss", **state),
    ) == [("update", "a"), ("update", "G1")]
    assert store["a"]["active"] and store.members("G1") == {"b", "c"}
    gone = {**team("G1", "a"), "state": "offboarded"}
    assert twice(office(G1="a"), policy(leavers), teams=[gone], users=users("a", **state)) == [
        ("update", "G1")
    ]


def test_a_team_is_not_both_onboarded_and_offboarded() -> None:
    teams = [
        {**team("G2", "a"), "membership": "additive"},
        {**team("G2", "c"), "state": "offboarded"},
    ]
    assert (
        refused(office(G2="abc"), policy(), teams=teams)
        == "teams[0] and teams[1] set group 'G2' to onboarded and to offboarded"
    )


def test_people_listed_as_leaving_in_two_entries_of_a_team_all_leave() -> None:
    store = office(G2="abc")
    teams = [{**team("G2", *people), "state": "offboarded"} for people in ("a", "b")]
    assert twice(store, policy(), teams=teams) == [
        ("deactivate", "a"),
        ("deactivate", "b"),
        ("update", "G2"),
    ]
    assert store.members("G2") == {"c"}


@pytest.mark.parametrize(
    "directory",
    [
        {"users": [{"user_name": "A", "external_id": "E"}]},
        {"teams": [{**team("g1", "A"), "external_id": "E"}]},
        {
            "users": [
                {
                    "user_name": "A",
                    "emails": [{"value": "a@x", "type": "work"}],
                    "match_by": ["email", "user_name"],
                }
            ]
        },
    ],
    ids=["user", "team", "email"],
)
def test_another_key_that_is_found_later_makes_no_rename_of_other_letters(
    directory: dict[str, Any],
) -> None:
    store = office(G1="a")
    assert [verb for verb, _name in twice(store, policy(), **directory)] == ["update"]
    assert store["a"]["userName"] == "a" and store["G1"]["displayName"] == "G1"


def test_other_letters_rename_a_user_that_is_found_by_id() -> None:
    store = office()
    assert (
        twice(store, policy(), users=[{"id": store.id_of("a"), "user_name": "A"}])
        == [("update", "a")]
        and store["A"]
    )


def test_a_leaver_that_the_input_does_not_name_is_purged_at_once() -> None:
    store = office("abcdefghij", G1="abc", G2="def")
    teams = [team("G1", "a", "b", "d"), team("G2", "e", "f", "g", "h")]
    assert ("delete", "c") in twice(store, policy(users="absent"), teams=teams)
    store = office("abcdefghij", G1="abc", other="c")
    found = run(store, policy=policy(users="absent"), teams=[team("G1", *"abdefgh")])
    assert "c" not in store.names("Users") and not found.plan.still_member


def test_resources_that_the_input_refers_to_are_not_purged() -> None:
    people = users("abcdefg", enterprise={"manager": "j"})
    store = office("abcdefgij", P1="", P2="")
    groups = [{"display_name": "P1", "members": {"add": [{"group": "P2"}, "i"]}}]
    assert ("delete", "i") not in twice(
        store, policy(users="absent", groups="absent"), users=people, groups=groups
    )
    assert store.names("Groups") == {"P1", "P2"} and {"i", "j"} <= store.names("Users")


def test_a_group_that_a_user_only_leaves_is_purged_at_once() -> None:
    store = office(G1="abc", G2="", G3="")
    people = [{"user_name": "a", "groups": {"set": ["G3"]}}, *users("bcdefgh")]
    assert ("delete", "G1") in twice(
        store, policy(groups="absent"), users=people, groups=[{"display_name": "G2"}]
    )
    assert store.names("Groups") == {"G2", "G3"}


def test_a_user_that_is_to_be_deleted_is_no_manager() -> None:
    boss = [{"user_name": "a", "enterprise": {"manager": "b"}}]
    assert (
        refused(office(), policy(), users=[*boss, *users("b", state="absent")])
        == "user 'b' is to be deleted but is named as manager of user 'a'"
    )
    assert "user 'b' is to be deleted but is named as manager" in refused(
        office(G1="bc"), policy("absent"), users=boss, teams=[team("G1", "c")]
    )


def test_a_removal_of_a_deleted_user_is_done() -> None:
    groups = [{"display_name": "G1", "members": {"remove": ["a"]}}]
    assert ("delete", "a") in twice(
        office(G1="ab"), policy(), users=users("a", state="absent"), groups=groups
    )
    assert "user 'ghost' is listed for removal but does not exist" in refused(
        office(G1="ab"), policy(), groups=[{"display_name": "G1", "members": {"remove": ["ghost"]}}]
    )


def test_a_group_that_is_renamed_is_found_by_the_name_it_had() -> None:
    store = office(G1="a", G3="")
    directory = {
        "teams": [{**team("G1", "a"), "groups": ["G3"]}],
        "groups": [{"display_name": "New", "previous_names": ["G3"], "members": {"add": ["b"]}}],
    }
    twice(store, policy(), **directory)
    assert store.members("New") == {"a", "b"}


def test_groups_that_are_set_and_a_team_that_wants_more_are_refused_at_once() -> None:
    said = refused(
        office(G1="", G2=""),
        policy(),
        teams=[team("G1", {"user_name": "a", "groups": {"set": ["G2"]}})],
    )
    assert said == "'a' is listed both to join and to leave group 'G1'"


class Silent(Faulty):
    """A service that never tells the members of a group, only the groups of a user."""

    def _shown(self, one: Any, query: Any) -> dict[str, Any]:
        inside = [
            {"value": group["id"]}
            for group in self.held["Groups"].values()
            if one["id"] in {row["value"] for row in group.get("members", ())}
        ]
        found = {
            key: value for key, value in super()._shown(one, query).items() if key != "members"
        }
        return {**found, "groups": inside} if "userName" in one else found


def silent() -> Silent:
    store = Silent()
    for name in "abc":
        store.user(name)
    store.group("G1", "ab")
    return store


def test_hidden_members_are_known_by_the_groups_of_users() -> None:
    store = silent()
    assert twice(store, policy(), users=[{"user_name": "c", "groups": {"add": ["G1"]}}]) == [
        ("update", "G1")
    ] and store.members("G1") == {"a", "b", "c"}
    assert twice(
        store, policy(), groups=[{"display_name": "G1", "members": {"remove": ["a"]}}]
    ) == [("update", "G1")] and store.members("G1") == {"b", "c"}
    for directory in (
        {"groups": [{"display_name": "G1", "members": {"set": ["b"]}}]},
        {"teams": [team("G1", "b")]},
    ):
        assert (
            "group 'G1': its members cannot be read, so an exact list cannot be applied"
            in refused(silent(), policy(), **directory)
        )


def test_groups_are_not_set_where_members_cannot_be_read() -> None:
    with pytest.raises(
        ScimError,
        match="the members of G1 cannot be read, so groups cannot be set; add or remove groups instead",
    ):
        run(
            silent(),
            policy=policy(),
            caps={"members_read": "none"},
            users=[{"user_name": "a", "groups": {"set": []}}],
        )


@pytest.mark.parametrize(
    "directory",
    [
        {
            "users": [
                {"user_name": "m", "emails": [{"value": "M@x"}]},
                {"user_name": "a", "enterprise": {"manager": {"email": "m@x"}}},
            ]
        },
        {
            "users": [{"user_name": "m", "emails": [{"value": "m@x"}]}],
            "groups": [{"display_name": "G1", "members": {"add": [{"email": "m@x"}]}}],
        },
        {
            "users": [{"user_name": "b", "emails": [{"value": "m@x"}]}],
            "groups": [{"display_name": "G1", "members": {"add": [{"email": "m@x"}]}}],
        },
    ],
    ids=["manager", "member", "an address that is only now set"],
)
def test_e_mail_address_finds_users_of_the_same_input(directory: dict[str, Any]) -> None:
    assert twice(office(G1="a"), policy(), **directory)


def test_an_address_that_two_are_to_have_is_ambiguous() -> None:
    both = [{"user_name": name, "emails": [{"value": "m@x"}]} for name in "ab"]
    groups = [{"display_name": "G1", "members": {"add": [{"email": "m@x"}]}}]
    assert "user with emails.value 'm@x' matches 2 users: 'a' (id u1), 'b' (id u2)" in refused(
        office(G1=""), policy(), users=both, groups=groups
    )


def test_a_name_that_match_by_leaves_out_is_not_made_twice() -> None:
    one = [{"user_name": "a", "external_id": "E", "match_by": ["external_id"]}]
    assert refused(office(), policy(), users=one) == (
        "users[0]: user 'a': match_by leaves out user_name, but 'a' (id u1) has that name; add user_name to match_by to use that user"
    )
    same = [{"display_name": "G1", "external_id": "E", "match_by": ["external_id"]}]
    assert "match_by leaves out display_name" in refused(office(G1=""), policy(), groups=same)
    assert twice(
        office(),
        policy(),
        users=[{"user_name": "z", "external_id": "E", "match_by": ["external_id"]}],
    ) == [("create", "z")]


@pytest.mark.parametrize("users_purged", ["none", "inactive"])
def test_names_that_look_alike_are_two_users(users_purged: str) -> None:
    store = office("abc")
    store.user("Strasse")
    store.held["Users"][store.id_of("Strasse")]["userName"] = "Stra\u1e9ee"
    found = run(
        store, policy=policy(users=users_purged), users=[{"user_name": "STRASSE"}, *users("abc")]
    )
    assert ("create", "STRASSE") in [(one.verb, one.name) for one in found.plan.changes]
    assert (
        users_purged == "none"
        or "'STRASSE', 'Stra\u1e9ee' (U+1E9E) look alike but are treated as different users"
        in found.plan.notes
    )


def own(directory: dict[str, Any], rules: Policy) -> tuple[Faulty, Any]:
    """A run by the account ``h``, as its credentials say."""
    store = office("abcdefgh", Admins="ah", Old="bc")
    return store, converge(
        Service(store, overridden({}), frozenset({"h"})),
        wanted(**directory),
        replace(rules, knows_itself=True),
        check=False,
    )


def test_o13_a_purge_passes_over_the_account_of_these_credentials() -> None:
    """O13: a purge spares the account that runs it."""
    store, found = own({"users": users("abcdef")}, policy(users="absent"))
    assert (
        store.names("Users") == set("abcdefh")
        and "purge: protected users that are not in the input stay: 1" in found.plan.notes
    )


def test_o13_the_account_of_these_credentials_leaves_no_group() -> None:
    """O13: an account never removes its own rights by mistake."""
    with pytest.raises(
        ScimError,
        match="user 'h' is the account of these credentials and would be removed from group 'Admins'",
    ):
        own({"groups": [{"display_name": "Admins", "members": {"set": ["a"]}}]}, policy())


def test_a_refusal_names_the_members_of_a_group_that_would_be_purged() -> None:
    store = office("abcdefgh", G1="abcd", G2="")
    allowed = limits({"memberships_removed": 0, "groups_removed": "none"})
    with pytest.raises(
        ScimError,
        match="memberships_removed: 4 of 4 memberships would end .limit 0.: a in G1, b in G1, c in G1, d in G1; ",
    ):
        run(
            store,
            policy=replace(policy(groups="absent"), thresholds=allowed),
            groups=[{"display_name": "G2"}],
        )
