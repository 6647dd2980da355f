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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from .unread import Unread

Path = tuple[Any, ...]
# The pattern of the texts at a path; None if they are part of the layout. LIST: a list is read
# as it is written, whatever its length.
Kinds = Callable[[Path], "str | None"]

# A text without an escape: what is between the quotes is what it means.
TEXT = r'[^"\\\x00-\x1f]*+'
LIST = r"\[[^\[\]\\\x00-\x1f]*+\]"
# An object, with blanks before and after each of its members.
BLANKS = r"[ \t\r\n]*+"
OPEN, NEXT, CLOSE = r"\{", BLANKS + r"(?:,|(?=\}))", r"(?<!,)\}"
# More ways to write one name are too many.
MOST_WAYS = 6
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
# Where more names may be missing in more ways, objects are decoded.
MOST_LAYOUTS = 1000
MOST_NAMES = 1000
NEVER = 10**18
MARK = "\0"


class Slot(int):
    """The place of a text in an object of which the layout is known."""


class ListSlot(Slot):
    """The place of a list that is read as it is written."""


class Frame:
    """What objects have in common that differ in their texts only.

    ``frame`` is such an object with slots instead of texts. ``paths`` say where these are, in
    order, and ``names`` are all names, at any depth, those in lists as far as they were checked.
    ``top`` has the slots of the texts at the top,
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


class Member(NamedTuple):
    """One way in which a name and its value are written, with slots from 0."""

    name: str
    pattern: str
    value: Any
    paths: tuple[Path, ...]


class Written:
    """How objects are written that have the same names, or some of them, in one order.

    Each name has some ``ways``.
    """

    def __init__(self, ways: Mapping[str, tuple[Member, ...]]) -> None:
        self._ways = ways
        self._layouts: dict[Any, tuple[Layout, Callable[[Any], Any]] | None] = {}
        self._marks: list[tuple[int, Member]] = []
        self._pattern = self._made()
        self.match = re.compile(self._pattern).match
        self._key = itemgetter(*[mark for mark, _member in self._marks])

    def _made(self) -> str:
        """Return the pattern of such an object. An empty group is a mark for each way."""
        parts = [OPEN]
        group = 0
        for ways in self._ways.values():
            choices = []
            for member in ways:
                self._marks.append((group, member))
                choices.append(f"(){BLANKS}{member.pattern}{NEXT}")
                group += 1 + len(member.paths)
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
        for mark, member in self._marks:
            if groups[mark] is None:
                continue
            if member.name in frame:
                return None
            size = len(member.paths)
            frame[member.name] = _filled(member.value, _moved(member.value, len(paths), size))
            slots += range(mark + 1, mark + 1 + size)
            paths += member.paths
        return Layout(frame, paths), picker(slots)

    def with_ways_of(self, members: Sequence[Member]) -> Written | None:
        """Return the same with another object, None if that is written in another order."""
        names = list(self._ways)
        place = 0
        for member in members:
            if member.name not in names:
                names.insert(place, member.name)
            elif names.index(member.name) < place:
                return None
            place = names.index(member.name) + 1
        ways = {name: self._ways.get(name, ()) for name in names}
        for member in members:
            if member not in ways[member.name]:
                ways[member.name] += (member,)
            if len(ways[member.name]) > MOST_WAYS:
                return None
        return Written(ways)


def _moved(value: Any, start: int, size: int) -> list[Slot]:
    """Return the slots of a member with numbers from ``start``."""
    kind = value.__class__ if isinstance(value, Slot) else Slot
    return [kind(number) for number in range(start, start + size)]


def picker(slots: Sequence[int]) -> Callable[[Any], Any]:
    """Return what picks some of many texts, in order, as a tuple."""
    if len(slots) > 1:
        return itemgetter(*slots)
    if not slots:
        return lambda _texts: ()
    only = slots[0]
    return lambda texts: (texts[only],)


class Layouts:
    """The layouts that were met in one file or list.

    Threads may use it: what they lose of each other's is only learnt again.
    """

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._next = FIRST
        self._recent: tuple[Written, ...] = ()
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
        for written in self._recent if self.are_useful else ():
            found = written.match(text, at)
            unread = None if found is None else written.unread(found)
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
        for written in self._recent if self.are_useful else ():
            if written.match(text, at) is None:
                # The pattern would be sought in the whole text.
                continue
            for row in written.row.finditer(text, at):
                unread = written.unread(row) if row.start() == at else None
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
        members = members_of(text, value, self._kinds)
        if not members:
            return
        for number, written in enumerate(self._recent):
            more = written.with_ways_of(members)
            if more is not None:
                others = self._recent
                self._recent = (more, *others[:number], *others[number + 1 :])
                return
        self._recent = (written_as(members), *self._recent[: TRIED - 1])

    def check_lists(self, one: Unread, decode: Callable[[str], Any]) -> None:
        """Check the lists of an object that are read as they are written, each text once.

        The names in them become names of the layout. ``decode`` raises an error for a wrong text.
        Raise ValueError for more names than objects that are laid out alike have.
        """
        for slot in one.layout.lists.values():
            text = one.texts[slot]
            names = self._checked.get(text)
            if names is None:
                names = frozenset(_names_in(decode(text)))
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


def written_as(members: Iterable[Member]) -> Written:
    """Return how one object is written."""
    return Written({one.name: (one,) for one in members})


def members_of(text: str, value: Any, kinds: Kinds) -> list[Member]:
    """Return how the names of an object are written, none if that cannot be told.

    It cannot if a text has an escape, or if an object has a name twice.
    """
    if not isinstance(value, dict) or not value or len(text) > LONGEST:
        return []
    try:
        return list(_Tracing(text, kinds).members(value))
    except ValueError:
        return []


class _Tracing:
    """The walk through an object and its text at the same time, token by token."""

    def __init__(self, text: str, kinds: Kinds) -> None:
        self.parts: list[str] = []
        self.paths: list[Path] = []
        self._kinds = kinds
        self._tokens = iter(TOKEN.findall(text))

    def members(self, value: dict[str, Any]) -> Iterator[Member]:
        """Yield the members of the object. Raise ValueError if that fails."""
        mark = "{"
        for name, inner in value.items():
            self._literal(mark)
            self._literal(f'"{name}"')
            # Blanks before a name differ from object to object.
            self.parts, self.paths = [self.parts[-1]], []
            self._literal(":")
            found = self.value((name,), inner)
            yield Member(name, "".join(self.parts), found, tuple(self.paths))
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
