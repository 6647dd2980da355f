# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of JSON and NDJSON files, one at a time (RFC 8259).

A JSON file is read in portions: one row is in memory, not the file. Knows no option.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from .._model.layouts import Layouts
from .._model.unread import Unread
from .items import EMPTY, KNOWN, BadFile, Item, is_aside, section_of

PORTION = 2**18
LARGEST = 2**63
BLANK = " \t\r\n"
DEEP = "is nested too deeply"


class BadNumber(ValueError):
    """A number that JSON, or a service, cannot hold."""


class Decoder:
    """Decodes values and notes the keys that a dictionary has twice."""

    def __init__(self) -> None:
        self.twice: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._dictionary, parse_int=_whole, parse_constant=_constant
        )

    def decode(self, text: str, start: int = 0) -> tuple[Any, int]:
        """Return the value that begins at a character, and where it ends.

        Raise ValueError if it is not valid, or not yet complete.
        """
        self.twice.clear()
        return self._decoder.raw_decode(text, start)

    @property
    def problem(self) -> str:
        """Return what is wrong with the keys of the last value."""
        return f"has the key {self.twice[0][:60]} twice; remove one" if self.twice else ""

    def _dictionary(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _value in pairs]
            self.twice.append(next(name for name in names if names.count(name) > 1))
        return found


def _whole(text: str) -> int:
    number = int(text) if len(text) <= 20 else LARGEST
    if not -LARGEST <= number < LARGEST:
        raise BadNumber("has a number of more than 64 bits; quote it")
    return number


def _constant(text: str) -> Any:
    raise BadNumber(f"has {text}, which is no number of JSON")


