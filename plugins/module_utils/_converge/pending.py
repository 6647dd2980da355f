# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes that a service promises to make later (202); sends none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .._plan.change import Change
from .effects import Done
from .members import note_undone
from .patience import looks_at_promise
from .verify import Answers, note_unseen, verified
from .worker import Worker


def kept_promise(
    worker: Worker, change: Change, answers: Answers, left: Callable[[], Change]
) -> Done:
    """Return what an update did of which a part was only promised.

    It is read again as long as promises are waited for. ``left`` reads and returns what is left to
    do. Secrets alone cannot be read. Raise ScimError as ``verified`` does.
    """
    answers.body = None
    verb = "deactivating" if change.verb == "deactivate" else "changing"
    doing = f"{verb} {change.text}"
    if not change.size:
        said = f"{doing}: the service answered 202, and no read shows whether it has made it"
        return replace(verified(worker, change, answers), pending=said)
    members = answers.members
    worker.lags = True
    # No other group is written in a form that is not proven before this one was waited for.
    waits_now = bool(members.promised) and worker.run.lag is not None
    patience = worker.run.awaits(len(answers.operations) + waits_now)
    for _is_last in looks_at_promise(worker.service, patience):
        if not left().size:
            done = verified(worker, change, answers)
            worker.prove(members.promised, is_done=True)
            return done
    worker.leave_open(members.promised)
    done = verified(worker, change, answers)
    if done.changed and not change.secrets.attributes:
        _note_members(worker, change, done.change)
        return done
    members.unseen = bool(members.promised)
    note_unseen(worker, change, members)
    said = pending(worker, doing)
    return replace(done, change=change, changed=True, not_saved=(), pending=said)


def _note_members(worker: Worker, change: Change, done: Change) -> None:
    """Note the members that did not join or leave although others did."""
    undone = {*change.joins, *change.leaves}.difference(done.joins, done.leaves)
    if undone:
        note_undone(worker, change, undone)


def pending(worker: Worker, doing: str) -> str:
    """Return the sentence about a write that is not made yet."""
    seconds = worker.service.consistency_wait
    return (
        f"{doing}: the service answered 202 and has not made it within {seconds:g} seconds; "
        "run again later, or raise consistency_wait"
    )
