# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of the members of groups in one run, and how well.

A group without members in a list may have some: many services show them by id only, cut them, or
never show them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from .._model.errors import first_of
from .._model.key import Key
from .._model.schema import GROUP
from .._model.user_keys import UserKeys
from .member_rows import MemberRow, MemberRows, PlainRows, direct_groups, member_rows
from .questions import Resource

# A service that cuts members shows a round number of them.
ROUND = 10
# Limits are 10, 20, 50, 100, 200, 250 and so on, seldom 30 or 120.
LIMITS = frozenset({"1", "2", "25", "5"})
SHOWN = 5
ROUND_LIST = "a round number of members is shown, and it is not proven that these are all"
SHOWS_ANY = "if the service shows the members of groups, set capabilities: {members_read: ask}"
SHOWS_ALL = "if the service shows all members, set capabilities: {members_limit: 0}"


def round_list(names: Iterable[str]) -> str:
    """Return the sentence about groups that show a round number of members."""
    shown = first_of(sorted(f"'{one}'" for one in names), SHOWN)
    return f"{ROUND_LIST}: {shown}; {SHOWS_ALL}"


def may_be_cut(found: MemberRows) -> bool:
    """Return whether a service may have cut the members of a group.

    The users of a group with groups in it may be in it through those.
    """
    return cuts_at(found.rows)


def cuts_at(shown: Collection[MemberRow | Key]) -> bool:
    """Return whether a service may have cut the members of a group to these."""
    if not shown or len(shown) % ROUND:
        return False
    if isinstance(shown, (UserKeys, PlainRows)):
        return isinstance(shown, UserKeys) or shown.kind != GROUP.name
    return all(one.kind != GROUP.name for one in shown)


def is_usual_limit(number: int) -> bool:
    """Return whether a service is likely to cut lists at a number."""
    return number >= ROUND and str(number).rstrip("0") in LIMITS


