# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers SCIM requests from memory, one after the other, and Bulk.

Knows resources and the limits of Bulk, no connection and no time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from ansible_collections.identity.scim.tests.bench import discovery
from ansible_collections.identity.scim.tests.bench.resources import Resources, dumped
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    Refused,
)

BASE = "/v2"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


@dataclass
class Reply:
    """A status and the bytes of a body. ``operations`` are those of a Bulk request."""

    status: int
    data: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    operations: int = 0


def refusal(error: Refused, headers: Mapping[str, str] | None = None) -> Reply:
    """Return an error as RFC 7644 section 3.12 says."""
    body = {"schemas": [ERROR], "status": str(error.status), "detail": error.detail}
    if error.scim_type:
        body["scimType"] = error.scim_type
    return Reply(error.status, dumped(body), headers or {})


@dataclass
class Service:
    """A SCIM service. ``operations`` and ``payload`` are its limits of Bulk."""

    resources: Resources
    bulk: bool = True
    operations: int = 1000
    payload: int = 1048576

    def answer(self, method: str, target: str, data: bytes) -> Reply:
        """Answer one request; ``target`` is the path with its query."""
        try:
            path, _mark, text = target.partition("?")
            query = dict(parse_qsl(text, keep_blank_values=True)) if text else {}
            if not path.startswith(f"{BASE}/"):
                raise Refused(404, f"the base URL ends in {BASE}")
            names = [unquote(one) for one in path[len(BASE) + 1 :].rstrip("/").split("/")]
            if names[0] == "Bulk":
                return self._bulk(method, data)
            body = json.loads(data) if data else None
            return self._answer(method, names, query, body)
        except Refused as error:
            return refusal(error)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return refusal(Refused(400, f"not as SCIM demands: {error!r}", "invalidSyntax"))

    def _answer(self, method: str, names: list[str], query: dict[str, str], body: Any) -> Reply:
        kind, ident = names[0], "/".join(names[1:])
        if kind not in self.resources.kinds:
            return self._described(method, kind, ident)
        if not ident:
            if method == "GET":
                return Reply(200, self.resources.list(kind, query))
            if method == "POST":
                made, shown = self.resources.create(kind, body, query)
                return Reply(201, shown, {"Location": f"{self.resources.base}/{kind}/{made}"})
        elif method == "GET":
            return Reply(200, self.resources.one(kind, ident, query))
        elif method == "PATCH":
            return Reply(200, self.resources.change(kind, ident, body, query))
        elif method == "PUT":
            return Reply(200, self.resources.replace(kind, ident, body, query))
        elif method == "DELETE":
            self.resources.delete(kind, ident)
            return Reply(204)
        raise Refused(405, f"no {method} here")

    def _described(self, method: str, kind: str, ident: str) -> Reply:
        if method != "GET":
            raise Refused(404, f"no {kind}")
        if kind == "ServiceProviderConfig":
            limits = (self.resources.page, self.bulk, self.operations, self.payload)
            return Reply(200, dumped(discovery.provider_config(*limits)))
        tables = {"Schemas": discovery.schemas, "ResourceTypes": discovery.resource_types}
        if kind not in tables:
            raise Refused(404, f"no {kind}")
        found = tables[kind]()
        if ident:
            found = [one for one in found if one["id"] == ident]
            if not found:
                raise Refused(404, f"no {ident}")
            return Reply(200, dumped(found[0]))
        counts = {"totalResults": len(found), "startIndex": 1, "itemsPerPage": len(found)}
        return Reply(200, dumped({"schemas": [LIST], **counts, "Resources": found}))

    # --- Bulk (RFC 7644 section 3.7) -------------------------------------------------------------

    def _bulk(self, method: str, data: bytes) -> Reply:
        if method != "POST" or not self.bulk:
            raise Refused(501, "no Bulk")
        if len(data) > self.payload:
            raise Refused(413, f"the payload exceeds {self.payload}", "tooLarge")
        body = json.loads(data)
        wanted = body["Operations"]
        if len(wanted) > self.operations:
            raise Refused(413, f"more than {self.operations} operations", "tooLarge")
        results = self._bulk_results(wanted, int(body.get("failOnErrors") or 0))
        answer = dumped({"schemas": [BULK], "Operations": results})
        return Reply(200, answer, operations=len(results))

    def _bulk_results(self, wanted: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
        """Carry operations out; one that refers to a later one waits for it."""
        made: dict[str, str] = {}
        results: dict[int, dict[str, Any]] = {}
        failed = 0
        for attempt in (1, 2):
            for place, one in enumerate(wanted):
                if place in results or (most and failed >= most):
                    continue
                ready, is_whole = _resolved(one, made)
                if is_whole or attempt == 2:
                    results[place] = found = self._operation(ready, made)
                    failed += int(found["status"]) >= 400
        return [results[place] for place in sorted(results)]

    def _operation(self, one: dict[str, Any], made: dict[str, str]) -> dict[str, Any]:
        method = str(one["method"]).upper()
        data = dumped(one["data"]) if "data" in one else b""
        found = self.answer(method, f"{BASE}{one['path']}", data)
        result: dict[str, Any] = {"method": method, "status": str(found.status)}
        if "bulkId" in one:
            result["bulkId"] = one["bulkId"]
        if found.status >= 400:
            result["response"] = json.loads(found.data)
            return result
        result["location"] = found.headers.get("Location") or self.resources.base + one["path"]
        if method == "POST" and "bulkId" in one:
            made[one["bulkId"]] = result["location"].rpartition("/")[2]
        return result


def _resolved(one: dict[str, Any], made: Mapping[str, str]) -> tuple[dict[str, Any], bool]:
    """Return an operation with ids in place of ``bulkId:NAME``, and whether none is left."""
    if "bulkId:" not in json.dumps([one.get("path"), one.get("data")]):
        return one, True
    missing: list[str] = []

    def replaced(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: replaced(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [replaced(inner) for inner in value]
        if isinstance(value, str) and "bulkId:" in value:
            start, _colon, name = value.partition("bulkId:")
            if name not in made:
                missing.append(name)
            return start + made.get(name, f"bulkId:{name}")
        return value

    return {name: replaced(value) for name, value in one.items()}, not missing
