# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns that find JSON objects of known layouts, and their texts, in a text.

Knows JSON (RFC 8259), and neither users nor rows. A pattern finds an object only if the decoder
would give the same names, lists, numbers and truth values in the same order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from .frames import Layout, ListSlot, Path, Slot, picker, renumbered
from .unread import Unread

# The pattern of the texts at a path; None if they are part of the layout. LIST: a list is read
# as it is written, whatever its length.
Kinds = Callable[[Path], "str | None"]

# A text without an escape: what is between the quotes is what it means.
TEXT = r'[^"\\\x00-\x1f]*+'
LIST = r"\[[^\[\]\\\x00-\x1f]*+\]"
# An object, with blanks before and after each name with its value.
BLANKS = r"[ \t\r\n]*+"
OPEN, NEXT, CLOSE = r"\{", BLANKS + r"(?:,|(?=\}))", r"(?<!,)\}"
# More ways to write one name are too many.
MOST_WAYS = 6
# What follows an object in a list: another one, or the end of the list.
BEHIND = BLANKS + r"(?:," + BLANKS + r"(?=\{)|(?=\]))"
TOKEN = re.compile(r'"[^"\\]*"|[{}\[\],:]|[ \t\r\n]+|[^"{}\[\],:\\ \t\r\n]+')
BLANK = " \t\r\n"
# Longer objects are decoded.
LONGEST = 20_000
# Where names may be missing in more ways, objects are decoded.
MOST_LAYOUTS = 1000


class Pair(NamedTuple):
    """One way in which a name and its value are written, with slots from 0."""

    name: str
    pattern: str
    value: Any
    paths: tuple[Path, ...]


class ObjectPattern:
    """The pattern of objects that have the same names, or some of them, in one order.

    ``ways`` are those in which each name and its value are written.
    """

    def __init__(self, ways: Mapping[str, tuple[Pair, ...]]) -> None:
        self._ways = ways
        self._layouts: dict[Any, tuple[Layout, Callable[[Any], Any]] | None] = {}
        self._marks: list[tuple[int, Pair]] = []
        self._pattern = self._made()
        self.match = re.compile(self._pattern).match
        self._key = itemgetter(*[mark for mark, _pair in self._marks])

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> ObjectPattern:
        """Return the pattern of one object."""
        return cls({one.name: (one,) for one in pairs})

    def _made(self) -> str:
        """Return the pattern of such an object. An empty group is a mark for each way."""
        parts = [OPEN]
        group = 0
        for ways in self._ways.values():
            choices = []
            for pair in ways:
                self._marks.append((group, pair))
                choices.append(f"(){BLANKS}{pair.pattern}{NEXT}")
                group += 1 + len(pair.paths)
            parts.append(f"(?:{'|'.join(choices)}|)")
        return "".join(parts) + CLOSE

    @cached_property
    def row(self) -> re.Pattern[str]:
        """Return the pattern of an object in a list, with what follows it there."""
        return re.compile(self._pattern + BEHIND)

    def unread(self, found: re.Match[str]) -> Unread | None:
        """Return the object that was found, None if it must be decoded."""
        groups = found.groups()
        key = self._key(groups)
        if key not in self._layouts:
            if len(self._layouts) >= MOST_LAYOUTS:
                return None
            self._layouts[key] = self._laid_out(groups)
        known = self._layouts[key]
        return None if known is None else Unread(known[0], known[1](groups))

    def _laid_out(self, groups: Sequence[Any]) -> tuple[Layout, Callable[[Any], Any]] | None:
        """Return the layout of an object, and what picks its texts from the groups."""
        frame: dict[str, Any] = {}
        paths: list[Path] = []
        slots: list[int] = []
        for mark, pair in self._marks:
            if groups[mark] is None:
                continue
            if pair.name in frame:
                return None
            size = len(pair.paths)
            frame[pair.name] = renumbered(pair.value, len(paths), size)
            slots += range(mark + 1, mark + 1 + size)
            paths += pair.paths
        return Layout(frame, paths), picker(slots)

    def widened(self, pairs: Sequence[Pair]) -> ObjectPattern | None:
        """Return the pattern that finds another object too.

        None if that has the names in another order, or if one is written in too many ways.
        """
        names = list(self._ways)
        place = 0
        for pair in pairs:
            if pair.name not in names:
                names.insert(place, pair.name)
            elif names.index(pair.name) < place:
                return None
            place = names.index(pair.name) + 1
        ways = {name: self._ways.get(name, ()) for name in names}
        for pair in pairs:
            if pair not in ways[pair.name]:
                ways[pair.name] += (pair,)
            if len(ways[pair.name]) > MOST_WAYS:
                return None
        return ObjectPattern(ways)


def pairs_of(text: str, value: Any, kinds: Kinds) -> list[Pair]:
    """Return how the names and values of an object are written.

    Return none of them if a text has an escape, or if an object has a name twice.
    """
    if not isinstance(value, dict) or not value or len(text) > LONGEST:
        return []
    try:
        return list(_Tracing(text, kinds).pairs(value))
    except ValueError:
        return []


class _Tracing:
    """The walk through an object and its text at the same time, token by token."""

    def __init__(self, text: str, kinds: Kinds) -> None:
        self.parts: list[str] = []
        self.paths: list[Path] = []
        self._kinds = kinds
        self._tokens = iter(TOKEN.findall(text))

    def pairs(self, value: dict[str, Any]) -> Iterator[Pair]:
        """Yield the names and values of the object. Raise ValueError if that fails."""
        mark = "{"
        for name, inner in value.items():
            self._literal(mark)
            self._literal(f'"{name}"')
            # Blanks before a name differ from object to object.
            self.parts, self.paths = [self.parts[-1]], []
            self._literal(":")
            found = self.value((name,), inner)
            yield Pair(name, "".join(self.parts), found, tuple(self.paths))
            mark = ","
        self._literal("}")

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