def _in_words(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"is not valid JSON: {error.msg.lower()}"
    return str(error) if isinstance(error, BadNumber) else "is not valid JSON"


def ndjson_items(file: TextIO, layouts: Layouts | None = None) -> Iterator[Item]:
    """Yield one item for each line that is not blank. Raise BadFile if there is none.

    Rows that have one of the ``layouts`` stay unread.
    """
    layouts = layouts or Layouts.none()
    decoder = Decoder()
    count = 0
    for line, text in enumerate(file, 1):
        text = text.strip(BLANK)
        if text:
            count += 1
            found = layouts.find(text)
            if found is not None and found[1] == len(text):
                yield Item(line, found[0])
                continue
            item = _line(decoder, line, text)
            if found is None and not item.problem:
                layouts.learn(text, item.value)
            yield item
    if not count:
        raise BadFile(EMPTY)


def _line(decoder: Decoder, line: int, text: str) -> Item:
    try:
        value, end = decoder.decode(text)
    except RecursionError:
        return Item(line, {}, problem=DEEP)
    except ValueError as error:
        return Item(line, {}, problem=_in_words(error))
    if end < len(text):
        return Item(line, {}, problem="has more than one JSON value; write one object in each line")
    return Item(line, value, problem=decoder.problem)


def json_items(file: TextIO, layouts: Layouts | None = None) -> Iterator[Item]:
    """Yield the items of a list, or of the lists of a dictionary.

    Raise BadFile if the file is something else, or not valid. Rows that have one of the
    ``layouts`` stay unread.
    """
    text = JsonText(file, layouts or Layouts.none())
    opening = text.token()
    count = 0
    if opening == "[":
        for item in text.entries(""):
            count += 1
            yield item
    elif opening == "{":
        seen: set[str] = set()
        for section in text.keys(seen):
            for item in text.entries(section):
                count += 1
                yield item
    elif opening:
        raise BadFile(f"is not a roster; {KNOWN}")
    text.finish()
    if not count:
        raise BadFile(EMPTY)


class JsonText:
    """The text of a JSON file, read in portions, with a place in it."""

    def __init__(self, file: TextIO, layouts: Layouts) -> None:
        self._file = file
        self._layouts = layouts
        self._decoder = Decoder()
        self._text = ""
        self._at = 0
        self._line = 1
        self._ended = False
        self._written = ""

    def token(self) -> str:
        """Return the next character that is not blank, and go behind it; "" at the end."""
        found = self._peek()
        self._go(self._at + len(found))
        return found

    def entries(self, section: str) -> Iterator[Item]:
        """Yield the values of a list, behind its bracket."""
        if self._peek() == "]":
            self._go(self._at + 1)
            return
        while True:
            self._peek()
            line = self._line
            unread = self._unread()
            if unread is not None:
                yield Item(line, unread, section)
            else:
                value = self._row()
                yield Item(line, value, section, self._decoder.problem)
            mark = self.token()
            if mark == "]":
                return
            self._expect(mark, ",", "a comma or ] between rows")

    def keys(self, seen: set[str]) -> Iterator[str]:
        """Yield the names of the lists in a dictionary, each in front of its values."""
        if self._peek() == "}":
            self._go(self._at + 1)
            return
        while True:
            self._peek()
            line = self._line
            name = self._value()
            if not isinstance(name, str):
                raise BadFile(f"line {line} is not valid JSON: a key must be text in quotes")
            self._expect(self.token(), ":", "a colon after a key")
            if is_aside(name):
                self._peek()
                self._value()
            else:
                section = section_of(name, seen, line)
                self._peek()
                if self._text.startswith("null", self._at):
                    self._value()
                else:
                    self._expect(self.token(), "[", f"a list of rows below {name}")
                    yield section
            mark = self.token()
            if mark == "}":
                return
            self._expect(mark, ",", "a comma or } behind a list")

    def finish(self) -> None:
        """Raise BadFile if anything follows."""
        if self._peek():
            raise BadFile(
                f"line {self._line} is not valid JSON: text follows the end of the roster"
            )

    def _expect(self, found: str, wanted: str, what: str) -> None:
        if found != wanted:
            raise BadFile(f"line {self._line} is not valid JSON: expected {what}")

    def _go(self, to: int) -> None:
        self._line += self._text.count("\n", self._at, to)
        self._at = to

    def _peek(self) -> str:
        """Go to the next character that is not blank, and return it."""
        while True:
            end = self._at
            while end < len(self._text) and self._text[end] in BLANK:
                end += 1
            self._go(end)
            if end < len(self._text) or not self._more(PORTION):
                return self._text[self._at : self._at + 1]

    def _more(self, size: int) -> bool:
        """Read on, and forget what is behind. Return False at the end of the file."""
        portion = "" if self._ended else self._file.read(size)
        self._ended = not portion
        self._text = self._text[self._at :] + portion
        self._at = 0
        return bool(portion)

    def _unread(self) -> Unread | None:
        """Return the row at this place unread, and go behind it, if it is here as a whole."""
        found = self._layouts.find(self._text, self._at)
        if found is None:
            return None
        self._go(found[1])
        return found[0]

    def _row(self) -> Any:
        """Return the row at this place, and go behind it."""
        value = self._value()
        if not self._decoder.problem:
            self._layouts.learn(self._written, value)
        return value

    def _value(self) -> Any:
        """Return the value at this place, and go behind it."""
        size = PORTION
        while True:
            try:
                value, end = self._decoder.decode(self._text, self._at)
            except RecursionError:
                raise BadFile(f"line {self._line} {DEEP}") from None
            except BadNumber as error:
                raise BadFile(f"line {self._line} {error}") from None
            except ValueError as error:
                if not self._more(size):
                    raise BadFile(f"line {self._bad_line(error)} {_in_words(error)}") from None
            else:
                # A number may go on behind this portion.
                if end < len(self._text) or not self._more(size):
                    self._written = self._text[self._at : end]
                    self._go(end)
                    return value
            size *= 2

    def _bad_line(self, error: ValueError) -> int:
        """Return the line of a mistake in the value at this place."""
        position = getattr(error, "pos", self._at)
        return self._line + self._text.count("\n", self._at, position)
