# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How services known by name read: filters on memberships, cursors, narrow filters.

Each quirk names the services that have it. Knows nothing of profiles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    clauses,
)
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import Clauses, listed
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
    resources,
)


def _asked_for(asked: Asked, kind: str, path: str) -> str | None:
    """The value that a filter of one comparison on that path asks for."""
    if not asked.lists or asked.kind != kind or "filter" not in asked.query:
        return None
    wanted = clauses(asked.query["filter"])
    return wanted[0][1] if len(wanted) == 1 and wanted[0][0] == path else None


def users_of_a_group(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """`Users?filter=groups.value eq` lists the users of a group (AWS, Entra, Keycloak)."""
    ident = _asked_for(asked, "Users", "groups.value")
    if ident is None:
        return honest(asked)
    rows = server.held["Groups"].get(ident, {}).get("members", [])
    users = server.held["Users"]
    return listed([users[one["value"]] for one in rows if one["value"] in users], asked.query)


def groups_of_a_user(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """`Groups?filter=members.value eq` lists the groups of a user (AWS, Entra, Keycloak)."""
    ident = _asked_for(asked, "Groups", "members.value")
    if ident is None:
        return honest(asked)
    found = []
    for group in server.held["Groups"].values():
        if ident in [one["value"] for one in group.get("members", [])]:
            found.append(group)
    return listed(found, asked.query)


def membership_filters_ignored(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A filter on a membership is ignored: everything comes."""
    for kind, path in (("Users", "groups.value"), ("Groups", "members.value")):
        if _asked_for(asked, kind, path) is not None:
            return listed(list(server.held[kind].values()), asked.query)
    return honest(asked)


def answers_hide_members(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """No answer about a group has members, those to writes included (AWS, Entra)."""
    answer = honest(asked)
    if asked.kind != "Groups" or asked.method == "DELETE":
        return answer

    def hide(body: Any) -> Any:
        for one in resources(body):
            one["members"] = []
        return body

    return altered(answer, hide)


def by_cursor_only(cap: int, *, totals: bool = True) -> Quirk:
    """Pages are asked for by cursor from the first one on; an index is refused (AWS, Entra)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.lists:
            return honest(asked)
        if "startIndex" in asked.query or "cursor" not in asked.query:
            return Answer(400, {"detail": "startIndex is not supported"})
        start = int(asked.query["cursor"] or "1")
        count = min(cap, int(asked.query.get("count", cap)))
        inner = asked.without("cursor").asking(startIndex=str(start), count=str(count))

        def page(body: Any) -> Any:
            total = body.pop("totalResults")
            body.pop("startIndex", None)
            after = start + len(body["Resources"])
            body["itemsPerPage"] = len(body["Resources"])
            if totals:
                body["totalResults"] = total
            if after <= total:
                body["nextCursor"] = str(after)
            return body

        return altered(honest(inner), page)

    return quirk


def filters_by(known: Callable[[str, Clauses], bool], *, empty: bool = False) -> Quirk:
    """Only some filters are known; others are refused, or find nothing (Keycloak, Snowflake)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.lists or "filter" not in asked.query:
            return honest(asked)
        if known(asked.kind, clauses(asked.query["filter"])):
            return honest(asked)
        if empty:
            return listed([], asked.query)
        return Answer(400, {"detail": "the filter is not supported", "scimType": "invalidFilter"})

    return quirk


def only_by(**paths: tuple[str, ...]) -> Callable[[str, Clauses], bool]:
    """Filters on these attributes are known, one comparison each; ``paths`` by endpoint."""

    def known(kind: str, wanted: Clauses) -> bool:
        return len(wanted) == 1 and wanted[0][0] in paths.get(kind, ())

    return known


def attributes_refused(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """`attributes` and `excludedAttributes` are no parameters of the service (AWS)."""
    if {"attributes", "excludedAttributes"} & set(asked.query):
        return Answer(400, {"detail": "the parameter is not supported"})
    return honest(asked)
