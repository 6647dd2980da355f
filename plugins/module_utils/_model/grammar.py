# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SCIM's grammar for the names of attributes; knows no attribute and no option."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

NAME = r"[A-Za-z][A-Za-z0-9$_-]*"
REFERENCE = r"\$ref"
ATTRIBUTE = re.compile(NAME)
SUB_ATTRIBUTE = re.compile(rf"{NAME}|{REFERENCE}")
# A URN has a namespace and a text in it (RFC 8141 section 2).
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[^\s:\[\]\"\\/?#]+(:[^\s:\[\]\"\\/?#]+)*", re.I)
ALLOWED = "a name begins with a letter and contains only letters, digits, $, - and _"


def problem(path: str) -> str:
    """Return what is wrong with the path of an attribute, "" if nothing.

    The rule is in RFC 7643 section 2.1. The path may have the URN of a schema in front and a
    sub-attribute behind it.
    """
    return _written(path, path)


def is_bare_urn(name: str) -> bool:
    """Return whether a name is a URN of one namespace and one text.

    With more parts, the last one may be an attribute.
    """
    return name.count(":") == 2 and URN.fullmatch(name) is not None


def problem_of(name: Any, value: Any) -> str:
    """Return what is wrong with a raw attribute, also with the names inside it.

    The attributes of an extension may stand in a dictionary under its URN (RFC 7643 section 3.3).
    """
    if not isinstance(name, str):
        return f"names {name!r}, which is not text"
    if isinstance(value, Mapping) and URN.fullmatch(name):
        return _first(_inside(name, value))
    return problem(name) or _first(_of_value(name, value))


def _inside(urn: str, values: Mapping[Any, Any]) -> Iterator[str]:
    """Yield what is wrong with the names under a URN."""
    for name, value in values.items():
        written = f"{urn}:{name}"
        yield _parts(str(name), written)
        yield from _of_value(written, value)


def _of_value(written: str, value: Any) -> Iterator[str]:
    """Yield what is wrong with the names of sub-attributes in a value."""
    entries = value if isinstance(value, (list, tuple)) else [value]
    for entry in entries:
        if not isinstance(entry, Mapping):
            continue
        for name in entry:
            if not SUB_ATTRIBUTE.fullmatch(str(name)):
                yield f"names {_shown(f'{written}.{name}')}, which is not valid; {ALLOWED}"


def _written(path: str, written: str) -> str:
    if path[:4].lower() != "urn:":
        return _parts(path, written)
    urn, _colon, rest = path.rpartition(":")
    if not rest or not URN.fullmatch(urn):
        return f"names {_shown(written)}, which is a URN without the name of an attribute"
    return _parts(rest, written)


def _parts(path: str, written: str) -> str:
    """Return what is wrong with an attribute and its sub-attribute."""
    name, dot, sub = path.partition(".")
    if ATTRIBUTE.fullmatch(name) and (not dot or SUB_ATTRIBUTE.fullmatch(sub)):
        return ""
    if not path:
        return f"names {_shown(written)}, which has no name"
    if "." in sub:
        return (
            f"names {_shown(written)}, which is not valid; an attribute has one sub-attribute "
            "behind one dot"
        )
    return f"names {_shown(written)}, which is not valid; {ALLOWED}"


def _shown(name: str) -> str:
    return f"'{name}'"


def _first(problems: Iterator[str]) -> str:
    return next(filter(None, problems), "")
