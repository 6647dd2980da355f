# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members of groups that never show them, by filters; sends nothing.

Says which lists to read, and what they prove. Groups in groups are found only if the input names
them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .._model.errors import ScimError
from .._model.key import Key
from .._model.schema import GROUP, USER, ResourceType
from .._provider.abilities import (
    GROUPS_OF_USER,
    MEMBERS_OF_GROUP,
    finds_members,
    finds_members_by_user,
)
from .._provider.capabilities import Capabilities
from .desired import Clause
from .questions import Question, Reading, Resource
from .reading import REFUSED_FORM
from .snapshot import Snapshot
from .value_index import values
from .verdicts import impossible

DOING = "reading the members of groups"
REMEDY = "set members_read in the option capabilities to how this service shows members"


class ListAll(NamedTuple):
    """Read a list to its end: all resources of a kind, or what a filter finds.

    ``control``: the filter holds for none, so that a refusal is an answer as well.
    """

    kind: ResourceType
    clause: Clause | None
    control: bool = False


def is_found_by_filter(question: Question, capabilities: Capabilities) -> bool:
    """Return whether filters answer the part of a question that is about members."""
    return question.members and bool(question.ids) and finds_members(capabilities)


def about_groups(question: Question, snapshot: Snapshot) -> Question | None:
    """Return the part of a question that is not about members, None if there is none.

    Groups that lists showed are known.
    """
    unread = []
    for ident in question.ids:
        key = Key(GROUP.name, ident)
        is_read = snapshot.get(key) is not None
        if not is_read or (question.whole and snapshot.is_partial(key)):
            unread.append(ident)
    if not unread:
        return None
    return replace(question, ids=tuple(unread), members=False, listed=False)


def groups_of(
    question: Question, readings: Iterable[Reading], snapshot: Snapshot
) -> tuple[str, ...]:
    """Return the groups of a question that exist: known before, or read now."""
    read = {str(one["id"]) for reading in readings for one in reading.resources}
    found = []
    for ident in question.ids:
        if ident in read or snapshot.get(Key(GROUP.name, ident)) is not None:
            found.append(ident)
    return tuple(found)


