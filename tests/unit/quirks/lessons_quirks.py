# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that refuse or ignore one form of a write, or one attribute."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
)

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def paths_of(asked: Asked) -> list[str]:
    """The attributes that a write is about: the paths of a PATCH, or the names in its body."""
    if asked.method == "PATCH":
        return [name for one in asked.body["Operations"] for name in _named(one)]
    return list(asked.body or ()) if asked.method in ("POST", "PUT") else []


def _named(operation: Mapping[str, Any]) -> list[str]:
    return [operation["path"]] if "path" in operation else list(operation["value"])


def refuses_path(
    path: str, status: int = 400, scim_type: str = "", methods: tuple[str, ...] = ("PATCH",)
) -> Quirk:
    """Refuse a write that names an attribute (django-scim2: 501; scimmy: 400 invalidPath)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method in methods and path in paths_of(asked):
            return Answer(status, {"detail": f"no {path}", "scimType": scim_type})
        return honest(asked)

    return quirk


def refuses(
    method: str, status: int, kind: str = "", when: Callable[[Asked], bool] = bool
) -> Quirk:
    """Refuse a method, on one endpoint or on all (no PATCH at all, no PUT of groups)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == method and kind in ("", asked.kind) and when(asked):
            return Answer(status, {"detail": f"no {method}"})
        return honest(asked)

    return quirk


def drops(
    *names: str, kind: str = "Users", methods: tuple[str, ...] = ("POST", "PUT", "PATCH")
) -> Quirk:
    """Take attributes of a kind and drop them, answering 2xx (the tutorial's displayName)."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != kind or asked.method not in methods:
            return honest(asked)
        before = server.held[kind].get(asked.segments[-1], {})
        kept = {name: before[name] for name in names if name in before}
        answer = honest(asked)
        ident = (answer.body or {}).get("id") or asked.segments[-1]
        held = server.held[kind].get(ident)
        for one in (held, answer.body):
            if one is not None and answer.status < 300:
                for name in names:
                    one.pop(name, None)
                one.update(kept)
        return answer

    return quirk


def ignores(when: Callable[[Mapping[str, Any]], bool], answer: int = 200) -> Quirk:
    """Accept a PATCH and leave out the operations for which ``when`` holds.

    Services do so with ``add`` where nothing is yet, with paths below an extension or of
    sub-attributes, and with operations without a path (docs/servers.md).
    """

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "PATCH":
            return honest(asked)
        left = [one for one in asked.body["Operations"] if not when(one)]
        resource = server.held[asked.kind][asked.segments[-1]]
        found = Answer(200, copy.deepcopy(resource))
        if left:
            found = honest(
                replace(asked, body={**asked.body, "Operations": _as_known(left, resource)})
            )
        return found if answer == 200 or found.status >= 300 else Answer(204)

    return quirk


def _as_known(operations: Iterable[Mapping[str, Any]], resource: Mapping[str, Any]) -> list[Any]:
    """The operations in the one form that the strict service knows."""
    known: list[Any] = []
    for one in operations:
        values = {one["path"]: one.get("value")} if "path" in one else one["value"]
        for path, value in values.items():
            if path.startswith("urn:") and isinstance(value, dict):
                known += [
                    {**one, "path": f"{path}:{name}", "value": inner}
                    for name, inner in value.items()
                ]
            else:
                known.append({**one, "path": path, "value": value})
    return [{**one, "op": "add"} if one["op"] == "replace" else one for one in known]
