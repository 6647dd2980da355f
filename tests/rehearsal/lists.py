# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How imitated services list: their filters, their pages, and what they show.

Written from what is documented of services. Knows nothing of the collection.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import ge, gt, le, lt
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.filters import (
    Comparison,
    Joined,
    Nested,
    Node,
    comparisons,
    depth,
    joins,
    parsed,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    Answer,
    caseless,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._protocol.reader import (
    Refused,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
    resources,
)

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
EXACT = frozenset({"id", "externalid", "groups.value", "members.value"})
ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": gt,
    "ge": ge,
    "lt": lt,
    "le": le,
}
Row = dict[str, Any]
Show = Callable[[Asked, Row], Row]


@dataclass(frozen=True, kw_only=True)
class Lists:
    """How a service lists.

    ``filters`` are the attributes by which it finds, by endpoint; any if there is none.
    ``joins`` are the words that join comparisons. ``levels`` is how deep parentheses and brackets
    are, where comparisons are joined by both words. ``plain_brackets``: there is no ``and`` in
    brackets. ``page`` is the size of a page that is not
    asked for, ``most`` the largest. ``plain`` is the size of a page without a cursor.
    ``no_groups``: users do not know their groups. ``most_clauses``: more comparisons are answered
    with ``clauses_status``. ``from_zero``: the answer to a ``startIndex`` of 0.
    """

    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    operators: tuple[str, ...] = ("eq", "ne", "co", "sw", "ew", "pr", *ORDERS)
    joins: tuple[str, ...] = ("and", "or")
    levels: int = 10
    plain_brackets: bool = False
    unknown: str = "error"
    minds_case: bool = False
    length: int = 100_000
    unsafe: tuple[str, ...] = ()
    paging: str = "index"
    page: int = 100
    least: int = 1
    most: int = 1000
    plain: int = 50
    totals: bool = True
    no_groups: bool = False
    most_clauses: int = 100_000
    clauses_status: int = 400
    from_zero: int = 0


