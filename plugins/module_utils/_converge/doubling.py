# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that a service doubled are written once more, as it holds entries itself.

Decides nothing about types: ignored_attributes.py learns that they are not kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .._model.doubled import without_doubles
from .._model.errors import ScimError
from .._model.flat import Flat, are_entries, flatten
from .._model.schema import split_path
from .._plan.change import Change
from .._plan.parts import limited
from .._plan.questions import Resource
from .._plan.requests import without_secrets
from .effects import Done
from .members import MembersLost
from .saved import attributes_saved
from .update import update
from .worker import Worker


def taken_back(worker: Worker, done: Done) -> Done:
    """Write lists without what the service made of new entries, in the same run.

    Else a list would grow in each run. Raise nothing: a list that cannot be taken back is named.
    """
    if done.resource is None or done.change.after is None:
        return done
    change = done.change
    now = flatten(change.kind, done.resource)
    lists = _without_doubles(change, now)
    if not lists:
        return done
    again = _written(worker, _of_lists(change, now, lists))
    resource = done.resource if again is None else again.resource
    left = _without_doubles(change, flatten(change.kind, resource or {}))
    for path in left:
        worker.note(_told(change, path))
    if again is None or resource is None:
        return done
    return _after(worker, replace(done, resource=resource), again)


def _without_doubles(change: Change, now: Flat) -> dict[str, list[Any]]:
    """Return the lists of a change that the service doubled, without the doubles."""
    found = {}
    for path in change.paths:
        rows = [change.old.get(path, []), change.new.get(path), now.get(path)]
        if all(map(are_entries, rows)):
            before, written, held = rows
            single = without_doubles(change.kind.at(path), before, written, held)
            if single is not None:
                found[path] = single
    return found


def _of_lists(change: Change, now: Flat, lists: dict[str, list[Any]]) -> Change:
    """Return a change of some lists alone, from what is held now."""
    part = without_secrets(limited(change, ()))
    content = replace(part.desired.content, attributes=lists, links={}, clear=(), exact=True)
    desired = replace(part.desired, content=content)
    return replace(part, desired=desired, before=now, after={**now, **lists})


def _written(worker: Worker, part: Change) -> Done | None:
    """Send a part, and return what it did. None if it is refused."""
    try:
        return update(worker, part)
    except MembersLost:
        raise
    except ScimError:
        return None


def _after(worker: Worker, done: Done, again: Done) -> Done:
    """Return what a change did, by what is held after the second write."""
    change = done.change
    resource: Resource = done.resource or {}
    moved, not_saved = attributes_saved(change, resource, worker.ids, worker.rewritten(change))
    is_more = change.joins or change.leaves or change.secrets.attributes
    others = [path for path in done.not_saved if path not in change.paths]
    return replace(
        done,
        changed=moved or change.before is None or bool(done.changed and is_more),
        not_saved=tuple(dict.fromkeys([*others, *not_saved])),
        operations=(*done.operations, *again.operations),
    )


def _told(change: Change, path: str) -> str:
    """Return what the user is told of a list that stays doubled."""
    name = split_path(path)[1]
    return (
        f"{path} of {change.text} has entries twice, since the service changes what is sent and "
        f"does not take the list back; remove them there, and set capabilities: {{unsaved: "
        f"[{change.key.kind}.{name}.type]}}"
    )
