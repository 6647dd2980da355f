# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What readers of files yield: items with their lines.

Also the error that ends a file. Knows no format.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Item(NamedTuple):
    """One row as it was written.

    ``section`` is the key of the list that holds it, "" for the list that is the whole file, and
    ``HEADER`` for the names of the columns, which come first.
    ``problem`` is what is wrong with its form.
    """

    line: int
    value: Any
    section: str = ""
    problem: str = ""


class BadFile(Exception):
    """A mistake after which a file cannot be read on.

    Its text follows the name of the file.
    """


class Lined(dict[str, Any]):
    """A dictionary that knows the line on which it begins."""

    __slots__ = ("line",)

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


HEADER = "header"
EMPTY = "has no row; it must have at least one"
SECTIONS = {"users": "users", "groups": "groups", "teams": "teams", "team_roster": "teams"}
KNOWN = "a file is a list of rows, or a dictionary with users, groups or teams"


def is_aside(name: str) -> bool:
    """Return whether a key of a file is only a place for anchors or notes."""
    return name.startswith("x-")


def section_of(name: str, seen: set[str], line: int) -> str:
    """Return the kind of the rows below a key of a file, and note the key.

    Raise BadFile if there is none, or if it is there twice.
    """
    if name not in SECTIONS:
        raise BadFile(f"line {line} has the unknown key {name[:60]}; {KNOWN}")
    if SECTIONS[name] in seen:
        raise BadFile(f"line {line} has {name} a second time; put all rows into one list")
    seen.add(SECTIONS[name])
    return SECTIONS[name]
