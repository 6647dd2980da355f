# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Oddities of lists, pages, members and names, each as a switch of the quirk server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
)


def _lists(asked: Asked, everything: bool = False) -> bool:
    """Whether users or groups are listed, by a filter or all of them."""
    if asked.kind not in ("Users", "Groups"):
        return False
    return asked.is_listing if everything else asked.lists


def renamed(letters: Callable[[str], str], only: frozenset[str] = frozenset()) -> Quirk:
    """Answer with attribute names in other letters than the schema's (RFC 7643 section 2.1).

    Seen: `Id` and `Members` of services written in C#, `resources` of Entra.
    """

    def other(value: Any) -> Any:
        if isinstance(value, Mapping):
            found = {}
            for name, inner in value.items():
                found[letters(name) if not only or name in only else name] = other(inner)
            return found
        if isinstance(value, list):
            return [other(one) for one in value]
        return value

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return altered(honest(asked), other)

    return quirk


def total_of_page(cap: int = 50, kind: str = "Users") -> Quirk:
    """`totalResults` is the length of the page, and the next page goes on (Ory Polis: 50)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not _lists(asked) or asked.kind != kind:
            return honest(asked)
        size = min(int(asked.query.get("count", cap)), cap)
        answer = honest(asked.asking(count=str(size)))
        return altered(answer, lambda body: {**body, "totalResults": len(body["Resources"])})

    return quirk


def totals_of_everything(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """`totalResults` of a filter is the number of all resources of the type."""
    answer = honest(asked)
    if not _lists(asked) or asked.is_listing:
        return answer
    return altered(answer, lambda body: {**body, "totalResults": len(server.held[asked.kind])})


def first_page_only(cap: int = 50) -> Quirk:
    """`startIndex` and `count` are ignored, the list is cut (scimmy-routers with Express 5: 20)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not _lists(asked):
            return honest(asked)
        return honest(asked.without("startIndex", "count").asking(count=str(cap)))

    return quirk


