# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resources are ours: SCIM filters read and judged on our side (RFC 7644 section 3.4.2.2); knows the attribute table, no service.

A service that ignores a filter, or a term of it, answers too much: what it says is checked here before anything is removed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .._model.flat import values_at
from .._model.merge import fold
from .._model.schema import Attribute, ResourceType

TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[()\[\]])|(?P<word>[^\s()\[\]"]+))')
OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
DEEPEST = 50
Test = Callable[[Mapping[str, Any]], bool]


class BadFilter(ValueError):
    """A filter that cannot be read; its text is one clause that says where."""


@dataclass(slots=True)
class _Reader:
    """The tokens of a filter and how far they were read. ``find`` gives the attribute of a path."""

    tokens: list[str]
    find: Callable[[str], Attribute]
    at: int = 0
    depth: int = 0

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def fail(self, wanted: str) -> BadFilter:
        found = self.peek() or "its end"
        return BadFilter(
            f"{wanted} is expected before {found if found == 'its end' else repr(found)} (word {self.at + 1})"
        )


def condition(text: str, kind: ResourceType) -> Test:
    """A filter → a function that says of a resource (as JSON) whether it satisfies it. Raises BadFilter."""
    tokens: list[str] = []
    position = 0
    while text[position:].strip():
        found = TOKEN.match(text, position)
        if found is None:
            raise BadFilter(f"{text[position:].strip()[:20]!r} cannot be read")
        tokens.append(found.group().strip())
        position = found.end()
    reader = _Reader(tokens, kind.at)
    test = _either(reader)
    if reader.peek():
        raise reader.fail("'and', 'or' or the end")
    return test


def _either(reader: _Reader) -> Test:
    tests = [_both(reader)]
    while reader.peek().lower() == "or":
        reader.next()
        tests.append(_both(reader))
    return lambda resource: any(test(resource) for test in tests)


def _both(reader: _Reader) -> Test:
    tests = [_one(reader)]
    while reader.peek().lower() == "and":
        reader.next()
        tests.append(_one(reader))
    return lambda resource: all(test(resource) for test in tests)


def _one(reader: _Reader) -> Test:
    if reader.peek().lower() == "not":
        reader.next()
        if reader.peek() != "(":
            raise reader.fail("'('")
        inner = _one(reader)
        return lambda resource: not inner(resource)
    if reader.peek() == "(":
        reader.next()
        return _closed(reader, ")")
    path = reader.next()
    if not re.match(r"[A-Za-z]", path):
        reader.at -= 1
        raise reader.fail("an attribute")
    if reader.peek() == "[":
        reader.next()
        return _valued(reader, path)
    return _compared(reader, path)


def _closed(reader: _Reader, mark: str) -> Test:
    reader.depth += 1
    if reader.depth > DEEPEST:
        raise BadFilter(f"it is nested more than {DEEPEST} deep")
    test = _either(reader)
    reader.depth -= 1
    if reader.next() != mark:
        reader.at -= 1
        raise reader.fail(repr(mark))
    return test


def _valued(reader: _Reader, path: str) -> Test:
    """``emails[type eq "work" and value co "@"]``: one entry must satisfy all of it."""
    outer = reader.find(path)
    subs = {sub.name.lower(): sub for sub in outer.sub}
    around, reader.find = (
        reader.find,
        lambda name: (
            subs.get(name.lower()) or Attribute(name=name, doc="", type="any", case_exact=True)
        ),
    )
    test = _closed(reader, "]")
    reader.find = around
    return lambda resource: any(
        isinstance(entry, Mapping) and test(entry) for entry in values_at(resource, path)
    )


def _compared(reader: _Reader, path: str) -> Test:
    attribute = reader.find(path)
    operator = reader.next().lower()
    if operator == "pr":
        return lambda resource: any(
            value not in (None, "", [], {}) for value in values_at(resource, path)
        )
    if operator not in OPERATORS:
        reader.at -= 1
        raise reader.fail(f"an operator ({', '.join(OPERATORS)}, pr)")
    try:
        wanted = json.loads(reader.next())
    except ValueError:
        reader.at -= 1
        raise reader.fail("a value, text in double quotes") from None
    if operator == "ne":
        return lambda resource: (
            not any(_holds("eq", attribute, value, wanted) for value in _plain(resource, path))
        )
    return lambda resource: any(
        _holds(operator, attribute, value, wanted) for value in _plain(resource, path) or [None]
    )


def _holds(operator: str, attribute: Attribute, value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, bool):
        value = {"true": True, "false": False}.get(value.lower(), value)
    if isinstance(value, str) and isinstance(wanted, str):
        one, other = (fold(text, exact=attribute.case_exact) for text in (value, wanted))
        return {
            "eq": one == other,
            "co": other in one,
            "sw": one.startswith(other),
            "ew": one.endswith(other),
            "gt": one > other,
            "ge": one >= other,
            "lt": one < other,
            "le": one <= other,
        }[operator]
    numbers = all(
        isinstance(number, (int, float)) and not isinstance(number, bool)
        for number in (value, wanted)
    )
    if operator == "eq":
        return (
            type(value) is type(wanted)
            and bool(value == wanted)
            or numbers
            and bool(value == wanted)
        )
    return numbers and bool(
        {
            "gt": value > wanted,
            "ge": value >= wanted,
            "lt": value < wanted,
            "le": value <= wanted,
        }.get(operator, False)
    )


def _plain(resource: Mapping[str, Any], path: str) -> list[Any]:
    """The same, an entry of a multi-valued attribute as its ``value``."""
    return [
        value.get("value") if isinstance(value, Mapping) else value
        for value in values_at(resource, path)
    ]
