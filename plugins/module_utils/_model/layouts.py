# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON objects that differ in their texts only, found without decoding them.

Knows JSON (RFC 8259), and neither users nor rows. An object counts as laid out like another one
only if the decoder would give the same names, lists, numbers and truth values in the same order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from .unread import Unread

Path = tuple[Any, ...]
# The pattern of the texts at a path; None if they are part of the layout. LIST: a list is read
# as it is written, whatever its length.
Kinds = Callable[[Path], "str | None"]

# A text without an escape: what is between the quotes is what it means.
TEXT = r'[^"\\\x00-\x1f]*+'
LIST = r"\[[^\[\]\\\x00-\x1f]*+\]"
# What follows an object in a list: another one, or the end of the list.
BEHIND = r"[ \t\r\n]*+(?:,[ \t\r\n]*+(?=\{)|(?=\]))"
TOKEN = re.compile(r'"[^"\\]*"|[{}\[\],:]|[ \t\r\n]+|[^"{}\[\],:\\ \t\r\n]+')
BLANK = " \t\r\n"
# Longer objects are decoded, and so is what has no such layout.
LONGEST = 20_000
TRIED = 4
# A layout is made of an object that none of the known ones fits, after so many of these, and then
# each time their number has doubled.
FIRST = 16
# With fewer hits for each miss than this, trying takes longer than it saves.
ENOUGH = 200
WORTH = 4
MOST_CHECKED = 1000
MARK = "\0"


class Slot(int):
    """The place of a text in an object of which the layout is known."""


class ListSlot(Slot):
    """The place of a list that is read as it is written."""


