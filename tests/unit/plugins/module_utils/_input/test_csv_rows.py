# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV: values as they are written, and a sentence with the line for every other file."""

from __future__ import annotations

import io
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.csv_rows import csv_items
from ansible_collections.identity.scim.plugins.module_utils._input.items import (
    HEADER,
    BadFile,
    Item,
)


def items(text: str) -> list[Item]:
    return list(csv_items(io.StringIO(text, newline="")))


def rows(text: str) -> list[Any]:
    return [one.problem or one.value for one in items(text)[1:]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\n1,2\n", [{"a": "1", "b": "2"}]),
        ("a;b\n1;2,5\n", [{"a": "1", "b": "2,5"}]),
        ("a,b\r\n1,2\r\n", [{"a": "1", "b": "2"}]),
        ("a\n00123\nno\n2026-11-24\n", [{"a": "00123"}, {"a": "no"}, {"a": "2026-11-24"}]),
        ("a,b\n1,\n", [{"a": "1"}]),
        ("a,b\n,\n1,2", [{"a": "1", "b": "2"}]),
        ("\n\na,b\n\n1,2\n\n", [{"a": "1", "b": "2"}]),
        (' a , b\n" x ",2\n', [{"a": " x ", "b": "2"}]),
        ('"a,b";c\n1;2\n', [{"a,b": "1", "c": "2"}]),
        ('a,b\n"x ""y"" z",2\n', [{"a": 'x "y" z', "b": "2"}]),
        ("a,b,\n1,2,\n", [{"a": "1", "b": "2"}]),
        ("a\n{{ x }}\n", [{"a": "{{ x }}"}]),
        ("a,b\n1\n1,2,3\n1,2\n", ["has 1 cell, but", "has 3 cells, but", {"a": "1", "b": "2"}]),
        ("a,\n1,2\n", ["has a value in a column without a name"]),
    ],
)
def test_rows_of_a_table(text: str, found: list[Any]) -> None:
    got = rows(text)
    assert len(got) == len(found)
    for one, wanted in zip(got, found):
        assert one.startswith(wanted) if isinstance(wanted, str) else one == wanted


def test_lines_count_line_breaks_in_cells() -> None:
    found = items('a,b\n"x\ny",1\nz,2\n')
    assert [(one.line, one.section) for one in found] == [(1, HEADER), (2, ""), (4, "")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no row"),
        ("\n\n", "has no row"),
        ("a,b\n", "has no row"),
        ("a,b\n,\n", "has no row"),
        ("a,b,a\n1,2,3\n", "line 1 has two columns a; "),
        ("a,b;c\n1,2\n", "line 1 has both , and ; between its columns"),
        ("a\tb\n1\t2\n", "line 1 has its columns separated by tabs"),
        (",,\n1,2,3\n", "line 1 names no column"),
        ('a,b\n1,2\n"x,3\n4,5\n', "line 3 opens a quote that is never closed"),
        ('a,b\n"x"y,3\n', "line 2 has text after a closing quote"),
        ("a,b\n1,2\n3,x\0y\n", "line 3 has a NUL byte; "),
        ('a,b\n"1\n",2\n\0\0\0', "line 4 has a NUL byte; "),
        (f"a\n{'x' * 140_000}\n", "line 2 has a cell of more than 131072 characters"),
    ],
)
def test_b6_what_is_no_table_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(BadFile) as info:
        items(text)
    assert str(info.value).startswith(said), info.value
