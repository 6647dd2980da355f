# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How SCIM writes a change as PATCH operations (RFC 7644 section 3.5.2).

Knows the attribute table and no service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._model.flat import Flat, under, unflatten
from .._model.schema import ResourceType, split_path, top_path
from .filters import literal

SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
Operation = dict[str, Any]
WHOLE = ("whole", "object")


def operations(
    kind: ResourceType,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    paths: Iterable[str],
    form: str = "path",
) -> list[Operation]:
    """Return the difference at ``paths`` as operations, none on a part of another.

    ``form`` is one of the capability ``patch_form``. A complex attribute is written whole if it is
    new or refers to another resource, and removed whole if nothing of it is left. Otherwise each
    sub-attribute is an operation. Multi-valued attributes are replaced whole.
    """
    result: list[Operation] = []
    written_whole: set[str] = set()
    for path in paths:
        top = top_path(path)
        if top in written_whole:
            continue
        whole = top == path or form in WHOLE or _is_written_whole(kind, top, before, after)
        if whole:
            written_whole.add(top)
        target = top if whole else path
        result.append(_operation(kind, target, before, after))
    if form == "path":
        return result
    if form == "object":
        return _without_path(result)
    return [{**one, "op": "replace"} if one["op"] == "add" else one for one in result]


def _without_path(written: Iterable[Operation]) -> list[Operation]:
    """Return operations with all values in one object.

    Lists stay apart, since adding one without a path adds to its entries.
    """
    apart: list[Operation] = []
    together: Flat = {}
    for one in written:
        if one["op"] == "remove" or isinstance(one["value"], list):
            apart.append(one)
        else:
            together[one["path"]] = one["value"]
    if not together:
        return apart
    return [{"op": "add", "value": unflatten(together)}, *apart]


def _is_written_whole(
    kind: ResourceType, top: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> bool:
    """Return whether one operation writes or removes the whole attribute ``top``."""
    if top in before or kind.at(top).references:
        return True
    return not under(top, before) or not under(top, after)


def _operation(
    kind: ResourceType, path: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Operation:
    left = under(path, after)
    if not left:
        return {"op": "remove", "path": path}
    op = "replace" if under(path, before) else "add"
    if path in after:
        return {"op": op, "path": path, "value": after[path]}
    value: Flat = {}
    for leaf in left:
        # The service derives the name of a manager from the id.
        if not kind.at(path).references or leaf == f"{path}.value":
            value[split_path(leaf)[2]] = after[leaf]
    return {"op": op, "path": path, "value": value}


def join(ids: Sequence[str], form: str = "list") -> list[Operation]:
    """Return the operations that add members.

    With the form ``list`` there is one with a list, with ``wrapped`` one with an object that has
    the list, with ``scalar`` one for each member.
    """
    if form == "scalar":
        return [{"op": "add", "path": "members", "value": one} for one in _references(ids)]
    return [{"op": "add", "path": "members", "value": _listed(ids, form)}]


def leave(ids: Sequence[str], form: str) -> list[Operation]:
    """Return the operations that remove members, never a bare ``members``.

    With the form ``filter`` there is one operation for each member, with ``list`` one with a list,
    with ``wrapped`` one with an object that has the list.
    """
    if form != "filter":
        return [{"op": "remove", "path": "members", "value": _listed(ids, form)}]
    return [{"op": "remove", "path": f"members[value eq {literal(one)}]"} for one in ids]


def _listed(ids: Sequence[str], form: str) -> Any:
    """Return members as the value of one operation."""
    return {"members": _references(ids)} if form == "wrapped" else _references(ids)


def _references(ids: Sequence[str]) -> list[dict[str, str]]:
    return [{"value": one} for one in ids]


def patch(ops: Sequence[Operation]) -> dict[str, Any]:
    """Return the body of a PATCH with these operations."""
    return {"schemas": [SCHEMA], "Operations": list(ops)}
