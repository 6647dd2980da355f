# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resource each desired state is about; knows no request.

It is found by its keys, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .._model.key import Key
from .._model.pairing import wanted_entries
from .._model.schema import USER, ResourceType, snake
from .._model.user_keys import UserKeys
from .._provider.abilities import not_stored
from .._provider.capabilities import Capabilities
from .agreement import Contradiction, contradiction, contradictions
from .archive import Archive
from .desired import EMAIL, Desired, LookUp, Reference, combine, folded, unsearched_name
from .freed_names import NOTHING_FREED, Freed, claimed_former_names
from .questions import Resource
from .snapshot import Snapshot, key_of


@dataclass(frozen=True, slots=True)
class Target:
    """One resource and everything that the task wants of it.

    ``resource`` is None if it does not exist yet. ``matched_by`` is the path of the key that found
    it.
    """

    desired: Desired
    resource: Resource | None
    matched_by: str | None
    key: Key

    @property
    def will_exist(self) -> bool:
        """Return whether it exists, or will when the plan is carried out."""
        return self.resource is not None or self.desired.may_create


class Match(NamedTuple):
    """The resource that a desired state is about, and the key that found it.

    ``problem`` is a sentence if that is not certain. ``contradiction`` is set if the sentence is
    about a key that the resource does not agree with.
    """

    resource: Resource | None = None
    matched_by: str | None = None
    problem: str = ""
    contradiction: Contradiction | None = None


