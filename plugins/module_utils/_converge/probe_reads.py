# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service does, as far as reading shows it: a line for each check.

Writes nothing. Knows no plan.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from .._model.schema import GROUP, USER, ResourceType
from .._model.spelling import lower_names
from .findings import FAILED, NOTE, WARNING
from .probe import MISSING, Probe, reason_of, rows_of, total_of
from .service import Resource

ANNOUNCED = ("patch", "bulk", "filter", "sort", "etag")
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-@")
SIZES = (1000, 500, 200, 100, 50, 25)
TOKEN_REMEDIES = {
    401: "the token is wrong or has expired: make a new one",
    403: "the token lacks rights: give it those to manage users and groups",
    404: "server_url is not the base of a SCIM service: look for a path such as /scim/v2",
}
FIRST = {"startIndex": "1", "count": "1"}


def probe_reads(probe: Probe, documents: Mapping[str, Any]) -> None:
    """Find what reading shows. Raise ScimError if the service does not answer.

    ``documents`` are those in which it describes itself, by their names in the result.
    """
    _discovery(probe, documents)
    for kind in (USER, GROUP):
        if _rights(probe, kind):
            _paging(probe, kind)
            probe_filters(probe, kind)
    _account(probe)
    probe_members(probe)


def _discovery(probe: Probe, documents: Mapping[str, Any]) -> None:
    """Say what the service says of itself (RFC 7644 section 4)."""
    config = lower_names(documents["service_provider_config"])
    if not config:
        probe.note(
            "discovery",
            "the ServiceProviderConfig cannot be read",
            status=WARNING,
            remedy="nothing is announced, so a service_provider or capabilities may be needed",
        )
        return
    announced = []
    for name in ANNOUNCED:
        part = lower_names(config.get(name))
        announced.append(f"{name} {'yes' if part.get('supported') is True else 'no'}")
    probe.note("discovery", f"announced: {', '.join(announced)}")
    for name in ("resource_types", "schemas"):
        rows, noun = documents[name], name.replace("_", " ")
        if rows is None:
            probe.note("discovery", f"the {noun} cannot be read", status=NOTE)
        else:
            probe.note("discovery", f"{len(rows)} {noun}")


def _rights(probe: Probe, kind: ResourceType) -> bool:
    """Say whether the credentials may read resources of a type."""
    check = f"reading {kind.endpoint.lower()}"
    answer = probe.ask("GET", kind.endpoint, query=FIRST)
    rows = rows_of(kind, answer)
    if rows is None and kind is GROUP and answer.status in (404, 501):
        probe.note(check, "the service has no groups", status=WARNING, groups=False)
        return False
    if rows is None:
        remedy = TOKEN_REMEDIES.get(answer.status, "see what the service says")
        probe.note(check, reason_of(answer), status=FAILED, remedy=remedy)
        return False
    total = total_of(answer)
    probe.note(check, "allowed" if total is None else f"allowed, {total} in all")
    return True


def _account(probe: Probe) -> None:
    answer = probe.ask("GET", "Me")
    if answer.status == 200 and isinstance(answer.body, Mapping):
        probe.note("account", "the service says which account the credentials belong to")
        return
    probe.note(
        "account",
        "the service does not say which account the credentials belong to",
        status=NOTE,
        remedy="name it in protect, so that no run deactivates it",
    )


def _paging(probe: Probe, kind: ResourceType) -> None:
    """Say whether pages and totals are what they should be (RFC 7644 section 3.4.2.4)."""
    check, types = f"paging of {kind.endpoint.lower()}", kind.endpoint.lower()
    one, size = probe.ask("GET", kind.endpoint, query=FIRST), 0
    first = rows_of(kind, one) or []
    whole, size = _largest(probe, kind)
    if size:
        limit: dict[str, Any] = {"page_size": size} if size < SIZES[0] else {}
        probe.note(check, f"pages of {size} are accepted", **limit)
    if len(whole) < 2:
        probe.note(check, f"fewer than two {types}, so nothing more is known", status=NOTE)
        return
    second = probe.rows(kind, startIndex="2", count="1")
    if second and first and second[0].get("id") == first[0].get("id"):
        probe.note(check, "startIndex is ignored", status=WARNING, paging="none")
    elif lower_names(one.body).get("nextcursor"):
        probe.note(check, "by cursor")
    else:
        probe.note(check, "by index")
    total = total_of(one)
    if total is not None and total < len(whole):
        probe.note(
            check,
            f"totalResults is the length of a page ({total} of {len(whole)} or more)",
            status=WARNING,
            totals={types: False},
        )


def _largest(probe: Probe, kind: ResourceType) -> tuple[list[Resource], int]:
    """Return the rows of the largest page that is accepted, and its size."""
    for size in SIZES:
        answer = probe.ask("GET", kind.endpoint, query={"startIndex": "1", "count": str(size)})
        rows = rows_of(kind, answer)
        if rows is not None:
            total = total_of(answer)
            cut = total is not None and len(rows) < min(total, size)
            return rows, len(rows) if cut and rows else size
    return [], 0


