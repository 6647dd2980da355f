# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change laid onto a resource as it was received; all else stays as it came.

Knows the attribute table and no service. The flat form says only what a path can name, so it is
never the source of a whole resource.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from .flat import Entry, Flat, entry, same_name, under
from .sameness import identical
from .schema import Attribute, ResourceType, split_path, top_path


def overlaid(
    kind: ResourceType, resource: Mapping[str, Any], after: Flat, paths: Iterable[str]
) -> dict[str, Any]:
    """Return a resource (as JSON) with the attributes at ``paths`` as in ``after``.

    Names ignore case (RFC 7643 section 2.1): the spelling of the service stays. An attribute or
    an extension of which nothing is left is removed.
    """
    result: dict[str, Any] = copy.deepcopy(dict(resource))
    by_top: dict[str, list[str]] = {}
    for path in paths:
        by_top.setdefault(top_path(path), []).append(path)
    for top, changed in by_top.items():
        _lay(kind, result, top, changed, after)
    return result


def _lay(
    kind: ResourceType, result: dict[str, Any], top: str, changed: Iterable[str], after: Flat
) -> None:
    """Lay one attribute with its sub-attributes onto ``result``."""
    urn = split_path(top)[0]
    place, name = _place_of(kind, result, top)
    held = _taken(place, name)
    value = _value_after(kind.at(top), top, held, changed, after)
    if value is not None:
        place[_spelt(held, name)] = value
    elif urn and not place and place is not result:
        _taken(result, urn)


def _place_of(kind: ResourceType, result: dict[str, Any], top: str) -> tuple[dict[str, Any], str]:
    """Return the object that holds, or is to hold, the attribute, and its name there.

    Some services put core attributes under the schema's own URN, or those of an extension beside
    the core attributes, under their whole names.
    """
    urn, name, _sub = split_path(top)
    if same_name(result, top) is not None:
        return result, top
    inside = same_name(result, urn or kind.schema)
    place = result.get(inside) if inside is not None else None
    if isinstance(place, dict) and (urn or same_name(place, name) is not None):
        return place, name
    if not urn:
        return result, name
    made: dict[str, Any] = {}
    result[inside or urn] = made
    return made, name


def _taken(place: dict[str, Any], name: str) -> tuple[str, Any] | None:
    """Take an attribute out in each spelling.

    Return its first spelling and value, None if it was not there.
    """
    first = None
    found = same_name(place, name)
    while found is not None:
        value = place.pop(found)
        first = first or (found, value)
        found = same_name(place, name)
    return first


def _spelt(held: tuple[str, Any] | None, name: str) -> str:
    return name if held is None else held[0]


def _value_after(
    attribute: Attribute,
    top: str,
    held: tuple[str, Any] | None,
    changed: Iterable[str],
    after: Flat,
) -> Any:
    """Return the value of one attribute after the change, None if nothing is left."""
    before = None if held is None else held[1]
    if top in after:
        return _rows_after(attribute, before, after[top])
    leaves = under(top, after)
    if attribute.references:
        # What else a reference holds describes the resource that it referred to before.
        return {split_path(one)[2]: after[one] for one in leaves if one == f"{top}.value"} or None
    if not isinstance(before, dict):
        return {split_path(one)[2]: after[one] for one in leaves} or None
    for path in changed:
        sub = split_path(path)[2]
        taken = _taken(before, sub)
        if path in after:
            before[_spelt(taken, sub)] = after[path]
    return before if leaves else None


def _rows_after(attribute: Attribute, before: Any, value: Any) -> Any:
    """Return the value at a path of its own; entries that stay are as they came."""
    if not attribute.many or before is None:
        return value
    rows = [one for one in _listed(before) if isinstance(one, dict)]
    return [_as_received(attribute, rows, one) for one in value]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _as_received(attribute: Attribute, rows: list[Entry], one: Entry) -> Entry:
    for row in rows:
        if identical(entry(attribute, row), one):
            return row
    return one
