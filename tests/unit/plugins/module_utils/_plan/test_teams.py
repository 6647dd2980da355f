# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a team means for its group and its members, onboarded and offboarded."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import (
    ANY,
    Content,
    Desired,
    Members,
    Reference,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.teams import (
    Person,
    TeamInput,
    team_desired,
)
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


def test_additive_teams_have_no_leavers() -> None:
    store = office(red=["pam", "jim"])
    made = converge(store, wanted("additive", teams=[team("red", "jim", "new")]), INACTIVE)
    assert store.members("red") == {"pam", "jim", "new"} and active(store) == {"pam", "jim", "new"}
    assert made.unmanaged == {"red": ("pam",)}


def test_o9_in_an_offboarded_and_an_onboarded_team() -> None:
    """O9: leaves the one, stays in the other, and active."""
    store = office(red=["pam"], blue=["jim"])
    desired = wanted(teams=[team("red", "pam", state="offboarded"), team("blue", "jim", "pam")])
    converge(store, desired, INACTIVE)
    assert (store.members("red"), store.members("blue"), active(store)) == (
        set(),
        {"jim", "pam"},
        {"pam", "jim"},
    )
    settled(store, desired, INACTIVE)


def test_offboarding_keeps_the_group_and_names_members_that_are_not_listed() -> None:
    store = office(red=["pam", "jim", "creed"], further=["pam", "creed"])
    desired = wanted(
        teams=[
            team(
                "red",
                "pam",
                "jim",
                "unknown",
                state="offboarded",
                groups=["further", "no such group"],
            )
        ]
    )
    made = converge(store, desired, INACTIVE)
    assert store.members("red") == {"creed"} == store.members("further") and active(store) == {
        "creed"
    }
    assert made.unmanaged["red"] == ("creed",)
    assert {one.reason for one in made.changes if one.verb == "deactivate"} == {"offboarded"}
    settled(store, desired, INACTIVE)


def test_offboarding_again_without_the_group_changes_nothing() -> None:
    store = office(other=["jim"])
    made = plan(store, wanted(teams=[team("red", "pam", state="offboarded")]), INACTIVE)
    assert not made.size and not refusals(made)


def test_offboarding_changes_nothing_else_of_users() -> None:
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
def test_the_own_state_of_a_member_wins_in_an_offboarded_team(
    state: str, there: bool, isactive: bool, further: list[str]
) -> None:
    store = office(red=["pam"], **{name: ["pam"] for name in further})
    rows = [{"user_name": "pam", "state": state}, {"user_name": "unknown", "state": state}]
    desired = wanted(teams=[team("red", *rows, state="offboarded")])
    converge(store, desired, INACTIVE)
    settled(store, desired, INACTIVE)
    assert "unknown" not in store.names("Users")
    assert ("pam" in store.names("Users")) is there and ("pam" in active(store)) is isactive
    assert store.members("red") == set()


def test_a_user_onboarded_again_is_active_again() -> None:
    store = office(red=["jim"])
    store.user("pam", active=False)
    desired = wanted(teams=[team("red", "jim", "pam")])
    converge(store, desired, INACTIVE)
    assert active(store) == {"jim", "pam"}
    converge(
        store, wanted(teams=[team("red", "jim", {"user_name": "pam", "active": False})]), INACTIVE
    )
    assert active(store) == {"jim"} and store.members("red") == {"jim", "pam"}


def test_an_inactive_member_leaves_the_team_after_joins() -> None:
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
    assert verbs(made)[0] == ("joins", "further") and verbs(made)[1] == ("deactivate", "pam")


# the desired states of a team


def person(name: str, state: str = "present", *, own: bool = False, **attributes: object) -> Person:
    desired = Desired(
        kind=USER,
        place=f"members.{name}",
        keys=(("userName", name),),
        state=state,
        content=Content(attributes={"userName": name, **attributes}),
    )
    return Person(desired=desired, has_own_state=own)


def of_user(name: str) -> Reference:
    return Reference("User", "userName", name)


STAFF = frozenset({Reference("Group", "displayName", "staff")})


def test_an_onboarded_team_is_its_group_and_active_members() -> None:
    people = (person("pam"), person("jim", "inactive", own=True), person("creed", active=False))
    given = TeamInput(place="t", name="red", external_id="x", people=people, groups=STAFF)
    group, pam, jim, creed = team_desired(given)
    assert (group.kind, group.keys) == (GROUP, (("externalId", "x"), ("displayName", "red")))
    assert group.content.attributes == {"externalId": "x", "displayName": "red"}
    assert group.members == (
        Members(
            exactly=frozenset({of_user("pam"), of_user("creed")}),
            release=frozenset({of_user("jim")}),
        ),
    )
    assert group.team is not None and group.team.onboarded
    assert group.team.listed == {of_user("jim")}
    assert [(one.groups, one.activate) for one in (pam, jim, creed)] == [
        ((Members(add=STAFF),), True),
        ((Members(release=STAFF),), False),
        ((Members(add=STAFF),), False),
    ]


def test_a_team_that_is_not_exact_only_adds() -> None:
    group, _pam = team_desired(
        TeamInput(place="t", name="red", people=(person("pam"),), exact=False)
    )
    assert group.members == (Members(add=frozenset({of_user("pam")})),)


def test_an_offboarded_team_asks_only_that_its_listed_members_leave() -> None:
    people = (person("pam", title="x"), person("jim", "absent", own=True))
    given = TeamInput(place="t", name="red", people=people, groups=STAFF, onboarded=False)
    group, pam, jim = team_desired(given)
    listed = frozenset({of_user("pam"), of_user("jim")})
    assert (group.state, group.creates, group.members) == (ANY, False, (Members(release=listed),))
    assert group.team is not None and not group.team.onboarded and group.team.listed == listed
    assert [(one.state, one.creates, one.groups) for one in (pam, jim)] == [
        (ANY, False, (Members(release=STAFF),)),
        ("absent", False, (Members(release=STAFF),)),
    ]
    assert pam.content == Content()
