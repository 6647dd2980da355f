# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which form a write changes a group, and what proves that form; pure.

Knows the words of a request, not what a service answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._provider.abilities import known_member_writes
from .._provider.capabilities import Capabilities
from .requests import Request

ATTRIBUTES = "PATCH of attributes"
# The forms of each value of the capability member_writes.
KNOWN = {
    "add": ("PATCH add", "PATCH, several join"),
    "remove_by_filter": ("PATCH remove by filter", "PATCH remove by filter, several leave"),
    "remove_by_list": ("PATCH remove by list", "PATCH remove by list, several leave"),
    "put": ("PUT", "PUT, several join", "PUT, several leave"),
}


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


def proven_before(capabilities: Capabilities) -> dict[str, bool]:
    """Return what needs no proof in a run, since a user or a profile vouches for it."""
    found = {}
    for name in known_member_writes(capabilities):
        for form in KNOWN[name]:
            found[f"{form}: done"] = True
            found[f"{form}: others stay"] = True
    return found
