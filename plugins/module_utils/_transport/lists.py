# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of SCIM read row by row, so that rows laid out alike need not be decoded.

Says nothing about what is wrong: a text that is odd in any way is read as every other answer.
"""

from __future__ import annotations

import re
from typing import Any

from .._model.errors import ScimError
from .._model.json_patterns import BLANK
from .._model.layouts import Layouts
from .body import decoder_of_rows, strictly

# RFC 7644 section 3.4.2. A quote within a text has an escape, so this is never part of one.
ROWS = re.compile(r'"Resources"[ \t\r\n]*:[ \t\r\n]*\[[ \t\r\n]*(?=\{)')
NAME = '"Resources"'
# What stands for the rows while the rest is read.
REST = '"\ufffe rows"'


def list_of(data: bytes, layouts: Layouts) -> dict[str, Any] | None:
    """Return the JSON of a list, with rows that are decoded when that is needed.

    None if it must be read in one piece.
    """
    if not layouts.are_useful:
        return None
    try:
        text = data.decode("utf-8-sig")
        begin = ROWS.search(text)
        if begin is None:
            return None
        rows, end = _rows(text, begin.end(), layouts)
        rest = f"{text[: begin.end()]}{REST}{text[end:]}"
        if rest.count(NAME) != 1 or rest.count(REST) != 1:
            return None
        found = strictly(rest)
    except (ScimError, ValueError, RecursionError, IndexError):
        return None
    if not isinstance(found, dict) or found.get("Resources") != [REST[1:-1]]:
        return None
    found["Resources"] = rows
    return found


def _rows(text: str, at: int, layouts: Layouts) -> tuple[list[Any], int]:
    """Return the rows that begin at a character, and where the list ends.

    Raise an error if one is not as it should be.
    """
    decode = decoder_of_rows()
    rows: list[Any] = []
    while True:
        unread, at = layouts.rows(text, at)
        for one in unread:
            if one.layout.lists:
                layouts.check_lists(one, _decoded_list)
        rows += unread
        if text[at] == "]":
            return rows, at
        if not unread:
            value, end = decode(text, at)
            layouts.learn(text[at:end], value)
            rows.append(value)
            at = _next_row(text, end)


def _decoded_list(text: str) -> Any:
    """Return a list of a row, which is three levels below the whole answer."""
    return strictly(f"[[[{text}]]]")


def _next_row(text: str, end: int) -> int:
    """Return where the row behind another one begins, or its list ends."""
    at = _behind(text, end)
    if text[at] == "]":
        return at
    if text[at] != ",":
        raise ValueError
    at = _behind(text, at + 1)
    if text[at] != "{":
        raise ValueError
    return at


def _behind(text: str, at: int) -> int:
    """Return the place of the next character that is not blank."""
    while text[at] in BLANK:
        at += 1
    return at
