# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests in bulk and their results (RFC 7644 section 3.7); sends nothing.

Not every service returns all results, or in order, or by ``bulkId``. What cannot be matched with
certainty has no result.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from .._model.spelling import lower_names

REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
# What is around the operations, and between them.
_AROUND = 200


class Result(NamedTuple):
    """What a service says of one operation: ``ident`` is the id in its location."""

    status: int
    ident: str = ""
    body: Any = None


def operation(
    name: str,
    method: str,
    segments: Sequence[str],
    data: Mapping[str, Any] | None,
    version: str = "",
) -> dict[str, Any]:
    """Return one operation. ``name`` is its ``bulkId``, by which the result is found."""
    path = "/".join(quote(one, safe="@:") for one in segments)
    found: dict[str, Any] = {"method": method, "bulkId": name, "path": f"/{path}"}
    if version:
        found["version"] = version
    if data is not None:
        found["data"] = data
    return found


def bulk(operations: Sequence[Mapping[str, Any]], fail_on_errors: int = 0) -> dict[str, Any]:
    """Return the body of a bulk request. It ends after so many errors, 0 for none."""
    found: dict[str, Any] = {"schemas": [REQUEST]}
    if fail_on_errors:
        found["failOnErrors"] = fail_on_errors
    return {**found, "Operations": list(operations)}


def fitting(operations: Iterable[Mapping[str, Any]], most: int, size: int) -> int:
    """Return how many of the first operations fit into one request of ``size`` bytes."""
    number, used = 0, _AROUND
    for one in operations:
        text = json.dumps(one, ensure_ascii=False, separators=(",", ":"))
        used += len(text.encode("utf-8", "surrogatepass")) + 1
        if number >= most or used > size:
            break
        number += 1
    return number


def results(operations: Sequence[Mapping[str, Any]], body: Any) -> list[Result | None]:
    """Return the result of each operation, None where there is none that is certain.

    A result belongs to the operation with its ``bulkId``; else to that of its path; else to that of
    its place, if there are as many results as operations.
    """
    rows = _rows(body)
    by_name = _unique(rows, lambda row: row.get("bulkid"))
    by_path = _unique(rows, _place)
    found: list[Result | None] = []
    for number, one in enumerate(operations):
        row = by_name.get(one["bulkId"])
        if row is None and one["method"] != "POST":
            row = by_path.get((one["method"], unquote(one["path"])))
        if row is None and len(rows) == len(operations) and "bulkid" not in rows[number]:
            row = rows[number]
        found.append(None if row is None else _result(row, one))
    return found


def _rows(body: Any) -> list[dict[str, Any]]:
    rows = lower_names(body).get("operations") if isinstance(body, Mapping) else None
    if not isinstance(rows, list):
        return []
    return [lower_names(one) if isinstance(one, Mapping) else {} for one in rows]


def _unique(rows: Sequence[dict[str, Any]], name: Any) -> dict[Any, dict[str, Any]]:
    """Return rows by what names them. What names several names none."""
    names = [name(row) for row in rows]
    counts = Counter(one for one in names if isinstance(one, (str, tuple)))
    return {one: row for one, row in zip(names, rows) if counts.get(one) == 1}


def _place(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return method and path of a row by its location, without the base URL."""
    location, method = row.get("location"), row.get("method")
    if not isinstance(location, str) or not isinstance(method, str):
        return None
    parts = unquote(location.partition("?")[0]).rstrip("/").split("/")
    return method.upper(), "/" + "/".join(parts[-2:])


def _result(row: Mapping[str, Any], one: Mapping[str, Any]) -> Result | None:
    """Return the result in a row.

    None if it is about another operation or says nothing.
    """
    status = _status(row.get("status"))
    method = str(row.get("method") or one["method"]).upper()
    place = _place({**row, "method": method})
    if not status or method != one["method"]:
        return None
    if one["method"] == "POST":
        ident = place[1].rpartition("/")[2] if place is not None else ""
        return Result(status, ident, row.get("response"))
    if place is not None and place[1] != unquote(one["path"]):
        return None
    return Result(status, unquote(one["path"]).rpartition("/")[2], row.get("response"))


def _status(value: Any) -> int:
    """Return a status, which may be text or an object with a code; 0 if there is none."""
    if isinstance(value, Mapping):
        value = lower_names(value).get("code")
    text = str(value).strip()[:3]
    return int(text) if text.isdecimal() and len(text) == 3 else 0
