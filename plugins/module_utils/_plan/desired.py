# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Desired resources and references, as data; knows no service and no Ansible."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from .._model.flat import Flat
from .._model.key import Key
from .._model.pairing import united
from .._model.sameness import key_of, same
from .._model.schema import GROUP, KINDS, USER, ResourceType, snake

EMAIL = "emails.value"
_ADDRESS = USER.at("emails").sub[0]
ANY = "any"
Clause = tuple[str, str]
Portion = tuple[Clause, ...]
LookUp = tuple[str, str, str]


class Reference(NamedTuple):
    """Name another resource by one attribute.

    ``Reference("User", "userName", "mscott")`` is one.
    """

    kind: str
    path: str
    value: str

    @property
    def key(self) -> LookUp:
        """Return what is equal for equal references: kind, path and the folded value."""
        kind, path, value = self
        if kind == USER.name:
            return kind, path, user_key(path, value)
        return kind, path, folded(KINDS[kind], path, value)

    def __str__(self) -> str:
        noun = self.kind.lower()
        if self.path == KINDS[self.kind].name_attribute:
            return f"{noun} '{self.value}'"
        return f"{noun} with {self.path} '{self.value}'"


def composed(name: str) -> str:
    """Return a name with letters and accents composed (NFC), as it is sent."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def folded(kind: ResourceType, path: str, value: str) -> str:
    """Return a key's value in the form in which it is compared.

    Ids are exact, e-mail addresses ignore case, other attributes follow their schema (RFC 7643
    section 2.2).
    """
    if path == "id":
        return value
    return key_of(_ADDRESS if path == EMAIL else kind.at(path), value)


def user_key(path: str, value: str) -> str:
    """Return what ``folded`` returns for a user, and faster for letters of ASCII."""
    if not value.isascii():
        return folded(USER, path, value)
    return value if _minds_case(path) else value.lower()


@lru_cache(maxsize=64)
def _minds_case(path: str) -> bool:
    return folded(USER, path, "A") == "A"


def key_option(path: str) -> str:
    """Return the name of a key in ``match_by``.

    That is ``user_name`` for ``userName``, and ``email`` for e-mail addresses.
    """
    return "email" if path == EMAIL else snake(path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """References on one side of a membership.

    They are the members of a group, or the groups of a user. ``exactly`` is None unless the list is
    complete. ``add`` and ``remove`` name single ones. ``release`` names those that leave unless
    something else in the task keeps them; one that does not exist is ignored.
    """

    exactly: frozenset[Reference] | None = None
    add: frozenset[Reference] = frozenset()
    remove: frozenset[Reference] = frozenset()
    release: frozenset[Reference] = frozenset()

    @property
    def joining(self) -> frozenset[Reference]:
        """Return the references that must be members."""
        if self.exactly is None:
            return self.add
        return self.exactly | self.add if self.add else self.exactly

    @property
    def references(self) -> frozenset[Reference]:
        """Return every reference."""
        found = self.joining
        for more in (self.remove, self.release):
            found = found | more if more else found
        return found


def exact_list(lists: Iterable[Members]) -> frozenset[Reference] | None:
    """Return all references of the complete lists, None if no list is complete."""
    found: frozenset[Reference] | None = None
    for members in lists:
        if members.exactly is not None:
            found = members.exactly | (found or frozenset())
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """Values that are sent and never shown.

    They join a request only when it is built for sending.
    """

    attributes: Flat = field(default_factory=dict, repr=False)
    always: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """What a team asks beyond its group.

    ``onboarded`` is False for an offboarded team. ``listed`` are its members that must leave it.
    ``excepted`` are user names and e-mail addresses (both folded), external ids and ids of users
    that this run leaves alone. ``gives`` are the further groups of its members, ``ends`` those of
    them that a user leaves with the team.
    """

    onboarded: bool
    listed: frozenset[Reference] = frozenset()
    excepted: frozenset[str] = frozenset()
    gives: frozenset[Reference] = frozenset()
    ends: frozenset[Reference] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What the attributes of a resource should be.

    ``attributes`` is flat. ``links`` are attributes whose value is the id of another resource.
    ``clear`` are paths to remove, ``create_only`` paths that are set at creation and never again.
    ``exact``: lists replace all entries. ``typed`` are the lists of which the service is known to
    keep types, ``listed`` those of which only its Schemas say so.
    """

    attributes: Flat = field(default_factory=dict)
    links: Mapping[str, Reference] = field(default_factory=dict)
    clear: tuple[str, ...] = ()
    create_only: frozenset[str] = frozenset()
    exact: bool = False
    typed: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Desired:
    """What a task wants of one resource.

    ``place`` is where it was written (``teams[0].members[3]``, empty for a single module). ``keys``
    are (path, value) in the order of trust, ``previous`` are former names. ``state`` is
    ``present``, ``inactive``, ``absent`` or ``any``, which asks nothing. ``creates`` is False if
    the resource must exist. ``activate`` makes an existing user active unless ``active`` is set.
    ``method`` is ``auto``, ``patch`` or ``put``.
    """

    kind: ResourceType
    place: str = ""
    keys: tuple[Clause, ...] = ()
    previous: tuple[str, ...] = ()
    state: str = "present"
    creates: bool = True
    activate: bool = False
    content: Content = field(default_factory=Content)
    secrets: Secrets = field(default_factory=Secrets, repr=False)
    members: tuple[Members, ...] = ()
    groups: tuple[Members, ...] = ()
    team: Team | None = None
    method: str = "auto"

    def __post_init__(self) -> None:
        """Compose the names (NFC), since services may compare them byte by byte."""
        path = self.kind.name_attribute
        keys = tuple((one, composed(value) if one == path else value) for one, value in self.keys)
        object.__setattr__(self, "keys", keys)
        object.__setattr__(self, "previous", tuple(map(composed, self.previous)))
        name = self.content.attributes.get(path)
        if isinstance(name, str) and composed(name) != name:
            attributes = {**self.content.attributes, path: composed(name)}
            object.__setattr__(self, "content", replace(self.content, attributes=attributes))

    @property
    def name(self) -> str:
        """Return the name attribute if it is set, else the value of the first key."""
        if self.own_name:
            return self.own_name
        return self.keys[0][1] if self.keys else "?"

    @property
    def own_name(self) -> str:
        """Return the name attribute, "" if it is not set."""
        path = self.kind.name_attribute
        value = self.content.attributes.get(path) or dict(self.keys).get(path)
        return str(value or "")

    @property
    def previous_option(self) -> str:
        """Return the name of the option for former names."""
        return "previous_user_names" if self.kind.name == USER.name else "previous_names"

    @property
    def text(self) -> str:
        """Return the resource in words: ``user 'mscott'``."""
        return f"{self.kind.name.lower()} '{self.name}'"

    @property
    def source(self) -> str:
        """Return where it was written, in words."""
        return self.place or "the task"

    @property
    def may_create(self) -> bool:
        """Return whether the resource is created if it does not exist."""
        return self.creates and self.state == "present"

    @property
    def references(self) -> Iterator[Reference]:
        """Yield every reference to another resource, in order."""
        yield from self.content.links.values()
        for members in (*self.members, *self.groups):
            yield from sorted(members.references)
        if self.team is not None:
            yield from sorted(self.team.listed | self.team.gives)

    @property
    def named(self) -> list[frozenset[Reference]]:
        """Return every reference to another resource, in sets and perhaps again."""
        found = [members.references for members in (*self.members, *self.groups)]
        if self.content.links:
            found.append(frozenset(self.content.links.values()))
        if self.team is not None:
            found.append(self.team.listed | self.team.gives)
        return found

    def refused(self, text: str) -> str:
        """Return a sentence about this resource that begins with where it was written."""
        prefix = f"{self.place}: " if self.place else ""
        return f"{prefix}{self.text}: {text}"


