# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that refuse or ignore one form of a write, or one attribute."""

from __future__ import annotations

import copy
import json
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


def versions(
    *, demanded: bool = False, header: bool = True, meta: bool = False, announced: bool = False
) -> Quirk:
    """Keep ETags, told by the header or by ``meta.version``, and check ``If-Match``.

    ``demanded``: a write without one is answered 428. ``announced``: ServiceProviderConfig says so.
    """

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "ServiceProviderConfig":
            return Answer(200, {"etag": {"supported": announced}})
        held = server.held.get(asked.kind, {}).get(asked.segments[-1])
        if held is not None and asked.method in ("PUT", "PATCH", "DELETE"):
            if asked.if_match is None and demanded:
                return Answer(428, {"detail": "If-Match is needed"})
            if asked.if_match not in (None, tag_of(held)):
                return Answer(412, {"detail": "another version"})
        answer = honest(replace(asked, if_match=None))
        if answer.status >= 300 or answer.body is None:
            return answer
        body = copy.deepcopy(answer.body)
        for one in body["Resources"] if "Resources" in body else [body]:
            if meta:
                one["meta"] = {"version": tag_of(server.held[asked.kind][one["id"]])}
        single = header and "Resources" not in body
        headers = {"etag": tag_of(server.held[asked.kind][body["id"]])} if single else {}
        return replace(answer, body=body, headers=headers)

    return quirk


def tag_of(resource: Mapping[str, Any]) -> str:
    """The entity tag of a resource: another one for each state."""
    plain = {name: value for name, value in resource.items() if name != "meta"}
    return f'W/"{abs(hash(json.dumps(plain, sort_keys=True)))}"'


def refuses_versions(kind: str = "") -> Quirk:
    """Answer 412 to every If-Match (a version that changes with each read)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.if_match is not None and kind in ("", asked.kind):
            return Answer(412, {"detail": "no such version"})
        return honest(asked)

    return quirk


def silent_writes(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer every PATCH and PUT without a body and without a version."""
    answer = honest(asked)
    if asked.method in ("PATCH", "PUT") and answer.status < 300:
        return Answer(204)
    return answer


def knows_only(
    media_type: str, *, status: int = 415, reads: bool = False, writes: bool = True
) -> Quirk:
    """Refuse every other media type, in bodies (415) or in answers (406)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        judged = reads if asked.method == "GET" else writes
        if judged and asked.media_type != media_type:
            return Answer(status, {"detail": "media type"})
        return honest(asked)

    return quirk
