# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM filters, read and evaluated on our side (RFC 7644 section 3.4.2.2).

Knows the attribute table and no service. A service that ignores a filter, or a part of it, returns
too much, so its answers are checked here before anything is removed.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .._model.errors import ScimError
from .._model.flat import boolean, values_at
from .._model.sameness import fold
from .._model.schema import Attribute, ResourceType, unknown

TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[()\[\]])|(?P<word>[^\s()\[\]"]+))')
OPERATORS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
DEEPEST = 50
Test = Callable[[Mapping[str, Any]], bool]
Comparison = Callable[[Any, Any], bool]

ORDER: dict[str, Comparison] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
TEXT: dict[str, Comparison] = {
    "eq": operator.eq,
    "co": operator.contains,
    "sw": str.startswith,
    "ew": str.endswith,
    **ORDER,
}


class BadFilter(ScimError):
    """A filter that cannot be read. Its text is one clause that says where."""


@dataclass(slots=True)
class _Reader:
    """The tokens of a filter and how far they are read.

    ``find`` returns the attribute of a path.
    """

    tokens: list[str]
    find: Callable[[str], Attribute]
    at: int = 0
    depth: int = 0

    def peek(self) -> str:
        """Return the next token, or "" at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def take_word(self, word: str) -> bool:
        """Take the next token if it is ``word``; words ignore case."""
        if self.peek().lower() != word:
            return False
        self.at += 1
        return True

    def fail(self, wanted: str) -> BadFilter:
        found = repr(self.peek()) if self.peek() else "its end"
        return BadFilter(f"{wanted} is expected before {found} (word {self.at + 1})")

    def either(self) -> Test:
        """Read terms joined by ``or``."""
        tests = [self.both()]
        while self.take_word("or"):
            tests.append(self.both())
        return lambda resource: any(test(resource) for test in tests)

    def both(self) -> Test:
        """Read terms joined by ``and``."""
        tests = [self.one()]
        while self.take_word("and"):
            tests.append(self.one())
        return lambda resource: all(test(resource) for test in tests)

    def one(self) -> Test:
        """Read one comparison, or a term in parentheses."""
        if self.take_word("not"):
            if self.peek() != "(":
                raise self.fail("'('")
            inner = self.one()
            return lambda resource: not inner(resource)
        if self.take_word("("):
            return self.closed(")")
        if not re.match(r"[A-Za-z]", self.peek()):
            raise self.fail("an attribute")
        path = self.take()
        if self.take_word("["):
            return self.valued(path)
        return self.compared(path)

    def closed(self, mark: str) -> Test:
        """Read terms up to a closing mark."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadFilter(f"it is nested more than {DEEPEST} deep")
        test = self.either()
        self.depth -= 1
        if not self.take_word(mark):
            raise self.fail(repr(mark))
        return test

    def valued(self, path: str) -> Test:
        """Return the test of ``emails[type eq "work" and value co "@"]``.

        One entry must satisfy all of it.
        """
        subs = self.find(path).by_name
        around = self.find
        self.find = lambda name: subs.get(name.lower()) or unknown(name)
        test = self.closed("]")
        self.find = around

        def satisfied(resource: Mapping[str, Any]) -> bool:
            entries = values_at(resource, path)
            return any(isinstance(entry, Mapping) and test(entry) for entry in entries)

        return satisfied

    def compared(self, path: str) -> Test:
        """Read one comparison of an attribute."""
        attribute = self.find(path)
        if self.take_word("pr"):
            return lambda resource: any(map(_is_present, values_at(resource, path)))
        name = self.peek().lower()
        if name not in OPERATORS:
            raise self.fail(f"an operator ({', '.join(OPERATORS)}, pr)")
        self.take()
        wanted = self.literal()

        def compared(resource: Mapping[str, Any]) -> bool:
            values = _plain(resource, path)
            if name == "ne":
                return not any(_holds("eq", attribute, value, wanted) for value in values)
            return any(_holds(name, attribute, value, wanted) for value in values or [None])

        return compared

    def literal(self) -> Any:
        """Read a value: JSON, as RFC 7644 section 3.4.2.2 says."""
        try:
            value = json.loads(self.peek())
        except ValueError:
            raise self.fail("a value, text in double quotes") from None
        self.take()
        return value


def condition(text: str, kind: ResourceType) -> Test:
    """Return a function that tells whether a resource (as JSON) satisfies a filter.

    Raise BadFilter if the filter cannot be read.
    """
    reader = _Reader(_tokens(text), kind.at)
    test = reader.either()
    if reader.peek():
        raise reader.fail("'and', 'or' or the end")
    return test


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    position = 0
    while text[position:].strip():
        found = TOKEN.match(text, position)
        if found is None:
            raise BadFilter(f"{text[position:].strip()[:20]!r} cannot be read")
        tokens.append(found.group().strip())
        position = found.end()
    return tokens


def _is_present(value: Any) -> bool:
    return value not in (None, "", [], {})


def _holds(name: str, attribute: Attribute, value: Any, wanted: Any) -> bool:
    """Return whether the operator ``name`` holds between two values of the attribute.

    Only texts and numbers have an order. Values of other types are equal or not.
    """
    if isinstance(wanted, bool):
        value = boolean(value)
    if isinstance(value, str) and isinstance(wanted, str):
        one, other = (fold(text, exact=attribute.case_exact) for text in (value, wanted))
        return bool(TEXT[name](one, other))
    if _is_number(value) and _is_number(wanted):
        if name in ORDER:
            return bool(ORDER[name](value, wanted))
        return name == "eq" and bool(value == wanted)
    return name == "eq" and type(value) is type(wanted) and bool(value == wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(resource: Mapping[str, Any], path: str) -> list[Any]:
    """Return the values at a path, entries as their ``value``."""
    found = []
    for value in values_at(resource, path):
        found.append(value.get("value") if isinstance(value, Mapping) else value)
    return found
