# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups to be returned, with members only where all of them can be seen.

Knows no plan. A list that is not whole becomes None. So does an empty one that may not be.
"""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._model.errors import ScimError, first_of
from .._model.schema import GROUP, USER
from .._plan.known_members import SHOWN, SHOWS_ANY, is_usual_limit, may_be_cut, round_list
from .._plan.member_filters import MemberFilters
from .._plan.member_rows import MemberRows, member_rows
from .._plan.reading import MEMBER_ATTRIBUTES, member_attributes
from .._provider.abilities import (
    finds_members,
    is_cut_at,
    shows_all_members,
    shows_members,
    takes_parameter,
)
from .group_filters import any_users_in, at_least, users_in
from .pages import search
from .read import found_members
from .service import Resource, Service

Rows = Sequence[Mapping[str, Any]]
TRIED = 5
FIRST_USERS = 50
# How many groups are looked at to see how many members the service shows of one.
PAGE = 100
HIDDEN = "not all members can be seen, so members is null"
UNPROVEN = "it is not proven that all members can be seen, so members is null"


def with_whole_members(service: Service, groups: Rows) -> tuple[list[Resource], tuple[str, ...]]:
    """Return groups with members None if not all are seen, and notes.

    Groups that come without members in a list are read by id if that shows members. If none shows
    any, something else must prove that there are none: users, other groups, or a capability. A
    round number that nothing proves is returned, with a note.
    """
    found = [dict(one) for one in groups]
    if finds_members(service.capabilities):
        _find_members(service, found)
        return found, ()
    is_none_shown = bool(found) and not any(one.get("members") for one in found)
    are_empty = _are_empty(service, found) if is_none_shown else True
    proof = _Proof(service, found)
    unseen: list[Resource] = []
    unproven: list[Resource] = []
    for one in found:
        is_whole = proof.of(one) if are_empty else are_empty
        if is_whole is False:
            unseen.append(one)
        elif is_whole is None:
            unproven.append(one)
    return found, tuple(_withheld(unseen, unproven))


def _withheld(unseen: Sequence[Resource], unproven: Sequence[Resource]) -> Iterator[str]:
    """Take away members that may not be all, and yield notes on the groups."""
    hidden = [one for one in unproven if not one.get("members")]
    doubtful = [one for one in unproven if is_usual_limit(len(one.get("members") or ()))]
    for one in (*unseen, *hidden):
        one["members"] = None
    yield from _note(HIDDEN, unseen)
    yield from _note(UNPROVEN, hidden, SHOWS_ANY)
    if doubtful:
        yield round_list(map(_name, doubtful))


def _find_members(service: Service, groups: Sequence[Resource]) -> None:
    """Fill in the members that filters find. Raise ScimError if a list is not whole."""
    filters = MemberFilters([str(one["id"]) for one in groups], service.capabilities)
    members = {}
    for reading in found_members(service, filters):
        if reading.only_members:
            members = {one["id"]: one["members"] for one in reading.resources}
    for one in groups:
        one["members"] = members[one["id"]]


def _are_empty(service: Service, groups: Sequence[Resource]) -> bool | None:
    """Return whether groups without members have none, None if nothing proves it.

    Members that are shown by id are filled in. The first few groups decide for all, because some of
    them may be empty.
    """
    if not shows_members(service.capabilities):
        return False
    if _are_filled(service, groups):
        return True
    if shows_all_members(service.capabilities, 0):
        return True
    if any_users_in(service, [str(one["id"]) for one in groups[:TRIED]]):
        return False
    users = _Users.read(service)
    if any(users.of(str(one["id"])) for one in groups):
        return False
    if users.are_all_in(0) or users.tell_groups:
        return True
    known = frozenset(str(one["id"]) for one in groups)
    return True if shows_more(service, 0, known) else None


def _are_filled(service: Service, groups: Sequence[Resource]) -> bool:
    """Fill in members that are shown by id. Return whether a first group has any."""
    for number, group in enumerate(groups[:TRIED], start=1):
        if _filled(service, group):
            for one in groups[number:]:
                _filled(service, one)
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Users:
    """The first users of a service, and the groups that each of them names."""

    groups: Mapping[str, frozenset[str]]
    are_all: bool

    @classmethod
    def read(cls, service: Service) -> _Users:
        """Return the first users, none if they are refused."""
        try:
            found = search(
                service, USER, {}, doing="looking for users of a group", most=FIRST_USERS
            )
        except ScimError:
            return cls({}, are_all=False)
        named = {}
        for user in found.resources:
            rows = member_rows(user.get("groups")).rows
            named[str(user["id"])] = frozenset(row.ident for row in rows)
        return cls(named, are_all=found.whole)

    def of(self, group: str) -> set[str]:
        """Return the users that name a group."""
        return {ident for ident, groups in self.groups.items() if group in groups}

    def are_all_in(self, number: int) -> bool:
        """Return whether a group with so many members cannot have more users."""
        return self.are_all and len(self.groups) <= number

    @property
    def tell_groups(self) -> bool:
        """Return whether the users say of every group who is in it."""
        return self.are_all and any(self.groups.values())


def _filled(service: Service, group: Resource) -> bool:
    """Fill in the members of a group read by its id. Return whether there are any."""
    for attributes in member_attributes(service.capabilities):
        shown = service.get(GROUP, group["id"], attributes=attributes) or {}
        if shown.get("members"):
            group["members"] = shown["members"]
            return True
        if attributes and "members" in shown:
            break  # asked for its members, the service says that there are none
    return False


class _UsersByFilter:
    """How many users a filter finds in groups that show some members.

    It is not asked again once it finds nobody in one of these, or is refused, and it is proven
    once.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._is_honoured: bool | None = None

    def count(self, group: str) -> int:
        """Return how many users the filter finds in a group, 0 if it proves nothing."""
        if self._is_honoured is None:
            found = users_in(self._service, group)
            self._is_honoured = bool(found)
            return found
        with contextlib.suppress(ScimError):
            return at_least(self._service, group) if self._is_honoured else 0
        return 0


