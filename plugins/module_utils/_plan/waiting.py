# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The portions of keys that wait to be looked up; knows no request and no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Sequence

from .desired import Clause, Portion

# How many look-ups more keys need is estimated by so many.
MOST_CUT = 2000


class Waiting:
    """Portions of keys in the order in which they are looked up, one filter each.

    ``per_look_up`` is how many keys one of them has about.
    """

    def __init__(self) -> None:
        self.per_look_up = 1
        self._portions: list[Portion] = []

    def __len__(self) -> int:
        return len(self._portions)

    def put(self, portions: Iterable[Portion]) -> None:
        """Let these portions wait instead of others."""
        self._portions = list(portions)
        number = sum(map(len, self._portions))
        self.per_look_up = max(1, number // max(1, len(self._portions)))

    def put_first(self, portions: Sequence[Portion]) -> None:
        """Let portions wait before the others."""
        self._portions[:0] = portions

    def clear(self) -> None:
        """Let nothing wait. The size of portions stays an estimate."""
        self._portions = []

    def first(self, still_open: Container[Clause]) -> Portion:
        """Return the first portion as far as its keys are open, none if nothing waits."""
        while self._portions:
            portion = tuple(one for one in self._portions[0] if one in still_open)
            if portion:
                self._portions[0] = portion
                return portion
            self.drop_first()
        return ()

    def drop_first(self) -> None:
        """Take in that the first portion is answered, if there is one."""
        del self._portions[:1]

    def later(self) -> Iterator[Clause]:
        """Yield the keys behind the first portion."""
        for portion in self._portions[1:]:
            yield from portion

    def look_ups(self, still_open: Collection[Clause], *, by_resource: bool = False) -> int:
        """Return how many look-ups the open keys need about.

        ``by_resource``: a resource that one key finds shows its other keys.
        """
        keys = len(still_open)
        if by_resource and self.per_look_up == 1 and 0 < keys <= MOST_CUT:
            keys = max(Counter(path for path, _value in still_open).values())
        needed = -(-keys // self.per_look_up)
        return min(len(self._portions), needed) if self._portions else needed
