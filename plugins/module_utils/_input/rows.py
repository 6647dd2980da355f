# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a roster as compact bytes, to be read again and by number.

Knows no option. A row of 300 bytes takes 350 bytes here and ten times that as a dictionary. Rows
that wait take half of that: their texts are kept, and once for all rows how they are laid out.
"""

from __future__ import annotations

import json
import marshal
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._model.frames import Frame, frame_of

# No text of a row that waits has one.
SEPARATOR = "\n"


def _take_apart(value: Any, shape: list[Any], texts: list[str]) -> None:
    """Add the texts of a row to ``texts``, and all else that it is to ``shape``."""
    shape.append(value.__class__)
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, Mapping):
        shape.append(len(value))
        for name, one in value.items():
            shape.append(name)
            _take_apart(one, shape, texts)
    elif isinstance(value, list):
        shape.append(len(value))
        for one in value:
            _take_apart(one, shape, texts)
    else:
        shape.append(value)


class Rows:
    """Dictionaries in order, each with the place where it was written.

    ``before`` and ``after`` surround the number of a row in its place: ``people.csv line 7`` or
    ``users[3]``. Every row that is read is a new dictionary. The names of its options are kept once
    for all rows that have the same ones.
    """

    def __init__(self, before: str = "users[", after: str = "]") -> None:
        self._around = (before, after)
        self._bytes = bytearray()
        self._ends = array("Q")
        self._shapes: dict[Any, int] = {}
        self._frames: list[tuple[str, ...] | Frame] = []
        self._shape_of = array("I")
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

    def append(self, row: Mapping[str, Any], number: int, *, waits: bool = False) -> None:
        """Add a row that stands at ``number``: an index, or the line of a file.

        ``waits``: it says by itself what it sets, and none of its texts has a line end.
        """
        if waits:
            texts: list[str] = []
            shape: list[Any] = [Frame]
            _take_apart(row, shape, texts)
            key = tuple(shape)
            found = self._shapes.get(key)
            if found is None:
                found = self._new_shape(key, frame_of(row))
            self._add(SEPARATOR.join(texts).encode(), found, number)
            return
        values: Any = list(row.values())
        try:
            data = marshal.dumps(values)
        except ValueError:  # texts that Ansible marks are texts like any other
            data = marshal.dumps(json.loads(json.dumps(values)))
        self._add(data, self._shape(tuple(row)), number)

    def append_texts(self, frame: Frame, joined: str, number: int) -> None:
        """Add a row that waits: the texts of a frame, joined by ``SEPARATOR``."""
        found = self._shapes.get(frame)
        if found is None:
            found = self._new_shape(frame, frame)
        self._add(joined.encode(), found, number)

    def _add(self, data: bytes, shape: int, number: int) -> None:
        self._bytes += data
        self._ends.append(len(self._bytes))
        self._shape_of.append(shape)
        self._numbers.append(number)

    def waits(self, index: int) -> bool:
        """Return whether a row says by itself what it sets."""
        return isinstance(self._frames[self._shape_of[index]], Frame)

    def place(self, index: int) -> str:
        """Return where a row was written."""
        return self.spot(self._numbers[index])

    def spot(self, number: int) -> str:
        """Return the place with a number."""
        before, after = self._around
        return f"{before}{number}{after}"

    def _shape(self, names: tuple[Any, ...]) -> int:
        """Return the number of some names in their order."""
        found = self._shapes.get(names)
        return self._new_shape(names, tuple(map(str, names))) if found is None else found

    def _new_shape(self, key: Any, frame: tuple[str, ...] | Frame) -> int:
        self._shapes[key] = len(self._frames)
        self._frames.append(frame)
        return len(self._frames) - 1

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> dict[str, Any]:
        index = range(len(self))[index]
        frame = self._frames[self._shape_of[index]]
        if isinstance(frame, Frame):
            return frame.filled(self._data(index).decode().split(SEPARATOR))
        values: list[Any] = marshal.loads(self._data(index))
        return dict(zip(frame, values))

    def laid(self, index: int) -> tuple[Frame, str] | None:
        """Return the frame and the texts of a row that waits, None for any other row."""
        frame = self._frames[self._shape_of[index]]
        if not isinstance(frame, Frame):
            return None
        ends = self._ends
        start = ends[index - 1] if index else 0
        return frame, self._bytes[start : ends[index]].decode()

    def each_laid(self) -> Iterator[tuple[Frame, str] | None]:
        """Yield what ``laid`` returns of each row."""
        start = 0
        for shape, end in zip(self._shape_of, self._ends):
            frame = self._frames[shape]
            if isinstance(frame, Frame):
                yield frame, self._bytes[start:end].decode()
            else:
                yield None
            start = end

    def _data(self, index: int) -> bytearray:
        start = self._ends[index - 1] if index else 0
        return self._bytes[start : self._ends[index]]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for index in range(len(self)):
            yield self[index]


class Part:
    """Some of the rows of ``whole``, in order. Rows may belong to several parts."""

    def __init__(self, whole: Rows) -> None:
        self.whole = whole
        self.indexes = array("Q")

    def include(self, index: int) -> None:
        """Add a row of the whole."""
        self.indexes.append(index)

    def append(self, row: Mapping[str, Any], number: int, *, waits: bool = False) -> None:
        """Add a row that stands at ``number`` to the whole, and to this part."""
        self.include(len(self.whole))
        self.whole.append(row, number, waits=waits)

    def place(self, index: int) -> str:
        """Return where a row was written."""
        return self.whole.place(self.indexes[index])

    def __len__(self) -> int:
        return len(self.indexes)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for index in self.indexes:
            yield self.whole[index]
