# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a strict service reads filters and PATCH operations.

Written from RFC 7644, sharing nothing with the collection.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

PATH = re.compile(
    r"(?:(?P<urn>urn:.+):)?(?P<attribute>[A-Za-z$][\w$-]*)(?:\[(?P<filter>.*)\])?(?:\.(?P<sub>[\w$-]+))?",
    re.DOTALL,
)


class Refused(Exception):
    """An answer with an error status."""

    def __init__(self, status: int, detail: str, scim_type: str = "") -> None:
        super().__init__(f"{status} {detail}")
        self.status = status
        self.detail = detail
        self.scim_type = scim_type


def clauses(text: str) -> list[tuple[str, Any]]:
    """``userName eq "a" or id eq "b"`` → [(path, value), …]; anything else is refused."""
    found = []
    while True:
        path, found_eq, rest = text.partition(" eq ")
        if not found_eq or not re.fullmatch(r"[\w.:$-]+", path):
            raise Refused(400, f"no comparison: {text}", "invalidFilter")
        try:
            value, end = json.JSONDecoder().raw_decode(rest)
        except ValueError:
            raise Refused(400, f"no value: {rest}", "invalidFilter") from None
        found.append((path, value))
        if end == len(rest):
            return found
        if not rest[end:].startswith(" or "):
            raise Refused(400, f"no 'or': {rest[end:]}", "invalidFilter")
        text = rest[end + 4 :]


def patched(
    resource: Mapping[str, Any], operations: list[Mapping[str, Any]], single: bool = True
) -> dict[str, Any]:
    """A resource after PATCH operations, as a service that forgives nothing makes it."""
    result: dict[str, Any] = json.loads(json.dumps(resource))
    for one in operations:
        if set(one) - {"op", "path", "value"} or one.get("op") not in ("add", "replace", "remove"):
            raise Refused(400, f"no operation: {one}", "invalidSyntax")
        if "path" not in one:
            _set_all(result, one)
            continue
        if (one["op"] == "remove") != ("value" not in one) and not (
            one["op"] == "remove" and one["path"] == "members"
        ):
            raise Refused(400, f"value: {one}", "invalidValue")
        _operate(result, one)
    if single:
        for rows in result.values():
            if (
                isinstance(rows, list)
                and sum(isinstance(row, dict) and row.get("primary") is True for row in rows) > 1
            ):
                raise Refused(400, "two primary ones", "invalidValue")
    return result


def _set_all(resource: dict[str, Any], one: Mapping[str, Any]) -> None:
    """Add or replace several attributes, without a path (RFC 7644 sections 3.5.2.1 and 3.5.2.3)."""
    value = one.get("value")
    if one["op"] == "remove" or not isinstance(value, dict) or not value:
        raise Refused(400, f"no path: {one}", "noTarget")
    for name, inner in value.items():
        is_extension = name.startswith("urn:") and isinstance(inner, dict)
        for sub, part in inner.items() if is_extension else [("", inner)]:
            place = resource.get(name, {}) if is_extension else resource
            op = one["op"] if (sub or name) in place else "add"
            _operate(resource, {"op": op, "path": f"{name}:{sub}" if sub else name, "value": part})


def _operate(resource: dict[str, Any], one: Mapping[str, Any]) -> None:
    match = PATH.fullmatch(one["path"])
    if match is None:
        raise Refused(400, f"no path: {one['path']}", "invalidPath")
    urn, name, condition, sub = match.group("urn", "attribute", "filter", "sub")
    place = resource.setdefault(urn, {}) if urn else resource
    if condition is not None:
        wanted = clauses(condition)
        if one["op"] != "remove" or sub or any(path != "value" for path, _value in wanted):
            raise Refused(400, f"no such path: {one['path']}", "invalidPath")
        place[name] = [
            row
            for row in place.get(name, [])
            if row.get("value") not in {value for _path, value in wanted}
        ]
    elif sub:
        if not isinstance(place.get(name), dict):
            raise Refused(400, f"nothing at {name}", "noTarget")
        _set(place[name], sub, one)
    else:
        _set(place, name, one)
    for empty in [key for key, value in place.items() if value in ({}, [])]:
        del place[empty]
    if urn and not place:
        del resource[urn]


def _set(place: dict[str, Any], name: str, one: Mapping[str, Any]) -> None:
    op, value, current = one["op"], one.get("value"), place.get(name)
    if op != "add" and current is None and name != "members":
        raise Refused(400, f"nothing at {name}", "noTarget")
    if op == "remove":
        if name == "members" and value is None:
            raise Refused(400, "all members would be removed", "mutability")
        if value is None:
            del place[name]
        else:
            gone = {row["value"] for row in value}
            place[name] = [row for row in current or [] if row["value"] not in gone]
    elif isinstance(current, list) and op == "add":
        place[name] = current + [row for row in value if row not in current]
    elif isinstance(current, dict) and isinstance(value, dict):
        current.update(value)
    elif (
        isinstance(value, dict) and any(inner is None for inner in value.values()) or value is None
    ):
        raise Refused(400, f"null at {name}", "invalidValue")
    else:
        place[name] = value
