# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resources of the benchmark's server: kept as JSON bytes, so that pages are only joined.

Knows SCIM, no connection and no time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.identity.scim.tests.bench import people
from ansible_collections.identity.scim.tests.bench.words import matching, patch, selected
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    Refused,
    clauses,
)

Query = Mapping[str, str]
Rows = list[dict[str, Any]]
LIST = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":%d,'
PAGES_KEPT = 128


def dumped(value: Any) -> bytes:
    """Return compact JSON."""
    return json.dumps(value, separators=(",", ":")).encode()


class Kind:
    """All resources of one type.

    ``texts`` holds each as JSON without its last brace and without ``links``, the list that ties
    users and groups together: ``groups`` of a user, ``members`` of a group. That is kept apart, as
    id → JSON of its row.
    """

    def __init__(self, name: str, links: str, caseless: str) -> None:
        self.name = name
        self.links = links
        self.caseless = caseless
        self.texts: dict[str, bytes] = {}
        self.rows: dict[str, dict[str, bytes]] = {}
        self.names: dict[str, str] = {}
        self.external: dict[str, str] = {}
        self.order: list[str] | None = None

    def put(self, ident: str, resource: Mapping[str, Any]) -> None:
        """Keep a resource, new or changed; the names must be free."""
        self.texts[ident] = dumped(resource)[:-1]
        self.names[resource[self.caseless].casefold()] = ident
        if resource.get("externalId"):
            self.external[resource["externalId"]] = ident

    def forget(self, ident: str) -> None:
        """Take a resource's names out."""
        resource = self.decoded(ident)
        self.names.pop(resource[self.caseless].casefold(), None)
        self.external.pop(resource.get("externalId", ""), None)

    def decoded(self, ident: str) -> dict[str, Any]:
        """Return a resource as data, without its links."""
        found: dict[str, Any] = json.loads(self.texts[ident] + b"}")
        return found

    def listed(self) -> list[str]:
        """Return all ids, the oldest first."""
        if self.order is None:
            self.order = list(self.texts)
        return self.order

    def shown(self, ident: str, wanted: list[str], unwanted: list[str]) -> bytes:
        """Return a resource as JSON, with the attributes that are asked for."""
        rows = self.rows.get(ident)
        text = self.texts[ident]
        if rows and self.links not in unwanted:
            text = b'%s,"%s":[%s]' % (text, self.links.encode(), b",".join(rows.values()))
        text += b"}"
        if not wanted and all(name == self.links for name in unwanted):
            return text
        return dumped(selected(json.loads(text), wanted, unwanted))


