# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath expressions over resources, with errors of one sentence.

Knows no option and no service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._model.errors import ScimError

OPENINGS = ("Invalid jmespath expression: ", "Bad jmespath expression: ")
Test = Callable[[Mapping[str, Any]], bool]


def queried(text: str, value: Any, option: str = "query") -> Any:
    """Return the value of a JMESPath expression over ``value``.

    Raise ScimError that names ``option`` and the position of the mistake, and never quotes the
    data.
    """
    try:
        import jmespath
    except ImportError:
        raise ScimError(
            f"{option} needs the Python library jmespath",
            hint="install it for the interpreter that runs the module",
        ) from None
    try:
        return jmespath.search(text, value)
    except (ValueError, TypeError, ArithmeticError, RecursionError) as error:
        # Its own errors are ValueErrors, but it also lets errors of its functions through.
        reason = _reason(error)
        raise ScimError(f"{option} is not a valid JMESPath expression: {reason}") from None


def expression(text: str, option: str) -> Test:
    """Return a JMESPath expression as a test of one resource.

    Raise ScimError for a mistake in it at once.
    """
    queried(text, {}, option)
    return lambda resource: bool(queried(text, dict(resource), option))


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