class KnownMembers:
    """The rows of each group, from the best answer.

    Whether lists of this service show the members of groups is not known at first. A list that
    shows a member of any group proves it. Otherwise one group decides, which is read by its id. The
    answer to a filter proves nothing of a list of all groups, nor the other way round.
    """

    def __init__(self) -> None:
        self._shows: dict[bool, bool] = {}
        self._empty: dict[bool, set[str]] = {True: set(), False: set()}
        self._rows: dict[str, MemberRows] = {}
        self._by_id: set[str] = set()
        self._users: dict[str, set[str]] = {}
        self._moved: dict[str, set[str]] = {}
        self._overtaken: set[str] = set()
        self._limited: set[str] = set()
        self._most: int | None = None

    def add_user(self, user: Resource) -> None:
        """Take in the groups that a user's own entry names."""
        if user.get("groups"):
            self.add_groups([str(user["id"])], direct_groups(user))

    def add_groups(self, users: Collection[str], groups: Iterable[str]) -> None:
        """Take in the groups that the entries of the users of these ids name."""
        for group in groups:
            self._users.setdefault(group, set()).update(users)
            self._overtaken.add(group)

    def add_moves(self, group: str, users: Iterable[str]) -> None:
        """Take in which users this run lets join or leave a group.

        The entry of such a user is older or newer than the members of the group, so it is no sign
        that these are cut.
        """
        self._moved.setdefault(group, set()).update(users)

    @property
    def in_lists(self) -> bool | None:
        """Return whether lists show the members of groups, None if that is not known.

        Lists of all groups count, else the answers to filters.
        """
        return self._shows.get(True, self._shows.get(False))

    def add_list(
        self, ident: str, members: Any, *, is_known: bool = False, is_page: bool = False
    ) -> None:
        """Take in a group as a list shows it.

        ``is_page``: that is the list of all groups, and not the answer to a filter. ``is_known``:
        lists show all members, so that a group without any has none. What another list showed
        before, and more, counts nevertheless.
        """
        found = member_rows(members)
        if members:
            self._shows.setdefault(is_page, True)
        elif not is_known and ident not in self._rows:
            self._empty[is_page].add(ident)
            return
        if ident not in self._by_id and not self._is_poorer(ident, found):
            self._rows[ident] = found
            self._most = None

    def _is_poorer(self, ident: str, found: MemberRows) -> bool:
        """Return whether an earlier answer shows the same members and more."""
        before = self._rows.get(ident)
        if before is None:
            return False
        return found.idents < before.idents

    def add(self, ident: str, members: Any) -> None:
        """Take in a group that was asked for with its members."""
        for is_page, empty in self._empty.items():
            if ident in empty and members:
                self._shows[is_page] = False
            elif ident in empty:
                self._shows.setdefault(is_page, True)
        self._rows[ident] = member_rows(members)
        self._most = None
        self._by_id.add(ident)
        self._overtaken.discard(ident)

    def note_limit(self, ident: str, members: Any, most: int) -> None:
        """Take in whether a group shows as many members as the service shows at most."""
        if members:
            self._limited.discard(ident)
        if 0 < most <= len(member_rows(members).rows):
            self._limited.add(ident)

    def rows(self, ident: str) -> MemberRows | None:
        """Return what is known of the members of a group, None if nothing is."""
        if ident in self._rows:
            return self._rows[ident]
        for is_page, empty in self._empty.items():
            if ident in empty and self._shows.get(is_page):
                return MemberRows(())
        return None

    def is_whole(self, ident: str) -> bool:
        """Return whether all members of a group are known."""
        found = self.rows(ident)
        if found is None or found.unknown or ident in self._limited:
            return False
        return not self._is_cut(ident, found)

    def _is_cut(self, ident: str, found: MemberRows) -> bool:
        """Return whether a service shows some members only.

        Then it shows a round number of them, and a user who is not among them names the group.
        """
        users = self._users.get(ident)
        if not users or not may_be_cut(found):
            return False
        if ident in self._moved:
            users = users - self._moved[ident]
        return not users <= found.idents

    def why_unseen(self, ident: str) -> str:
        """Return why not all members of a group are known, empty if that is not known."""
        found = self.rows(ident)
        if found is None:
            return ""
        if found.unknown:
            return "a member has no id"
        if ident in self._limited:
            return "it shows as many members as the service shows"
        return "it does not show all users that name it" if self._is_cut(ident, found) else ""

    def decides(self, ident: str) -> bool:
        """Return whether reading a group by its id says what lists show."""
        for is_page, empty in self._empty.items():
            if ident in empty and is_page not in self._shows:
                return True
        return False

    def is_named(self, ident: str) -> bool:
        """Return whether a user's own entry names a group."""
        return bool(self._users.get(ident))

    def users(self, ident: str) -> Iterable[str]:
        """Return the ids of the users whose own entries name a group."""
        return self._users.get(ident, ())

    @property
    def most(self) -> int:
        """Return how many members the largest of the groups shows."""
        if self._most is None:
            self._most = max((len(found.rows) for found in self._rows.values()), default=0)
        return self._most

    def is_overtaken(self, ident: str) -> bool:
        """Return whether a user named a group after its members were asked for."""
        return ident in self._overtaken

    def notes(self, name: Callable[[Key], str]) -> Iterator[str]:
        """Yield a sentence for each kind of group with odd members."""
        unknown, by_address, cut, limited = [], [], [], []
        for ident, found in self._rows.items():
            if found.unknown:
                unknown.append(ident)
            elif ident in self._limited:
                limited.append(ident)
            elif self._is_cut(ident, found):
                cut.append(ident)
            if found.by_address:
                by_address.append(ident)
        for groups, says in (
            (unknown, "groups with members without an id, so not all are known"),
            (cut, "groups that show fewer members than users name them, so not all are known"),
            (
                limited,
                "groups that show as many members as the service shows, so not all are known",
            ),
            (by_address, "groups with members without an id, known by their $ref"),
        ):
            if groups:
                names = sorted(f"'{name(Key(GROUP.name, one))}'" for one in groups)
                yield f"{says}: {first_of(names, SHOWN)}"
