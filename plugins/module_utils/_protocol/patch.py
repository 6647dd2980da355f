# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How SCIM writes a change as PATCH operations (RFC 7644 section 3.5.2); knows the attribute table, no service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._model.flat import Flat, under
from .._model.schema import ResourceType, split_path, top_path
from .filters import literal

SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
Operation = dict[str, Any]


def operations(
    kind: ResourceType, before: Mapping[str, Any], after: Mapping[str, Any], paths: Iterable[str]
) -> list[Operation]:
    """The difference at ``paths`` as operations, each with a path of its own, none over another.

    A complex attribute that was absent, or that refers to another resource, is written whole; one that vanishes
    wholly is removed whole; else each sub-attribute is an operation. Multi-valued attributes are replaced whole.
    """
    result: list[Operation] = []
    done: set[str] = set()
    for path in paths:
        top = top_path(path)
        _urn, _name, sub = split_path(path)
        if top in done:
            continue
        left = under(top, after)
        whole = sub and (
            not left or not under(top, before) or top in before or kind.at(top).references
        )
        target = top if whole else path
        if target == top:
            done.add(top)
        if not left or (not whole and path not in after):
            result.append({"op": "remove", "path": target})
        elif whole:
            wanted = [
                leaf for leaf in left if not kind.at(top).references or leaf == f"{top}.value"
            ]
            value: Flat = {split_path(leaf)[2]: after[leaf] for leaf in wanted}
            result.append(
                {"op": "replace" if under(top, before) else "add", "path": top, "value": value}
            )
        else:
            result.append(
                {
                    "op": "replace" if under(path, before) else "add",
                    "path": path,
                    "value": after[path],
                }
            )
    return result


def join(ids: Sequence[str]) -> Operation:
    """Members join a group: one operation with a list, the form that every service takes."""
    return {"op": "add", "path": "members", "value": [{"value": one} for one in ids]}


def leave(ids: Sequence[str], form: str) -> list[Operation]:
    """Members leave a group: ``filter`` makes one operation for each, ``list`` one with a list. Never a bare ``members``."""
    if form == "list":
        return [{"op": "remove", "path": "members", "value": [{"value": one} for one in ids]}]
    return [{"op": "remove", "path": f"members[value eq {literal(one)}]"} for one in ids]


def patch(ops: Sequence[Operation]) -> dict[str, Any]:
    """Operations → the body of a PATCH."""
    return {"schemas": [SCHEMA], "Operations": list(ops)}
