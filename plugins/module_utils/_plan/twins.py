# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources that came under one id and several names; asks nothing itself.

Such an id is two resources, or one that was renamed while the run read. Nothing is guessed: what
rests on it is read again, and is refused unless that shows one resource.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .._model.errors import first_of, shortened
from .._model.key import Key
from .._model.schema import ResourceType
from .._model.twins import is_twin, own_name
from .questions import Question, Reading, Resource
from .value_index import has_value

if TYPE_CHECKING:
    from .change import Change
    from .snapshot import Snapshot
    from .targets import Targets

MOST_NAMED = 5
LONGEST_NAME = 100


class Twins:
    """The resources of each id that came under several names.

    ``certain`` are the ids that are two resources. Only ``note`` and ``settle`` change it.
    """

    def __init__(self) -> None:
        self.certain: set[Key] = set()
        self._rows: dict[Key, dict[str, Resource]] = {}
        self._in_lists: dict[Key, list[str]] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[Key]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def note(
        self, kind: ResourceType, known: Resource, resource: Resource, reading: Reading
    ) -> None:
        """Take in that a resource came which may be another one than the ``known`` one.

        Two of one answer are two resources. So are those of a list of which a name comes, is
        followed by another one, and comes again.
        """
        path = kind.name_attribute
        if not is_twin(path, known, resource):
            return
        key = Key(kind.name, str(resource["id"]))
        name = own_name(path, resource)
        rows = self._rows.setdefault(key, {own_name(path, known): known})
        rows[name] = resource
        in_lists = self._in_lists.setdefault(key, [])
        beside = (one for one in reading.resources if one.get("id") == key.id)
        if name in in_lists or any(is_twin(path, one, resource) for one in beside):
            self.certain.add(key)
        if reading.paged:
            in_lists.append(name)

    def settle(self, key: Key, *, are_two: bool) -> None:
        """Take in what reading an id again has shown."""
        if are_two:
            self.certain.add(key)
        elif key not in self.certain:
            self._rows.pop(key, None)
            self._in_lists.pop(key, None)

    def names(self, kind: ResourceType, key: Key) -> list[str]:
        """Return the names under which an id came, sorted."""
        rows = (one for _name, one in sorted(self._rows[key].items()))
        return [shortened(str(one[kind.name_attribute]), LONGEST_NAME) for one in rows]

    def with_value(self, kind: ResourceType, ident: str, path: str, wanted: str) -> Resource | None:
        """Return the resource of an id with a value, None if there is no such twin."""
        for one in self._rows.get(Key(kind.name, ident), {}).values():
            if has_value(kind, one, path, wanted):
                return one
        return None


def touched(targets: Targets, changes: Iterable[Change], snapshot: Snapshot) -> frozenset[Key]:
    """Return the ids of several names that the input names or that a change rests on."""
    twins = snapshot.twins
    if not len(twins):
        return frozenset()
    found = set(targets.twins)
    for target in targets.every:
        found.add(target.key)
        for reference in target.desired.references:
            found.update(targets.resolve(reference, snapshot))
    for change in changes:
        found.update((change.key, *change.joins, *change.leaves))
    return frozenset(one for one in found if one in twins)


def twin_questions(keys: Iterable[Key], snapshot: Snapshot) -> tuple[Question, ...]:
    """Return what must be read again before anything rests on ids of several names."""
    found = []
    for key in sorted(keys):
        if key not in snapshot.twins.certain:
            kind = snapshot.kind(key.kind)
            names = snapshot.twins.names(kind, key)
            found.append(Question(kind=kind, ids=(key.id,), names=tuple(names)))
    return tuple(found)


def twin_problems(keys: Iterable[Key], snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each id that is two resources and that the plan rests on."""
    for key in sorted(keys):
        kind = snapshot.kind(key.kind)
        names = snapshot.twins.names(kind, key)
        yield (
            f"the service has {len(names)} {kind.endpoint.lower()} with the id '{key.id}', "
            f"{_joined(names)}, so what is sent for one may change another; correct their ids on "
            "the service"
        )


def twin_notes(keys: frozenset[Key], snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each type about ids of two resources that nothing rests on."""
    found: dict[str, list[str]] = {}
    for key in sorted(snapshot.twins):
        if key not in keys:
            kind = snapshot.kind(key.kind)
            names = _joined(snapshot.twins.names(kind, key))
            found.setdefault(kind.endpoint.lower(), []).append(f"'{key.id}' ({names})")
    for what, ids in found.items():
        yield (
            f"the service returned several {what} with the same id, which are not changed: "
            f"{first_of(ids, MOST_NAMED)}"
        )


def _joined(names: list[str]) -> str:
    quoted = [f"'{one}'" for one in names]
    return " and ".join((", ".join(quoted[:-1]), quoted[-1]))
