# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task asks for, as data: wishes about resources and references to others; knows no service and no Ansible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .._model.flat import Flat
from .._model.merge import key_of, same
from .._model.schema import GROUP, KINDS, USER, ResourceType

EMAIL = "emails.value"
ANY = "any"


class Reference(NamedTuple):
    """Another resource, named by one attribute: ``Reference("User", "userName", "mscott")``."""

    kind: str
    path: str
    value: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What is equal for equal references: the value folded as the attribute is looked up."""
        return self.kind, self.path, folded(KINDS[self.kind], self.path, self.value)

    def __str__(self) -> str:
        noun = self.kind.lower()
        return (
            f"{noun} '{self.value}'"
            if self.path == KINDS[self.kind].name_attribute
            else f"{noun} with {self.path} '{self.value}'"
        )


def folded(kind: ResourceType, path: str, value: str) -> str:
    """A key's value in its look-up form; ids are exact, e-mail addresses ignore case."""
    return (
        value
        if path == "id"
        else key_of(USER.at("emails").sub[0] if path == EMAIL else kind.at(path), value)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """Who is to be in: exactly ``only`` (None: not stated), at least ``add``, none of ``remove``."""

    only: frozenset[Reference] | None = None
    add: frozenset[Reference] = frozenset()
    remove: frozenset[Reference] = frozenset()

    @property
    def references(self) -> frozenset[Reference]:
        """Everyone who is named."""
        return (self.only or frozenset()) | self.add | self.remove


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """Values that are sent and never shown: they join a request only when it is built for sending."""

    attributes: Flat = field(default_factory=dict, repr=False)
    always: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """What a team asks beyond its group: whether it is onboarded, and who is listed as leaving an offboarded one.

    ``spared`` are user names and e-mail addresses (both folded), external ids and ids of people who do not leave because they
    are not listed.
    """

    onboarded: bool
    leaving: frozenset[Reference] = frozenset()
    spared: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Desired:
    """What a task asks about one resource.

    ``place`` says where it was written (``teams[0].members[3]``, "" for a single module); ``keys`` are (path, value) in
    the order of trust; ``attributes`` is flat; ``links`` are attributes whose value is another resource's id.
    ``activate`` makes an existing user active unless ``active`` is stated. ``creates`` is False for a wish that only names
    a resource which must exist, and whose state is ``any``: it says nothing about it.
    """

    kind: ResourceType
    place: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    state: str = "present"
    attributes: Flat = field(default_factory=dict)
    links: Mapping[str, Reference] = field(default_factory=dict)
    clear: tuple[str, ...] = ()
    create_only: frozenset[str] = frozenset()
    exact: bool = False
    previous: tuple[str, ...] = ()
    members: tuple[Members, ...] = ()
    groups: Members | None = None
    further: frozenset[Reference] = frozenset()
    left: frozenset[Reference] = frozenset()
    secrets: Secrets = field(default_factory=Secrets, repr=False)
    method: str = "auto"
    activate: bool = False
    team: Team | None = None
    creates: bool = True

    @property
    def name(self) -> str:
        """What people call it: its name attribute if stated, else its first key's value."""
        stated = self.attributes.get(self.kind.name_attribute) or dict(self.keys).get(
            self.kind.name_attribute
        )
        return str(stated or (self.keys[0][1] if self.keys else "?"))

    @property
    def references(self) -> Iterator[Reference]:
        """Everybody and every group that the wish refers to."""
        yield from self.links.values()
        yield from self.further
        yield from self.left
        for members in (*self.members, *((self.groups,) if self.groups is not None else ())):
            yield from members.references
        if self.team is not None:
            yield from self.team.leaving

    @property
    def text(self) -> str:
        """For a sentence: ``user 'mscott'``."""
        return f"{self.kind.name.lower()} '{self.name}'"


def combine(one: Desired, other: Desired) -> tuple[Desired, list[str]]:
    """Two wishes about the same resource → one, and the sentences that say where they contradict each other."""
    problems = []
    attributes = dict(one.attributes)
    both = f"{one.place or 'the task'} and {other.place or 'the task'}"
    for path, value in other.attributes.items():
        if path not in attributes:
            attributes[path] = value
        elif not same(one.kind.at(path), attributes[path], value):
            problems.append(f"{both} state different values of {path} for {one.text}")
    if (
        one.team is not None
        and other.team is not None
        and one.team.onboarded != other.team.onboarded
    ):
        problems.append(f"{both} state {one.text} both onboarded and offboarded")
    if one.state != other.state and ANY not in (one.state, other.state):
        problems.append(
            f"{both} state different states for {one.text}: {one.state} and {other.state}"
        )
    links = {**one.links, **other.links}
    problems += [
        f"{both} state a different {path} for {one.text}"
        for path in one.links
        if path in other.links and one.links[path].key != other.links[path].key
    ]
    problems += [
        f"{both}: {path} of {one.text} is both stated and cleared"
        for path in sorted({*one.clear, *other.clear} & attributes.keys())
    ]
    if {*one.secrets.attributes} & {
        *other.secrets.attributes
    } and one.secrets.attributes != other.secrets.attributes:
        problems.append(f"{both} state different secrets for {one.text}")
    merged = replace(
        one,
        place=one.place or other.place,
        state=other.state if one.state == ANY else one.state,
        attributes=attributes,
        links=links,
        keys=tuple(dict.fromkeys((*one.keys, *other.keys))),
        clear=tuple(dict.fromkeys((*one.clear, *other.clear))),
        create_only=one.create_only | other.create_only,
        exact=one.exact or other.exact,
        previous=tuple(dict.fromkeys((*one.previous, *other.previous))),
        members=one.members + other.members,
        groups=_joined(one.groups, other.groups),
        further=one.further | other.further,
        left=one.left | other.left,
        secrets=Secrets(
            attributes={**one.secrets.attributes, **other.secrets.attributes},
            always=one.secrets.always or other.secrets.always,
        ),
        method=one.method if one.method != "auto" else other.method,
        activate=one.activate or other.activate,
        team=_both_teams(one.team, other.team),
        creates=one.creates or other.creates,
    )
    return merged, problems


def _both_teams(one: Team | None, other: Team | None) -> Team | None:
    if one is None or other is None:
        return one or other
    return Team(
        onboarded=one.onboarded,
        leaving=one.leaving | other.leaving,
        spared=one.spared | other.spared,
    )


def _joined(one: Members | None, other: Members | None) -> Members | None:
    if one is None or other is None:
        return one or other
    only = (
        one.only | other.only
        if one.only is not None and other.only is not None
        else one.only
        if one.only is not None
        else other.only
    )
    return Members(only=only, add=one.add | other.add, remove=one.remove | other.remove)


def group_named(reference: Reference) -> Desired:
    """The wish that stands for a group which is only referred to: it must exist and nothing about it is stated."""
    return Desired(kind=GROUP, keys=((reference.path, reference.value),), state=ANY, creates=False)
