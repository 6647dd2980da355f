# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What imitated services do to the members of groups.

Written from what is documented of services. Knows nothing of the collection.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.lists import other, refused, with_each
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
)

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Members:
    """What one request may do to members; 0 is any number.

    ``removes`` are the forms of a removal: ``filter``, ``list`` and ``all``. ``adds`` are those
    of an addition: ``add`` and ``replace``. ``in_one``: all added members in one operation.
    """

    most: int = 0
    most_removed: int = 0
    operations: int = 0
    most_created: int = 0
    size: int = 0
    removes: tuple[str, ...] = ("filter", "list")
    replaces: bool = False
    in_one: bool = False
    apart: tuple[str, ...] = ()
    status: int = 400
    size_status: int = 413
    scim_type: str = ""


def members(rules: Members) -> Quirk:
    """Refuse what a service does not take in one request about members."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        wrong = ""
        if asked.method == "PATCH" and rules.operations:
            if len(asked.body["Operations"]) > rules.operations:
                return refused(400, f"more than {rules.operations} operations", "tooMany")
        if asked.kind == "Groups" and asked.method == "PATCH":
            wrong = _wrong_patch(rules, asked.body["Operations"])
        elif asked.kind == "Groups" and asked.method in ("POST", "PUT"):
            number = len(asked.body.get("members") or ())
            most = rules.most_created or rules.most
            wrong = f"more than {most} members" if most and number > most else ""
        if wrong:
            return refused(rules.status, wrong, rules.scim_type)
        if rules.size and asked.kind == "Groups" and _after(server, asked) > rules.size:
            return refused(rules.size_status, f"a group has at most {rules.size} members")
        return honest(asked)

    return quirk


def _wrong_patch(rules: Members, operations: Iterable[Mapping[str, Any]]) -> str:
    added, removed, others, adds = 0, 0, 0, 0
    for one in operations:
        path, value = one.get("path") or "", one.get("value")
        if not path.startswith("members"):
            others += 1
        elif one["op"] == "remove":
            form = _form(path, value)
            if form not in rules.removes:
                return f"members are not removed in this form: {form}"
            removed += len(value) if isinstance(value, list) else 1
        elif one["op"] == "replace" and not rules.replaces:
            return "members are not replaced"
        else:
            adds += 1
            added += len(value) if isinstance(value, list) else 1
    if rules.in_one and adds > 1:
        return "members are added in one operation"
    return _too_many(rules, added, removed) or _mixed(rules, added, removed, others)


def _form(path: str, value: Any) -> str:
    if path != "members":
        return "filter"
    return "all" if value is None else "list"


def _too_many(rules: Members, added: int, removed: int) -> str:
    if rules.most_removed and removed > rules.most_removed:
        return f"more than {rules.most_removed} members are removed"
    if rules.most and added + removed > rules.most:
        return f"more than {rules.most} members are changed"
    return ""


def _mixed(rules: Members, added: int, removed: int, others: int) -> str:
    if "attributes" in rules.apart and others and (added or removed):
        return "members and attributes are changed together"
    if "removals" in rules.apart and added and removed:
        return "members are added and removed together"
    return ""


def _after(server: Quirky, asked: Asked) -> int:
    """Return how many members a group would have after an addition."""
    if asked.method in ("POST", "PUT"):
        return len(asked.body.get("members") or ())
    if asked.method != "PATCH":
        return 0
    held = server.held["Groups"].get(asked.segments[-1], {}).get("members", [])
    there = {row["value"] for row in held}
    for one in asked.body["Operations"]:
        if one["op"] == "add" and one.get("path") == "members":
            there |= {row["value"] for row in one["value"]}
    return len(there)


def created_without(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Ignore the members of a new group (Sentry)."""
    if asked.kind == "Groups" and asked.method == "POST":
        body = {name: value for name, value in asked.body.items() if name != "members"}
        return honest(other(asked, body))
    return honest(asked)


