# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups to be returned, with the names of their members.

Groups show ids only (RFC 7643 section 4.2), so the members are read. Knows no plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._model.errors import first_of
from .._model.flat import boolean
from .._model.key import Key
from .._model.schema import GROUP, USER
from .._plan.member_rows import MemberRow, member_rows
from .._plan.memberships import SHOWN
from .._plan.questions import Question, Questions, Reading
from .._plan.snapshot import Snapshot
from .service import Resource, Service
from .survey import survey

Row = dict[str, Any]


def with_names(
    service: Service, groups: Sequence[Mapping[str, Any]]
) -> tuple[list[Resource], list[Row], tuple[str, ...]]:
    """Return groups with named members, one row for each membership, and notes.

    Raise ScimError if the members cannot be read for now.
    """
    snapshot = Snapshot(service.account)
    snapshot.add(Reading(kind=GROUP, resources=tuple(groups), members_shown=True))
    _read_members(service, snapshot, groups)
    found: list[Resource] = []
    rows: list[Row] = []
    unknown: dict[str, None] = {}
    for group in groups:
        named = dict(group)
        if group.get("members"):
            named["members"] = [*_named(group, snapshot)]
        found.append(named)
        for member in named.get("members") or ():
            rows.append(_row(group, member))
            if not member["type"]:
                unknown[str(member["value"])] = None
    return found, rows, tuple(_notes(unknown))


def _read_members(
    service: Service, snapshot: Snapshot, groups: Iterable[Mapping[str, Any]]
) -> None:
    """Read the members: first as users, then what is left as groups."""
    every = [row for group in groups for row in member_rows(group.get("members")).rows]
    users = [one.ident for one in every if _may_be_user(one, snapshot)]
    _read(service, snapshot, Question(kind=USER, ids=_once(users), listed_ids=True, optional=True))
    others = [one.ident for one in every if not snapshot.has(_key(one, snapshot))]
    _read(service, snapshot, Question(kind=GROUP, ids=_once(others), sampled=True, optional=True))


def _once(idents: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(idents))


def _read(service: Service, snapshot: Snapshot, question: Question) -> None:
    if question.ids:
        survey(service, snapshot, Questions(asked=(question,)))


def _may_be_user(row: MemberRow, snapshot: Snapshot) -> bool:
    """Return whether a member may be a user.

    Some services number users and groups alike. Random ids are never equal.
    """
    is_group = snapshot.has(Key(GROUP.name, row.ident))
    return row.kind != GROUP.name and (row.ident.isdecimal() or not is_group)


def _key(row: MemberRow, snapshot: Snapshot) -> Key:
    """Return the key of a member. A group may list it by another id than its own."""
    found = snapshot.member(row.ident)
    return Key(row.kind, row.ident) if row.kind and found.kind != row.kind else found


def _named(group: Mapping[str, Any], snapshot: Snapshot) -> Iterator[Row]:
    """Yield the members of a group, each with what is known of it."""
    for one in member_rows(group["members"]).rows:
        key = _key(one, snapshot)
        yield {"value": key.id, **_known(key, one.display, snapshot)}


def _known(key: Key, display: str, snapshot: Snapshot) -> Row:
    resource = snapshot.get(key)
    if resource is None or key in snapshot.twins:
        return {"display": display, "type": ""}
    found: Row = {"display": display, "type": key.kind}
    if key.kind == USER.name:
        found["userName"] = resource.get("userName")
        found["email"] = _address(resource.get("emails"))
        found["active"] = boolean(resource.get("active"))
    found["displayName"] = resource.get("displayName")
    return found


def _address(emails: Any) -> str | None:
    """Return the primary e-mail address, or the first one."""
    held = emails if isinstance(emails, list) else [emails]
    entries = [one for one in held if isinstance(one, Mapping) and one.get("value")]
    primary = [one for one in entries if boolean(one.get("primary")) is True]
    for one in (*primary, *entries):
        return str(one["value"])
    return None


def _row(group: Mapping[str, Any], member: Row) -> Row:
    """Return one membership as a row, named like the options of modules."""
    return {
        "group": group.get("displayName"),
        "group_id": group["id"],
        "id": member["value"],
        "type": member["type"],
        "user_name": member.get("userName"),
        "display_name": member.get("displayName") or member["display"] or None,
        "email": member.get("email"),
        "active": member.get("active"),
    }


def _notes(unknown: Mapping[str, None]) -> Iterator[str]:
    if unknown:
        shown = first_of(unknown, SHOWN)
        yield f"these members could not be read, so only their ids are returned: {shown}"
