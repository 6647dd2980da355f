# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a team means: wishes about its group and about each of its people; knows no service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from .._model.schema import GROUP, USER
from .desired import ANY, Desired, Members, Reference, Team


def reference_to(person: Desired) -> Reference:
    """The reference by which a person of the input is named elsewhere: by the strongest key stated."""
    path, value = person.keys[0]
    return Reference(USER.name, path, value)


def team_wishes(
    place: str,
    name: str,
    external_id: str | None,
    people: Sequence[tuple[Desired, bool]],
    further: frozenset[Reference],
    *,
    onboarded: bool,
    exact: bool,
    spared: frozenset[str] = frozenset(),
) -> Iterator[Desired]:
    """A team → the wishes that it is made of.

    ``people`` are (wish, whether its state was stated). Of an onboarded team, people are made as stated, active and members,
    unless their own state is ``inactive`` or ``absent``: those are no members. Of an offboarded one, the listed people leave
    the group and the further groups, and nothing else about them is changed; the group is kept.
    ``exact``: the group has no other members, but for those who are ``spared``.
    """
    listed = frozenset(reference_to(person) for person, _stated in people)
    staying = frozenset(
        reference_to(person) for person, _stated in people if person.state == "present"
    )
    attributes = {"displayName": name}
    keys: tuple[tuple[str, str], ...] = (("displayName", name),)
    if external_id:
        attributes["externalId"] = external_id
        keys = (("externalId", external_id), *keys)
    group = Desired(kind=GROUP, place=place, keys=keys)
    if not onboarded:
        yield replace(
            group,
            state=ANY,
            creates=False,
            members=(Members(),),
            team=Team(onboarded=False, leaving=listed),
        )
        for person, stated in people:
            own = person.state if stated else ANY
            yield Desired(
                kind=USER,
                place=person.place,
                keys=person.keys,
                state=own,
                creates=False,
                left=further,
            )
        return
    members = Members(only=staying) if exact else Members(add=staying)
    yield replace(
        group,
        attributes=attributes,
        members=(members,),
        team=Team(onboarded=True, leaving=listed - staying, spared=spared),
    )
    for person, _stated in people:
        if person.state == "present":
            yield replace(
                person, further=person.further | further, activate="active" not in person.attributes
            )
        else:
            yield replace(person, left=person.left | further)