def refuses_members(*methods: str) -> Quirk:
    """Refuse members in the body of a group (Keycloak)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Groups" and asked.method in methods and asked.body.get("members"):
            return refused(400, "members are changed by PATCH", "invalidValue")
        return honest(asked)

    return quirk


def put_ignores_members(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Leave the members as they are in a PUT of a group (django-scim2, Bitwarden)."""
    held = server.held["Groups"].get(asked.segments[-1])
    if asked.kind != "Groups" or asked.method != "PUT" or held is None:
        return honest(asked)
    body = {name: value for name, value in asked.body.items() if name != "members"}
    if held.get("members"):
        body["members"] = held["members"]
    return honest(other(asked, body))


def first_of_list(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Remove only the first member of a list, and answer 204 (Sentry)."""
    if asked.kind != "Groups" or asked.method != "PATCH":
        return honest(asked)

    def first(one: Row) -> Row:
        if one["op"] == "remove" and one.get("path") == "members" and one.get("value"):
            return {**one, "value": one["value"][:1]}
        return one

    return honest(with_each(asked, first))


def wrapped(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Take members only as ``{"members": […]}`` below the path ``members`` (Salesforce)."""
    if asked.kind != "Groups" or asked.method != "PATCH":
        return honest(asked)
    operations = []
    for one in asked.body["Operations"]:
        path, value = one.get("path") or "", one.get("value")
        if path.startswith("members"):
            rows = value.get("members") if isinstance(value, Mapping) else None
            if path != "members" or not isinstance(rows, list):
                return refused(400, "members are not changed in this form", "invalidSyntax")
            one = {**one, "value": rows}
        operations.append(one)
    return honest(other(asked, {**asked.body, "Operations": operations}))


def unknown_members(status: int) -> Quirk:
    """Refuse an unknown member with another status (Sentry, HCP Terraform: 404)."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Groups" and asked.method in ("POST", "PUT", "PATCH"):
            for ident in _named(asked):
                if ident not in server.held["Users"] and ident not in server.held["Groups"]:
                    return refused(status, f"there is no member {ident}")
        return honest(asked)

    return quirk


def only_users(status: int, detail: str, scim_type: str) -> Quirk:
    """Refuse to add anybody but users (better-auth). Who is not in may be removed."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Groups" and asked.method in ("POST", "PUT", "PATCH"):
            if not set(_added(asked)) <= set(server.held["Users"]):
                return refused(status, detail, scim_type)
        return honest(asked)

    return quirk


def _added(asked: Asked) -> list[str]:
    operations = asked.body.get("Operations", ())
    kept = [one for one in operations if one["op"].lower() != "remove"]
    return _named(other(asked, {**asked.body, "Operations": kept}))


def _named(asked: Asked) -> list[str]:
    places = [asked.body, *asked.body.get("Operations", ())]
    found = []
    for place in places:
        rows = [*(place.get("members") or ())]
        if place.get("path") == "members" and isinstance(place.get("value"), list):
            rows += place["value"]
        found += [row["value"] for row in rows]
    return found


def cut(most: int) -> Quirk:
    """Show the first members of a group only (Sentry: 10,000)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != "Groups" or answer.status >= 300 or answer.body is None:
            return answer
        body = copy.deepcopy(answer.body)
        for one in body["Resources"] if "Resources" in body else [body]:
            if len(one.get("members", ())) > most:
                one["members"] = one["members"][:most]
        return replace(answer, body=body)

    return quirk


def refuses_large_groups(most: int) -> Quirk:
    """Refuse to show a group with more members (Oracle: 10,000)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != "Groups" or asked.method != "GET" or answer.status >= 300:
            return answer
        for one in answer.body["Resources"] if "Resources" in answer.body else [answer.body]:
            if len(one.get("members", ())) > most:
                return refused(400, f"a group has more than {most} members", "tooMany")
        return answer

    return quirk