class Hit(NamedTuple):
    """One key that is set, and the resources that it finds."""

    path: str
    value: str
    found: list[Resource]


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets of a task, and what contradicts itself in the input.

    ``index`` finds them by every key that is set. ``former`` finds targets by previous names,
    ``mails`` by the e-mail addresses that they are to have. ``freed`` are the names that they give
    up. ``settled`` are users that are as desired already. They are found here and are not among
    ``every``, but for those that something else changes; ``reopened`` counts these. ``withheld``
    are resources that this run leaves as they are, whatever is desired of them. ``refused`` are the
    keys of rows with a problem, which have no target. ``twins`` are resources that rows are about
    and that may be two, which have no target either.
    """

    every: tuple[Target, ...] = ()
    problems: tuple[str, ...] = ()
    index: Mapping[LookUp, int] = field(default_factory=dict)
    former: Mapping[LookUp, int] = field(default_factory=dict)
    mails: Mapping[LookUp, tuple[int, ...]] = field(default_factory=dict)
    freed: Freed = NOTHING_FREED
    settled: Archive = field(default_factory=Archive)
    reopened: int = 0
    withheld: frozenset[Key] = frozenset()
    refused: frozenset[LookUp] = frozenset()
    twins: frozenset[Key] = frozenset()
    _resolved: dict[Reference, str] = field(default_factory=dict, compare=False, repr=False)
    _split: dict[frozenset[Reference], tuple[UserKeys, list[Reference]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def of(self, kind: str) -> list[Target]:
        """Return the targets of one kind."""
        return [one for one in self.every if one.key.kind == kind]

    def get(self, key: Key) -> Target | None:
        """Return the target of a resource."""
        target = self._at(self.index.get((key.kind, "id", key.id)))
        if target is None and key.kind == USER.name and key.id in self.settled:
            return self._settled(key.id)
        return target

    def at(self, look_up: LookUp) -> Target | None:
        """Return the target with that key."""
        target = self._at(self.index.get(look_up))
        ident = self.settled_id(look_up) if target is None else None
        return target if ident is None else self._settled(ident)

    def settled_id(self, look_up: LookUp) -> str | None:
        """Return the id of the settled user with that key."""
        kind, path, value = look_up
        if kind != USER.name:
            return None
        if path == "id":
            return value if value in self.settled else None
        return self.settled.find(path, value)

    @property
    def unchanged_users(self) -> int:
        """Return how many users are as desired and in no target."""
        return len(self.settled) - self.reopened

    def _settled(self, ident: str) -> Target:
        desired = self.settled.desired(ident)
        key = Key(USER.name, ident)
        return Target(desired, self.settled.get(ident), desired.keys[0][0], key)

    def formerly(self, reference: Reference) -> Target | None:
        """Return the target that had that name before."""
        return self._at(self.former.get(reference.key))

    def deletes(self, key: Key) -> bool:
        """Return whether the task deletes a resource."""
        target = self._at(self.index.get((key.kind, "id", key.id)))
        return target is not None and target.desired.state == "absent"

    def mentions(self, reference: Reference) -> bool:
        """Return whether the input itself is about the resource that a reference names."""
        return reference.key in self.index or self.settled_id(reference.key) is not None

    def _at(self, number: int | None) -> Target | None:
        return None if number is None else self.every[number]

    def resolve(self, reference: Reference, snapshot: Snapshot) -> list[Key]:
        """Return the keys that a reference names.

        A target of this task comes first, then resources of the service. An id is taken as it is,
        whether the resource is known or not.
        """
        known = self._resolved.get(reference)
        if known is not None:
            return [Key(USER.name, known)]
        look_up = reference.key
        target = self._at(self.index.get(look_up))
        if target is not None and target.will_exist:
            return [target.key]
        settled = self._settled_user(reference) if target is None else None
        if settled is not None:
            return [Key(USER.name, settled)]
        found = snapshot.resolve(reference)
        if not found and reference.path == "id":
            return [_by_id(reference, snapshot)]
        if not found:
            former = self.formerly(reference)
            if former is not None and former.will_exist:
                return [former.key]
        for number in self.mails.get(look_up, ()):
            if self.every[number].will_exist:
                found.append(self.every[number].key)
        return list(dict.fromkeys(found))

    def settled_keys(self, references: frozenset[Reference]) -> tuple[UserKeys, list[Reference]]:
        """Return the keys of references to settled users, and all other references."""
        found = self._split.get(references)
        if found is None:
            found = self._split[references] = self._settled_keys(references)
        return found

    def _settled_keys(self, references: Iterable[Reference]) -> tuple[UserKeys, list[Reference]]:
        ids = []
        others = []
        known = self._resolved
        for reference in references:
            ident = known.get(reference) or self._settled_user(reference)
            if ident is None:
                others.append(reference)
            else:
                ids.append(ident)
        return UserKeys(ids), others

    def _settled_user(self, reference: Reference) -> str | None:
        """Return the id of the settled user that a reference names, which is remembered."""
        look_up = reference.key
        ident = None if look_up in self.index else self.settled_id(look_up)
        if ident is not None:
            self._resolved[reference] = ident
        return ident

    def name(self, key: Key, snapshot: Snapshot) -> str:
        """Return the name of a resource for a sentence.

        The resource need not exist yet.
        """
        target = self._at(self.index.get((key.kind, "id", key.id)))
        if target is not None and target.resource is None:
            return target.desired.name
        return snapshot.name(key)

    def plus(self, added: Iterable[Target]) -> Targets:
        """Return these targets with others.

        One with a key that is there already replaces it.
        """
        every = list(self.every)
        index = dict(self.index)
        reopened = self.reopened
        for target in added:
            entry = (target.key.kind, "id", target.key.id)
            number = index.setdefault(entry, len(every))
            is_settled = target.key.kind == USER.name and target.key.id in self.settled
            reopened += is_settled and number == len(every)
            every[number : number + 1] = [target]
        return replace(
            self, every=tuple(every), index=index, reopened=reopened, _resolved={}, _split={}
        )


def _by_id(reference: Reference, snapshot: Snapshot) -> Key:
    if reference.kind == USER.name:
        return snapshot.member(reference.value)
    return Key(reference.kind, reference.value)


def match(desired: Desired, snapshot: Snapshot, freed: Freed = NOTHING_FREED) -> Match:
    """Return the resource that a desired state is about.

    All keys that are set must agree and each may find one resource only. The first key in the list
    names the match. A name that the task itself frees finds nothing.
    """
    hits = []
    unknown_id = None
    for path, value in desired.keys:
        found = freed.left(desired, path, snapshot.shown(desired.kind, path, value))
        if found:
            hits.append(Hit(path, value, found))
        elif path == "id":
            unknown_id = value
    problem = _ambiguity(desired.kind, hits, snapshot)
    if unknown_id is not None and not problem:
        problem = _unknown_id(desired, unknown_id, hits, snapshot)
    if problem:
        return Match(problem=desired.refused(problem))
    if not hits:
        return _match_by_previous(desired, snapshot, freed)
    path, value, found = hits[0]
    if any(hit.path == "id" for hit in hits):
        return Match(found[0], path)
    return _agreed(desired, found[0], path, f"{path} '{value}'")


def _agreed(desired: Desired, resource: Resource, found_by: str, by: str) -> Match:
    """Return a resource as the match, unless a key that is set contradicts it."""
    found = contradiction(desired, resource, found_by, by)
    if found is not None:
        return Match(problem=found.sentence, contradiction=found)
    return Match(resource, found_by)


def _ambiguity(kind: ResourceType, hits: Sequence[Hit], snapshot: Snapshot) -> str:
    noun = kind.endpoint.lower()
    distinct = set()
    for path, value, found in hits:
        if len(found) > 1:
            names = _named(kind, found, snapshot)
            return f"{path} '{value}' matches {len(found)} {noun}: {names}"
        distinct.add(str(found[0]["id"]))
    if len(distinct) > 1:
        return f"its keys point at different {noun}: {_pointed(kind, hits, snapshot)}"
    return ""


def _unknown_id(desired: Desired, ident: str, hits: Sequence[Hit], snapshot: Snapshot) -> str:
    """Return what is wrong with an id that no resource has."""
    text = f"there is no {desired.kind.name.lower()} with id '{ident}'"
    if hits:
        return f"{text}, but {_pointed(desired.kind, hits, snapshot)}"
    if desired.state == "present":
        return text
    return ""


def _match_by_previous(desired: Desired, snapshot: Snapshot, freed: Freed) -> Match:
    kind = desired.kind
    path = kind.name_attribute
    found: dict[str, Resource] = {}
    by = ""
    for name in desired.previous:
        for one in freed.left(desired, path, snapshot.shown(kind, path, name)):
            found[str(one["id"])] = one
            by = f"the previous name '{name}'"
    if len(found) > 1:
        names = _named(kind, found.values(), snapshot)
        noun = kind.endpoint.lower()
        problem = f"{desired.previous_option} match {len(found)} {noun}: {names}"
        return Match(problem=desired.refused(problem))
    if found:
        return _agreed(desired, next(iter(found.values())), desired.previous_option, by)
    return Match()


def _pointed(kind: ResourceType, hits: Sequence[Hit], snapshot: Snapshot) -> str:
    pointed = []
    for path, value, found in hits:
        pointed.append(f"{path} '{value}' at {_named(kind, found, snapshot)}")
    return ", ".join(pointed)


def _named(kind: ResourceType, resources: Iterable[Resource], snapshot: Snapshot) -> str:
    names = []
    for one in resources:
        key = key_of(kind, one)
        names.append(f"'{snapshot.name(key)}' (id {key.id})")
    return ", ".join(sorted(names))


class _Joiner:
    """Joins desired states that share a resource or a key into targets."""

    def __init__(self, snapshot: Snapshot, freed: Freed, capabilities: Capabilities) -> None:
        self.snapshot = snapshot
        self.capabilities = capabilities
        self.freed = freed
        self.every: list[Target] = []
        self.problems: list[str] = []
        self.contradictions: list[Contradiction] = []
        self.index: dict[LookUp, int] = {}
        self.refused: set[LookUp] = set()
        self.twins: set[Key] = set()
        self._new_ids: set[str] = set()

    def take(self, desired: Desired) -> None:
        """Find the target of one desired state, or make it."""
        new_id = self._new_id(desired)
        kind = desired.kind
        keys = [(kind.name, path, folded(kind, path, value)) for path, value in desired.keys]
        found = match(desired, self.snapshot, self.freed)
        if found.contradiction is not None:
            if self._is_kept(found.contradiction):
                self.contradictions.append(found.contradiction)
                self.refused.update(keys)
                return
            found = Match(found.contradiction.resource, found.contradiction.found_by)
        if found.problem:
            self.problems.append(found.problem)
            self.refused.update(keys)
            return
        if found.resource is not None:
            own = key_of(kind, found.resource)
            if own in self.snapshot.twins:
                self.twins.add(own)
                self.refused.update(keys)
                return
            keys.append((kind.name, "id", own.id))
        known = sorted({self.index[key] for key in keys if key in self.index})
        if len(known) > 1:
            one, other = (self.every[number].desired for number in known[:2])
            text = f"its keys belong to {one.source} and to {other.source}, which differ"
            self.problems.append(desired.refused(text))
            return
        if known:
            number = known[0]
            self._combine(number, desired, found)
        else:
            number = len(self.every)
            self._append(desired, found, new_id)
            keys.append((kind.name, "id", self.every[number].key.id))
        for key in keys:
            self.index[key] = number

    def _is_kept(self, found: Contradiction) -> bool:
        """Return whether the service stores what is set.

        If it does not, the held value says nothing about whose the resource is.
        """
        kind = found.desired.kind.name
        return found.path not in not_stored(self.capabilities, kind, at_creation=False)

    def _append(self, desired: Desired, found: Match, new_id: str) -> None:
        ident = new_id
        if found.resource is not None:
            ident = str(found.resource["id"])
        key = Key(desired.kind.name, ident)
        self.every.append(Target(desired, found.resource, found.matched_by, key))

    def _combine(self, number: int, desired: Desired, found: Match) -> None:
        target = self.every[number]
        merged, problems = combine(target.desired, desired)
        self.problems += problems
        target = replace(target, desired=merged)
        if target.resource is None and found.resource is not None:
            key = key_of(desired.kind, found.resource)
            target = Target(merged, found.resource, found.matched_by, key)
        self.every[number] = target

    def _new_id(self, desired: Desired) -> str:
        """Return the id of a resource to be created, which no other one of the task has.

        It follows from the input alone. So a plan that is made again, after some resources were
        found, names the others as before.
        """
        ident = f"bulkId:{desired.name}"
        number = 1
        while ident in self._new_ids:
            ident = f"bulkId:{desired.kind.name}:{desired.name}"
            if number > 1:
                ident = f"{ident}:{number}"
            number += 1
        self._new_ids.add(ident)
        return ident


def match_targets(
    desired: Iterable[Desired], snapshot: Snapshot, capabilities: Capabilities = Capabilities()
) -> Targets:
    """Return the target of each desired state.

    Those that share a resource or a key are one, or a contradiction.
    """
    every = list(desired)
    joiner = _Joiner(snapshot, Freed.of(every, snapshot), capabilities)
    claimed = claimed_former_names(every)
    for number, one in enumerate(every):
        if number not in claimed:
            joiner.take(one)
    former: dict[LookUp, int] = {}
    mails: dict[LookUp, tuple[int, ...]] = {}
    for number, target in enumerate(joiner.every):
        for look_up in _former_names(target.desired):
            former[look_up] = number
        for look_up in _mails(target.desired):
            mails[look_up] = (*mails.get(look_up, ()), number)
    targets = Targets(
        every=tuple(joiner.every),
        index=joiner.index,
        former=former,
        mails=mails,
        freed=joiner.freed,
        settled=snapshot.archive,
        refused=frozenset(joiner.refused),
        twins=frozenset(joiner.twins),
    )
    problems = (
        *claimed.values(),
        *joiner.problems,
        *contradictions(joiner.contradictions),
        *_spaced(targets),
        *_left_out(targets, snapshot, joiner.freed),
    )
    return replace(targets, problems=problems)


def _former_names(desired: Desired) -> Iterator[LookUp]:
    kind = desired.kind
    for name in desired.previous:
        yield kind.name, kind.name_attribute, folded(kind, kind.name_attribute, name)


def _mails(desired: Desired) -> Iterator[LookUp]:
    if desired.kind.name != USER.name:
        return
    for entry in wanted_entries(desired.content.attributes.get("emails")):
        if entry.get("value"):
            yield USER.name, EMAIL, folded(USER, EMAIL, str(entry["value"]))


def left_out(desired: Desired, snapshot: Snapshot, freed: Freed = NOTHING_FREED) -> str:
    """Return a sentence about a name that exists and that ``match_by`` leaves out.

    Creating another resource of that name would be refused, or make two. Empty if there is none.
    """
    name = unsearched_name(desired)
    if name is None:
        return ""
    kind = desired.kind
    others = freed.left(desired, name[0], snapshot.shown(kind, *name))
    if not others:
        return ""
    option = kind.at(name[0]).option
    return desired.refused(
        f"match_by leaves out {option}, but {_named(kind, others, snapshot)} has that "
        f"name; add {option} to match_by to use that {kind.name.lower()}"
    )


def _left_out(targets: Targets, snapshot: Snapshot, freed: Freed) -> Iterator[str]:
    for target in targets.every:
        if target.resource is None:
            yield from filter(None, (left_out(target.desired, snapshot, freed),))


def _spaced(targets: Targets) -> Iterator[str]:
    """Yield a sentence for each name with white space around it.

    Names that a resource of the service has are left out. It would be another account or group, and
    the one that is meant would leave.
    """
    for target in targets.every:
        desired, kind = target.desired, target.desired.kind
        path = kind.name_attribute
        name = desired.content.attributes.get(path)
        if not isinstance(name, str) or name == name.strip(" ") or not desired.may_create:
            continue
        current = (target.resource or {}).get(path)
        if isinstance(current, str) and folded(kind, path, current) == folded(kind, path, name):
            continue
        other = targets.at((kind.name, path, folded(kind, path, name.strip())))
        twice = ""
        if other is not None and other is not target:
            twice = f", and {other.desired.source} sets it without"
        option, noun = kind.at(path).option, _in_words(path)
        yield desired.refused(
            f"{option} has white space around it, which no {noun} of the service has{twice}; "
            "remove the white space"
        )


def _in_words(path: str) -> str:
    """Return a name attribute in words: ``user name`` for ``userName``."""
    return snake(path).replace("_", " ")
