# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A strict SCIM service in memory, written from RFC 7643 and 7644.

It shares no code with the collection.

It has the ``send`` of a session, so that requests can be sent to it one by one or by the whole of the collection.
"""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    Refused,
    clauses,
    patched,
)

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CASELESS = {"userName", "displayName", "emails.value"}
KINDS = {"Users": ("u", "userName", USER_URN), "Groups": ("g", "displayName", GROUP_URN)}


@dataclass(frozen=True)
class Answer:
    """What a session gives back."""

    status: int
    body: Any = None
    names: frozenset[str] | None = None
    text: str = ""
    tries: int = 1
    lost: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def caseless(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


class Store:
    """``limits`` may hold the capabilities of that name.

    A request beyond them is refused.

    ``alike``: users and groups are numbered alike, each table by itself; a member is the user of that number, if there is one.
    """

    def __init__(
        self, limits: Mapping[str, Any] | None = None, page: int = 100, alike: bool = False
    ) -> None:
        self.held: dict[str, dict[str, dict[str, Any]]] = {"Users": {}, "Groups": {}}
        self.limits = dict(limits or {})
        self.page = page
        self.alike = alike
        self.count = {"Users": 0, "Groups": 0}
        self.requests = 0
        self.media_type = "application/scim+json"
        self.waited = 0.0
        self.log: list[tuple[str, tuple[str, ...], Any]] = []
        self.queries: list[Mapping[str, str]] = []

    # as a person would fill it and look at it

    def user(self, name: str, **attributes: Any) -> str:
        """Put a user in; the id."""
        urns = sorted(key for key in attributes if key.startswith("urn:"))
        return self._put(
            "Users", {"schemas": [USER_URN, *urns], "userName": name, "active": True, **attributes}
        )

    def group(self, name: str, members: Iterable[str] = (), **attributes: Any) -> str:
        """Put a group in, with members by name of user or group; the id."""
        rows = [{"value": self.id_of(one)} for one in members]
        return self._put(
            "Groups",
            {
                "schemas": [GROUP_URN],
                "displayName": name,
                **attributes,
                **({"members": rows} if rows else {}),
            },
        )

    def id_of(self, name: str) -> str:
        return next(
            one["id"]
            for kind in ("Users", "Groups")
            for one in self.held[kind].values()
            if one[KINDS[kind][1]] == name
        )

    def __getitem__(self, name: str) -> dict[str, Any]:
        """The user or group of that name."""
        return next(
            one
            for kind in ("Users", "Groups")
            for one in self.held[kind].values()
            if one[KINDS[kind][1]] == name
        )

    def names(self, kind: str) -> set[str]:
        return {one[KINDS[kind][1]] for one in self.held[kind].values()}

    def members(self, group: str) -> set[str]:
        """The names of a group's members."""
        every = {**self.held["Groups"], **self.held["Users"]}
        return {
            every[row["value"]].get("userName") or every[row["value"]]["displayName"]
            for row in self[group].get("members", [])
        }

    def state(self) -> dict[str, Any]:
        """Everything by name, so that two stores can be compared whose ids differ."""

        def plain(one: Mapping[str, Any]) -> dict[str, Any]:
            found = {
                key: value for key, value in one.items() if key not in ("id", "members", "schemas")
            }
            manager = found.get(ENTERPRISE_URN, {}).get("manager")
            if manager:
                found[ENTERPRISE_URN] = {
                    **found[ENTERPRISE_URN],
                    "manager": self.held["Users"][manager["value"]]["userName"],
                }
            return found

        return {
            **{name: plain(self[name]) for name in self.names("Users")},
            **{name: (plain(self[name]), self.members(name)) for name in self.names("Groups")},
        }

    def writes(self) -> list[tuple[str, str]]:
        """What was written so far: (method, kind)."""
        return [(method, segments[0]) for method, segments, _body in self.log]

    # as a service

    def pause(self, seconds: float) -> None:
        """Note a wait instead of waiting."""
        self.waited += seconds

    def send(
        self,
        method: str,
        segments: Sequence[str],
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        if_match: str | None = None,
        **_more: Any,
    ) -> Answer:
        """Answer one request."""
        self.requests += 1
        body = copy.deepcopy(body)
        if method == "GET":
            self.queries.append(dict(query or {}))
        else:
            self.log.append((method, tuple(segments), body))
        try:
            return self._answer(method, tuple(segments), dict(query or {}), body)
        except Refused as refusal:
            return Answer(refusal.status, {"detail": refusal.detail, "scimType": refusal.scim_type})

    def _answer(
        self, method: str, segments: tuple[str, ...], query: dict[str, str], body: Any
    ) -> Answer:
        kind = segments[0]
        if kind not in self.held:
            raise Refused(404, f"no {kind}")
        if len(segments) == 1:
            if method == "GET":
                return Answer(200, self._list(kind, query))
            assert method == "POST"
            self._check(kind, body)
            return Answer(201, copy.deepcopy(self.held[kind][self._put(kind, body)]))
        ident = segments[1]
        if ident not in self.held[kind]:
            raise Refused(404, f"no {ident}")
        if method == "DELETE":
            del self.held[kind][ident]
            if ident in self.held["Users"]:
                return Answer(204)
            for group in self.held["Groups"].values():
                group["members"] = [
                    row for row in group.get("members", []) if row["value"] != ident
                ]
            return Answer(204)
        if method in ("PATCH", "PUT"):
            made = self._patched(kind, ident, body) if method == "PATCH" else body
            assert made.get("id") == ident
            self._check(kind, made, but=ident)
            self.held[kind][ident] = made
        return Answer(200, self._shown(self.held[kind][ident], query))

    def _put(self, kind: str, resource: Mapping[str, Any]) -> str:
        self.count[kind] += 1
        number = self.count[kind] if self.alike else sum(self.count.values())
        ident = str(number) if self.alike else f"{KINDS[kind][0]}{number}"
        self.held[kind][ident] = {**copy.deepcopy(dict(resource)), "id": ident}
        return ident

    def _patched(self, kind: str, ident: str, body: Mapping[str, Any]) -> dict[str, Any]:
        assert (
            body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
            and body["Operations"]
        )
        ops = body["Operations"]
        named = [one for one in ops if "path" in one]
        added = [
            row
            for one in named
            if one["op"] == "add" and one["path"] == "members"
            for row in one["value"]
        ]
        by_list = [
            row
            for one in named
            if one["op"] == "remove" and one["path"] == "members"
            for row in one["value"]
        ]
        by_filter = [one for one in named if one["path"].startswith("members[")]
        others = [one for one in ops if not one.get("path", "").startswith("members")]
        removed = len(by_list) + len(by_filter)
        too_many = len(added) + removed > self.limits.get(
            "members_per_patch", 10**6
        ) or removed > self.limits.get("removals_per_patch", 10**6)
        if too_many or len(ops) > self.limits.get("patch_operations", 10**6):
            raise Refused(400, "too many", "tooMany")
        mix = self.limits.get("patch_mix", "all")
        if (
            mix != "all"
            and others
            and (added or removed)
            or mix == "add_remove_apart"
            and added
            and removed
        ):
            raise Refused(400, "not in one request", "invalidSyntax")
        if self.limits.get("patch") is False:
            raise Refused(501, "no PATCH")
        if (by_list and self.limits.get("member_remove", "filter") == "filter") or (
            by_filter and self.limits.get("member_remove") == "list"
        ):
            raise Refused(400, "not in this form", "invalidPath")
        return patched(self.held[kind][ident], ops)

    def _check(self, kind: str, body: Any, but: str = "") -> None:
        _letter, name, urn = KINDS[kind]
        if urn not in body.get("schemas", ()) or {
            key for key in body if key.startswith("urn:")
        } - set(body["schemas"]):
            if not but:
                raise Refused(400, "schemas", "invalidSyntax")
        if (
            not body.get(name)
            or self.limits.get("create_members") is False
            and not but
            and body.get("members")
        ):
            raise Refused(400, f"{name} or members", "invalidValue")
        for one in self.held[kind].values():
            if one["id"] != but and (
                caseless(one[name]) == caseless(body[name])
                or one.get("externalId", 0) == body.get("externalId", 1)
            ):
                raise Refused(409, f"{body[name]} is taken", "uniqueness")
        named = [row["value"] for row in body.get("members", ())]
        manager = body.get(ENTERPRISE_URN, {}).get("manager", {}).get("value")
        unknown = [
            one
            for one in (*named, *([manager] if manager else ()))
            if one not in self.held["Users"] and one not in self.held["Groups"]
        ]
        if (
            unknown
            or len(named) != len(set(named))
            or kind == "Groups"
            and not but
            and len(named) > self.limits.get("members_per_patch", 10**6)
        ):
            raise Refused(400, f"members or manager: {unknown or named}", "invalidValue")

    def _list(self, kind: str, query: dict[str, str]) -> dict[str, Any]:
        wanted = clauses(query["filter"]) if "filter" in query else None
        rows = [
            one
            for one in self.held[kind].values()
            if wanted is None or any(self._holds(one, *clause) for clause in wanted)
        ]
        start = int(query.get("startIndex", 1)) - 1
        size = min(int(query.get("count", self.page)), self.page)
        return {
            "totalResults": len(rows),
            "startIndex": start + 1,
            "Resources": [self._shown(one, query) for one in rows[start : start + size]],
        }

    @staticmethod
    def _holds(one: Mapping[str, Any], path: str, value: str) -> bool:
        held = (
            [row["value"] for row in one.get("emails", [])]
            if path == "emails.value"
            else [one.get(path)]
        )
        return any(
            text is not None
            and (caseless(text) == caseless(value) if path in CASELESS else text == value)
            for text in held
        )

    def _shown(self, one: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
        wanted = query.get("attributes", "").split(",") if query.get("attributes") else None
        if wanted is None:
            return copy.deepcopy(dict(one))
        tops = {
            "id",
            "schemas",
            *(
                name.rpartition(":")[0] if name.startswith("urn:") else name.partition(".")[0]
                for name in wanted
            ),
        }
        return copy.deepcopy({key: value for key, value in one.items() if key in tops})