def unsearched_name(desired: Desired) -> Clause | None:
    """Return the name that a creation would take and no key looks for.

    It comes as (path, value).
    """
    path = desired.kind.name_attribute
    if not desired.may_create or path in dict(desired.keys):
        return None
    value = desired.content.attributes.get(path)
    if not isinstance(value, str) or not value:
        return None
    return path, value


def searched(desired: Desired) -> Iterator[Clause]:
    """Yield the keys of a resource to look up, as (path, value).

    The name that its creation would take comes last.
    """
    for path, value in desired.keys:
        if path != "id":
            yield path, value
    name = unsearched_name(desired)
    if name is not None:
        yield name


def former_names(desired: Desired) -> Iterator[Clause]:
    """Yield the names that a resource had before, as (path, value)."""
    for name in desired.previous:
        yield desired.kind.name_attribute, name


def of_group(reference: Reference) -> Desired:
    """Return the desired state of a group that is only referred to.

    It must exist, nothing else.
    """
    return Desired(kind=GROUP, keys=((reference.path, reference.value),), state=ANY, creates=False)


def of_key(kind: ResourceType, key: Key) -> Desired:
    """Return the desired state of a resource that only other rules change.

    No input names it.
    """
    return Desired(kind=kind, keys=(("id", key.id),), state=ANY, creates=False)


