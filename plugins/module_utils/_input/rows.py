# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a roster as compact JSON, to be read again and by number.

Knows no option. A row of 300 bytes takes 350 bytes here and ten times that as a dictionary.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

pack = json.JSONEncoder(separators=(",", ":")).encode
unpack = json.JSONDecoder().decode


class Rows:
    """Dictionaries in order, each with the place where it was written.

    ``before`` and ``after`` surround the number of a row in its place: ``people.csv line 7`` or
    ``users[3]``. Every row that is read is a new dictionary.
    """

    def __init__(self, before: str = "users[", after: str = "]") -> None:
        self._around = (before, after)
        self._packed: list[bytes] = []
        self._numbers = array("Q")

    @classmethod
    def of(
        cls, rows: Iterable[Mapping[str, Any]], before: str = "users[", after: str = "]"
    ) -> Rows:
        """Return the rows of a list, numbered from 0."""
        found = cls(before, after)
        for number, row in enumerate(rows):
            found.append(row, number)
        return found

    def append(self, row: Mapping[str, Any], number: int) -> None:
        """Add a row that stands at ``number``: an index, or the line of a file."""
        self._packed.append(pack(row).encode("ascii"))
        self._numbers.append(number)

    def number(self, index: int) -> int:
        """Return the index or the line at which a row was written."""
        return self._numbers[index]

    def place(self, index: int) -> str:
        """Return where a row was written."""
        return self.spot(self._numbers[index])

    def spot(self, number: int) -> str:
        """Return the place with a number."""
        before, after = self._around
        return f"{before}{number}{after}"

    def packed(self, index: int) -> bytes:
        """Return a row as compact JSON, in ASCII."""
        return self._packed[index]

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, index: int) -> dict[str, Any]:
        found: dict[str, Any] = unpack(self._packed[index].decode("ascii"))
        return found

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for one in self._packed:
            yield unpack(one.decode("ascii"))
