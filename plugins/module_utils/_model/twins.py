# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two answers of one id may be two resources; pure.

Knows neither which of them is meant nor what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .sameness import fold


def own_name(path: str, resource: Mapping[str, Any]) -> str:
    """Return the name of a resource as it is compared, "" without one."""
    name = resource.get(path)
    return fold(name) if isinstance(name, str) else ""


def is_twin(path: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two resources of one id have different names at ``path``.

    Either they are two, or one that was renamed in the meantime. One without a name says nothing.
    """
    if one.get(path) == other.get(path):
        return False
    names = own_name(path, one), own_name(path, other)
    return all(names) and names[0] != names[1]


def twins_among(
    path: str, rows: Iterable[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any] | None]
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the rows of a page that are a second resource of an id, and that may be.

    Two names on one page are two resources. One of an earlier page, which is ``known``, may have
    been renamed.
    """
    seen: dict[str, Mapping[str, Any]] = {}
    sure = []
    doubtful = []
    for row in rows:
        ident = row["id"]
        first = seen.setdefault(ident, row)
        earlier = known.get(ident)
        if first is not row:
            if is_twin(path, first, row):
                sure.append(row)
        elif earlier is not None and is_twin(path, earlier, row):
            doubtful.append(row)
    return sure, doubtful