def lists(rules: Lists) -> Quirk:
    """Answer lists by these rules."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.lists or asked.kind not in server.held:
            return honest(asked)
        server.requests += 1
        server.queries.append(dict(asked.query))
        try:
            return Answer(200, _page(rules, asked, list(_found(rules, server, asked))))
        except Refused as refusal:
            return Answer(refusal.status, {"detail": refusal.detail, "scimType": refusal.scim_type})

    return quirk


def _found(rules: Lists, server: Quirky, asked: Asked) -> Iterator[Row]:
    text = asked.query.get("filter", "")
    rows = server.held[asked.kind].values()
    if not text:
        yield from rows
        return
    if len(text) > rules.length:
        raise Refused(400, "the filter is too long", "invalidFilter")
    wanted = _understood(rules, asked.kind, text)
    for one in rows:
        if _holds(rules, server, asked.kind, one, wanted):
            yield one


def _understood(rules: Lists, kind: str, text: str) -> Node:
    """Return a filter as a tree. Raise Refused if the service does not take it."""
    try:
        wanted = parsed(text)
    except ValueError as place:
        raise Refused(400, f"the filter cannot be read from '{place}'", "invalidFilter") from None
    each = list(comparisons(wanted))
    if depth(wanted) > (rules.levels if "or" in rules.joins else 0):
        raise Refused(400, f"the filter has more than {rules.levels} levels", "invalidFilter")
    if not set(joins(wanted)) <= set(rules.joins):
        raise Refused(400, "the filter joins comparisons", "invalidFilter")
    if rules.plain_brackets and "and" in joins(wanted, within=True):
        raise Refused(400, "and is not supported in brackets", "invalidFilter")
    for one in each:
        _check(rules, kind, one)
    if len(each) > rules.most_clauses:
        raise Refused(rules.clauses_status, "the filter has too many comparisons")
    return wanted


def _check(rules: Lists, kind: str, one: Comparison) -> None:
    if one.operator not in rules.operators:
        raise Refused(400, f"no filters with {one.operator}", "invalidFilter")
    if not _is_known(rules, kind, one.path) and rules.unknown == "error":
        raise Refused(400, f"no filters on {one.path}", "invalidFilter")
    if any(text in one.text for text in rules.unsafe):
        raise Refused(400, f"the filter is not understood: {one.text}", "invalidFilter")


def _is_known(rules: Lists, kind: str, path: str) -> bool:
    known = rules.filters.get(kind)
    return known is None or path.lower() in [one.lower() for one in known]


def _holds(rules: Lists, server: Quirky, kind: str, one: Row, wanted: Node) -> bool:
    if isinstance(wanted, Joined):
        each = (_holds(rules, server, kind, one, part) for part in wanted.parts)
        return all(each) if wanted.word == "and" else any(each)
    if isinstance(wanted, Nested):
        places = [one]
        if wanted.path:
            # Inside of brackets a comparison has its whole path, so each entry stands alone.
            entries = values_at(server, one, wanted.path)
            places = [{**one, wanted.path: [entry]} for entry in entries]
        return wanted.is_not != any(
            _holds(rules, server, kind, place, wanted.part) for place in places
        )
    return _agrees(rules, server, kind, one, wanted)


def _agrees(rules: Lists, server: Quirky, kind: str, one: Row, wanted: Comparison) -> bool:
    path, operator, value = wanted.path, wanted.operator, wanted.value
    if not _is_known(rules, kind, path) or (rules.no_groups and path == "groups.value"):
        return False
    held = values_at(server, one, path)
    if operator == "pr":
        return bool(held)
    is_exact = rules.minds_case or path.lower() in EXACT or not isinstance(value, str)
    if operator == "ne":
        return all(not _compares("eq", each, value, is_exact) for each in held)
    return any(_compares(operator, each, value, is_exact) for each in held)


def _compares(operator: str, held: Any, value: Any, is_exact: bool) -> bool:
    if not isinstance(held, str) or not isinstance(value, str):
        return bool(held == value)
    if not is_exact:
        held, value = caseless(held), caseless(value)
    if operator in ORDERS:
        return ORDERS[operator](held, value)
    if operator == "co":
        return value in held
    if operator == "sw":
        return held.startswith(value)
    return held.endswith(value) if operator == "ew" else held == value


def values_at(server: Quirky, one: Row, path: str) -> list[Any]:
    """Return the values at a path of a resource; ``groups`` are those that it is in."""
    if path.lower() == "groups.value":
        found = []
        for group in server.held["Groups"].values():
            if one["id"] in [row["value"] for row in group.get("members", [])]:
                found.append(group["id"])
        return found
    urn, colon, last = path.rpartition(":")
    names = [urn, *last.split(".")] if colon else path.split(".")
    held: list[Any] = [one]
    for name in names:
        inner: list[Any] = []
        for each in held:
            inner += _inside(each, name)
        held = inner
    return held


def _inside(value: Any, name: str) -> list[Any]:
    if not isinstance(value, dict):
        return []
    lower = name.lower()
    for key, inner in value.items():
        if key == name or key.lower() == lower:
            return list(inner) if isinstance(inner, list) else [inner]
    return []


def _page(rules: Lists, asked: Asked, rows: list[Row]) -> Row:
    count = asked.query.get("count")
    size = rules.page if count is None else max(0, int(count))
    size = min(size, rules.most)
    if rules.paging == "none":
        return {"schemas": [LIST], "Resources": rows[: rules.most]}
    if rules.paging == "cursor":
        return _page_by_cursor(rules, asked, rows, max(size, rules.least))
    start = int(asked.query.get("startIndex") or 1)
    if start < 1 and rules.from_zero:
        raise Refused(rules.from_zero, "startIndex begins with 1", "invalidValue")
    start = max(1, start)
    page = rows[start - 1 : start - 1 + size]
    body = {"schemas": [LIST], "startIndex": start, "itemsPerPage": len(page), "Resources": page}
    return {**body, "totalResults": len(rows)} if rules.totals else body


def _page_by_cursor(rules: Lists, asked: Asked, rows: list[Row], size: int) -> Row:
    if "startIndex" in asked.query:
        raise Refused(400, "startIndex is not supported", "invalidValue")
    if "cursor" not in asked.query:
        page = rows[: min(size, rules.plain)]
        body = {"schemas": [LIST], "itemsPerPage": len(page), "startIndex": 1, "Resources": page}
        return {**body, "totalResults": len(page)} if rules.totals else body
    cursor = asked.query["cursor"]
    if cursor and not re.fullmatch(r"after-\d+", cursor):
        raise Refused(400, "there is no such cursor", "invalidCursor")
    start = int(cursor.removeprefix("after-") or 0) if cursor else 0
    page = rows[start : start + size]
    body = {"schemas": [LIST], "itemsPerPage": len(page), "Resources": page}
    if start + size < len(rows):
        body["nextCursor"] = f"after-{start + size}"
    return body


# --- what is shown -----------------------------------------------------------------------------


def selects(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show the ``attributes`` that are asked for, also in answers of writes."""
    wanted = _names(asked, "attributes")
    unwanted = _names(asked, "excludedAttributes")
    answer = honest(asked.without("attributes", "excludedAttributes"))

    def chosen(body: Any) -> Any:
        for one in resources(body):
            for name in list(one):
                is_left_out = wanted and name.lower() not in wanted
                if name not in ("id", "schemas") and (is_left_out or name.lower() in unwanted):
                    del one[name]
        return body

    return altered(answer, chosen) if wanted or unwanted else answer


