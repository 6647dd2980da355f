# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run planned and did; converges nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .._model.errors import ScimError
from .._model.key import Key
from .._model.overlay import overlaid
from .._plan.change import Change, Missing, Plan
from .._plan.questions import Resource
from .._plan.snapshot import Snapshot

if TYPE_CHECKING:
    from .effects import Done
    from .failures import Failure


@dataclass(kw_only=True, slots=True)
class Outcome:
    """What a run planned and did.

    Changes made before a failure stay made and are reported. ``operations`` are the requests that
    the service accepted, or those predicted in check mode. ``ids`` says which id the creation of
    each ``bulkId:NAME`` gave. ``not_tried`` are changes that were left out, ``in_part``
    those of which a part was done.
    ``unsaved`` is the capability of that name as it is known by now, if this run learnt of it.
    """

    plan: Plan
    snapshot: Snapshot
    check: bool
    done: list[Done] = field(default_factory=list)
    operations: list[dict[str, Any]] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    not_tried: list[Change] = field(default_factory=list)
    in_part: list[Change] = field(default_factory=list)
    interrupted: bool = False
    unsaved: tuple[str, ...] = ()
    _notes: list[str] = field(default_factory=list, repr=False)
    _names: dict[Key, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._names = {one.key: one.name for one in self.plan.changes}

    @property
    def error(self) -> ScimError | None:
        """Return the interruption if there was one, else the first failure."""
        if self.interrupted:
            return ScimError(f"interrupted after {self.succeeded} of {self.plan.size} changes")
        return self.failures[0].error if self.failures else None

    @property
    def succeeded(self) -> int:
        """Return how many changes were made whole."""
        return sum(not (one.failed or one.in_part) for one in self.done)

    @property
    def failed(self) -> int:
        """Return how many changes failed of which nothing was done."""
        parts = set(map(id, self.in_part))
        return sum(id(one.change) not in parts for one in self.failures)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the warnings of the plan, of what was read and of the writes, each once."""
        every = [*self.plan.notes, *self.snapshot.notes, *self._notes, *self.promised]
        return tuple(dict.fromkeys(every))

    @property
    def promised(self) -> tuple[str, ...]:
        """Return a sentence for each write that the service promised and has not made yet."""
        return tuple(one.pending for one in self.done if one.pending)

    def add_notes(self, notes: Iterable[str]) -> None:
        """Add warnings of the writes."""
        self._notes += notes

    def use(self, plan: Plan) -> None:
        """Go on with a plan that was made again and has every change of the run."""
        self.plan = plan
        self._names.update((one.key, one.name) for one in plan.changes)

    def without_removal(self, verb: str, key: Key) -> Change:
        """Count the removal of a user as not done after all, and return it.

        A plan that was made again need not have it.
        """
        done = [one.change for one in self.done]
        removals = [
            one for one in (*self.plan.changes, *done) if (one.verb, one.key) == (verb, key)
        ]
        self.done = [one for one in self.done if (one.change.verb, one.change.key) != (verb, key)]
        return removals[0]

    @property
    def performed(self) -> Sequence[Change]:
        """Return the changes that this run made: in check mode all that are planned."""
        if self.check:
            return tuple(self.plan.changes)
        return tuple(one.change for one in self.done if one.changed and not one.pending)

    @property
    def changed(self) -> bool:
        """Return whether the service was changed or, in check mode, would be."""
        return bool(self.performed or self.promised)

    @property
    def pending(self) -> Missing:
        """Return what an earlier task may still create: nothing outside check mode."""
        return self.plan.missing if self.check else Missing()

    def resource(self, key: Key) -> Resource | None:
        """Return a resource as the service holds it or, in check mode, as it would be.

        Return None if it is deleted or does not exist.
        """
        resource = self.snapshot.get(self.service_key(key))
        for change in self.plan.changes:
            if change.key == key:
                return self._after(change, resource)
        return resource

    def _after(self, change: Change, resource: Resource | None) -> Resource | None:
        if change.verb == "delete":
            return None
        if not self.check:
            return resource
        after = overlaid(change.kind, resource or {}, change.new, change.paths)
        return {**after, "id": change.key.id}

    def service_key(self, key: Key) -> Key:
        """Return the key by which the service knows a planned key."""
        return Key(key.kind, self.ids.get(key.id, key.id))

    def named(self, key: Key) -> str:
        """Return the name of a resource. A planned name counts, as in check mode."""
        return self._names.get(key) or self.snapshot.name(self.service_key(key))


class PlanRefused(ScimError):
    """Thresholds or protection forbid a plan, and nothing else does.

    ``planned`` is what the run would have done.
    """

    def __init__(self, refusal: ScimError, planned: Outcome) -> None:
        self.planned = planned
        super().__init__(refusal.reason, lines=refusal.lines)