class _Proof:
    """Whether groups that show a round number of members show all of them.

    A service that shows more members of another group does not cut at that number. What is read for
    one group serves all.
    """

    def __init__(self, service: Service, groups: Rows) -> None:
        sizes = (len(member_rows(one.get("members")).rows) for one in groups)
        self._most = max(sizes, default=0)
        self._service = service
        self._filter = _UsersByFilter(service)
        self._users: _Users | None = None
        self._shows_more: dict[int, bool] = {}

    def of(self, group: Resource) -> bool | None:
        """Return whether a group shows all its members, None if nothing proves it."""
        rows = member_rows(group.get("members"))
        number = len(rows.rows)
        if rows.unknown or (number and is_cut_at(self._service.capabilities, number)):
            return False
        is_open = may_be_cut(rows) and not shows_all_members(self._service.capabilities, number)
        if not is_open or number < self._most:
            return True
        found = self._filter.count(str(group["id"]))
        if found:
            return found <= number
        return self._by_others(str(group["id"]), rows)

    def _by_others(self, ident: str, rows: MemberRows) -> bool | None:
        """Return what the first users and other groups say of a group."""
        number = len(rows.rows)
        if self._users is None:
            self._users = _Users.read(self._service)
        if not self._users.of(ident) <= {row.ident for row in rows.rows}:
            return False
        if self._users.are_all_in(number) or self._users.tell_groups:
            return True
        if number not in self._shows_more:
            self._shows_more[number] = shows_more(self._service, number)
        return True if self._shows_more[number] else None


def shows_more(service: Service, number: int, known: Container[str] = ()) -> bool:
    """Return whether any of the first groups shows more than so many members.

    If the list shows no members, a few groups are read by id, but for those that are ``known``.
    """
    names = {"attributes": MEMBER_ATTRIBUTES}
    query = names if takes_parameter(service.capabilities, "attributes") else {}
    with contextlib.suppress(ScimError):
        found = search(service, GROUP, query, doing="looking for groups with members", most=PAGE)
        groups = [dict(one) for one in found.resources]
        if not any(one.get("members") for one in groups):
            others = [one for one in groups[:TRIED] if str(one.get("id")) not in known]
            groups = [one for one in others if _filled(service, one)]
        sizes = (len(member_rows(one.get("members")).rows) for one in groups)
        return max(sizes, default=0) > number
    return False


def _note(says: str, groups: Rows, advice: str = "") -> Iterator[str]:
    """Yield the sentence about groups whose members cannot be seen whole."""
    if not groups:
        return
    names = sorted(f"'{_name(one)}'" for one in groups)
    yield f"{says}: {first_of(names, SHOWN)}" + (f"; {advice}" if advice else "")


def _name(group: Mapping[str, Any]) -> str:
    return str(group.get("displayName") or group["id"])
