# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out one change, from its request to its effects; merges nothing."""

from __future__ import annotations

from dataclasses import replace

from .._model.errors import ScimError
from .._plan.change import Change
from .._plan.lessons import Lesson
from .._plan.parts import without_unsaved
from .._plan.questions import Resource
from .._plan.requests import rebased, without_secrets
from .._provider.abilities import kept_as_one
from .create import create
from .delete import delete
from .doubling import taken_back
from .effects import PROMISED, Answered, Done, Effects, Run
from .group_members import GroupMembers
from .ignored_attributes import in_another_form, learn_dropped, learn_types
from .refused_attributes import write
from .removals import NotDone, deactivated
from .saved import kept_one
from .service import Answer, Lost
from .update import update
from .worker import Worker


def carry_out(
    run: Run,
    change: Change,
    answered: Answer | Lost | None = None,
    awaited: GroupMembers | None = None,
) -> Effects:
    """Carry out one change and return its effects. A failure is one of them.

    ``answered`` is the answer to its first write, if that was sent with others. ``awaited`` are the
    members of a group before that write, if it was promised.
    """
    worker = Worker(run, change, answered)
    worker.awaited = awaited
    try:
        return worker.effects(_done(worker, change), None)
    except NotDone as failure:
        return worker.effects(failure.done, failure)
    except ScimError as failure:
        return worker.effects(_begun(worker, change), worker.told(failure))


def is_deferred(effects: Effects) -> bool:
    """Return whether one request was promised (202) and may be looked at later."""
    done = effects.done
    if done is None or effects.failure is not None or not done.pending or done.refused:
        return False
    return len(done.operations) == 1


def redeemed(run: Run, change: Change, first: Effects) -> Effects:
    """Return what came of a change whose one request the service promised (202).

    It is not sent again. ``first`` is what was seen when it was sent.
    """
    awaited = first.unseen[0].members if first.unseen else None
    effects = carry_out(run, change, Answered(status=PROMISED), awaited)
    return replace(
        effects,
        lessons=(*first.lessons, *effects.lessons),
        readings=(*first.readings, *effects.readings),
        notes=tuple(dict.fromkeys((*first.notes, *effects.notes))),
    )


def _begun(worker: Worker, change: Change) -> Done | None:
    """Return what was done of a change before it failed.

    Whether it is there is not known, so it counts as a change. None if no write was accepted.
    """
    if not worker.accepted:
        return None
    return Done(
        change=replace(change, membership=None),
        resource=worker.resource(change.key),
        changed=True,
        operations=tuple(worker.accepted),
        failed=True,
    )


def _done(worker: Worker, change: Change) -> Done | None:
    if change.verb == "delete":
        return delete(worker, change)
    change, unsent = without_unsaved(change, worker.capabilities)
    if change.verb == "keep":
        resource = worker.resource(change.key)
        return Done(change=change, resource=resource, changed=False, unsent=unsent)
    done = create(worker, change) if change.verb == "create" else _updated(worker, change)
    if done is None or done.pending:
        return done
    if not done.shows_sent:
        done = _learnt(worker, done)
    done = replace(done, unsent=unsent) if unsent else done
    return deactivated(worker, change, done) if change.verb == "deactivate" else done


def _learnt(worker: Worker, done: Done) -> Done:
    """Return what a change did, with what the service made of its values.

    What it made of them is learnt, and written once more where that helps.
    """
    cut = kept_one(done.change, done.resource)
    if cut and done.resource is not None:
        done = _written_alone(worker, done, done.resource, cut)
    done = taken_back(worker, done)
    learn_dropped(worker, done)
    return learn_types(worker, done)


def _updated(worker: Worker, change: Change) -> Done:
    return in_another_form(worker, change, write(worker, change))


def _written_alone(worker: Worker, done: Done, resource: Resource, cut: tuple[str, ...]) -> Done:
    """Write the one entry that counts, after a service kept one of several."""
    kind = done.change.key.kind
    known = kept_as_one(worker.capabilities, kind)
    source = "an answer that kept one entry of several"
    single = tuple(dict.fromkeys([*known, *cut]))
    lesson = Lesson(source=source, values={"single": single}, kind=kind)
    if kept_as_one(lesson.applied(worker.capabilities), kind) == known:
        return done  # it is known already, or the option capabilities sets otherwise
    worker.try_lesson(lesson)
    lines = ", ".join(f"{kind}.{path}" for path in cut)
    worker.note(
        f"the service keeps one entry of {', '.join(cut)}; set capabilities: {{single: [{lines}]}} "
        "so that no others are sent"
    )
    rest = rebased(_attributes_only(done.change), resource, worker.ids, worker.capabilities)
    again = update(worker, rest)
    before = [path for path in done.not_saved if path not in cut]
    return replace(
        again,
        change=done.change,
        changed=done.changed or again.changed,
        operations=(*done.operations, *again.operations),
        not_saved=tuple(dict.fromkeys([*before, *again.not_saved])),
    )


def _attributes_only(change: Change) -> Change:
    """Return the change without its secrets, and with the members as they are by now."""
    membership = change.membership
    if membership is not None and membership.current is not None:
        membership = replace(membership, current=membership.after)
    if membership is not None:
        membership = replace(membership, joins=(), leaves=())
    return replace(without_secrets(change), membership=membership)