def combine(one: Desired, other: Desired) -> tuple[Desired, list[str]]:
    """Return two desired states of one resource as one, and the contradictions.

    Each contradiction is a sentence.
    """
    problems = list(_contradictions(one, other))
    content = Content(
        attributes=_joined(one.content.attributes, other.content.attributes),
        links={**one.content.links, **other.content.links},
        clear=_union(one.content.clear, other.content.clear),
        create_only=one.content.create_only | other.content.create_only,
        exact=one.content.exact or other.content.exact,
    )
    secrets = Secrets(
        attributes={**one.secrets.attributes, **other.secrets.attributes},
        always=one.secrets.always or other.secrets.always,
    )
    merged = replace(
        one,
        place=one.place or other.place,
        keys=_union(one.keys, other.keys),
        previous=_union(one.previous, other.previous),
        state=other.state if one.state == ANY else one.state,
        creates=one.creates or other.creates,
        activate=one.activate or other.activate,
        content=content,
        secrets=secrets,
        members=one.members + other.members,
        groups=one.groups + other.groups,
        team=_joined_teams(one.team, other.team),
        method=other.method if one.method == "auto" else one.method,
    )
    return merged, problems


def _union(one: Iterable[Any], other: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of both; the first counts, and what both add is added."""
    found = {**one, **other, **one}
    for path, value in one.items():
        found[path] = united(value, other.get(path)) or value
    return found


def _contradictions(one: Desired, other: Desired) -> Iterator[str]:
    """Yield a sentence for everything that two desired states set differently."""
    both = f"{one.source} and {other.source}"
    mine, theirs = one.content, other.content
    for path, value in mine.attributes.items():
        if path in theirs.attributes and not _agree(one.kind, path, value, theirs.attributes[path]):
            yield f"{both} set different values of {path} for {one.text}"
    if _disagree_on_team(one.team, other.team):
        yield f"{both} set {one.text} to onboarded and to offboarded"
    if one.state != other.state and ANY not in (one.state, other.state):
        yield f"{both} set different states for {one.text}: {one.state} and {other.state}"
    for path, reference in mine.links.items():
        if path in theirs.links and reference.key != theirs.links[path].key:
            yield f"{both} set a different {path} for {one.text}"
    written = mine.attributes.keys() | theirs.attributes.keys()
    for path in sorted({*mine.clear, *theirs.clear} & written):
        yield f"{both} set and clear {path} of {one.text}"
    secrets = one.secrets.attributes.keys() & other.secrets.attributes.keys()
    if secrets and one.secrets.attributes != other.secrets.attributes:
        yield f"{both} set different secrets for {one.text}"


def _agree(kind: ResourceType, path: str, value: Any, other: Any) -> bool:
    return same(kind.at(path), value, other) or united(value, other) is not None


def _disagree_on_team(one: Team | None, other: Team | None) -> bool:
    return one is not None and other is not None and one.onboarded != other.onboarded


def _joined_teams(one: Team | None, other: Team | None) -> Team | None:
    if one is None or other is None:
        return one or other
    return Team(
        onboarded=one.onboarded,
        listed=one.listed | other.listed,
        excepted=one.excepted | other.excepted,
        gives=one.gives | other.gives,
        ends=one.ends | other.ends,
    )
