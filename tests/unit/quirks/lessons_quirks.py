# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that refuse or ignore one form of a write, or one attribute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