class Resources:
    """Users and groups in memory. ``page`` is how many a listing shows at most."""

    def __init__(self, page: int = 1000, base: str = "") -> None:
        self.page = page
        self.base = base
        self.count = 0
        self.kinds = {
            "Users": Kind("User", "groups", "userName"),
            "Groups": Kind("Group", "members", "displayName"),
        }
        self.pages: dict[Any, bytes] = {}

    def fill(self, users: int, groups: int, members: int) -> None:
        """Put numbered users and groups in; each group has so many members."""
        held = self.kinds["Users"]
        for number in range(users):
            ident = people.user_id(number)
            meta = json.dumps(self._meta("Users", ident), separators=(",", ":"))
            text = f'{people.text(number)[:-1]},"id":"{ident}","meta":{meta}'
            held.texts[ident] = text.encode()
            held.names[people.user_name(number)] = ident
            held.external[people.external_id(number)] = ident
        for number in range(groups):
            ident = people.group_id(number)
            row = {"schemas": [people.GROUP_URN], "id": ident}
            row["displayName"] = people.group_name(number)
            self.kinds["Groups"].put(ident, {**row, "meta": self._meta("Groups", ident)})
            numbers = people.member_numbers(number, members, users)
            self._join(ident, ({"value": people.user_id(one)} for one in numbers))

    def _meta(self, kind: str, ident: str) -> dict[str, Any]:
        return {
            "resourceType": self.kinds[kind].name,
            "created": people.CREATED,
            "lastModified": people.CREATED,
            "location": f"{self.base}/{kind}/{ident}",
        }

    # --- reading -------------------------------------------------------------------------------

    def one(self, kind: str, ident: str, query: Query) -> bytes:
        """Return one resource."""
        self._known(kind, ident)
        return self.kinds[kind].shown(ident, *_asked(query))

    def list(self, kind: str, query: Query) -> bytes:
        """Return a page of a list (RFC 7644 section 3.4.2)."""
        key = (kind, *sorted(query.items()))
        if key not in self.pages:
            if len(self.pages) >= PAGES_KEPT:
                self.pages.clear()
            self.pages[key] = self._page(kind, query)
        return self.pages[key]

    def _page(self, kind: str, query: Query) -> bytes:
        held = self.kinds[kind]
        found = self._filtered(kind, query["filter"]) if query.get("filter") else held.listed()
        start = max(1, int(query.get("startIndex") or 1))
        size = max(0, min(int(query.get("count") or self.page), self.page))
        if query.get("count") == "0":
            size = 0
        chosen = found[start - 1 : start - 1 + size]
        asked = _asked(query)
        shown = b",".join([held.shown(ident, *asked) for ident in chosen])
        head = LIST % len(found)
        counts = b'"startIndex":%d,"itemsPerPage":%d,' % (start, len(chosen))
        return b'%s%s"Resources":[%s]}' % (head, counts, shown)

    def _filtered(self, kind: str, text: str) -> list[str]:
        chosen: set[str] | None = None
        for part in text.split(" and "):
            found: set[str] = set()
            for path, value in clauses(part.strip().removeprefix("(").removesuffix(")")):
                found.update(self._equal(kind, path, value))
            chosen = found if chosen is None else chosen & found
        if not chosen or len(chosen) == 1:
            return list(chosen or ())
        place = {ident: number for number, ident in enumerate(self.kinds[kind].listed())}
        return sorted(chosen, key=place.__getitem__)

    def _equal(self, kind: str, path: str, value: Any) -> Iterable[str]:
        """Return the ids of the resources with that value."""
        held = self.kinds[kind]
        name = path.rpartition(":")[2] if path.startswith("urn:") else path
        if name.casefold() == "id":
            return [value] if value in held.texts else []
        if name.casefold() == held.caseless.casefold():
            found = held.names.get(str(value).casefold())
            return [found] if found else []
        if name.casefold() == "externalid":
            found = held.external.get(value)
            return [found] if found else []
        if name.casefold() in (f"{held.links}.value", held.links):
            other = self.kinds["Groups" if kind == "Users" else "Users"]
            return list(other.rows.get(value, ()))
        return self._scanned(kind, path, value)

    def _scanned(self, kind: str, path: str, value: Any) -> list[str]:
        name, _dot, sub = path.partition(".")
        test = matching(f"{sub or name} eq {json.dumps(value)}")
        found = []
        for ident in self.kinds[kind].listed():
            resource = self.kinds[kind].decoded(ident)
            rows = resource.get(name) if sub else [resource]
            if any(test(row) for row in ([rows] if isinstance(rows, dict) else rows or [])):
                found.append(ident)
        return found

    # --- writing -------------------------------------------------------------------------------

    def create(self, kind: str, body: Any, query: Query) -> tuple[str, bytes]:
        """Create a resource; return its id and what is shown of it."""
        held = self.kinds[kind]
        resource, links = self._taken_apart(kind, body)
        self._free(kind, resource, "")
        self._known_members(links)
        self.count += 1
        ident = f"5f1d3a52-9a4e-4bb8-8c0d-{self.count:012x}"
        held.put(ident, {**resource, "id": ident, "meta": self._meta(kind, ident)})
        self._changed(kind)
        if kind == "Groups" and links is not None:
            self._join(ident, links)
        return ident, held.shown(ident, *_asked(query))

    def change(self, kind: str, ident: str, body: Any, query: Query) -> bytes:
        """Apply a PATCH."""
        self._known(kind, ident)
        if not isinstance(body, dict) or not body.get("Operations"):
            raise Refused(400, "no operations", "invalidSyntax")
        plain, changes = [], []
        for one in body["Operations"]:
            about = _about_members(one) if kind == "Groups" else None
            if about is not None:
                changes.append(about)
            rest = _without_members(one) if kind == "Groups" else one
            if rest is not None:
                plain.append(rest)
        for _verb, rows in changes:
            self._known_members(rows)
        if plain:
            resource = self.kinds[kind].decoded(ident)
            patch(resource, plain)
            self._replace(kind, ident, resource)
        for verb, rows in changes:
            self._set_members(ident, verb, rows)
        self._changed(kind)
        return self.kinds[kind].shown(ident, *_asked(query))

    def replace(self, kind: str, ident: str, body: Any, query: Query) -> bytes:
        """Apply a PUT: what it leaves out is gone."""
        self._known(kind, ident)
        resource, links = self._taken_apart(kind, body)
        self._known_members(links)
        self._replace(kind, ident, {**resource, "id": ident, "meta": self._meta(kind, ident)})
        if kind == "Groups":
            self._leave(ident, list(self.kinds[kind].rows.get(ident, ())))
            self._join(ident, links or [])
        self._changed(kind)
        return self.kinds[kind].shown(ident, *_asked(query))

    def delete(self, kind: str, ident: str) -> None:
        """Delete a resource; a user leaves every group."""
        self._known(kind, ident)
        if kind == "Groups":
            self._leave(ident, list(self.kinds[kind].rows.get(ident, ())))
        for group in list(self.kinds[kind].rows.get(ident, ())):
            self._leave(group, [ident])
        held = self.kinds[kind]
        held.forget(ident)
        del held.texts[ident]
        held.rows.pop(ident, None)
        self._changed(kind)

    def _replace(self, kind: str, ident: str, resource: Mapping[str, Any]) -> None:
        held = self.kinds[kind]
        if not resource.get(held.caseless):
            raise Refused(400, f"{held.caseless} is required", "invalidValue")
        self._free(kind, resource, ident)
        held.forget(ident)
        held.put(ident, resource)
        for member in held.rows.get(ident, ()) if kind == "Groups" else ():
            if member in self.kinds["Users"].rows:
                self.kinds["Users"].rows[member][ident] = self._group_row(ident)

    def _known(self, kind: str, ident: str) -> None:
        if ident not in self.kinds[kind].texts:
            raise Refused(404, f"no {self.kinds[kind].name} {ident}")

    def _free(self, kind: str, resource: Mapping[str, Any], but: str) -> None:
        held = self.kinds[kind]
        for taken in (
            held.names.get(resource[held.caseless].casefold()),
            held.external.get(resource.get("externalId", "")),
        ):
            if taken and taken != but:
                raise Refused(409, f"{resource[held.caseless]} is taken", "uniqueness")

    def _taken_apart(self, kind: str, body: Any) -> tuple[dict[str, Any], Any]:
        """Return a body without what clients do not decide, and its members."""
        held = self.kinds[kind]
        if not isinstance(body, dict) or not body.get(held.caseless):
            raise Refused(400, f"{held.caseless} is required", "invalidValue")
        ours = (held.links, "id", "meta", "password")
        kept = {name: value for name, value in body.items() if name not in ours}
        if kind == "Users":
            kept.setdefault("active", True)
        return kept, body.get("members") if kind == "Groups" else None

    def _changed(self, kind: str) -> None:
        self.kinds[kind].order = None
        self.pages.clear()

    # --- members -------------------------------------------------------------------------------

    def _known_members(self, rows: Rows | None) -> None:
        for row in rows or []:
            if not any(row.get("value") in kind.texts for kind in self.kinds.values()):
                raise Refused(400, f"no member {row.get('value')}", "invalidValue")

    def _set_members(self, group: str, verb: str, rows: Rows | None) -> None:
        held = self.kinds["Groups"].rows.get(group, {})
        named = list(held) if rows is None else [row["value"] for row in rows]
        if verb == "remove":
            self._leave(group, named)
            return
        if verb == "replace":
            self._leave(group, [ident for ident in held if ident not in named])
        self._join(group, rows or [])

    def _join(self, group: str, rows: Iterable[Mapping[str, Any]]) -> None:
        users, groups = self.kinds["Users"], self.kinds["Groups"]
        held = groups.rows.setdefault(group, {})
        shown = self._group_row(group)
        for row in rows:
            ident = row["value"]
            kind = "Users" if ident in users.texts else "Groups"
            if ident not in held:
                address = f"{self.base}/{kind}/{ident}"
                name = self.kinds[kind].name
                held[ident] = dumped({"value": ident, "$ref": address, "type": name})
                if kind == "Users":
                    users.rows.setdefault(ident, {})[group] = shown

    def _group_row(self, group: str) -> bytes:
        """Return a group as its members show it."""
        title = self.kinds["Groups"].decoded(group)["displayName"]
        return dumped({"value": group, "$ref": f"{self.base}/Groups/{group}", "display": title})

    def _leave(self, group: str, members: Iterable[str]) -> None:
        held = self.kinds["Groups"].rows.get(group, {})
        for ident in members:
            held.pop(ident, None)
            self.kinds["Users"].rows.get(ident, {}).pop(group, None)


