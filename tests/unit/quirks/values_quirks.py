# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that keep other values than they were given, or the same ones in other JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
    resources,
)

LISTS = ("emails", "phoneNumbers", "roles", "addresses", "ims", "photos", "entitlements")


def keeps(change: Callable[[dict[str, Any]], None]) -> Quirk:
    """Users are kept as ``change`` makes them, whatever was written."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.method == "GET" or asked.kind != "Users" or answer.status >= 300:
            return answer
        for user in server.held["Users"].values():
            change(user)
        if isinstance(answer.body, dict) and "id" in answer.body:
            held = server.held["Users"].get(answer.body["id"], {})
            shown = {name: held[name] for name in answer.body if name in held}
            return altered(answer, lambda _body: shown)
        return answer

    return quirk


def shows(change: Callable[[dict[str, Any]], None]) -> Quirk:
    """Resources are answered as ``change`` makes them; what is kept is as it was written."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        def changed(body: Any) -> Any:
            for one in resources(body):
                change(one)
            return body

        return altered(honest(asked), changed)

    return quirk


def entries(user: dict[str, Any]) -> list[dict[str, Any]]:
    """Every entry of a user that is an object."""
    found = []
    for name in LISTS:
        found += [one for one in user.get(name, []) if isinstance(one, dict)]
    return found


def drop_types(user: dict[str, Any]) -> None:
    """No entry keeps its type: Zitadel, django-scim2-server."""
    for one in entries(user):
        one.pop("type", None)


def e164(user: dict[str, Any]) -> None:
    """Phone numbers become E.164: Zitadel."""
    for one in user.get("phoneNumbers", []):
        digits = re.sub(r"\D", "", one["value"])
        one["value"] = f"+{digits}" if one["value"].startswith("+") else f"+1{digits}"


def lower_mails(user: dict[str, Any]) -> None:
    """E-mail addresses become lower case."""
    for one in user.get("emails", []):
        one["value"] = one["value"].lower()


def opaque(user: dict[str, Any]) -> None:
    """Values are rewritten in a way that nobody could guess."""
    for one in entries(user):
        if "value" in one and not one["value"].startswith("kept-"):
            one["value"] = "kept-" + one["value"]


def one_label(user: dict[str, Any]) -> None:
    """Every entry gets the same type."""
    for one in entries(user):
        one["type"] = "other"


def plain_mails(user: dict[str, Any]) -> None:
    """E-mail addresses are held as a list of texts."""
    if "emails" in user:
        user["emails"] = [one["value"] if isinstance(one, dict) else one for one in user["emails"]]


def copied(user: dict[str, Any]) -> None:
    """Each new e-mail address is kept once more under the type ``other``: api.scim.dev."""
    if not any(one.get("type") == "other" for one in user.get("emails", [])):
        copies = [{**one, "type": "other"} for one in user.get("emails", [])]
        user.setdefault("emails", []).extend(copies)


def lists(*rows: Any, status: int = 200) -> Quirk:
    """Answer ``/Schemas`` with these rows."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != "Schemas":
            return honest(asked)
        return Answer(status, {"totalResults": len(rows), "Resources": list(rows)})

    return quirk


def user_schema(*parts: str, **attributes: Any) -> dict[str, Any]:
    """The schema of users: its lists have these sub-attributes, beside other attributes."""
    sub = [{"name": one, "type": "string"} for one in ("value", "display", "primary", *parts)]
    rows: list[dict[str, Any]] = [
        {"name": name, "type": "complex", "multiValued": True, "subAttributes": sub}
        for name in LISTS
    ]
    rows += [{"name": name, "type": kind} for name, kind in attributes.items()]
    return {"id": "urn:ietf:params:scim:schemas:core:2.0:User", "attributes": rows}