def empty_unless_asked_for_a_place(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A list is empty unless `startIndex` is sent."""
    if _lists(asked) and "startIndex" not in asked.query:
        return Answer(200, {"totalResults": 0, "Resources": []})
    return honest(asked)


def starts_over(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A page past the end starts again at the first resource (scimmy 1.3.5)."""
    answer = honest(asked)
    if not _lists(asked) or answer.status != 200 or answer.body["Resources"]:
        return answer
    return honest(asked.asking(startIndex="1"))


def refused_past_the_end(status: int) -> Quirk:
    """A page past the end is refused."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if _lists(asked) and not answer.body["Resources"] and asked.query.get("startIndex") != "1":
            return Answer(status, {"detail": "startIndex is past the end"})
        return answer

    return quirk


def counts_pages(cap: int) -> Quirk:
    """`startIndex` is the number of a page, and `totalResults` the length of the page."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not _lists(asked):
            return honest(asked)
        number = int(asked.query.get("startIndex", 1)) - 1
        answer = honest(asked.asking(startIndex=str(number * cap + 1), count=str(cap)))
        return altered(answer, lambda body: {**body, "totalResults": len(body["Resources"])})

    return quirk


def total_changes(times: int) -> Quirk:
    """The total of the second page is another, in the first ``times`` lists."""
    left = [times]

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if not _lists(asked, everything=True) or left[0] == 0:
            return answer
        if asked.query["startIndex"] == "1":
            return answer
        last = answer.body["startIndex"] + len(answer.body["Resources"]) - 1
        left[0] -= last == answer.body["totalResults"]
        return altered(answer, lambda body: {**body, "totalResults": body["totalResults"] - 1})

    return quirk


def lacking(name: str, kind: str, times: int = 1000) -> Quirk:
    """The first ``times`` lists of everything lack one resource, and do not count it."""
    left = [times]

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not _lists(asked, everything=True) or asked.kind != kind or left[0] == 0:
            return honest(asked)
        left[0] -= 1
        ident = server.id_of(name)
        held = server.held[kind].pop(ident)
        answer = honest(asked)
        server.held[kind][ident] = held
        return answer

    return quirk


def large_pages_refused(most: int, status: int = 400, says: str = "no") -> Quirk:
    """A page of more than ``most`` is refused."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if _lists(asked) and int(asked.query.get("count", 0)) > most:
            return Answer(status, {"detail": says})
        return honest(asked)

    return quirk


def members_by_id_only(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Groups come without `members` in lists (Databricks accounts)."""
    answer = honest(asked)
    if not (asked.lists and asked.kind == "Groups"):
        return answer
    return altered(answer, lambda body: {**body, "Resources": list(map(_bare, body["Resources"]))})


def members_by_id_if_asked(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Groups come with `members` by id only, and only if `attributes` names them."""
    answer = honest(asked)
    if asked.kind != "Groups" or asked.method != "GET":
        return answer
    if not asked.lists and "members" in asked.query.get("attributes", ""):
        return answer

    def hide(body: Any) -> Any:
        if "Resources" in body:
            return {**body, "Resources": list(map(_bare, body["Resources"]))}
        return _bare(body)

    return altered(answer, hide)


def _bare(group: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != "members"}


def members_hidden(empty: bool) -> Quirk:
    """The members of groups are never returned (AWS, Entra: an empty list; Polis: `[]`)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != "Groups" or asked.method != "GET":
            return answer
        more = {"members": []} if empty else {}

        def hide(body: Any) -> Any:
            if "Resources" in body:
                return {**body, "Resources": [{**_bare(one), **more} for one in body["Resources"]]}
            return {**_bare(body), **more}

        return altered(answer, hide)

    return quirk


def member_rows_changed(change: Callable[[list[Any]], Any], group: str) -> Quirk:
    """The members of one group are odd: a null, one with only `$ref`, no list."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != "Groups" or answer.body is None or answer.status >= 300:
            return answer
        ident = server.id_of(group)

        def odd(body: Any) -> Any:
            for one in body["Resources"] if "Resources" in body else [body]:
                if one["id"] == ident and "members" in one:
                    one["members"] = change(one["members"])
            return body

        return altered(answer, odd)

    return quirk


def rows_added(rows: list[Any], kind: str) -> Quirk:
    """Each list of everything has broken rows as well, which count."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if not asked.is_listing or asked.kind != kind:
            return answer
        if answer.body["startIndex"] > 1:
            return altered(
                answer, lambda body: {**body, "totalResults": body["totalResults"] + len(rows)}
            )
        return altered(
            answer,
            lambda body: {
                **body,
                "totalResults": body["totalResults"] + len(rows),
                "Resources": [*body["Resources"], *rows],
            },
        )

    return quirk


def members_cut(most: int) -> Quirk:
    """Groups show their first ``most`` members only (FusionAuth: 100, Sentry: 10,000)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != "Groups" or asked.method != "GET":
            return answer

        def cut(body: Any) -> Any:
            for one in body["Resources"] if "Resources" in body else [body]:
                if "members" in one:
                    one["members"] = one["members"][:most]
            return body

        return altered(answer, cut)

    return quirk


def users_by_group(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """`groups.value eq` finds the users of a group (AWS, Entra, Keycloak)."""
    condition = asked.query.get("filter", "")
    if asked.kind != "Users" or not condition.startswith("groups.value eq "):
        return honest(asked)
    group = server.held["Groups"].get(condition.split('"')[1], {})
    rows = [server.held["Users"][one["value"]] for one in group.get("members", [])]
    body = {"totalResults": len(rows), "startIndex": 1, "Resources": rows[:1]}
    return Answer(200, body)


def groups_by_user(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """`members.value eq` finds the groups of a user (RFC 7644 section 3.4.2.2)."""
    condition = asked.query.get("filter", "")
    if asked.kind != "Groups" or not condition.startswith("members.value eq "):
        return honest(asked)
    rows = []
    for group in server.held["Groups"].values():
        if any(one["value"] == condition.split('"')[1] for one in group.get("members", [])):
            rows.append(group)
    return Answer(200, {"totalResults": len(rows), "startIndex": 1, "Resources": rows})


def users_name_groups(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Users show the groups that they are in (RFC 7643 section 4.1.2)."""
    answer = honest(asked)
    if asked.kind != "Users" or asked.method != "GET":
        return answer

    def named(body: Any) -> Any:
        for one in body["Resources"] if "Resources" in body else [body]:
            rows = []
            for group in server.held["Groups"].values():
                if any(row["value"] == one["id"] for row in group.get("members", [])):
                    rows.append({"value": group["id"], "display": group["displayName"]})
            if rows:
                one["groups"] = rows
        return body

    return altered(answer, named)


def pages_overlap(kind: str) -> Quirk:
    """Each page after the first begins with the last resource of the page before it."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        start = int(asked.query.get("startIndex", 1))
        if not _lists(asked, everything=True) or asked.kind != kind or start < 2:
            return honest(asked)
        answer = honest(asked.asking(startIndex=str(start - 1)))
        return altered(answer, lambda body: {**body, "startIndex": start})

    return quirk


def repeats_the_first(kind: str) -> Quirk:
    """A list of everything ends with its first resource again, in place of the last one."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if not _lists(asked, everything=True) or asked.kind != kind:
            return answer
        first = honest(asked.asking(startIndex="1", count="1"))

        def again(body: Any) -> Any:
            rows = body["Resources"]
            is_last = body["startIndex"] + len(rows) > body["totalResults"]
            if rows and is_last and first.body["Resources"]:
                rows[-1] = first.body["Resources"][0]
            return body

        return altered(answer, again)

    return quirk
