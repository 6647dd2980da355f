# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes of a step may be sent at the same time; pure.

What is not proven goes alone, so that what its answer teaches is not paid several times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping

from .._model.errors import ScimError
from .._model.schema import GROUP, top_path
from .._provider.capabilities import Capabilities
from .change import Change
from .requests import replaces, requests_for
from .write_forms import proofs

# A kind of write that was tried so often alone teaches nothing more.
_TRIES = 3


class Caution:
    """What the writes of a run have shown so far.

    A write is known by its resource type, verb, way and attributes; the write of a group by its
    forms too (write_forms.py).
    """

    def __init__(self) -> None:
        self._proven: set[Hashable] = set()
        self._settled: set[Hashable] = set()
        self._tries: Counter[Hashable] = Counter()

    def goes_alone(
        self,
        change: Change,
        capabilities: Capabilities,
        seen: Mapping[str, bool],
        unshown: Container[str] = (),
    ) -> bool:
        """Return whether nothing else may be sent while a change is.

        ``seen`` says of each form of a write of a group whether it did what was asked. ``unshown``
        are forms in which a group was written that was then shown as before.
        """
        shape = _shape(change, capabilities)
        if shape is not None and shape in self._settled:
            return False
        for trait in _traits(change, capabilities):
            if trait in unshown:
                return True
            is_seen = isinstance(trait, str) and seen.get(trait, False)
            if not is_seen and trait not in self._proven and self._tries[trait] < _TRIES:
                return True
        if shape is not None:
            self._settled.add(shape)
        return False

    def note(self, change: Change, capabilities: Capabilities, *, is_clean: bool) -> None:
        """Take in what became of a change. ``is_clean``: it did all, and taught nothing."""
        if _shape(change, capabilities) in self._settled:
            return
        traits = list(_traits(change, capabilities))
        if is_clean:
            self._proven.update(one for one in traits if not isinstance(one, str))
        self._tries.update(traits)


def _shape(change: Change, capabilities: Capabilities) -> Hashable | None:
    """Return what the traits of a change follow from, None if forms are among them.

    A shape whose traits were proven, or tried often enough, needs no other look at them: what is
    known of a trait is never forgotten.
    """
    if change.key.kind == GROUP.name and change.verb == "update":
        return None
    secrets = tuple(change.secrets.attributes)
    return _way(change, capabilities), change.paths, secrets, bool(change.joins)


def _way(change: Change, capabilities: Capabilities) -> tuple[str, str, str, bool]:
    return change.key.kind, change.verb, change.reason, replaces(change, capabilities)


def _traits(change: Change, capabilities: Capabilities) -> Iterator[Hashable]:
    """Yield what must be proven before a change is sent with others."""
    way = _way(change, capabilities)
    yield way
    for path in _paths(change):
        yield (*way, path)
    if change.key.kind == GROUP.name and change.verb == "update":
        yield from _forms(change, capabilities)


def _paths(change: Change) -> Iterable[str]:
    """Return the attributes that a change writes, the members of a new group too."""
    found = dict.fromkeys(top_path(path) for path in (*change.paths, *change.secrets.attributes))
    if change.verb == "create" and change.joins:
        found["members"] = None
    return found


def _forms(change: Change, capabilities: Capabilities) -> Iterator[str]:
    """Yield what must have been seen of the writes of a group."""
    try:
        requests = requests_for(change, capabilities)
    except ScimError:
        return
    stay = change.moves.known - frozenset(change.leaves)
    may_have_others = bool(stay) or change.moves.current is None
    for request in requests:
        yield from proofs(request, others=may_have_others)
