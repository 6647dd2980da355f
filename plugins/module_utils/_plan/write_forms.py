# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which form a write changes a group, and what proves that form; pure.

Knows the words of a request, not what a service answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .requests import Request

ATTRIBUTES = "PATCH of attributes"


def forms(request: Request) -> frozenset[str]:
    """Return the forms of a write of a group: verb, path and way of removal.

    One member proves nothing of several: some services take only the first of a list. Nor does one
    operation prove several.
    """
    if request.method != "PATCH":
        found = {request.method}
    else:
        operations = (request.body or {}).get("Operations", ())
        found = set(map(_form, operations)) or {ATTRIBUTES}
    removal = next((one for one in found if "remove" in one), request.method)
    if len(found) > 1:
        found.add(" with ".join(sorted(found)))
    if len(request.joins) > 1:
        found.add(f"{request.method}, several join")
    if len(request.leaves) > 1:
        found.add(f"{removal}, several leave")
    return frozenset(found)


def _form(operation: Mapping[str, Any]) -> str:
    """Return the form of one operation (RFC 7644 section 3.5.2)."""
    path = operation.get("path", "")
    if path.startswith("members["):
        return "PATCH remove by filter"
    if path == "members":
        return "PATCH remove by list" if operation["op"] == "remove" else "PATCH add"
    return ATTRIBUTES


def proofs(request: Request, *, others: bool) -> Iterator[str]:
    """Yield what must have been seen of a service before a write is trusted.

    ``others``: the group has members that are to stay. That the write leaves them alone can only be
    seen in such a group.
    """
    for form in sorted(forms(request)):
        if request.members:
            yield f"{form}: done"
        if others:
            yield f"{form}: others stay"