class Frame:
    """What objects have in common that differ in their texts only.

    ``frame`` is such an object with slots instead of texts. ``paths`` say where these are, in
    order, and ``names`` are all names, at any depth. ``top`` has the slots of the texts at the top,
    by name, and ``lists`` those of lists that are read as they are written.
    """

    def __init__(self, frame: dict[str, Any], paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self.frame = frame
        self.names = frozenset(_names_in(frame))
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
    """A frame and how the text of such an object is written."""

    def __init__(self, pattern: str, frame: dict[str, Any], paths: Sequence[Path]) -> None:
        super().__init__(frame, paths)
        self.match = re.compile(pattern).match
        self._pattern = pattern

    @cached_property
    def row(self) -> re.Pattern[str]:
        """Return the pattern of an object in a list, with what follows it there."""
        return re.compile(self._pattern + BEHIND)

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


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = value.values()
    if not isinstance(value, (str, int, float, type(None))):
        for one in value:
            yield from _names_in(one)


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


class Layouts:
    """The layouts that were met in one file or list, the last used one first.

    Threads may use it: what they lose of each other's is only learnt again.
    """

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._next = FIRST
        self._recent: tuple[Layout, ...] = ()
        self._checked: set[str] = set()
        self._hits = 0
        self._misses = 0

    @classmethod
    def none(cls) -> Layouts:
        """Return layouts that no object has, so that each is decoded."""
        return cls(lambda _path: None)

    @property
    def are_useful(self) -> bool:
        """Return whether enough objects are laid out alike to try."""
        return self._misses < ENOUGH or self._misses * WORTH < self._hits

    def find(self, text: str, at: int = 0) -> tuple[Unread, int] | None:
        """Return the object that begins at a character, and where it ends.

        None if it must be decoded. Then ``learn`` is told what it is.
        """
        for layout in self._recent if self.are_useful else ():
            found = layout.match(text, at)
            if found is None:
                continue
            self._use(layout)
            self._hits += 1
            return Unread(layout, found.groups()), found.end()
        self._misses += 1
        return None

    def rows(self, text: str, at: int) -> tuple[list[Unread], int]:
        """Return the next objects of a list, and where what follows them begins.

        That is the end of the list, or an object that must be decoded.
        """
        found: list[Unread] = []
        for layout in self._recent if self.are_useful else ():
            if layout.match(text, at) is None:
                # The pattern would be sought in the whole text.
                continue
            for row in layout.row.finditer(text, at):
                if row.start() != at:
                    break
                found.append(Unread(layout, row.groups()))
                at = row.end()
            if found:
                self._use(layout)
                self._hits += len(found)
                return found, at
        self._misses += 1
        return found, at

    def _use(self, layout: Layout) -> None:
        """Make a layout the last used one."""
        if self._recent[0] is not layout:
            others = [one for one in self._recent if one is not layout]
            self._recent = (layout, *others)

    def learn(self, text: str, value: Any) -> None:
        """Take in an object that was decoded, and that no known layout fits."""
        if self._misses >= self._next:
            self._next *= 2
            layout = layout_of(text, value, self._kinds)
            if layout is not None:
                self._recent = (layout, *self._recent[: TRIED - 1])

    def check_lists(self, one: Unread, check: Callable[[str], object]) -> None:
        """Check the lists of an object that are read as they are written, each text once."""
        for slot in one.layout.lists.values():
            text = one.texts[slot]
            if text not in self._checked:
                check(text)
                if len(self._checked) > MOST_CHECKED:
                    self._checked.clear()
                self._checked.add(text)


def layout_of(text: str, value: Any, kinds: Kinds) -> Layout | None:
    """Return the layout of an object that is written as ``text``, None if it has none.

    It has none if a text has an escape, or if an object in it has a name twice.
    """
    if not isinstance(value, dict) or len(text) > LONGEST:
        return None
    tracing = _Tracing(text, kinds)
    try:
        frame = tracing.value((), value)
    except ValueError:
        return None
    return Layout("".join(tracing.parts), frame, tracing.paths) if tracing.paths else None


class _Tracing:
    """The walk through an object and its text at the same time, token by token."""

    def __init__(self, text: str, kinds: Kinds) -> None:
        self.parts: list[str] = []
        self.paths: list[Path] = []
        self._kinds = kinds
        self._tokens = iter(TOKEN.findall(text))

    def value(self, path: Path, value: Any) -> Any:
        """Add the pattern of a value and return it with slots.

        Raise ValueError if that fails.
        """
        if isinstance(value, dict):
            return self._object(path, value)
        if isinstance(value, list):
            return self._list(path, value)
        if isinstance(value, str):
            return self._text(path, value)
        self._literal(json.dumps(value))
        return value

    def _object(self, path: Path, value: dict[str, Any]) -> dict[str, Any]:
        found = {}
        mark = "{"
        for name, inner in value.items():
            self._literal(mark)
            self._literal(f'"{name}"')
            self._literal(":")
            found[name] = self.value((*path, name), inner)
            mark = ","
        if not value:
            self._literal("{")
        self._literal("}")
        return found

    def _list(self, path: Path, value: list[Any]) -> Any:
        kind = self._kinds(path)
        if kind == LIST:
            return self._written_list(path)
        found = []
        mark = "["
        for number, inner in enumerate(value):
            self._literal(mark)
            found.append(self.value((*path, number), inner))
            mark = ","
        if not value:
            self._literal("[")
        self._literal("]")
        return found

    def _written_list(self, path: Path) -> ListSlot:
        """Add the pattern of a list without lists, and go behind it."""
        if self._next() != "[":
            raise ValueError
        while (token := self._token()) != "]":
            if token == "[":
                raise ValueError
        return ListSlot(self._slot(path, f"({LIST})"))

    def _text(self, path: Path, value: str) -> Any:
        kind = self._kinds(path)
        if kind is None:
            self._literal(f'"{value}"')
            return value
        if self._next() != f'"{value}"' or not re.fullmatch(kind, value):
            raise ValueError
        return Slot(self._slot(path, f'"({kind})"'))

    def _slot(self, path: Path, pattern: str) -> int:
        self.parts.append(pattern)
        self.paths.append(path)
        return len(self.paths) - 1

    def _literal(self, wanted: str) -> None:
        if self._next() != wanted:
            raise ValueError
        self.parts.append(re.escape(wanted))

    def _next(self) -> str:
        """Return the next token that is not blank; add what is blank to the pattern."""
        while not (token := self._token()).strip(BLANK):
            self.parts.append(re.escape(token))
        return token

    def _token(self) -> str:
        token = next(self._tokens, None)
        if token is None:
            raise ValueError
        return str(token)