def _about_members(one: Mapping[str, Any]) -> tuple[str, Rows | None] | None:
    """Return what an operation does to members: verb and rows, None for all; or nothing."""
    verb, path, value = str(one.get("op", "")).lower(), one.get("path") or "", one.get("value")
    if not path:
        if isinstance(value, dict) and "members" in value:
            return verb, _as_rows(value["members"])
        return None
    if path.casefold() == "members":
        return verb, None if verb == "remove" and not value else _as_rows(value)
    if not path.casefold().startswith("members["):
        return None
    if verb != "remove" or not path.endswith("]"):
        raise Refused(400, f"no such path: {path}", "invalidPath")
    pairs = clauses(path[len("members[") : -1])
    return verb, [{"value": ident} for _name, ident in pairs]


def _as_rows(value: Any) -> Rows:
    return value if isinstance(value, list) else [value] if value else []


def _without_members(one: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the part of an operation that is not about members, if there is one."""
    path, value = one.get("path") or "", one.get("value")
    if path.casefold() == "members" or path.casefold().startswith("members["):
        return None
    if path or not isinstance(value, dict) or "members" not in value:
        return one
    rest = {name: inner for name, inner in value.items() if name != "members"}
    return {**one, "value": rest} if rest else None


def _asked(query: Query) -> tuple[list[str], list[str]]:
    """Return the attributes that a request wants, and those that it does not."""
    wanted, unwanted = query.get("attributes"), query.get("excludedAttributes")
    return wanted.split(",") if wanted else [], unwanted.split(",") if unwanted else []
