# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups to be returned, with members only where all of them can be seen.

Knows no plan. An empty or a short list that is not known to be whole becomes None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._model.errors import ScimError
from .._model.schema import GROUP, USER
from .._plan.known_members import SHOWN, may_be_cut
from .._plan.member_rows import MemberRows, member_rows
from .._plan.reading import member_attributes
from .._protocol.filters import any_of
from .._plan.rosters import Rosters
from .._provider.abilities import finds_members, shows_members
from .pages import search
from .read import found_members
from .service import Resource, Service

Rows = Sequence[Mapping[str, Any]]
TRIED = 5
FIRST_USERS = 50


def with_whole_members(service: Service, groups: Rows) -> tuple[list[Resource], tuple[str, ...]]:
    """Return groups with members None if not all are seen, and a note.

    Groups that come without members in a list are read by id if that shows members. If none shows
    any, users are asked whether they are in one.
    """
    found = [dict(one) for one in groups]
    if finds_members(service.capabilities):
        _find_members(service, found)
        return found, ()
    empty = [one for one in found if not one.get("members")]
    unseen: list[Resource] = []
    if empty and len(empty) == len(found):
        unseen = _seen_by_id(service, empty)
    for one in found:
        if not _is_whole(service, one):
            unseen.append(one)
    for one in unseen:
        one["members"] = None
    return found, _note(unseen)


def _find_members(service: Service, groups: Sequence[Resource]) -> None:
    """Fill in the members that filters find. Raise ScimError if a list is not whole."""
    rosters = Rosters([str(one["id"]) for one in groups], service.capabilities)
    members = {}
    for reading in found_members(service, rosters):
        if reading.roster:
            members = {one["id"]: one["members"] for one in reading.resources}
    for one in groups:
        one["members"] = members[one["id"]]


def _seen_by_id(service: Service, groups: Sequence[Resource]) -> list[Resource]:
    """Fill in members that are shown by id. Return groups that hide theirs.

    Some of them may be empty, so the first few decide for all.
    """
    if not shows_members(service.capabilities):
        return list(groups)
    for number, group in enumerate(groups[:TRIED], start=1):
        if _filled(service, group):
            for one in groups[number:]:
                _filled(service, one)
            return []
    is_hidden = any(users_in(service, one) for one in groups[:TRIED])
    return list(groups) if is_hidden or _named_by_users(service, groups) else []


def _named_by_users(service: Service, groups: Sequence[Resource]) -> bool:
    """Return whether one of the first users says that it is in one of the groups."""
    idents = {str(one["id"]) for one in groups}
    try:
        found = search(service, USER, {}, doing="looking for users of a group", most=FIRST_USERS)
    except ScimError:
        return False
    for user in found.resources:
        if any(row.ident in idents for row in member_rows(user.get("groups")).rows):
            return True
    return False


def _filled(service: Service, group: Resource) -> bool:
    """Fill in the members of a group read by its id. Return whether there are any."""
    for attributes in member_attributes(service.capabilities):
        shown = service.get(GROUP, group["id"], attributes=attributes) or {}
        if shown.get("members"):
            group["members"] = shown["members"]
            return True
    return False


def _is_whole(service: Service, group: Resource) -> bool:
    """Return whether a group shows all its members, as far as that can be known."""
    rows = member_rows(group.get("members"))
    if rows.unknown:
        return False
    return not may_be_cut(rows) or not _more_users(service, group, rows)


def _more_users(service: Service, group: Resource, rows: MemberRows) -> bool:
    return users_in(service, group) > len(rows.rows)


def users_in(service: Service, group: Resource) -> int:
    """Return how many users a filter finds in a group, 0 if it proves nothing.

    A service that finds users in a group that does not exist does not honour the filter.
    """
    try:
        found = _count(service, str(group["id"]))
        if found and _count(service, f"{group['id']}-none"):
            return 0
    except ScimError:
        return 0
    return found


def _count(service: Service, ident: str) -> int:
    query = {"filter": any_of([("groups.value", ident)])}
    found = search(service, USER, query, doing="looking for users of a group", most=1)
    return max(found.total or 0, len(found.resources))


def _note(groups: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the sentence about groups whose members cannot be seen whole."""
    if not groups:
        return ()
    names = sorted(f"'{one.get('displayName') or one['id']}'" for one in groups)
    shown = ", ".join(names[:SHOWN])
    if len(names) > SHOWN:
        shown += f" and {len(names) - SHOWN} more"
    return (f"not all members can be seen, so members is null: {shown}",)
