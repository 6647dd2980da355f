# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failed change means for later ones; pure, sends nothing."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from .._model.errors import ScimError
from .._model.key import Key, without
from .._model.schema import GROUP, USER, top_path
from .._plan.change import Change
from .._plan.parts import urgent_part
from .._plan.policy import Limit, Policy
from .alone import is_answered
from .effects import FORBIDDEN
from .members import MembersLost
from .removals import NotDone

REMOVALS = ("deactivate", "delete")
NOT_ALLOWED = 403


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """One change that could not be made, and why."""

    change: Change
    error: ScimError


@dataclass(slots=True)
class Failures:
    """The failures of a run so far.

    ``missing`` are resources that were not created. ``staying`` are users that must not leave a
    group yet. ``not_joined`` are members that did not join, by the key of the group. ``unfreed``
    are resources that kept a name which another change takes. ``of_attributes`` counts failures
    that are about attributes alone. ``forbids_attributes``: one of these was answered 403.
    """

    found: list[Failure] = field(default_factory=list)
    missing: set[Key] = field(default_factory=set)
    staying: set[Key] = field(default_factory=set)
    unfreed: set[Key] = field(default_factory=set)
    not_joined: defaultdict[Key, set[Key]] = field(default_factory=lambda: defaultdict(set))
    of_attributes: int = 0
    forbids_attributes: bool = False

    def add(self, change: Change, error: ScimError) -> None:
        """Remember a failure and what follows from it."""
        self.found.append(Failure(change=change, error=error))
        made = _made(error)
        if _is_of_attributes(change, error, made):
            self.of_attributes += 1
            self.forbids_attributes = self.forbids_attributes or error.status == NOT_ALLOWED
        self.follow(change, made)

    def follow(self, change: Change, made: Change | None = None) -> None:
        """Remember what follows from a change that is not made, or not yet.

        Users that move between groups stay in the old one. Leavers stay members, so that the next
        run finds them. So do users that did not leave a further group of their team. ``made`` is
        the part that is made, None if that is not certain.
        """
        self._leave_out(change)
        if change.key.kind == GROUP.name:
            self.note(change, replace(change, membership=None) if made is None else made)
        elif change.key.kind == USER.name and change.verb in REMOVALS:
            if not _is_deactivated(change, made):
                self.staying.add(change.key)

    def note(self, planned: Change, done: Change) -> None:
        """Remember which members of a planned change did not join, by what was done.

        Users that move between groups stay in the old one. Users that did not leave a further group
        stay in their team.
        """
        not_joined = without(planned.joins, done.joins)
        self.not_joined[planned.key].update(not_joined)
        self.staying.update(not_joined, without(planned.moves.further_leaves, done.leaves))

    def is_skipped(self, change: Change, policy: Policy, planned: int) -> bool:
        """Return whether a change is left out, after too many failures or a 403.

        These are updates of attributes. Refused attributes stop no deactivation and no membership.
        """
        if change.verb != "update" or change.joins or change.leaves or not self.of_attributes:
            return False
        return self.forbids_attributes or _is_reached(policy.stop_after, len(self.found), planned)

    def end_run(self, policy: Policy, planned: int) -> bool:
        """Return whether the run ends after the last failure.

        Its policy may say so; ``is_skipped`` judges refused attributes. Refused credentials end
        every run, and so do members that a service removed unasked.
        """
        change, error = self.found[-1].change, self.found[-1].error
        if _is_of_attributes(change, error, _made(error)):
            return policy.stop_on_error and policy.stop_on_attributes
        if policy.stop_on_error or error.status in FORBIDDEN or isinstance(error, MembersLost):
            return True
        return _is_reached(policy.stop_after, len(self.found) - self.of_attributes, planned)

    @property
    def are_of_credentials(self) -> bool:
        """Return whether the credentials were refused, so that nothing more can be read."""
        return any(one.error.status in FORBIDDEN for one in self.found)

    def room(self, policy: Policy, planned: int) -> int:
        """Return how many more failures end the run, at least one.

        Once no more attributes are updated, those that were refused do not count.
        """
        limit, failed = policy.stop_after, len(self.found)
        if self.forbids_attributes or _is_reached(limit, failed, planned):
            failed -= self.of_attributes
        left = planned
        if limit.count is not None:
            left = limit.count - failed
        elif limit.percent is not None:
            left = math.ceil(limit.percent * planned / 100) - failed
        return max(1, left)

    def sort(self, keys: Sequence[Key], first: int) -> None:
        """Bring the failures from the ``first`` one on into the order of ``keys``."""
        places = {key: number for number, key in enumerate(keys)}
        self.found[first:] = sorted(
            self.found[first:], key=lambda one: places.get(one.change.key, -1)
        )

    def feasible(self, change: Change) -> tuple[Change, bool]:
        """Return what is left of a change, and whether failures take something out.

        A change that follows the joins of its group takes them for current members. Those that did
        not join are none.
        """
        if self._is_impossible(change):
            self.follow(change)
            return replace(change, before=None, after=None, membership=None), True
        part = urgent_part(change) if self.forbids_attributes else None
        if part is not None:
            self._leave_out(change)
            change = part
        membership = change.membership
        if membership is None:
            return change, part is not None
        kept = membership.without(joins=self.missing, leaves=self.staying)
        is_partial = (kept.joins, kept.leaves) != (membership.joins, membership.leaves)
        is_partial = is_partial or part is not None
        current = _minus(membership.current, self.missing | self.not_joined[change.key])
        left = replace(kept, current=current)
        return replace(change, membership=left), is_partial

    def _leave_out(self, change: Change) -> None:
        """Remember what follows from a change that is not tried."""
        if change.frees:
            self.unfreed.add(change.key)
        if change.verb == "create":
            self.missing.add(change.key)

    def _is_impossible(self, change: Change) -> bool:
        """Return whether a change is about, or refers to, what was not created.

        One that takes a name which was not given up is impossible too.
        """
        if not self.unfreed.isdisjoint(change.waits_for):
            return True
        if not self.missing:
            return False
        if change.key in self.missing:
            return True
        missing = {one.id for one in self.missing}
        after = change.after or {}
        for path, value in after.items():
            attribute = change.kind.at(top_path(path))
            if attribute.references and str(value) in missing:
                return True
        return False


def _made(error: ScimError) -> Change | None:
    """Return the part of a failed change that is made, None if that is not certain."""
    done = error.done if isinstance(error, NotDone) else None
    return None if done is None else done.change


def _is_deactivated(change: Change, made: Change | None) -> bool:
    """Return whether a change deactivates and that part of it is made."""
    return change.verb == "deactivate" and made is not None and made.verb == change.verb


def _is_of_attributes(change: Change, error: ScimError, made: Change | None) -> bool:
    """Return whether a failure is a refusal of attributes alone.

    The rest of the change is made, if it is more: a deactivation, or members.
    """
    if isinstance(error, MembersLost) or not is_answered(error):
        return False
    if change.verb == "deactivate":
        return _is_deactivated(change, made)
    joined, left = (made.joins, made.leaves) if made is not None else ((), ())
    is_rest_made = not (without(change.joins, joined) or without(change.leaves, left))
    return change.verb == "update" and is_rest_made


def _minus(current: Set[Key] | None, absent: set[Key]) -> Set[Key] | None:
    """Return current members without absent ones, None if they could not be read."""
    return None if current is None else current - absent


def _is_reached(limit: Limit, failed: int, planned: int) -> bool:
    if limit.count is not None:
        return failed >= limit.count
    return limit.percent is not None and failed * 100 >= limit.percent * planned
