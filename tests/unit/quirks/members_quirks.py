# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that do something else to the members of a group than what they are asked."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
    resources,
)

Rows = list[dict[str, Any]]
Change = Callable[[Rows, Asked], Rows]


def _writes_a_group(asked: Asked) -> bool:
    return asked.kind == "Groups" and asked.method in ("PATCH", "PUT")


def _operations(asked: Asked, op: str) -> Iterable[dict[str, Any]]:
    if asked.method != "PATCH":
        return []
    return [
        one for one in asked.body["Operations"] if one["op"] == op and one["path"][:7] == "members"
    ]


def _after(change: Change) -> Quirk:
    """Return a quirk: after an accepted write the members are what ``change`` makes of them."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not _writes_a_group(asked):
            return honest(asked)
        before = copy.deepcopy(server.held["Groups"].get(asked.segments[1], {}).get("members", []))
        answer = honest(asked)
        if answer.status >= 300:
            return answer
        group = server.held["Groups"][asked.segments[1]]
        group["members"] = change(before, asked)
        return replace(answer, body=copy.deepcopy(group)) if answer.body else answer

    return quirk


def _kept(rows: Rows, gone: Iterable[str]) -> Rows:
    gone = set(gone)
    return [row for row in rows if row["value"] not in gone]


def _added(asked: Asked) -> Rows:
    return [dict(row) for one in _operations(asked, "add") for row in one["value"]]


def _removed(asked: Asked) -> list[str]:
    found = []
    for one in _operations(asked, "remove"):
        if "value" in one:
            found += [row["value"] for row in one["value"]]
        else:
            found.append(one["path"].split('"')[1])
    return found


def _changed(before: Rows, added: Rows, removed: Iterable[str]) -> Rows:
    rows = _kept(before, removed)
    there = {row["value"] for row in rows}
    return [*rows, *(row for row in added if row["value"] not in there)]


@_after
def add_replaces(before: Rows, asked: Asked) -> Rows:
    """``add`` of members puts the list in place of what was there (FusionAuth, scimmy)."""
    if asked.method == "PUT":
        return asked.body.get("members", [])
    added = _added(asked)
    return _kept(added or before, _removed(asked))


@_after
def add_takes_the_last(before: Rows, asked: Asked) -> Rows:
    """Of several members that are added, only the last joins."""
    if asked.method == "PUT":
        return asked.body.get("members", [])
    return _changed(before, _added(asked)[-1:], _removed(asked))


@_after
def joins_are_ignored(before: Rows, asked: Asked) -> Rows:
    """No one joins, whatever is accepted (django-scim2-server, for members that it rejects)."""
    if asked.method == "PUT":
        there = {row["value"] for row in asked.body.get("members", [])}
        return [row for row in before if row["value"] in there]
    return _kept(before, _removed(asked))


@_after
def remove_takes_the_first(before: Rows, asked: Asked) -> Rows:
    """Of several members that are removed, only the first leaves (Sentry)."""
    if asked.method == "PUT":
        return asked.body.get("members", [])
    return _changed(before, _added(asked), _removed(asked)[:1])


@_after
def remove_takes_all(before: Rows, asked: Asked) -> Rows:
    """A removal of one member empties the group (azure-docs#30826, posthog#47336)."""
    if asked.method == "PUT":
        return asked.body.get("members", [])
    return _added(asked) if _removed(asked) else _changed(before, _added(asked), ())


@_after
def remove_takes_all_for_good(before: Rows, asked: Asked) -> Rows:
    """A removal of one member empties the group, and no one can join."""
    return [] if _removed(asked) else before


@_after
def removals_are_ignored(before: Rows, asked: Asked) -> Rows:
    """No one leaves, whatever is accepted (WSO2 #7040)."""
    if asked.method == "PUT":
        return asked.body.get("members", [])
    return _changed(before, _added(asked), ())


@_after
def put_drops_members(before: Rows, asked: Asked) -> Rows:
    """A PUT empties the group, whatever it names (Bitwarden #2919 and others ignore them)."""
    if asked.method == "PUT":
        return []
    return _changed(before, _added(asked), _removed(asked))


@_after
def a_new_name_drops_members(before: Rows, asked: Asked) -> Rows:
    """A PATCH of an attribute of a group empties it."""
    if asked.method == "PUT":
        return asked.body.get("members", [])
    rows = _changed(before, _added(asked), _removed(asked))
    paths = [one["path"] for one in asked.body["Operations"]]
    return rows if all(path.startswith("members") for path in paths) else _added(asked)


def silent(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Changes are answered 204."""
    answer = honest(asked)
    if asked.method in ("PATCH", "PUT") and answer.status < 300:
        return Answer(204)
    return answer


def lags(reads: int) -> Quirk:
    """After each write of a group, so many reads of it show it as it was before."""
    before: dict[str, tuple[int, dict[str, Any]]] = {}

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != "Groups" or len(asked.segments) != 2:
            return honest(asked)
        ident = asked.segments[1]
        if asked.method != "GET":
            before[ident] = (reads, copy.deepcopy(server.held["Groups"][ident]))
            return honest(asked)
        left, held = before.get(ident, (0, {}))
        if not left:
            return honest(asked)
        before[ident] = (left - 1, held)
        return Answer(200, copy.deepcopy(held))

    return quirk


def promises_changes(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Changes are answered 202."""
    answer = honest(asked)
    if asked.method in ("PATCH", "PUT") and answer.status < 300:
        return Answer(202)
    return answer


def answers_with_nothing(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Changes are answered 200 with nothing."""
    answer = honest(asked)
    if asked.method in ("PATCH", "PUT") and answer.status < 300:
        return Answer(200, {})
    return answer


def loses_joins(group: str) -> Quirk:
    """Return a quirk: an addition to one group is answered 204, and no one joins."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        held = server.held["Groups"].get(asked.segments[-1], {})
        if held.get("displayName") == group and list(_operations(asked, "add")):
            return Answer(204)
        return honest(asked)

    return quirk


def first_answer_is_lost() -> Quirk:
    """Return a quirk: the first change of a group is done, and its answer is lost."""
    left = [1]

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if _writes_a_group(asked) and left:
            left.clear()
            raise TransportError(kind="reset", reason="the connection was reset", sent=True)
        return answer

    return quirk


def always_busy(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A change of the attributes of a group is done, and answered 503."""
    answer = honest(asked)
    paths = [one["path"] for one in (asked.body or {}).get("Operations", ())]
    if _writes_a_group(asked) and paths and "members" not in paths:
        return Answer(503, {"detail": "busy"})
    return answer


def answers_without_members(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Changes are answered 200 without the members."""
    answer = honest(asked)
    if not _writes_a_group(asked):
        return answer
    return altered(answer, lambda body: {k: v for k, v in body.items() if k != "members"})


def answers_with_no_members(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Changes are answered 200 with an empty list of members (Entra)."""
    answer = honest(asked)
    return altered(answer, _emptied) if _writes_a_group(asked) else answer


def answers_with_a_cut_list(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Changes are answered with the first members only (Sentry cuts at 10,000)."""
    answer = honest(asked)
    if not _writes_a_group(asked):
        return answer
    return altered(answer, lambda body: {**body, "members": body.get("members", [])[:1]})


def _emptied(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "members": []}


def hidden_members(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Groups never show members; users name their groups (AWS, Entra)."""
    answer = honest(asked)
    if asked.kind == "Groups" and asked.method != "DELETE":
        return altered(answer, lambda body: _each(body, lambda one: one.pop("members", None)))
    if asked.kind == "Users" and asked.method == "GET":
        return altered(answer, lambda body: _each(body, lambda one: _with_groups(server, one)))
    return answer


def _each(body: Any, change: Callable[[dict[str, Any]], Any]) -> Any:
    for one in resources(body):
        change(one)
    return body


def _with_groups(server: Quirky, user: dict[str, Any]) -> None:
    user["groups"] = [
        {"value": group["id"]}
        for group in server.held["Groups"].values()
        if user["id"] in [row["value"] for row in group.get("members", [])]
    ]


def members_listed_as(
    spelt: Callable[[str], Any], *, by_filter: bool = False, by_address: bool = False
) -> Quirk:
    """Return a quirk: groups list their members by other ids than the users have.

    A user is found by that id with a filter, by its address, or not at all. Seen with GUIDs in
    capitals (Active Directory bridges) and with numbers that are no text.
    """

    def own(server: Quirky, value: Any) -> str:
        for ident in (*server.held["Users"], *server.held["Groups"]):
            if value in (ident, spelt(ident)):
                return ident
        return str(value)

    def understood(server: Quirky, body: Any) -> Any:
        body = copy.deepcopy(body)
        places = [body, *(body or {}).get("Operations", ())] if isinstance(body, dict) else []
        for place in places:
            for row in [*(place.get("members") or ()), *_rows_of(place)]:
                row["value"] = own(server, row["value"])
            path = place.get("path", "")
            if path.startswith("members["):
                place["path"] = f'members[value eq "{own(server, path.split(chr(34))[1])}"]'
        return body

    def shown(body: Any) -> Any:
        for one in resources(body):
            for row in one.get("members") or ():
                row["value"] = spelt(row["value"])
        return body

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Groups":
            return altered(honest(replace(asked, body=understood(server, asked.body))), shown)
        clause = asked.query.get("filter", "")
        if by_filter and clause.startswith("id eq"):
            ids = [own(server, one.split('"')[1]) for one in clause.split(" or ")]
            return honest(asked.asking(filter=" or ".join(f'id eq "{one}"' for one in ids)))
        if by_address and asked.method == "GET" and len(asked.segments) == 2:
            ident = own(server, asked.segments[1])
            return honest(replace(asked, segments=(asked.kind, ident)))
        return honest(asked)

    return quirk


def _rows_of(operation: dict[str, Any]) -> Rows:
    value = operation.get("value")
    return value if isinstance(value, list) and operation["path"] == "members" else []


def external_ids_are_ignored(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A PATCH of the external id of a group is accepted and not done."""
    if asked.method != "PATCH" or asked.kind != "Groups":
        return honest(asked)
    left = [one for one in asked.body["Operations"] if one["path"] != "externalId"]
    if not left:
        return Answer(204)
    return honest(replace(asked, body={**asked.body, "Operations": left}))


def external_ids_are_refused(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """A PATCH of the external id of a group is refused as an unknown path."""
    operations = (asked.body or {}).get("Operations", ()) if asked.kind == "Groups" else ()
    if any(one["path"] == "externalId" for one in operations):
        return Answer(400, {"detail": "no", "scimType": "invalidPath"})
    return honest(asked)
