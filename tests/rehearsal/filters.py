# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of RFC 7644 section 3.4.2.2 as trees, for imitated services.

Knows the grammar, and nothing of resources or services.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

PATH = r"[\w.:$-]+"
COMPARISON = re.compile(
    rf'({PATH}) (eq|ne|co|sw|ew|gt|ge|lt|le) ("(?:[^"\\]|\\.)*"|true|false|null|-?\d+)'
    rf"|({PATH}) (pr)(?![\w])"
)
OPENING = re.compile(rf"(not ?)?\(|({PATH})\[")


@dataclass(frozen=True)
class Comparison:
    """One comparison. ``path`` is whole, also inside of brackets."""

    path: str
    operator: str
    value: Any = None
    text: str = ""


@dataclass(frozen=True)
class Joined:
    """Parts that all hold (``and``) or of which one does (``or``)."""

    word: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Nested:
    """A part in parentheses, which ``not`` may precede, or in the brackets of a list.

    ``path`` is that of the list, empty for parentheses.
    """

    part: Node
    path: str = ""
    is_not: bool = False


Node = Comparison | Joined | Nested


def parsed(text: str) -> Node:
    """Return a filter as a tree. Raise ValueError with the place at which it cannot be read."""
    node, place = _joined(text, 0, "")
    if place != len(text):
        raise ValueError(text[place:])
    return node


def _joined(text: str, place: int, inside: str) -> tuple[Node, int]:
    """Return parts joined by ``or``, which binds less than ``and``."""
    return _several(text, place, "or", lambda at: _all(text, at, inside))


def _all(text: str, place: int, inside: str) -> tuple[Node, int]:
    return _several(text, place, "and", lambda at: _one(text, at, inside))


def _several(
    text: str, place: int, word: str, read: Callable[[int], tuple[Node, int]]
) -> tuple[Node, int]:
    first, place = read(place)
    parts = [first]
    while text.startswith(f" {word} ", place):
        part, place = read(place + len(word) + 2)
        parts.append(part)
    return (Joined(word, tuple(parts)) if len(parts) > 1 else first), place


def _one(text: str, place: int, inside: str) -> tuple[Node, int]:
    opening = OPENING.match(text, place)
    if opening is not None:
        path = opening[2] or ""
        part, end = _joined(text, opening.end(), path or inside)
        if text[end : end + 1] != ("]" if path else ")"):
            raise ValueError(text[end:])
        return Nested(part, path, bool(opening[1])), end + 1
    found = COMPARISON.match(text, place)
    if found is None:
        raise ValueError(text[place:])
    path, operator, value, present, pr = found.groups()
    whole = ".".join(filter(None, (inside, path or present)))
    read = Comparison(whole, operator or pr, json.loads(value or "null"), value or "")
    return read, found.end()


def comparisons(node: Node) -> Iterator[Comparison]:
    """Yield the comparisons of a filter, in order."""
    if isinstance(node, Comparison):
        yield node
    elif isinstance(node, Nested):
        yield from comparisons(node.part)
    else:
        for part in node.parts:
            yield from comparisons(part)


def joins(node: Node, *, within: bool = False) -> Iterator[str]:
    """Yield the words that join comparisons. ``within``: only those in brackets."""
    if isinstance(node, Nested):
        yield from joins(node.part, within=within and not node.path)
    elif isinstance(node, Joined):
        if not within:
            yield node.word
        for part in node.parts:
            yield from joins(part, within=within)


def depth(node: Node) -> int:
    """Return how many parentheses and brackets are open at most."""
    if isinstance(node, Nested):
        return 1 + depth(node.part)
    return max((depth(part) for part in node.parts), default=0) if isinstance(node, Joined) else 0
