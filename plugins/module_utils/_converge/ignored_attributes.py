# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that a service accepted and did not store: another form, or a lesson.

Knows no refusal.
"""

from __future__ import annotations

from dataclasses import replace

from .._model.errors import ScimError
from .._model.flat import flatten, values_at
from .._model.matching import types_of
from .._model.schema import ResourceType, split_path
from .._plan.change import Change
from .._plan.lessons import Lesson, Proof
from .._plan.parts import limited
from .._plan.requests import other_forms, replaces, without_secrets
from .._plan.snapshot import Snapshot
from .effects import Done
from .members import MembersLost
from .saved import is_as_before, types_lost
from .update import update
from .worker import Worker

IGNORED = "answer that ignored a PATCH"


def in_another_form(worker: Worker, change: Change, done: Done) -> Done:
    """Send what a PATCH left as it was in other forms, once a run and type.

    RFC 7644 section 3.5.2 allows several. The form that works is a lesson. Raise nothing: a refused
    form is no better.
    """
    if done.resource is None or replaces(change, worker.capabilities):
        return done
    ignored = _ignored(done)
    keeps_active = "active" in done.not_saved and _deactivates(change, "active")
    forms = other_forms(change, ignored, worker.capabilities, pathless=keeps_active)
    lessons = worker.lessons
    part = without_secrets(limited(change, ignored))
    left = ignored
    for form in forms:
        worker.try_lesson(_lesson(change, form))
        done, left = _sent_again(worker, part, done, ignored)
        if not set(ignored) <= set(left):
            break
        worker.unlearn(lessons)
    else:
        if forms:
            # The form that is known stays, and no other one is tried again.
            worker.try_lesson(_lesson(change, "path"))
        return replace(done, ignored=left)
    if keeps_active:
        part = without_secrets(limited(change, ("active",)))
        done, _left = _sent_again(worker, part, done, ("active",))
    return replace(done, ignored=left)


def _lesson(change: Change, form: str) -> Lesson:
    return Lesson(source=IGNORED, values={"patch_form": form}, kind=change.key.kind)


def _sent_again(
    worker: Worker, part: Change, done: Done, ignored: tuple[str, ...]
) -> tuple[Done, tuple[str, ...]]:
    """Send a part in the form of now.

    Return all that was done, and what is still ignored.
    """
    again = _tried(worker, part)
    if again is None:
        return done, ignored
    left = tuple(again.not_saved)
    others = [path for path in done.not_saved if path not in ignored]
    both = replace(
        done,
        resource=again.resource,
        changed=done.changed or again.changed,
        operations=(*done.operations, *again.operations),
        not_saved=tuple(dict.fromkeys([*others, *left])),
    )
    return both, left


def _tried(worker: Worker, part: Change) -> Done | None:
    """Send a part in another form, and return what it did. None if it is refused."""
    worker.doubt_answers()
    try:
        again = update(worker, part)
    except MembersLost:
        raise
    except ScimError:
        again = None
    worker.believe_answers()
    return again


def _ignored(done: Done) -> tuple[str, ...]:
    """Return the paths that were written and are as before.

    A deactivation is none of them, since removals.py judges it. If the same PATCH set another
    attribute that was absent too, the form is not the reason.
    """
    change = done.change
    now = flatten(change.kind, done.resource or {})
    found = []
    forms_that_work = set()
    for path in change.paths:
        if path not in done.not_saved:
            forms_that_work.add(_form(change, path))
        elif not _deactivates(change, path) and is_as_before(change, path, now):
            found.append(path)
    return tuple(path for path in found if _form(change, path) not in forms_that_work)


def _deactivates(change: Change, path: str) -> bool:
    return path == "active" and change.verb == "deactivate"


def _form(change: Change, path: str) -> tuple[str, str, bool]:
    """Return what kind of operation sets a path, as far as services tell them apart."""
    urn, _name, sub = split_path(path)
    return urn, sub and "sub-attribute", path in change.old


def learn_dropped(worker: Worker, done: Done) -> None:
    """Learn which attributes the service does not store.

    Such an attribute was accepted and is not there. If any other resource of the type has a value
    there, it takes another resource and another value to believe that.
    """
    change = done.change
    now = flatten(change.kind, done.resource or {})
    for path in done.not_saved:
        is_value = path in change.new and path not in now and path not in change.old
        if not is_value or path in ("active", change.kind.name_attribute):
            continue
        proof = None
        if is_held(worker.run.snapshot, change.kind, path):
            proof = Proof(change.key.id, repr(change.new[path]))
        worker.try_lesson(
            Lesson(
                source=f"answer without {path}",
                values={"unsaved": (path,)},
                kind=change.key.kind,
                proof=proof,
            )
        )


def learn_types(worker: Worker, done: Done) -> Done:
    """Learn of which lists the service stores no types. These types are not saved.

    Nothing is learnt if an entry of another resource has a type that those of this one do not have.
    """
    change = done.change
    not_saved = list(done.not_saved)
    for path, types in types_lost(change, done).items():
        type_path = f"{path}.type"
        not_saved = [*(one for one in not_saved if one != path), type_path]
        if types >= _types_held(worker.run.snapshot, change.kind, type_path):
            source = f"answer without {type_path}"
            values = {"unsaved": (type_path,)}
            worker.try_lesson(Lesson(source=source, values=values, kind=change.key.kind))
    return replace(done, not_saved=tuple(not_saved))


def _types_held(snapshot: Snapshot, kind: ResourceType, path: str) -> frozenset[str]:
    """Return the types that the known resources have at a path."""
    found = []
    for resource in snapshot.each(kind):
        found += [{"type": one} for one in values_at(resource, path)]
    return types_of(found)


def is_held(snapshot: Snapshot, kind: ResourceType, path: str) -> bool:
    """Return whether any resource of the type has a value at a path."""
    return any(values_at(one, path) for one in snapshot.each(kind))
