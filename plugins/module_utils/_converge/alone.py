# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deactivation, or members, sent without the attributes of a refused update.

Knows no attribute that is refused by itself.
"""

from __future__ import annotations

from dataclasses import replace

from .._model.errors import ScimError, first_of
from .._model.key import without
from .._plan.change import Change
from .._plan.parts import urgent_part
from .effects import Done
from .members import MembersLost
from .removals import NotDone, deactivated
from .update import TRIED_AGAIN, NoOtherForm, replanned, update
from .worker import Worker

REFUSED = 400
# Credentials are refused for everything, and a service that asks to slow down is not asked more.
OF_EVERYTHING = frozenset({401, 429})
MOST_NAMES = 5


class PartlyRefused(NotDone):
    """A refusal of a part of an update. ``done`` is what was made of the rest."""

    def __init__(self, refusal: ScimError, done: Done | None, *, also: str = "") -> None:
        hint = "; ".join(filter(None, (refusal.hint, also)))
        super().__init__(refusal.reason, done, doing=refusal.doing, hint=hint)
        self.status, self.detail = refusal.status, refusal.detail
        self.scim_type, self.lines = refusal.scim_type, refusal.lines
        self.args = (self.sentence(),)


def is_answered(refusal: ScimError) -> bool:
    """Return whether a service refused one write, which says nothing of others."""
    status = refusal.status
    return status is not None and status >= REFUSED and status not in OF_EVERYTHING


def after_refusal(worker: Worker, change: Change, refusal: ScimError) -> ScimError:
    """Send the urgent part of a refused update alone, once. Return the failure.

    That is the refusal of the attributes, with what was done, or the one of the urgent part.
    """
    part = urgent_part(change)
    if part is None or not worker.run.splits or not is_answered(refusal):
        return refusal
    if worker.service.interrupted:
        return refusal
    if isinstance(refusal, NoOtherForm):
        worker.unlearn(refusal.lessons)
    try:
        done = _sent_alone(worker, part, refusal)
        done = proved(worker, done)
    except MembersLost:
        raise
    except ScimError as problem:
        return problem
    return PartlyRefused(refusal, done, also=_told(change, part, done))


def _sent_alone(worker: Worker, part: Change, refusal: ScimError) -> Done:
    """Send a part of a refused update.

    What the refused write did of it counts as made.
    """
    is_busy = refusal.status in TRIED_AGAIN
    left = part
    if is_busy or worker.accepted:
        left = replanned(worker, part)
    if not left.size:
        return Done(
            change=part,
            resource=worker.resource(part.key),
            changed=True,
            operations=tuple(worker.accepted),
        )
    done = update(worker, left, once=is_busy)
    return replace(done, change=_with_earlier(done.change, part, left))


def _with_earlier(done: Change, part: Change, left: Change) -> Change:
    """Return what was done of a part with the members of it that had moved before."""
    membership = done.membership
    if membership is None:
        return done
    joins = (*membership.joins, *without(part.joins, left.joins))
    leaves = (*membership.leaves, *without(part.leaves, left.leaves))
    return replace(done, membership=replace(membership, joins=joins, leaves=leaves))


def proved(worker: Worker, done: Done) -> Done:
    """Return what was done or promised. Raise NotDone if a deactivation was not made."""
    if done.pending or done.change.verb != "deactivate":
        return done
    return deactivated(worker, done.change, done)


def _told(change: Change, part: Change, done: Done) -> str:
    """Return what was made of a refused update, and what was not."""
    made = "the members were changed"
    if part.verb == "deactivate":
        made = f"the deactivation was {'sent' if done.pending else 'made'}"
    paths = (path for path in change.paths if path not in part.paths)
    names = dict.fromkeys((*paths, *change.secrets.attributes))
    return f"only {made}, without {first_of(names, MOST_NAMES)}"