class MemberFilters:
    """The members of some groups, while lists are read to find them.

    ``groups`` are the ids of groups that exist. ``users`` are those of the users that may be in
    one, None if that may be any user. ``kind`` is what is looked for: users, or groups with these
    ids instead. The lists that come are whole.
    """

    def __init__(
        self,
        groups: Iterable[str],
        capabilities: Capabilities,
        *,
        users: Collection[str] | None = None,
        total: int | None = None,
        kind: ResourceType = USER,
    ) -> None:
        """Begin to find members. ``total`` is how many users there are, if that is known."""
        self._groups = tuple(dict.fromkeys(groups))
        self._users = users
        self._kind = kind
        number = total if users is None else len(users)
        fewer = number is not None and number < len(self._groups)
        by_user = finds_members_by_user(capabilities, fewer=fewer)
        self._by_user = by_user or kind.name == GROUP.name
        self._lists: dict[str, frozenset[str]] = {}
        self._answers: dict[str, frozenset[str]] = {}
        self._found: dict[str, Resource] = {}
        self._proven = False

    @property
    def _asked(self) -> Sequence[str]:
        """Return the ids that are asked for, one by one."""
        return tuple(self._users or ()) if self._by_user else self._groups

    def next(self) -> ListAll | None:
        """Return which list to read next, None if all members are found."""
        if not self._groups:
            return None
        if self._by_user and self._users is None:
            return ListAll(USER, None)
        for ident in self._asked:
            if ident not in self._answers:
                return self._list_for(ident)
        if self._is_honoured():
            return None
        ident = next(one for one in self._asked if self._lists[one])
        asked = self._list_for(ident)
        return ListAll(asked.kind, impossible((self._path, ident)), control=True)

    @property
    def _path(self) -> str:
        return MEMBERS_OF_GROUP if self._by_user else GROUPS_OF_USER

    def _list_for(self, ident: str) -> ListAll:
        return ListAll(GROUP if self._by_user else USER, (self._path, ident))

    def _is_honoured(self) -> bool:
        """Return whether the filter is known to be evaluated.

        Otherwise all answers would be the same.
        """
        different = set(self._lists.values())
        return self._proven or len(different) > 1 or different <= {frozenset()}

    def take(self, asked: ListAll, found: Sequence[Resource]) -> None:
        """Take in a whole list. Raise ScimError if its filter was not honoured."""
        if asked.clause is None:
            self._users = tuple(str(one["id"]) for one in found)
        elif asked.control:
            self._take_control(found)
        else:
            self._take_answer(asked.clause[1], found)
        if asked.kind.name == USER.name:
            self._found.update({str(one["id"]): one for one in found})

    def _take_answer(self, ident: str, found: Sequence[Resource]) -> None:
        self._lists[ident] = frozenset(str(one["id"]) for one in found)
        kept = found if self._by_user else [one for one in found if _is_direct(one, ident)]
        self._answers[ident] = frozenset(str(one["id"]) for one in kept)

    def _take_control(self, found: Sequence[Resource]) -> None:
        if found:
            raise ScimError(
                f"the service does not honour a filter on {self._path}, so it does not show who "
                "is in a group",
                doing=DOING,
                hint=REMEDY,
            )
        self._proven = True

    def take_refusal(self, asked: ListAll, status: int) -> bool:
        """Return whether a refusal is an answer: no resource has that value."""
        self._proven = asked.control and status in REFUSED_FORM
        return self._proven

    @property
    def readings(self) -> list[Reading]:
        """Return the users that came, and all members of each group."""
        found = []
        if self._found and not self._by_user:
            found.append(Reading(kind=USER, resources=tuple(self._found.values())))
        resources = []
        for group in self._groups:
            rows = [self._row(ident) for ident in sorted(self._members(group))]
            resources.append({"id": group, "members": rows})
        answered = tuple(("id", one) for one in self._groups)
        reading = Reading(
            kind=GROUP,
            resources=tuple(resources),
            members_shown=True,
            partial=True,
            only_members=True,
            answered=answered,
        )
        return [*found, reading] if resources else found

    def _members(self, group: str) -> frozenset[str]:
        if not self._by_user:
            return self._answers[group]
        return frozenset(user for user, groups in self._answers.items() if group in groups)

    def _row(self, ident: str) -> dict[str, Any]:
        row: dict[str, Any] = {"value": ident, "type": self._kind.name}
        names = values(self._found.get(ident, {}), USER.name_attribute)
        return {**row, "display": names[0]} if names else row


def with_groups(
    groups: Iterable[str], nested: Iterable[str], found: Iterable[Reading], snapshot: Snapshot
) -> list[Reading]:
    """Return the members of groups with the ``nested`` groups found in them.

    Their other members are known already.
    """
    rows: dict[str, Sequence[Any]] = {}
    for reading in found:
        rows.update({str(one["id"]): one["members"] for one in reading.resources})
    resources = []
    for ident in groups:
        known = snapshot.get(Key(GROUP.name, ident)) or {}
        resources.append({"id": ident, "members": [*(known.get("members") or ()), *rows[ident]]})
    answered = tuple((MEMBERS_OF_GROUP, one) for one in nested)
    members = Reading(
        kind=GROUP, resources=tuple(resources), members_shown=True, partial=True, only_members=True
    )
    return [members, Reading(kind=GROUP, answered=answered)]


def _is_direct(user: Resource, group: str) -> bool:
    """Return whether a user is in a group itself, as far as its own entry says.

    Some services find users that are in a nested group as well (RFC 7643 section 4.1.2).
    """
    kinds = []
    rows = user.get("groups")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and row.get("value") == group:
            kinds.append(str(row.get("type")).lower())
    return not kinds or set(kinds) != {"indirect"}
