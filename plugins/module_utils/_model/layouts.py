# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The layouts of the objects in one file or list, learnt as the objects come.

Knows when it is worth while to learn a layout and to try it. Does not know how it is found.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .frames import names_in
from .json_patterns import LONGEST, Kinds, ObjectPattern, pairs_of
from .unread import Unread

# More patterns are not tried.
TRIED = 4
# A layout is made of an object that none of the known ones fits, after so many of these, and then
# each time their number has doubled.
FIRST = 16
# With fewer hits for each miss than this, trying takes longer than it saves.
ENOUGH = 200
WORTH = 4
MOST_CHECKED = 1000
MOST_NAMES = 1000
NEVER = 10**18


class Layouts:
    """The layouts that were met in one file or list.

    Threads may use it: what they lose of each other's is only learnt again.
    """

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._next = FIRST
        self._recent: tuple[ObjectPattern, ...] = ()
        self._checked: dict[str, frozenset[str]] = {}
        self._hits = 0
        self._misses = 0

    @classmethod
    def none(cls) -> Layouts:
        """Return layouts that no object has, so that each is decoded."""
        found = cls(lambda _path: None)
        found._next = NEVER
        return found

    @property
    def are_useful(self) -> bool:
        """Return whether enough objects are laid out alike to try."""
        return self._misses < ENOUGH or self._misses * WORTH < self._hits

    def find(self, text: str, at: int = 0) -> tuple[Unread, int] | None:
        """Return the object that begins at a character, and where it ends.

        None if it must be decoded. Then ``learn`` is told what it is.
        """
        for pattern in self._recent if self.are_useful else ():
            found = pattern.match(text, at)
            unread = None if found is None else pattern.unread(found)
            if found is not None and unread is not None:
                self._hits += 1
                return unread, found.end()
        self._misses += 1
        return None

    def rows(self, text: str, at: int) -> tuple[list[Unread], int]:
        """Return the next objects of a list, and where what follows them begins.

        That is the end of the list, or an object that must be decoded.
        """
        found: list[Unread] = []
        for pattern in self._recent if self.are_useful else ():
            if pattern.match(text, at) is None:
                # Else the pattern would be sought in the whole text.
                continue
            for row in pattern.row.finditer(text, at):
                unread = pattern.unread(row) if row.start() == at else None
                if unread is None:
                    break
                found.append(unread)
                at = row.end()
            if found:
                self._hits += len(found)
                return found, at
        self._misses += 1
        return found, at

    def learn(self, text: str, value: Any) -> None:
        """Take in an object that was decoded, and that no known layout fits."""
        if self._misses < self._next:
            return
        self._next *= 2
        pairs = pairs_of(text, value, self._kinds)
        if not pairs:
            return
        for number, pattern in enumerate(self._recent):
            more = pattern.widened(pairs)
            if more is not None:
                others = self._recent
                self._recent = (more, *others[:number], *others[number + 1 :])
                return
        self._recent = (ObjectPattern.of(pairs), *self._recent[: TRIED - 1])

    def check_lists(self, one: Unread, decode: Callable[[str], Any]) -> None:
        """Check the lists of an object that are read as they are written, each text once.

        The names in them become names of the layout. ``decode`` raises an error for a wrong text.
        Raise ValueError for more names than objects that are laid out alike have.
        """
        for slot in one.layout.lists.values():
            text = one.texts[slot]
            names = self._checked.get(text)
            if names is None:
                names = frozenset(names_in(decode(text)))
                self._keep(text, names)
            if not names <= one.layout.names:
                one.layout.names |= names
            if len(one.layout.names) > MOST_NAMES:
                raise ValueError

    def _keep(self, text: str, names: frozenset[str]) -> None:
        if len(text) > LONGEST:
            return
        if len(self._checked) > MOST_CHECKED:
            self._checked.clear()
        self._checked[text] = names
