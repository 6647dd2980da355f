# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a team means: the desired states of its group and members.

Knows no service.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .._model.schema import GROUP, USER
from .desired import ANY, Clause, Content, Desired, Members, Reference, Team


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One listed member of a team.

    ``has_own_state``: the input sets ``state`` for this member.
    """

    desired: Desired
    has_own_state: bool

    @property
    def reference(self) -> Reference:
        """Return the reference to this member, by the strongest key that is set."""
        path, value = self.desired.keys[0]
        return Reference(USER.name, path, value)


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamInput:
    """A team as the input has it, checked.

    ``place`` is where it was written. ``groups`` are further groups of each member. ``exact``: the
    group has no other members than the listed ones and those ``excepted``: user names and e-mail
    addresses (folded), external ids and ids. ``staying`` are more members, of whom the team asks
    nothing but to be in its group. Users that leave such a team leave ``groups`` too.
    """

    place: str
    name: str
    external_id: str | None = None
    people: tuple[Person, ...] = ()
    staying: frozenset[Reference] = frozenset()
    groups: frozenset[Reference] = frozenset()
    onboarded: bool = True
    exact: bool = True
    excepted: frozenset[str] = frozenset()


def team_desired(team: TeamInput) -> Iterator[Desired]:
    """Yield the desired states that a team is made of.

    Members of an onboarded team are made active members as the input sets them, unless their own
    state is ``inactive`` or ``absent``: those leave. The listed members of an offboarded team leave
    the group and the further groups, and nothing else about them changes. The group is kept.
    """
    if team.onboarded:
        yield onboarded_group(team)
        for person in team.people:
            yield onboarded_member(person.desired, team.groups)
        return
    yield _offboarded_group(team)
    for person in team.people:
        yield _offboarded_person(person, team.groups)


def _keys(team: TeamInput) -> tuple[Clause, ...]:
    by_name = (GROUP.name_attribute, team.name)
    return (("externalId", team.external_id), by_name) if team.external_id else (by_name,)


def onboarded_group(team: TeamInput) -> Desired:
    """Return the desired state of the group of an onboarded team."""
    listed = frozenset(person.reference for person in team.people) | team.staying
    present = (one.reference for one in team.people if one.desired.state == "present")
    staying = team.staying.union(present)
    leaving = listed - staying
    if team.exact:
        members = Members(exactly=staying, release=leaving)
    else:
        members = Members(add=staying, release=leaving)
    return Desired(
        kind=GROUP,
        place=team.place,
        keys=_keys(team),
        content=Content(attributes=dict(reversed(_keys(team)))),
        members=(members,),
        team=Team(
            onboarded=True,
            listed=leaving,
            excepted=team.excepted,
            gives=team.groups,
            ends=team.groups if team.exact else frozenset(),
        ),
    )


def onboarded_member(desired: Desired, groups: frozenset[Reference] = frozenset()) -> Desired:
    """Return the desired state of a listed member of an onboarded team.

    ``groups`` are further groups of each member.
    """
    if desired.state != "present":
        return replace(desired, groups=(*desired.groups, *_releasing(groups)))
    joining = (Members(add=groups),) if groups else ()
    activates = "active" not in desired.content.attributes
    return replace(desired, groups=(*desired.groups, *joining), activate=activates)


def _offboarded_group(team: TeamInput) -> Desired:
    listed = frozenset(person.reference for person in team.people)
    return Desired(
        kind=GROUP,
        place=team.place,
        keys=_keys(team),
        state=ANY,
        creates=False,
        members=(Members(release=listed),),
        team=Team(onboarded=False, listed=listed),
    )


def _offboarded_person(person: Person, groups: frozenset[Reference]) -> Desired:
    desired = person.desired
    return Desired(
        kind=USER,
        place=desired.place,
        keys=desired.keys,
        previous=desired.previous,
        state=desired.state if person.has_own_state else ANY,
        creates=False,
        groups=_releasing(groups),
    )


def _releasing(groups: frozenset[Reference]) -> tuple[Members, ...]:
    return (Members(release=groups),) if groups else ()
