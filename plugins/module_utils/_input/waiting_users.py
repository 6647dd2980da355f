# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The users of a roster whose desired states are made only when they are needed.

These are the rows of users, and of members of whom their team asks nothing but to be active in its
group. Knows no file and no service.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._model.frames import Frame
from .._model.schema import USER
from .._model.unread import Unread
from .._plan.desired import Desired, Reference
from .._plan.desired_rows import RowKeys, Unmade
from .._plan.questions import Resource
from .._plan.teams import Person, onboarded_group, onboarded_member
from .resources import user_desired
from .roster import Roster, TeamRows
from .rows import Rows
from .teams import person_of, team_input
from .text_forms import TextForm

Row = Mapping[str, Any]


class WaitingUsers:
    """The rows of users and of simple teams, numbered one after another."""

    def __init__(self, roster: Roster, match_by: Sequence[str] | None) -> None:
        self._match_by = match_by
        self._lists: list[Rows] = [roster.users]
        self._starts = [0]
        self._references: dict[int, list[Reference | None]] = {}
        self._forms: dict[Frame, TextForm] = {}
        wholes = {id(one.members.whole): one.members.whole for one in roster.teams if waits(one)}
        for whole in wholes.values():
            self._starts.append(self._starts[-1] + len(self._lists[-1]))
            self._lists.append(whole)

    @property
    def unmade(self) -> Unmade:
        """Return the rows as what is not made yet."""
        size = self._starts[-1] + len(self._lists[-1])
        return Unmade(size, self._keys, self._every, self._shows, self._made)

    def group(self, team: TeamRows, *, exact: bool, excepted: frozenset[str]) -> Desired:
        """Return the desired state of the group of a team whose members wait."""
        members = team.members
        known = self._references_of(members.whole)
        staying: list[Reference] = []
        people: list[Person] = []
        for index in members.indexes:
            reference = known[index]
            if reference is not None:
                staying.append(reference)
            else:
                row = matched(members.whole[index], self._match_by)
                people.append(person_of(row, members.whole.place(index)))
        settings = team_input(team.settings, team.place, exact=exact, excepted=excepted)
        return onboarded_group(replace(settings, people=tuple(people), staying=frozenset(staying)))

    def _references_of(self, rows: Rows) -> list[Reference | None]:
        """Return how groups name the users of rows that wait, None for each other row."""
        found = self._references.get(id(rows))
        if found is None:
            found = self._references[id(rows)] = []
            for laid in rows.each_laid():
                key = None if laid is None else self._form_of(laid[0]).first_key(laid[1])
                found.append(Reference(USER.name, *key) if key else None)
        return found

    def _form_of(self, frame: Frame) -> TextForm:
        """Return what rows that wait say by their frame."""
        found = self._forms.get(frame)
        if found is None:
            found = self._forms[frame] = TextForm(frame, self._match_by)
        return found

    def _at(self, number: int) -> tuple[Rows, int, bool]:
        """Return a row by its list and index, and whether it is a member of a team."""
        which = bisect_right(self._starts, number) - 1
        return self._lists[which], number - self._starts[which], which > 0

    def _keys(self, number: int) -> RowKeys | None:
        rows, index, _is_member = self._at(number)
        laid = rows.laid(index)
        return None if laid is None else self._form_of(laid[0]).keys(laid[1])

    def _every(self) -> Iterator[RowKeys | None]:
        for rows in self._lists:
            for laid in rows.each_laid():
                yield None if laid is None else self._form_of(laid[0]).keys(laid[1])

    def _shows(self, number: int, resource: Resource) -> bool:
        rows, index, is_member = self._at(number)
        laid = rows.laid(index)
        if laid is None:
            return False
        form = self._form_of(laid[0])
        if is_member and not form.sets_active and not _is_active(resource):
            return False
        return form.shows(laid[1], resource)

    def _made(self, number: int) -> Desired:
        rows, index, is_member = self._at(number)
        found = user_desired(matched(rows[index], self._match_by), rows.place(index))
        return onboarded_member(found) if is_member else found


def _is_active(resource: Resource) -> bool:
    """Return whether a resource says that it is active. No text does."""
    if isinstance(resource, Unread):
        return resource.layout.frame.get("active") is True
    return resource.get("active") is True


def waits(team: TeamRows) -> bool:
    """Return whether the members of a team are among the waiting users."""
    return team.settings.get("state") != "offboarded" and not team.settings.get("groups")


def matched(row: Row, match_by: Sequence[str] | None) -> Row:
    """Return a user that is found by ``match_by``, unless it sets its own."""
    return {**row, "match_by": row.get("match_by") or match_by} if match_by else row
