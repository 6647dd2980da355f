# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names a task frees by renaming their holders, for others to take.

Knows no order and no request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .desired import Desired, LookUp, folded
from .questions import Resource
from .snapshot import Snapshot

# Keys that outlast a rename, the most trusted first.
LASTING = ("id", "externalId")


class Holder(NamedTuple):
    """The resource that gives up a value, and the rank of the key that found it."""

    ident: str
    rank: int


class Freed:
    """Values of keys that the task takes from their holders.

    Only a resource that is found by a stronger key than the freed one gives it up: by its id, or
    for a name also by its external id.
    """

    def __init__(self, holders: Mapping[LookUp, Holder]) -> None:
        self._holders = holders

    @classmethod
    def of(cls, desired: Iterable[Desired], snapshot: Snapshot) -> Freed:
        """Return what desired states free of that which is known."""
        holders: dict[LookUp, Holder] = {}
        for one in desired:
            found = _claimed(one, snapshot)
            if found is not None:
                rank, resource = found
                for look_up in _given_up(one, resource, rank):
                    holders[look_up] = Holder(str(resource["id"]), rank)
        return cls(holders) if holders else NOTHING_FREED

    def holder(self, look_up: LookUp) -> str | None:
        """Return the id of the resource that gives up a value, None if nobody does."""
        found = self._holders.get(look_up)
        return found.ident if found is not None else None

    def left(self, desired: Desired, path: str, found: list[Resource]) -> list[Resource]:
        """Return the resources, found by a key, that keep what the key found them by."""
        if not self._holders or not found:
            return found
        kept = []
        for resource in found:
            value = folded(desired.kind, path, str(resource.get(path)))
            holder = self._holders.get((desired.kind.name, path, value))
            if holder is None or holder.ident != str(resource["id"]):
                kept.append(resource)
        return kept


NOTHING_FREED = Freed({})


def _claimed(desired: Desired, snapshot: Snapshot) -> tuple[int, Resource] | None:
    """Return the resource that an id or external id finds, and the rank of that key."""
    if desired.state == "absent":
        return None
    keys = dict(desired.keys)
    for rank, path in enumerate(LASTING):
        if path not in keys:
            continue
        found = snapshot.shown(desired.kind, path, keys[path])
        if len(found) == 1:
            return rank, found[0]
    return None


def _given_up(desired: Desired, resource: Resource, rank: int) -> Iterable[LookUp]:
    """Yield the values that a resource will not hold any more."""
    kind, content = desired.kind, desired.content
    for path in (*LASTING[rank + 1 :], kind.name_attribute):
        held = resource.get(path)
        if not isinstance(held, str) or not held or path in content.create_only:
            continue
        wanted: Any = "" if path in content.clear else content.attributes.get(path)
        if wanted == held:
            continue
        if isinstance(wanted, str) and folded(kind, path, wanted) != folded(kind, path, held):
            yield kind.name, path, folded(kind, path, held)


def claimed_former_names(desired: Sequence[Desired]) -> dict[int, str]:
    """Return a sentence for each name that is a former name of another one.

    They are by the place of the desired state that has the name. Both may mean the same resource,
    unless an id or external id of each tells them apart.
    """
    former: dict[LookUp, list[Desired]] = {}
    for one in desired:
        for name in one.previous:
            former.setdefault(_name(one, name), []).append(one)
    found: dict[int, str] = {}
    if not former:
        return found
    for number, one in enumerate(desired):
        own = one.own_name
        others = former.get(_name(one, own), ()) if own else ()
        for other in others:
            if other.own_name and _name(other, other.own_name) == _name(one, own):
                continue
            if not _told_apart(one, other):
                found[number] = _may_be_one(one, other)
    return found


def _may_be_one(one: Desired, other: Desired) -> str:
    return one.refused(
        f"'{one.own_name}' is also in {other.previous_option} of {other.text} ({other.source}), so "
        f"both may be the same {one.kind.name.lower()}; set external_id or id of both to tell them "
        "apart"
    )


def _name(desired: Desired, name: str) -> LookUp:
    path = desired.kind.name_attribute
    return desired.kind.name, path, folded(desired.kind, path, name)


def _told_apart(one: Desired, other: Desired) -> bool:
    mine = {path: value for path, value in one.keys if path in LASTING}
    theirs = {path: value for path, value in other.keys if path in LASTING}
    if not mine or not theirs:
        return False
    return all(theirs.get(path) != value for path, value in mine.items())
