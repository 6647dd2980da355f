# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of a plan that is made again while it is carried out; pure.

Knows which changes were carried out, not how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from .._model.flat import Flat
from .._model.key import Key
from .._model.schema import USER
from .change import Change
from .desired import former_names, searched
from .order import Phase, phase
from .questions import Reading
from .requests import with_real_ids, without_secrets

_FOLLOWS = frozenset({Phase.UPDATE_USER, Phase.JOIN, Phase.LEAVE_FURTHER, Phase.LEAVE})


@dataclass(slots=True)
class CarriedOut:
    """The changes that a run has carried out, by resource and phase.

    A resource may change several times in a phase, for example by a temporary name. Both plans have
    these in the same order. ``ids`` says which id the creation of each ``bulkId:NAME`` gave; it
    grows with the run. A resource that was created is known by both.
    """

    ids: Mapping[str, str]
    _after: dict[tuple[Key, Phase, int], Flat | None] = field(default_factory=dict)
    _counts: Counter[tuple[Key, Phase]] = field(default_factory=Counter)
    _created: dict[Key, Flat] = field(default_factory=dict)

    def note(self, planned: Change, *, done: bool) -> None:
        """Remember a change. One that was not done is not tried again in this run."""
        key = self._real(planned.key)
        at = phase(planned)
        self._after[key, at, self._counts[key, at]] = planned.new if done else None
        self._counts[key, at] += 1
        if done and planned.verb == "create":
            self._created[key] = planned.new

    def rest(self, steps: Iterable[Iterable[Change]]) -> Iterator[tuple[Change, ...]]:
        """Yield what is left of steps that were planned again, in order."""
        counts: Counter[tuple[Key, Phase]] = Counter()
        for step in steps:
            found = []
            for change in step:
                at = (self._real(change.key), phase(change))
                left = self._left(change, (*at, counts[at]))
                counts[at] += 1
                if left is not None:
                    found.append(left)
            if found:
                yield tuple(found)

    def _left(self, change: Change, place: tuple[Key, Phase, int]) -> Change | None:
        """Return what is left of one change, None if nothing is.

        Another plan may set more of a user that was written already, for example a manager that is
        found now. Groups come later, and whole.
        """
        key, at, _number = place
        follows = key in self._created and at in _FOLLOWS
        if place not in self._after and not follows:
            return change
        after = self._after.get(place, self._created.get(key))
        if after is None or key.kind != USER.name:
            return None
        before = with_real_ids(after, self.ids)
        wanted = {**before, **with_real_ids(change.new, self.ids)}
        left = replace(without_secrets(change), before=before, after=wanted)
        return left if left.paths else None

    def _real(self, key: Key) -> Key:
        return Key(key.kind, self.ids.get(key.id, key.id))


def lacking_before(created: Iterable[Change]) -> Iterator[Reading]:
    """Yield that nothing had the keys of resources which this run created.

    So they are not looked up again, and not found as they are now.
    """
    for change in created:
        desired = change.desired
        yield Reading(kind=desired.kind, answered=(*searched(desired), *former_names(desired)))
