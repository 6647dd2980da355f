# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that are asked for before their turn, several at a time.

Knows no list. Answers are taken one by one, in the order in which the list would be read, so what a
list proves does not depend on the order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Name = tuple[str, tuple[tuple[str, str], ...]]
# More resources wait to be taken only in few pages.
MOST_WAITING = 3000
FEW = 3


def window(concurrency: int, rows: int, pages: int) -> int:
    """Return how many of so many pages, of so many rows, may be under way or waiting.

    Where large pages are many, taking them needs more time than reading them, so few are enough.
    """
    fewest = min(FEW, concurrency) if pages > 2 * concurrency else concurrency
    return max(fewest, min(2 * concurrency, MOST_WAITING // max(rows, 1)))


class Prefetched:
    """The pages under way, by what was asked.

    Threads only send. They end with the last page.
    """

    def __init__(self) -> None:
        self._pool: Any = None
        self._under_way: dict[Name, Any] = {}

    def __len__(self) -> int:
        return len(self._under_way)

    def __contains__(self, name: Name) -> bool:
        return name in self._under_way

    def begin(self, name: Name, send: Callable[[], Any], *, most: int) -> None:
        """Ask for a page; up to ``most`` are asked for at the same time."""
        if self._pool is None:
            # Only long lists need it.
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(most)
        self._under_way[name] = self._pool.submit(send)

    def take(self, name: Name) -> Any:
        """Return the answer to a page that was asked for.

        Raise what was raised instead of an answer.
        """
        return self._under_way.pop(name).result()

    def forget(self, names: Iterable[Name]) -> None:
        """Give up pages of a list that has ended."""
        for name in names:
            self._under_way.pop(name, None)
        if not self._under_way:
            self.end()

    def end(self) -> None:
        """Give up what is under way. What was sent is waited for."""
        self._under_way.clear()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
