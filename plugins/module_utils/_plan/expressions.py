# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath expressions over resources, with errors of one sentence.

Knows no option and no service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .._model.errors import ScimError

OPENINGS = ("Invalid jmespath expression: ", "Bad jmespath expression: ")
# Nodes of which only the first child looks at the value that is given.
STEPS = frozenset(
    {"subexpression", "index_expression", "pipe", "flatten", "projection", "value_projection"}
    | {"filter_projection"}
)
Test = Callable[[Mapping[str, Any]], bool]


def queried(text: str, value: Any, option: str = "query") -> Any:
    """Return the value of a JMESPath expression over ``value``.

    Raise ScimError that names ``option`` and the position of the mistake, and never quotes the
    data.
    """
    jmespath = _library(option)
    with _explained(option):
        return jmespath.search(text, value)


def compiled(text: str, option: str) -> tuple[Callable[[Any], Any], frozenset[str]]:
    """Return an expression as a function, and the names that it looks up.

    The names are those in the value that it is given. Raise ScimError for a mistake in it at once,
    and from the function for what it cannot evaluate.
    """
    jmespath = _library(option)
    with _explained(option):
        found = jmespath.compile(text)

    def value_of(given: Any) -> Any:
        with _explained(option):
            return found.search(given)

    return value_of, frozenset(_fields(found.parsed))


def _library(option: str) -> Any:
    try:
        import jmespath
    except ImportError:
        raise ScimError(
            f"{option} needs the Python library jmespath",
            hint="install it for the interpreter that runs the module",
        ) from None
    return jmespath


@contextmanager
def _explained(option: str) -> Iterator[None]:
    """Raise ScimError for an error of the library."""
    try:
        yield
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        # Its own errors are ValueErrors, but it also lets errors of its functions through.
        reason = _reason(error)
        raise ScimError(f"{option} is not a valid JMESPath expression: {reason}") from None


def _fields(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names that a parsed expression looks up in the value that it is given."""
    if node["type"] == "field":
        yield node["value"]
    elif node["type"] != "expref":
        inner = node["children"]
        for one in inner[:1] if node["type"] in STEPS else inner:
            if isinstance(one, Mapping):
                yield from _fields(one)


def expression(text: str, option: str) -> Test:
    """Return a JMESPath expression as a test of one resource.

    Raise ScimError for a mistake in it at once. A function that does not take null is none, since
    resources may have what it is given.
    """
    jmespath = _library(option)
    with _explained(option):
        _tried(jmespath, text)
    return lambda resource: bool(queried(text, dict(resource), option))


def _tried(jmespath: Any, text: str) -> None:
    """Evaluate an expression over a resource without attributes."""
    try:
        jmespath.search(text, {})
    except jmespath.exceptions.JMESPathTypeError as error:
        if error.actual_type != "null":
            raise


def _reason(error: Exception) -> str:
    said = _without_data(error).strip().split("\n", maxsplit=1)[0].rstrip(":")
    for opening in OPENINGS:
        said = said.removeprefix(opening)
    said = said or type(error).__name__
    place = getattr(error, "lexer_position", None)
    if isinstance(place, int) and "column" not in said:
        return f"{said} at column {place}"
    return said


def _without_data(error: Exception) -> str:
    """Return what the library says, without the value that it quotes.

    That value is data of a person.
    """
    function = getattr(error, "function_name", None)
    expected = getattr(error, "expected_types", None)
    actual = getattr(error, "actual_type", None)
    if not (function and expected and actual):
        return str(error)
    types = " or ".join(map(str, expected))
    return f"In function {function}(), invalid type: expected {types}, received {actual}"
