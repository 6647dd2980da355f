# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One row of a roster: unknown names, types, choices and meaning, in one pass.

Rows are checked here and not by Ansible: its check of nested options takes 40 times as long, and
its sentences name no user. What is certainly right passes a quick check. Everything else is
converted as Ansible would, and checked in full. Knows no file and no place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._model.errors import ScimError
from .entries import TRUE
from .nearest import nearest, unknown
from .options import Option
from .secret_values import secret_values
from .types import in_words, type_errors

DEEPEST = 32
SCALARS = frozenset({str, int, float, bool, type(None)})
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A row as it is kept, and what is wrong with it: sentences without a place.

    ``problem`` is one about the row itself, which is no dictionary of options. ``plain``: it passed
    the quick check.
    """

    row: Row
    plain: bool = False
    problems: tuple[str, ...] = ()
    problem: str = ""


class RowReader:
    """Read rows of one table of options.

    ``meaning`` raises ScimError with everything that is wrong with a converted row. ``is_plain``
    is the quick check: it holds only for rows that are right and need no conversion. ``secrets``
    takes every secret value of every row.
    """

    def __init__(
        self,
        noun: str,
        options: Sequence[Option],
        meaning: Callable[[Row], object],
        *,
        is_plain: Callable[[Row], bool],
        secrets: list[Any],
    ) -> None:
        self.noun = noun
        self.options = options
        self._meaning = meaning
        self._is_plain = is_plain
        self._secrets = secrets

    def read(self, row: Any) -> Read:
        """Return a row without nulls, with values of the types of its options."""
        if self._is_plain(row):
            return Read(row=row, plain=True)
        problem = _shape(row)
        if problem:
            return Read(row={}, problem=problem)
        self._secrets.extend(secret_values(self.options, row))
        problems = [*unknown_names(self.options, row, self.noun), *type_errors(self.options, row)]
        if problems:
            return Read(row={}, problems=tuple(problems))
        found = converted(self.options, row)
        problems = list(refused(self.options, found))
        if not problems:
            try:
                self._meaning(found)
            except ScimError as error:
                problems = [error.reason, *error.lines]
        return Read(row=found, problems=tuple(problems))


def _shape(row: Any) -> str:
    """Return what is wrong with the shape of a row."""
    if row is None:
        return "is null; remove it, or set its options"
    if not isinstance(row, Mapping):
        return f"must be a dictionary of options, not {in_words(row)}"
    return "is nested too deeply" if _is_deep(row, DEEPEST) else ""


def _is_deep(value: Any, left: int) -> bool:
    """Return whether a value has more than ``left`` levels."""
    level = [value]
    while outer := list(filter(_is_outer, level)):
        if left == 0:
            return True
        left -= 1
        level = []
        for one in outer:
            level += one.values() if isinstance(one, Mapping) else one
    return False


def _is_outer(value: Any) -> bool:
    return value.__class__ not in SCALARS and isinstance(value, (list, tuple, Mapping))


def wrong_options(options: Iterable[Option], given: Mapping[Any, Any]) -> list[str]:
    """Return a sentence for every misspelt option and every one of the wrong type.

    The options are as a task has them. Other unknown names are left to Ansible, which lists all.
    """
    options = tuple(options)
    problems = []
    for name, known, above in _unknown(options, given):
        is_own = isinstance(name, str) and not name.startswith("_")
        if is_own and nearest(name, known):
            problems.append(unknown(name, known, "", above))
    return [*problems, *type_errors(options, given)]


def unknown_names(options: Iterable[Option], row: Row, noun: str) -> Iterator[str]:
    """Yield a sentence for every name that no option has, at any depth.

    Entries of multi-valued attributes are checked where they are read.
    """
    for name, known, above in _unknown(options, row):
        yield unknown(name, known, noun, above)


def _unknown(
    options: Iterable[Option], row: Mapping[Any, Any], above: str = ""
) -> Iterator[tuple[Any, Mapping[str, Option], str]]:
    """Yield every name that no option has, with the options there and the place above."""
    known = {option.name: option for option in options}
    for name, value in row.items():
        option = known.get(name)
        if option is None:
            yield name, known, above
        elif option.type == "dict" and option.options and isinstance(value, Mapping):
            yield from _unknown(option.options, value, f"{above}{name}.")


def converted(options: Iterable[Option], row: Row) -> dict[str, Any]:
    """Return a row of the right types as Ansible would convert it, without nulls."""
    known = {option.name: option for option in options}
    found = {}
    for name, value in row.items():
        if value is not None:
            found[name] = _converted(known[name], value)
    return found


def _converted(option: Option, value: Any) -> Any:
    if option.type == "bool":
        return str(value).strip().lower() in TRUE | {"1.0"}
    if option.type == "str" and not isinstance(value, str):
        return str(value)
    if option.type == "dict" and option.options and isinstance(value, Mapping):
        return converted(option.options, value)
    if option.type != "list":
        return value
    if isinstance(value, str):
        return [one.strip() for one in value.split(",")]
    if option.elements == "dict" and option.options:
        return [converted(option.options, one) for one in value]
    return list(value)


def refused(options: Iterable[Option], row: Row, above: str = "") -> Iterator[str]:
    """Yield a sentence for every value that is no choice.

    Also for what excludes each other, and for what is required.
    """
    for option in options:
        value = row.get(option.name)
        place = f"{above}{option.name}"
        if value is None:
            if option.required:
                yield f"{place} must be set"
            continue
        if option.choices:
            yield from _no_choices(option, value, place)
        if option.type != "dict" or not option.options:
            continue
        if not isinstance(value, Mapping):
            names = ", ".join(one.name for one in option.options[:5])
            yield f"{place} must be a dictionary with {names}, not text"
            continue
        if option.exclusive and "set" in value and len(value) > 1:
            yield f"{place} has set together with add or remove; set is the complete list"
        yield from refused(option.options, value, f"{place}.")


def _no_choices(option: Option, value: Any, place: str) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if one not in option.choices:
            choices = ", ".join(map(str, option.choices))
            yield f"{place} must be one of {choices}, not '{str(one)[:60]}'"
