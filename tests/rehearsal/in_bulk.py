# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How imitated services take many writes in one request (RFC 7644 section 3.7).

Knows no service by name.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.imitation import scim_error
from ansible_collections.identity.scim.tests.rehearsal.lists import refused
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
)

RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"


def takes_bulk(most: int) -> Quirk:
    """Take so many operations in one request, each as if it came alone."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != "Bulk" or asked.method != "POST":
            return honest(asked)
        operations = asked.body["Operations"]
        if len(operations) > most:
            return refused(413, f"more than {most} operations", "tooMany")
        done: list[dict[str, Any]] = []
        ids: dict[str, str] = {}
        for one in operations:
            done.append(_result(asked, one, ids, honest))
        return Answer(200, {"schemas": [RESPONSE], "Operations": done})

    return quirk


def _result(
    asked: Asked, one: dict[str, Any], ids: dict[str, str], honest: Honest
) -> dict[str, Any]:
    """Do one operation. Note the id of what it creates under its bulkId."""
    text = json.dumps({"path": one["path"], "data": one.get("data")})
    for name, ident in ids.items():
        text = text.replace(f"bulkId:{name}", ident)
    meant = json.loads(text)
    segments = tuple(meant["path"].strip("/").split("/"))
    inner = replace(
        asked, method=one["method"], segments=segments, query={}, body=meant["data"], if_match=None
    )
    answer = honest(inner)
    result = {name: one[name] for name in ("method", "bulkId") if name in one}
    result["status"] = str(answer.status)
    if answer.status >= 400:
        return {**result, "response": scim_error(answer)}
    ident = (answer.body or {}).get("id") or segments[-1]
    ids[one.get("bulkId", "")] = ident
    return {**result, "location": f"/{segments[0]}/{ident}"}
