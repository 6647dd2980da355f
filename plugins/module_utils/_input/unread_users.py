# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of a JSON file that are laid out alike: checked once, but for their texts.

A row that passes is one that the quick check lets pass and that may wait. Says nothing about any
other row. Knows the option table and no file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .._model.frames import Frame, Layout, picker
from .._model.unread import Unread
from .columns import TEAMS
from .plain_rows import MANY, are_plain, is_plain_user
from .plain_users import LINKS, may_wait
from .rows import SEPARATOR

Texts = Sequence[str]


class UnreadUser(NamedTuple):
    """A user as it is kept: its frame, its texts in one, and the names of its teams."""

    frame: Frame
    texts: str
    teams: Sequence[str]


class UserLayout(NamedTuple):
    """What all users say that are laid out alike.

    ``own`` returns the texts of a user from those of its row, ``teams`` the names of its teams.
    ``apart`` return texts of which none may be there twice. ``names`` returns those that must be
    ASCII.
    """

    frame: Frame
    own: Callable[[Texts], Texts]
    teams: Callable[[Texts], Texts]
    apart: tuple[Callable[[Texts], Texts], ...]
    names: Callable[[Texts], Texts]


class UnreadUsers:
    """Checks rows that are not decoded."""

    def __init__(self) -> None:
        self._layouts: dict[Layout, UserLayout | None] = {}
        self._frames: dict[str, Frame] = {}

    def user(self, row: Unread) -> UnreadUser | None:
        """Return a user that certainly has no error, None for a row to be checked in full."""
        layout = row.layout
        if layout not in self._layouts:
            self._layouts[layout] = self._checked(row)
        known = self._layouts[layout]
        if known is None:
            return None
        texts = row.texts
        own = known.own(texts)
        joined = SEPARATOR.join(own)
        if not are_plain(joined, len(own)):
            return None
        for several in known.apart:
            found = several(texts)
            if len(set(found)) < len(found):
                return None
        if not joined.isascii() and not all(map(str.isascii, known.names(texts))):
            return None
        return UnreadUser(known.frame, joined, known.teams(texts))

    def _checked(self, row: Unread) -> UserLayout | None:
        """Return what a row says by its layout, None if it does not pass the quick check."""
        whole = dict(row.whole)
        teams = whole.pop(TEAMS, [])
        if not is_list_of_texts(teams) or not (is_plain_user(whole) and may_wait(whole)):
            return None
        paths = row.layout.paths
        own = [slot for slot, path in enumerate(paths) if path[0] != TEAMS]
        of_teams = [slot for slot, path in enumerate(paths) if path[0] == TEAMS]
        return UserLayout(
            frame=self._kept(row.layout.without(TEAMS)),
            own=tuple if len(own) == len(paths) else picker(own),
            teams=picker(of_teams),
            apart=tuple(_apart(row.layout)),
            names=picker(_slots_of_names(row.layout)),
        )

    def _kept(self, frame: Frame) -> Frame:
        """Return one frame for all that are equal."""
        return self._frames.setdefault(repr((frame.frame, frame.paths)), frame)


def is_list_of_texts(value: Any) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _apart(frame: Frame) -> list[Callable[[Texts], Texts]]:
    """Return what picks the values of each list of entries."""
    found = []
    for option in MANY:
        slots = []
        for slot, path in enumerate(frame.paths):
            if path[0] == option and path[-1] == "value":
                slots.append(slot)
        if len(slots) > 1:
            found.append(picker(slots))
    return found


def _slots_of_names(frame: Frame) -> list[int]:
    """Return the slots of the user name, and of those of other users."""
    paths = {("user_name",), *LINKS}
    return [slot for slot, path in enumerate(frame.paths) if path in paths]
