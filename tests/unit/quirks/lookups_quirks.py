# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters that lie, and listings that leave users out. Knows no test."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    Refused,
    clauses,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirk, Quirky

NAMES = {"Users": "userName", "Groups": "displayName"}
Clauses = list[tuple[str, str]]


def filtering(choose: Callable[[Quirky, Asked, Clauses], list[dict[str, Any]]]) -> Quirk:
    """A quirk that chooses what a filter finds."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.lists or "filter" not in asked.query:
            return honest(asked)
        try:
            wanted = clauses(asked.query["filter"])
        except Refused as refusal:
            return Answer(refusal.status, {"detail": refusal.detail, "scimType": refusal.scim_type})
        return listed(choose(server, asked, wanted), asked.query)

    return quirk


def listed(rows: list[dict[str, Any]], query: Mapping[str, str]) -> Answer:
    """A page of a list."""
    start = int(query.get("startIndex", 1)) - 1
    count = int(query.get("count", 100))
    page = rows[start : start + count]
    return Answer(200, {"totalResults": len(rows), "startIndex": start + 1, "Resources": page})


def holding(
    server: Quirky, asked: Asked, wanted: Iterable[tuple[str, str]]
) -> list[dict[str, Any]]:
    """The resources for which one of the comparisons holds, honestly."""
    wanted = list(wanted)
    if not wanted:
        return []
    text = " or ".join(f"{path} eq {json.dumps(value)}" for path, value in wanted)
    answer = server.honestly(asked.without("startIndex", "count").asking(filter=text, count="9999"))
    found: list[dict[str, Any]] = answer.body["Resources"]
    return found


def first_only(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """``a or b`` is answered for ``a`` only, with 200."""
    return holding(server, asked, wanted[:1])


def last_only(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """``a or b`` is answered for ``b`` only."""
    return holding(server, asked, wanted[-1:])


def first_two(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """Of several comparisons two are evaluated."""
    return holding(server, asked, wanted[:2])


def second_only(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """Of several comparisons the second is evaluated."""
    return holding(server, asked, wanted[1:2] or wanted)


def minding_case(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """Filters do not ignore case: 5 of 9 real servers."""
    exact = set(wanted)
    return [
        one
        for one in holding(server, asked, wanted)
        if any((path, one.get(path)) in exact for path in ("userName", "displayName", "externalId"))
    ]


def plain_only(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """A name with other characters than letters and digits is never found."""
    return holding(server, asked, [one for one in wanted if one[1].isalnum() and one[1].isascii()])


def bytewise(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """Names are compared byte by byte, so one that is composed otherwise is another."""
    return minding_case(server, asked, wanted)


def blind(_server: Quirky, _asked: Asked, _wanted: Clauses) -> list[dict[str, Any]]:
    """No filter finds anything, for example for groups of django-scim2."""
    return []


def by_names_only(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """A filter on any other attribute than the name finds nothing (Keycloak without a mapping)."""
    return holding(server, asked, [one for one in wanted if one[0] == NAMES[asked.kind]])


def ignored(server: Quirky, asked: Asked, _wanted: Clauses) -> list[dict[str, Any]]:
    """The filter is ignored: everything comes."""
    everything = asked.without("filter", "startIndex").asking(count="9999")
    rows: list[dict[str, Any]] = server.honestly(everything).body["Resources"]
    return rows


def others(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """What does not fit comes with what does."""
    found = holding(server, asked, wanted)
    return [*found, *[one for one in ignored(server, asked, wanted) if one not in found][:1]]


def containing(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """``eq`` means that the name contains the text."""
    name = NAMES[asked.kind]
    return [
        one
        for one in ignored(server, asked, wanted)
        if any(value.lower() in one.get(name, "").lower() for _path, value in wanted)
    ]


def stored(prefix: str) -> Quirk:
    """Groups are shown with the name of a user store, and found without it."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.lists or "filter" not in asked.query or asked.kind != "Groups":
            return honest(asked)
        wanted = clauses(asked.query["filter"])
        both = [*wanted, *[(path, prefix + value) for path, value in wanted]]
        return listed(holding(server, asked, both), asked.query)

    return quirk


def composed(text: str) -> str:
    """The text in the form in which letters and accents are apart."""
    return unicodedata.normalize("NFD", text)


def answering(answer: Answer) -> Quirk:
    """A filter that finds nothing is answered otherwise than with an empty list."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        found = honest(asked)
        is_empty = asked.lists and "filter" in asked.query and not found.body.get("totalResults")
        return answer if found.status == 200 and is_empty else found

    return quirk


NOT_FOUND = Answer(404, {"detail": "not found", "status": "404"})


def nowhere(*endpoints: str, answer: Answer = NOT_FOUND) -> Quirk:
    """An endpoint does not exist: everything there is 404, or another answer."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind in endpoints:
            return answer
        return honest(asked)

    return quirk


def one_comparison(status: int = 400, scim_type: str = "invalidFilter") -> Quirk:
    """A filter of several comparisons is refused."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if " or " in asked.query.get("filter", ""):
            return Answer(status, {"detail": "one comparison", "scimType": scim_type})
        return honest(asked)

    return quirk


def blind_for_ids(server: Quirky, asked: Asked, wanted: Clauses) -> list[dict[str, Any]]:
    """A filter on ``id`` finds nothing."""
    return holding(server, asked, [one for one in wanted if one[0] != "id"])


def no_ids(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A filter on ``id`` is refused."""
    if asked.query.get("filter", "").startswith("id "):
        return Answer(400, {"detail": "no filter on id", "scimType": "invalidFilter"})
    return honest(asked)


def without_inactive(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A plain list leaves inactive users out."""
    if not asked.is_listing or asked.kind != "Users":
        return honest(asked)
    rows = [one for one in server.held["Users"].values() if one.get("active") is not False]
    return listed(rows, asked.query)


def no_list(kind: str, status: int = 403) -> Quirk:
    """A plain list is refused, look-ups are not."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.is_listing and asked.kind == kind:
            return Answer(status, {"detail": "no"})
        return honest(asked)

    return quirk


def repeating_names(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Names of groups may repeat (RFC 7643 section 8.7.1)."""
    return _made_again(server, asked) if _posts(asked, "Groups") else honest(asked)


def repeating_ids(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """External ids of users may repeat (RFC 7643 section 3.1), names may not."""
    if not _posts(asked, "Users") or "externalId" not in asked.body:
        return honest(asked)
    body = dict(asked.body)
    ident = {"externalId": body.pop("externalId")}
    answer = honest(replace(asked, body=body))
    if answer.status >= 300:
        return answer
    server.held["Users"][answer.body["id"]].update(ident)
    return replace(answer, body={**answer.body, **ident})


def _posts(asked: Asked, kind: str) -> bool:
    return asked.method == "POST" and asked.kind == kind


def _made_again(server: Quirky, asked: Asked) -> Answer:
    held = server.held[asked.kind]
    ident = f"g{1 + sum(map(len, server.held.values()))}x"
    held[ident] = {"active": True, **asked.body, "id": ident}
    server.log.append(("POST", asked.segments, asked.body))
    return Answer(201, held[ident])
