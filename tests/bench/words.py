# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PATCH operations and attribute selection, as RFC 7644 says.

Works on plain data; knows no store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    Refused,
    clauses,
)

PATH = re.compile(
    r"(?:(?P<urn>urn:[\w:.-]+):)?(?P<name>[A-Za-z$][\w$-]*)"
    r"(?:\[(?P<filter>.*)\])?(?:\.(?P<sub>[\w$-]+))?",
    re.DOTALL,
)
Row = dict[str, Any]


def patch(resource: Row, operations: list[Mapping[str, Any]]) -> None:
    """Apply operations to a resource (RFC 7644 section 3.5.2)."""
    for one in operations:
        verb = str(one.get("op", "")).lower()
        if verb not in ("add", "replace", "remove") or set(one) - {"op", "path", "value"}:
            raise Refused(400, f"no operation: {one}", "invalidSyntax")
        if one.get("path"):
            _operate(resource, verb, one["path"], one.get("value"))
        elif verb == "remove" or not isinstance(one.get("value"), dict):
            raise Refused(400, f"no path: {one}", "noTarget")
        else:
            _merge(resource, verb, one["value"])


def _merge(place: Row, verb: str, values: Mapping[str, Any]) -> None:
    """Add or replace several attributes, without a path."""
    for name, value in values.items():
        if name.startswith("urn:") and isinstance(value, dict):
            for sub, inner in value.items():
                _set(place.setdefault(name, {}), verb, sub, inner)
        else:
            _set(place, verb, name, value)


def _operate(resource: Row, verb: str, path: str, value: Any) -> None:
    if path.startswith("urn:") and path in resource:
        _set(resource, verb, path, value)
        return
    match = PATH.fullmatch(path)
    if match is None:
        raise Refused(400, f"no path: {path}", "invalidPath")
    urn, name, condition, sub = match.group("urn", "name", "filter", "sub")
    place = resource.setdefault(urn, {}) if urn in resource or _is_extension(urn) else resource
    if condition is not None:
        _filtered(place, verb, match, value)
    elif sub:
        if not isinstance(place.get(name), dict):
            place[name] = {}
        _set(place[name], verb, sub, value)
    else:
        _set(place, verb, name, value)
    if place.get(name) in ({}, []):
        del place[name]
    if urn and place is not resource and not place:
        del resource[urn]


def _is_extension(urn: str | None) -> bool:
    return bool(urn) and ":core:2.0:" not in str(urn)


def _filtered(place: Row, verb: str, match: re.Match[str], value: Any) -> None:
    """Change the entries of a list that a filter selects."""
    name, condition, sub = match.group("name", "filter", "sub")
    holds = matching(condition)
    chosen = [row for row in place.get(name, []) if holds(row)]
    if verb == "remove" and not sub:
        place[name] = [row for row in place.get(name, []) if not holds(row)]
        return
    if not chosen:
        raise Refused(400, f"nothing at {name}[{condition}]", "noTarget")
    for row in chosen:
        if sub:
            _set(row, verb, sub, value)
        else:
            row.update(value)


def matching(condition: str) -> Callable[[Row], bool]:
    """Return whether a row holds what comparisons joined by ``and`` or ``or`` say."""
    groups = []
    for part in condition.split(" and "):
        groups.append(clauses(part))

    def holds(row: Row) -> bool:
        for group in groups:
            if not any(same(row.get(path), value) for path, value in group):
                return False
        return True

    return holds


def same(held: Any, value: Any) -> bool:
    """Compare two values, texts without case."""
    if isinstance(held, str) and isinstance(value, str):
        return held.casefold() == value.casefold()
    return bool(held == value)


def _set(place: Row, verb: str, name: str, value: Any) -> None:
    current = place.get(name)
    if verb == "remove":
        if isinstance(value, list) and isinstance(current, list):
            gone = [row.get("value") for row in value]
            place[name] = [row for row in current if row.get("value") not in gone]
        else:
            place.pop(name, None)
    elif verb == "add" and isinstance(current, list):
        rows = value if isinstance(value, list) else [value]
        place[name] = current + [row for row in rows if row not in current]
    elif isinstance(current, dict) and isinstance(value, dict):
        current.update(value)
    elif value is None or value == []:
        place.pop(name, None)
    else:
        place[name] = value


def selected(resource: Row, wanted: list[str], unwanted: list[str]) -> Row:
    """Return the attributes that a request asks for (RFC 7644 section 3.9)."""
    if not wanted:
        return _without(resource, unwanted)
    found: Row = {}
    for name in ("schemas", "id"):
        if name in resource:
            found[name] = resource[name]
    for path in wanted:
        _take(found, resource, path)
    return found


def _take(found: Row, resource: Row, path: str) -> None:
    for name, value in resource.items():
        if path.casefold() in (name.casefold(), f"{resource['schemas'][0]}:{name}".casefold()):
            found[name] = value
        elif path.casefold().startswith(name.casefold()) and path[len(name)] in ".:":
            sub = path[len(name) + 1 :]
            if isinstance(value, dict):
                found.setdefault(name, {}).update(_sub(value, sub))
            elif isinstance(value, list) and name not in found:
                found[name] = [_sub(row, sub) for row in value]


def _sub(value: Row, name: str) -> Row:
    return {key: inner for key, inner in value.items() if key.casefold() == name.casefold()}


def _without(resource: Row, unwanted: list[str]) -> Row:
    names = {name.casefold() for name in unwanted} - {"id", "schemas"}
    return {name: value for name, value in resource.items() if name.casefold() not in names}
