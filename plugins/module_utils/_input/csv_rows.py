# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a CSV file (RFC 4180), one at a time, as dictionaries of texts.

The header alone decides between ``,`` and ``;``. An empty cell is omitted. Knows no option.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import TextIO

from .items import EMPTY, HEADER, BadFile, Item

QUOTED = re.compile(r'"(?:[^"]|"")*"')
SEPARATORS = ",;"
DAMAGED = "the file is damaged or no text, so write it again as UTF-8"


class CsvItems:
    """The records of a CSV file: first the header, then its rows."""

    def __init__(self, file: TextIO) -> None:
        lines = Lines(file)
        self._rows = csv.reader(lines, strict=True, delimiter=_separator(lines.first()))
        self._start = self._end = 0

    def items(self) -> Iterator[Item]:
        """Yield the header as a list of names, then every row that has a value."""
        header = self._next()
        while header == []:
            header = self._next()
        if header is None:
            raise BadFile(EMPTY)
        names = self._checked([name.strip() for name in header])
        yield Item(self._start, names, HEADER)
        count = 0
        cells = self._next()
        while cells is not None:
            if any(cells):
                count += 1
                yield self._item(names, cells)
            cells = self._next()
        if not count:
            raise BadFile(EMPTY)

    def _next(self) -> list[str] | None:
        """Return the cells of the next record, None at the end."""
        self._start = self._end + 1
        try:
            cells = next(self._rows, None)
        except csv.Error as error:
            raise BadFile(f"line {self._start} {_in_words(error)}") from None
        self._end = self._rows.line_num
        return cells

    def _checked(self, header: list[str]) -> list[str]:
        """Return the header, in which every name is there once."""
        named = [name for name in header if name]
        twice = next((name for name in named if named.count(name) > 1), "")
        if twice:
            raise BadFile(f"line {self._start} has two columns {twice[:60]}; remove one of them")
        if not named:
            raise BadFile(f"line {self._start} names no column; the first line is the header")
        return header

    def _item(self, header: list[str], cells: list[str]) -> Item:
        if len(cells) != len(header):
            counts = f"{_cells(len(cells))}, but the header has {len(header)}"
            return Item(self._start, {}, problem=f"has {counts}")
        row = {name: cell for name, cell in zip(header, cells) if cell}
        if "" in row:
            return Item(self._start, {}, problem="has a value in a column without a name")
        return Item(self._start, row)


class Lines:
    """The lines of a file, of which the first can be looked at."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._ahead: list[str] = []

    def first(self) -> str:
        """Return the first line that is not blank."""
        for line in self._file:
            self._ahead.append(line)
            if line.strip():
                return line
        return ""

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(chain(self._ahead, self._file), 1):
            if "\0" in line:
                raise BadFile(f"line {number} has a NUL byte; {DAMAGED}")
            yield line


def csv_items(file: TextIO) -> Iterator[Item]:
    """Yield the header of a CSV file, then its rows.

    Raise BadFile if the header cannot be used, if a quote is not closed, or if there is no row.
    """
    return CsvItems(file).items()


def _separator(header: str) -> str:
    """Return the separator of a header, of the two that it may have."""
    bare = QUOTED.sub("", header)
    found = [one for one in SEPARATORS if one in bare]
    if len(found) > 1:
        raise BadFile("line 1 has both , and ; between its columns; quote names that contain one")
    if not found and "\t" in bare:
        raise BadFile("line 1 has its columns separated by tabs; separate them by , or ;")
    return found[0] if found else ","


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _in_words(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end of data" in said:
        return 'opens a quote that is never closed; close it, or write " as ""'
    if "expected after" in said:
        return 'has text after a closing quote; write " inside of quotes as ""'
    if "field larger" in said:
        return f"has a cell of more than {csv.field_size_limit()} characters"
    return "is not valid CSV"
