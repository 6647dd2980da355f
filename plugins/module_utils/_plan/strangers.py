# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources that a filter gives for a name of the input, and that would go; pure.

The service may have changed the name, so that both are one. Which they are is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .._model.characters import nearly
from .._model.key import Key
from .._model.schema import ResourceType
from .change import Change
from .desired import Clause, Desired, former_names, searched
from .snapshot import Snapshot, key_of
from .targets import Targets

REMOVED = {"deactivate": "deactivated", "delete": "deleted"}
UNNAMED = frozenset({"leaver", "purge"})


class _Given(NamedTuple):
    """For which key of what is desired a filter gave a resource."""

    desired: Desired
    clause: Clause


def removed_strangers(
    targets: Targets, changes: Iterable[Change], snapshot: Snapshot
) -> Iterator[str]:
    """Yield a sentence for each resource that goes because the input seems to lack it.

    A name that only looks alike is another one, which lookalikes.py notes.
    """
    given = _given(targets, snapshot)
    if not given:
        return
    told: set[Key] = set()
    for change in changes:
        if change.key in given and change.reason in UNNAMED and change.verb in REMOVED:
            told.add(change.key)
            yield _sentence(given[change.key], change.key, REMOVED[change.verb], snapshot)
    for change in changes:
        for key in sorted(change.moves.unlisted & (given.keys() - told)):
            told.add(key)
            yield _sentence(given[key], key, f"removed from {change.text}", snapshot)


def _given(targets: Targets, snapshot: Snapshot) -> dict[Key, _Given]:
    """Return what filters gave for keys that no resource has."""
    found: dict[Key, _Given] = {}
    for target in targets.every:
        if target.resource is None:
            kind = target.desired.kind
            for clause in (*searched(target.desired), *former_names(target.desired)):
                for one in snapshot.strangers(kind, *clause):
                    key = key_of(kind, one)
                    if not _looks_alike(clause, kind, snapshot.name(key)):
                        found[key] = _Given(target.desired, clause)
    return found


def _looks_alike(clause: Clause, kind: ResourceType, name: str) -> bool:
    """Return whether a name was asked for in letters that the service takes for equal."""
    path, value = clause
    return path == kind.name_attribute and nearly(value) == nearly(name)


def _sentence(given: _Given, key: Key, done: str, snapshot: Snapshot) -> str:
    desired, (path, value) = given
    noun = desired.kind.name.lower()
    return desired.refused(
        f"the service answers a filter for {path} '{value}' with {noun} '{snapshot.name(key)}' "
        f"(id {key.id}), which would be {done} and may be the same {noun}; set id, external_id or "
        f"{desired.previous_option}, or list that {noun} too"
    )
