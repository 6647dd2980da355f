# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which row a key names, by the hash of the key; knows neither rows nor keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

# Several rows have the hash.
MANY = -1


class KeyTable:
    """Numbers of rows by hashes.

    ``get`` returns the row with a hash, ``MANY`` for several, None for none. ``shared`` are the
    numbers of rows that share a hash with another row.
    """

    def __init__(self, hashes: Collection[int], numbers: Sequence[int]) -> None:
        self.shared: set[int] = set()
        self._numbers = dict(zip(hashes, numbers))
        if len(self._numbers) < len(hashes):
            self._share(hashes, numbers)
        self.get = self._numbers.get

    def _share(self, hashes: Iterable[int], numbers: Iterable[int]) -> None:
        first: dict[int, int] = {}
        for wanted, number in zip(hashes, numbers):
            found = first.setdefault(wanted, number)
            if found != number:
                self.shared.update((found, number))
                self._numbers[wanted] = MANY
