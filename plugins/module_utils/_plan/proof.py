# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lists must be proved before a plan may rest on what they lack; pure.

Nothing is asked for where nothing rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .._model.schema import GROUP, KINDS, ResourceType
from .._provider.abilities import totals_are_proven, totals_count
from .._provider.capabilities import Capabilities
from .departures import Departures
from .desired import LookUp, Reference, folded, unsearched_name
from .open_questions import Wanted, for_groups
from .questions import Doubt, Question
from .snapshot import Snapshot
from .targets import Target, Targets


@dataclass(frozen=True, slots=True)
class Resting:
    """What a plan takes from the absence of resources.

    ``removed`` are the types of which something goes because a list of all lacks something.
    ``absent`` are the keys that found nothing: a creation, or a resource that counts as gone.
    ``kinds`` are the types that the plan is about.
    """

    removed: frozenset[str]
    absent: frozenset[LookUp]
    kinds: tuple[ResourceType, ...]

    def is_about(self, kind: ResourceType) -> bool:
        """Return whether a list of all resources of a type matters."""
        if kind.name in self.removed:
            return True
        return any(one[0] == kind.name for one in self.absent)

    def misses(self, kind: ResourceType, doubt: Doubt) -> bool:
        """Return whether what a list may lack matters."""
        if not doubt.clauses:
            return self.is_about(kind)
        for path, value in doubt.clauses:
            if (kind.name, path, folded(kind, path, value)) in self.absent:
                return True
        return False


def resting(targets: Targets, departures: Departures, missing: Iterable[Reference]) -> Resting:
    """Return what a plan rests on.

    A leaver goes because no other group lists it, a purged resource because the list of its type
    is complete.
    """
    removed = set()
    for departure in departures.every.values():
        removed.add(departure.key.kind if departure.reason == "purge" else GROUP.name)
    absent = {one.key for one in missing}
    for target in targets.every:
        if target.resource is None:
            absent.update(_keys(target))
    kinds = {**KINDS, **{one.desired.kind.name: one.desired.kind for one in targets.every}}
    return Resting(frozenset(removed), frozenset(absent), tuple(kinds.values()))


def _keys(target: Target) -> Iterator[LookUp]:
    desired = target.desired
    kind = desired.kind
    for path, value in desired.keys:
        if path != "id":
            yield kind.name, path, folded(kind, path, value)
    for name in desired.previous:
        yield kind.name, kind.name_attribute, folded(kind, kind.name_attribute, name)
    searched = unsearched_name(desired)
    if searched is not None:
        yield kind.name, searched[0], folded(kind, *searched)


def proof_questions(
    rests: Resting, wanted: Wanted, snapshot: Snapshot, capabilities: Capabilities
) -> tuple[Question, ...]:
    """Return what must be read before the plan may rest on what lists lack.

    A list that lacks what another answer shows is read again. A list whose total may be the length
    of a page is read on. One of each type shows what the totals of that type are.
    """
    found = []
    for kind in rests.kinds:
        if snapshot.lacking(kind) and rests.is_about(kind):
            found.append(Question(kind=kind))
            continue
        doubts = open_doubts(kind, snapshot, capabilities)
        mattering = [one for one in doubts if rests.misses(kind, one)]
        if totals_count(capabilities, kind.name):
            mattering = mattering[:1]
        for doubt in mattering:
            found.append(Question(kind=kind, doubt=doubt))
    return tuple(for_groups(one, wanted) for one in found)


def open_doubts(
    kind: ResourceType, snapshot: Snapshot, capabilities: Capabilities
) -> tuple[Doubt, ...]:
    """Return the lists that may go on, none if totals are known to be right."""
    name = kind.name
    if totals_count(capabilities, name) and totals_are_proven(capabilities, name):
        return ()
    return snapshot.doubts(kind)
