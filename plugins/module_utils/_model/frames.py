# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What JSON objects have in common that differ in their texts only.

Knows names, values and where the texts are. Does not know how an object is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

Path = tuple[Any, ...]
MARK = "\0"


class Slot(int):
    """The place of a text in an object of which the layout is known."""


class ListSlot(Slot):
    """The place of a list that is read as it is written."""


class Frame:
    """What objects have in common that differ in their texts only.

    ``frame`` is such an object with slots instead of texts. ``paths`` say where these are, in
    order, and ``names`` are all names, at any depth, those in lists as far as they were checked.
    ``top`` has the slots of the texts at the top, by name, and ``lists`` those of lists that are
    read as they are written.
    """

    def __init__(self, frame: dict[str, Any], paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self.frame = frame
        self.names = frozenset(names_in(frame))
        slots = {name: one for name, one in frame.items() if isinstance(one, Slot)}
        self.top = {name: one for name, one in slots.items() if one.__class__ is Slot}
        self.lists = {name: one for name, one in slots.items() if one.__class__ is ListSlot}

    def filled(self, texts: Sequence[str]) -> dict[str, Any]:
        """Return the object that has these texts. Lists stay as they are written."""
        found: dict[str, Any] = _filled(self.frame, texts)
        return found

    def marked(self) -> dict[str, Any]:
        """Return the object with a mark for each text: see ``marked_slot``."""
        return self.filled(self.marks)

    @property
    def marks(self) -> list[str]:
        """Return a text for each slot that occurs nowhere else."""
        return [f"{MARK}{slot}" for slot in range(len(self.paths))]

    def at(self, path: Path) -> Any:
        """Return what stands at a path, None if nothing does."""
        found: Any = self.frame
        for step in path:
            if isinstance(found, dict):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found

    def without(self, name: str) -> Frame:
        """Return the frame without a name at the top. Its slots have new numbers."""
        if name not in self.frame:
            return self
        paths = [one for one in self.paths if one[0] != name]
        numbers = {self.paths.index(path): Slot(place) for place, path in enumerate(paths)}
        rest = {one: value for one, value in self.frame.items() if one != name}
        return Frame(_filled(rest, numbers), paths)


class Layout(Frame):
    """A frame of objects that were found in a text."""

    def decoded(self, texts: Sequence[str]) -> dict[str, Any]:
        """Return the object that has these texts, with lists decoded."""
        found = self.filled(texts)
        for name, slot in self.lists.items():
            found[name] = json.loads(texts[slot])
        return found


def marked_slot(value: Any) -> int | None:
    """Return the slot of a text that is marked, None for every other value."""
    if isinstance(value, str) and value.startswith(MARK):
        return int(value[len(MARK) :])
    return None


def renumbered(value: Any, start: int, size: int) -> Any:
    """Return a value of ``size`` slots from 0 with slots from ``start``."""
    kind = value.__class__ if isinstance(value, Slot) else Slot
    return _filled(value, [kind(number) for number in range(start, start + size)])


def names_in(value: Any) -> Iterator[str]:
    """Yield all names in a value, at any depth."""
    if isinstance(value, dict):
        yield from value
        value = value.values()
    if not isinstance(value, (str, int, float, type(None))):
        for one in value:
            yield from names_in(one)


def _filled(value: Any, texts: Any) -> Any:
    if isinstance(value, Slot):
        return texts[value]
    if isinstance(value, dict):
        return {name: _filled(one, texts) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, texts) for one in value]
    return value


def frame_of(value: Mapping[str, Any]) -> Frame:
    """Return the frame of an object, with a slot for each text."""
    paths: list[Path] = []
    return Frame(_framed(value, (), paths), paths)


def _framed(value: Any, path: Path, paths: list[Path]) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _framed(one, (*path, str(name)), paths) for name, one in value.items()}
    if isinstance(value, list):
        return [_framed(one, (*path, number), paths) for number, one in enumerate(value)]
    if isinstance(value, str):
        paths.append(path)
        return Slot(len(paths) - 1)
    return value


def picker(slots: Sequence[int]) -> Callable[[Any], Any]:
    """Return what picks some of many texts, in order, as a tuple."""
    if len(slots) > 1:
        return itemgetter(*slots)
    if not slots:
        return lambda _texts: ()
    only = slots[0]
    return lambda texts: (texts[only],)
