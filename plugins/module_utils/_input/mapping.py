# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of a file as options of users.

The names of the columns say which, or ``mapping`` does. ``mapping`` has a JMESPath expression over
the row for each option or SCIM attribute. Knows no
format of files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .._model.errors import ScimError, all_of
from .._plan.expressions import compiled
from .columns import Column, columns_of, whole_columns, without_empty_entries
from .nearest import nearest

IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
Value = Callable[[Mapping[str, Any]], Any]


class ColumnNames:
    """Rows whose columns are named like options."""

    def __init__(self) -> None:
        self._columns: dict[str, Column] = {}

    def bind(self, header: Sequence[str]) -> list[str]:
        """Take the names of the columns, and return what is wrong with them."""
        self._columns, problems = columns_of(filter(None, header), scim=False)
        return [*problems, *whole_columns(self._columns)]

    def options(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row as options."""
        found: dict[str, Any] = {}
        for name, cell in row.items():
            self._columns[name].put(found, cell)
        without_empty_entries(found)
        return found


class MappedNames:
    """Rows whose values are found by expressions.

    What no expression names is left out. Raise ScimError if a mapping names no option, or has no
    expression for it.
    """

    def __init__(self, mapping: Mapping[str, Any]) -> None:
        self._texts = dict(_flat(mapping, ""))
        self._columns, problems = columns_of(self._texts, scim=True)
        self._values: dict[str, Value] = {}
        self._unseen: dict[str, str] = {}
        self._seen: set[str] = set()
        problems = [f"mapping.{one}" for one in problems]
        for name, text in self._texts.items():
            if not isinstance(text, str) or not text.strip():
                problems.append(f"mapping.{name} must be a column or a JMESPath expression")
        if problems:
            raise all_of(problems)

    def bind(self, header: Sequence[str] | None) -> list[str]:
        """Take the names of the columns, and return what is wrong with expressions.

        None: the rows may have any names.
        """
        problems = []
        for name, text in self._texts.items():
            try:
                self._values[name] = self._value(name, text, header)
            except ScimError as error:
                problems.append(str(error))
        return problems

    def _value(self, name: str, text: str, header: Sequence[str] | None) -> Value:
        """Return how a value is found. The name of a column may be any text."""
        if header is not None and text in header:
            return _key(text)
        if IDENTIFIER.fullmatch(text):
            value, fields = _key(text), frozenset({text})
        else:
            value, fields = compiled(text, f"mapping.{name}")
        if header is None:
            self._unseen.update(dict.fromkeys(fields, name))
        for field in sorted(fields.difference(fields if header is None else header)):
            near = nearest(field, header or ())
            known = ", ".join((header or ())[:20])
            advice = f"did you mean {near}?" if near else f"there are {known}"
            raise ScimError(f"mapping.{name} names the column {field}; {advice}")
        return value

    def options(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row as options.

        Raise ScimError if an expression cannot be evaluated.
        """
        if self._unseen:
            self._note(row)
        found: dict[str, Any] = {}
        for name, value_of in self._values.items():
            value = value_of(row)
            if value is not None and value != "":
                self._columns[name].put(found, value)
        without_empty_entries(found)
        return found

    def _note(self, row: Mapping[str, Any]) -> None:
        """Note which names there are, as long as an expression names others."""
        for name in row:
            if name not in self._seen and isinstance(name, str):
                self._seen.add(name)
                self._unseen.pop(name, None)

    def misspelt(self) -> list[str]:
        """Return what is wrong with names that no row had, after the last row.

        A name that every row leaves out is right. So it is wrong only if it is nearly one that is
        there and that no expression uses.
        """
        problems = []
        free = sorted(self._seen.difference(self._texts.values()))
        for field, name in sorted(self._unseen.items()):
            near = nearest(field, free)
            if near:
                said = f"mapping.{name} names {field}, which no row has; did you mean {near}?"
                problems.append(said)
        return problems


def _key(name: str) -> Value:
    return lambda row: row.get(name)


def _flat(mapping: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    """Yield the names of a mapping with their expressions.

    Dictionaries are taken apart: their names are dotted.
    """
    for name, value in mapping.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        elif value is not None:
            yield f"{above}{name}", value