def probe_filters(probe: Probe, kind: ResourceType, sample: Resource | None = None) -> None:
    """Say what filters find (RFC 7644 section 3.4.2.2), with a resource that exists."""
    check, types = f"filters on {kind.endpoint.lower()}", kind.endpoint.lower()
    if sample is None:
        sample = _sample(probe, kind)
    if sample is None:
        probe.note(check, f"no {kind.name.lower()} with a plain name", status=NOTE, remedy=MISSING)
        return
    path = kind.name_attribute
    ident, name = str(sample["id"]), str(sample[path])
    nobody = f"nobody-{secrets.token_hex(6)}"
    found = probe.matches(kind, [(path, name)])
    strangers = probe.matches(kind, [(path, nobody)])
    if found is None or ident not in found or strangers:
        how = "are refused"
        if found is not None:
            how = "are not honoured" if found else "find nothing"
        probe.note(check, f"filters on {path} {how}", status=WARNING, filters={types: False})
        return
    probe.note(check, f"{path} eq finds one by its name")
    _case(probe, kind, ident, name)
    _joined(probe, kind, ident, [(path, name), (path, nobody)])
    if ident not in (probe.matches(kind, [("id", ident)]) or ()):
        probe.note(check, "a filter on id finds nothing", filter_ids={types: False})
    unknown = probe.matches(kind, [("nosuchattribute", nobody)])
    if unknown is not None and not unknown:
        probe.note(check, "a filter on an unknown attribute finds nothing", filter_unknown="empty")


def _case(probe: Probe, kind: ResourceType, ident: str, name: str) -> None:
    """Say whether filters ignore case in names (RFC 7643 section 4)."""
    other = name.swapcase()
    check = f"filters on {kind.endpoint.lower()}"
    if other == name:
        return
    if ident in (probe.matches(kind, [(kind.name_attribute, other)]) or ()):
        probe.note(check, "case is ignored")
    else:
        probe.note(check, "case matters in names", status=WARNING, filter_case="exact")


def _joined(probe: Probe, kind: ResourceType, ident: str, clauses: list[tuple[str, str]]) -> None:
    check = f"filters on {kind.endpoint.lower()}"
    both = (clauses, clauses[::-1])
    if all(ident in (probe.matches(kind, one) or ()) for one in both):
        probe.note(check, "comparisons can be joined by or")
    else:
        probe.note(check, "comparisons cannot be joined by or", status=WARNING, filter_clauses=1)


def _sample(probe: Probe, kind: ResourceType) -> Resource | None:
    """Return a resource with a plain name, None if the first page has none."""
    for one in probe.rows(kind, startIndex="1", count="25") or ():
        name = one.get(kind.name_attribute)
        if isinstance(name, str) and name and PLAIN.issuperset(name.lower()) and "id" in one:
            return one
    return None


def probe_members(probe: Probe, group: str | None = None, member: str = "") -> None:
    """Say in which answers groups show their members.

    ``group`` is the id of a group that has the ``member``. Without it, groups of the first page are
    tried.
    """
    listed = {"startIndex": "1", "count": "25"}
    asked = {**listed, "attributes": "displayName,members"}
    plain = _with_members(probe.rows(GROUP, **listed), group)
    named = _with_members(probe.rows(GROUP, **asked), group)
    if plain:
        probe.note("members", "lists show the members of groups")
    elif named:
        probe.note("members", "lists show the members of groups if asked to", members_read="ask")
    elif _shown_by_id(probe, group):
        probe.note("members", "groups show members by their id only", members_read="get")
    elif _found_by(probe, group, member):
        found = "groups show no members, but users are found by their groups"
        probe.note("members", found, members_read="users_by_group")
    elif group is not None and group in (probe.matches(GROUP, [("members.value", member)]) or ()):
        found = "groups show no members, but groups are found by their members"
        probe.note("members", found, members_read="groups_by_user")
    elif group is not None:
        probe.note(
            "members",
            "the service shows no members of groups",
            status=WARNING,
            remedy="add and remove members by name; complete lists are refused",
            members_read="none",
        )
    else:
        probe.note("members", "no group with members was seen", status=NOTE, remedy=MISSING)


def _with_members(rows: list[Resource] | None, group: str | None) -> list[Resource]:
    found = [one for one in rows or () if one.get("members")]
    return [one for one in found if group in (None, one.get("id"))]


def _shown_by_id(probe: Probe, group: str | None) -> bool:
    idents = [group] if group is not None else []
    if group is None:
        rows = probe.rows(GROUP, startIndex="1", count="5") or ()
        idents = [str(one["id"]) for one in rows if "id" in one]
    found = [probe.read(GROUP, ident) or {} for ident in idents]
    return any(one.get("members") for one in found)


def _found_by(probe: Probe, group: str | None, member: str) -> bool:
    """Return whether a filter on groups.value finds a user who is in a group."""
    if group is not None:
        return member in (probe.matches(USER, [("groups.value", group)]) or ())
    for user in probe.rows(USER, startIndex="1", count="25") or ():
        groups = user.get("groups")
        first = groups[0] if isinstance(groups, list) and groups else None
        if isinstance(first, Mapping) and isinstance(first.get("value"), str):
            found = probe.matches(USER, [("groups.value", first["value"])])
            return str(user.get("id")) in (found or ())
    return False