def _names(asked: Asked, parameter: str) -> set[str]:
    """Return the attributes of a parameter, without sub-attributes, in small letters."""
    found = set()
    for name in filter(None, asked.query.get(parameter, "").split(",")):
        urn, colon, last = name.strip().rpartition(":")
        is_core = ":core:" in urn.lower()
        found.add((urn if colon and not is_core else last.partition(".")[0]).lower())
    return found


def ignores_attributes(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show all attributes whatever ``attributes`` says; a write must not have it (AWS)."""
    if asked.method != "GET" and "attributes" in asked.query:
        return Answer(400, {"detail": "attributes is not supported", "scimType": "invalidValue"})
    return honest(asked.without("attributes", "excludedAttributes"))


def without_attributes(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show all attributes whatever ``attributes`` says."""
    return honest(asked.without("attributes", "excludedAttributes"))


def shows_members(when: Callable[[Asked], bool], *, empty: bool = False) -> Quirk:
    """Show the members of groups only in answers to some requests.

    ``empty``: otherwise the list is there and empty.
    """

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != "Groups" or when(asked):
            return answer

        def hidden(body: Any) -> Any:
            for one in resources(body):
                one.pop("members", None)
                if empty:
                    one["members"] = []
            return body

        return altered(answer, hidden)

    return quirk


def never(_asked: Asked) -> bool:
    """Return that the members are never shown (AWS, Entra)."""
    return False


def if_asked(asked: Asked) -> bool:
    """Return whether ``attributes`` names the members (Keycloak)."""
    return "members" in _names(asked, "attributes")


def by_id(asked: Asked) -> bool:
    """Return whether one group is read by its id (Databricks)."""
    return not asked.lists


def users_name_groups(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show the groups of users, those of their groups too as ``indirect`` (Keycloak)."""
    answer = honest(asked)
    if asked.kind != "Users" or asked.method != "GET":
        return answer

    def named(body: Any) -> Any:
        for one in resources(body):
            direct = values_at(server, one, "groups.value")
            rows = [{"value": ident, "type": "direct"} for ident in direct]
            for ident in direct:
                parents = values_at(server, {"id": ident}, "groups.value")
                rows += [{"value": parent, "type": "indirect"} for parent in parents]
            if rows:
                one["groups"] = rows
        return body

    return altered(answer, named)


def small_letters(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer with ``resources`` for ``Resources`` (Entra)."""

    def renamed(body: Any) -> Any:
        if "Resources" in body:
            body["resources"] = body.pop("Resources")
        return body

    return altered(honest(asked), renamed)


def discovery(
    *,
    most: int = 0,
    patch: bool = True,
    endpoints: tuple[str, ...] = ("Users", "Groups"),
    **more: Any,
) -> Quirk:
    """Answer the ServiceProviderConfig and the resource types (RFC 7644 section 4)."""
    config: Row = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": patch},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": most},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": False},
        "authenticationSchemes": [],
        **more,
    }
    if not most:
        config["filter"] = {"supported": True, "maxResults": 100}

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "GET" or asked.kind not in ("ServiceProviderConfig", "ResourceTypes"):
            return honest(asked)
        if asked.kind == "ServiceProviderConfig":
            return Answer(200, config)
        rows = []
        for endpoint in endpoints:
            name = endpoint.removesuffix("s")
            schema = f"urn:ietf:params:scim:schemas:core:2.0:{name}"
            rows.append({"id": name, "name": name, "endpoint": f"/{endpoint}", "schema": schema})
        return Answer(200, {"schemas": [LIST], "totalResults": len(rows), "Resources": rows})

    return quirk


def fakes(**names: str) -> Quirk:
    """Show one account that does not exist instead of a whole list (Snowflake)."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if not asked.is_listing or asked.kind not in names:
            return honest(asked)
        server.requests += 1
        attribute = "userName" if asked.kind == "Users" else "displayName"
        row = {"id": names[asked.kind], attribute: names[asked.kind]}
        return Answer(
            200, {"schemas": [LIST], "totalResults": 1, "startIndex": 1, "Resources": [row]}
        )

    return quirk


def refused(status: int, detail: str, scim_type: str = "") -> Answer:
    """Return a refusal."""
    return Answer(status, {"detail": detail, "scimType": scim_type})


def other(asked: Asked, body: Any) -> Asked:
    """Return the same request with another body."""
    return replace(asked, body=body)


def without(ignored: Callable[[Row], bool], server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Send a PATCH without the operations that a service ignores.

    If none is left, the answer is 200 with the resource as it is.
    """
    left = [one for one in asked.body["Operations"] if not ignored(one)]
    held = server.held.get(asked.kind, {}).get(asked.segments[-1])
    if not left and held is not None:
        return Answer(200, copy.deepcopy(held))
    return honest(other(asked, {**asked.body, "Operations": left}))


def with_each(asked: Asked, change: Callable[[Row], Row]) -> Asked:
    """Return a PATCH with each of its operations changed."""
    return other(asked, {**asked.body, "Operations": list(map(change, asked.body["Operations"]))})
