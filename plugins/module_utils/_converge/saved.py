# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a written change a service holds; pure, reads and sends nothing."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from .._model.doubled import added
from .._model.flat import APART, Entry, Flat, flatten, spelt_as
from .._model.merge import saved
from .._model.matching import types_of, without_types
from .._model.pairing import saved_entries
from .._model.rewriting import OPAQUE, as_held
from .._model.sameness import covers, fold, identical, same
from .._model.schema import Attribute, ResourceType, split_path, top_path
from .._plan.change import Change
from .._plan.questions import Resource
from .._plan.requests import with_real_ids
from .._protocol.answers import without_secrets
from .effects import Done


def overlaid(
    kind: ResourceType, before: Resource, answer: Mapping[str, Any], paths: tuple[str, ...]
) -> dict[str, Any]:
    """Return a resource after a PATCH that answered with some attributes only.

    The attributes at ``paths`` are as in the answer; those that it lacks are removed.
    """
    result: dict[str, Any] = copy.deepcopy(dict(before))
    for path in dict.fromkeys(top_path(one) for one in paths):
        urn, name, _sub = split_path(path)
        place: dict[str, Any] = result
        source = answer
        if urn and urn != kind.schema:
            place = result.setdefault(urn, {})
            source = answer.get(urn) or {}
        place.pop(name, None)
        if name in source:
            place[name] = source[name]
    for name, value in without_secrets(answer).items():
        if name not in result or name == "meta":
            result[name] = value
    return result


def is_as_before(change: Change, path: str, now: Flat) -> bool:
    """Return whether a written attribute is as it was before."""
    if path not in change.old:
        return path not in now
    return path in now and same(change.kind.at(path), change.old[path], now[path])


def all_as_before(change: Change, resource: Resource) -> bool:
    """Return whether a resource shows nothing of a change of its attributes."""
    now = flatten(change.kind, resource)
    return all(is_as_before(change, path, now) for path in change.paths)


def shows_sent(change: Change, sent: Mapping[str, Any] | None, resource: Resource) -> bool:
    """Return whether a new resource shows what was sent for it as equal JSON.

    Then every rule of comparison gives the same: all is saved, and no list has lost, doubled or
    changed an entry. ``sent`` is the body of the creation. False says nothing.
    """
    if change.before is not None or sent is None or change.kind.schema in resource:
        return False
    for name, value in sent.items():
        if name in APART:
            continue
        held = resource.get(name)
        if not isinstance(value, dict) or not isinstance(held, dict):
            if not identical(value, held):
                return False
        elif not all(identical(one, held.get(sub)) for sub, one in value.items()):
            return False
    return True


def attributes_saved(
    change: Change, resource: Resource, ids: Mapping[str, str], forms: Mapping[str, str]
) -> tuple[bool, tuple[str, ...]]:
    """Return whether anything changed, and the paths that are not as they were set.

    ``forms`` says how the service rewrites values: a value that it made of another one is saved. A
    new value of which it may make anything is saved unless the service shows the old one.
    """
    before = change.before or {}
    now = spelt_as(change.paths, flatten(change.kind, resource))
    after = as_held(change.kind, with_real_ids(change.after or {}, ids), now, forms)
    moved = False
    not_saved = []
    for path in change.paths:
        is_moved = _differs(change.kind, path, before, now)
        moved = moved or is_moved
        is_as_before = path in before and forms.get(path.lower()) == OPAQUE and not is_moved
        is_kept = saved(change.kind, path, after.get(path), now)
        is_kept = is_kept or _is_renamed(change.kind, path, before, after, now)
        if is_as_before or not is_kept:
            not_saved.append(path)
    return moved, tuple(not_saved)


def _is_renamed(kind: ResourceType, path: str, before: Flat, after: Flat, now: Flat) -> bool:
    """Return whether a resource has its new name, in any letters.

    A name that changes its letters only is another matter: it has them or not.
    """
    if path != kind.name_attribute or kind.at(path).case_exact:
        return False
    held, wanted, old = (str(one.get(path)) for one in (now, after, before))
    return fold(held) == fold(wanted) != fold(old)


def _differs(kind: ResourceType, path: str, before: Flat, now: Flat) -> bool:
    if path in before and path in now:
        return not same(kind.at(path), before[path], now[path])
    return path in before or path in now


def kept_one(change: Change, resource: Resource | None) -> tuple[str, ...]:
    """Return the attributes of which one entry is left of several written ones."""
    now = flatten(change.kind, resource or {})
    after = change.after or {}
    found = []
    for path in change.paths:
        if _is_one_of(change.kind.at(path), now.get(path), after.get(path)):
            found.append(path)
    return tuple(found)


def types_lost(change: Change, done: Done) -> dict[str, frozenset[str]]:
    """Return which lists have lost the types that were written, with their types now.

    The service dropped them, or gave others to the same values.
    """
    now = flatten(change.kind, done.resource or {})
    found = {}
    for path in change.paths:
        written, held = change.new.get(path), now.get(path)
        if not isinstance(written, list) or not isinstance(held, list) or not held:
            continue
        types = types_of(held)
        sent = types_of(added(change.kind.at(path), _entries(change.old.get(path)), written))
        if not sent or sent & types:
            continue
        plain = without_types(map(_said, written))
        if path not in done.not_saved or (
            types and saved_entries(change.kind.at(path), plain, held)
        ):
            found[path] = types
    return found


def _said(entry: Entry) -> Entry:
    """Return an entry without ``primary: false``, which says nothing."""
    return {name: part for name, part in entry.items() if name != "primary" or part}


def _entries(value: Any) -> list[Entry]:
    return value if isinstance(value, list) else []


def _is_one_of(attribute: Attribute, current: Any, written: Any) -> bool:
    if not isinstance(current, list) or not isinstance(written, list):
        return False
    if not len(current) == 1 < len(written):
        return False
    if not all(isinstance(one, dict) for one in (*current, *written)):
        return False
    value = current[0].get("value")
    return any(covers(attribute, {"value": value}, {"value": one.get("value")}) for one in written)
