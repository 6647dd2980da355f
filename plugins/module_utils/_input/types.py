# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether options have the types of their table, before Ansible converts them.

Ansible makes text of anything: ``no`` becomes ``False``. Knows the tables, no meaning. No sentence
shows a text that may be secret.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._model.schema import Attribute
from .._plan.policy import THRESHOLDS
from .entries import PARTS as EDITS
from .options import Option

QUOTE = "quote it, or add `| string`"
LARGEST = 2**63
MOST_SHOWN = 40
TRUTHS = frozenset("y yes on 1 true t n no off 0 false f 1.0 0.0".split())
# Options whose text is a name: a number may have lost its zeros.
NAMES = frozenset(
    "user_name display_name external_id name nick_name formatted family_name given_name "
    "middle_name honorific_prefix honorific_suffix group".split()
)
# Options that say themselves what is wrong with a number.
COUNTED = frozenset({*THRESHOLDS, "max_removals", "stop_after_failures"})


def type_errors(table: Iterable[Option], given: Mapping[Any, Any]) -> list[str]:
    """Return a sentence for every option of the wrong type, as it was written.

    Unknown options and choices are left to Ansible. A null option counts as omitted.
    """
    return list(_of_table(table, given, ""))


def without_nulls(table: Iterable[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options without null suboptions of dictionaries, which count as omitted.

    Ansible would look for null among the choices.
    """
    found = dict(given)
    for option in table:
        value = found.get(option.name)
        if option.type == "dict" and option.options and isinstance(value, Mapping):
            kept = {name: one for name, one in value.items() if one is not None}
            found[option.name] = without_nulls(option.options, kept)
    return found


def _of_table(table: Iterable[Option], given: Mapping[Any, Any], above: str) -> Iterator[str]:
    for option in table:
        value = given.get(option.name)
        if value is not None:
            yield from _of_option(option, value, above + option.name)


def _of_option(option: Option, value: Any, place: str) -> Iterator[str]:
    check = _rows if option.rows else CHECKS.get(option.type)
    if check is not None:
        yield from check(option, value, place)


def _text(option: Option, value: Any, place: str) -> Iterator[str]:
    if isinstance(value, str):
        return
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if option.name in COUNTED and isinstance(value, (int, float)):
        yield from _size(value, place)
        return
    if is_whole and option.name not in NAMES:
        yield from _numbers(value, place)
        return
    yield f"{place} must be text, not {in_words(value)}{_quoted(value)}"


def _number(option: Option, value: Any, place: str) -> Iterator[str]:
    """Yield what is wrong with a number, or with a text of which Ansible makes one."""
    noun = "a whole number" if option.type == "int" else "a number"
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        yield f"{place} must be a number, not {in_words(value)}"
        return
    try:
        number = value if isinstance(value, int) else float(value)
    except ValueError:
        yield f"{place} must be {noun}, not {in_words(value)}"
        return
    if isinstance(number, int) or math.isinf(number):
        yield from _size(number, place)
    elif math.isnan(number):
        yield f"{place} must be a number, not {number}"
    elif option.type == "int" and not number.is_integer():
        yield f"{place} must be a whole number, not {in_words(number)}"
    else:
        yield from _size(number, place)


def _size(number: float, place: str) -> Iterator[str]:
    """Yield a sentence for a number that is larger than any count or duration."""
    if abs(number) >= LARGEST:
        yield f"{place} is a number of more than 64 bits; set a smaller one"


def _truth(_option: Option, value: Any, place: str) -> Iterator[str]:
    is_scalar = isinstance(value, (str, bool, int, float))
    if not is_scalar or str(value).strip().lower() not in TRUTHS:
        yield f"{place} must be true or false, not {in_words(value)}"


def _dictionary(option: Option, value: Any, place: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        if option.options:
            yield from _of_table(option.options, value, f"{place}.")
        else:
            yield from _free(value, place)
    elif not _is_dictionary_text(value):
        names = [one.name for one in option.options[:5]]
        parts = f" with {', '.join(names)}" if names else ""
        yield f"{place} must be a dictionary{parts}, not {in_words(value)}"


def _is_dictionary_text(value: Any) -> bool:
    """Return whether Ansible makes a dictionary of a text: JSON, or ``key=value``."""
    return isinstance(value, str) and (value.lstrip().startswith("{") or "=" in value)


def _list(option: Option, value: Any, place: str) -> Iterator[str]:
    if isinstance(value, str) and (option.elements != "dict" or "=" in value):
        return
    if not _is_list(value):
        noun = {"dict": "dictionaries", "str": "texts"}.get(option.elements or "", "entries")
        yield f"{place} must be a list of {noun}, not {in_words(value)}"
        return
    for number, entry in enumerate(value):
        yield from _entry(option, entry, f"{place}[{number}]")


def _rows(option: Option, value: Any, place: str) -> Iterator[str]:
    """Yield what is wrong with a list of rows, which are checked one by one elsewhere."""
    if not _is_list(value):
        yield f"{place} must be a list of dictionaries, not {in_words(value)}"


def _entries(option: Option, value: Any, place: str) -> Iterator[str]:
    """Yield what is wrong with a list of entries, or with a dictionary of such lists.

    Whatever else is raw is checked where it is read.
    """
    if not option.options:
        return
    parts = tuple(one for one in option.options if one.name not in EDITS)
    rows = replace(option, elements="dict", options=parts)
    if _is_list(value):
        yield from _list(rows, value, place)
    elif not isinstance(value, Mapping):
        yield f"{place} must be a list of {_form(parts)}, not {_shown(value)}"
    else:
        for part in EDITS:
            if value.get(part) is not None:
                yield from _list(rows, value[part], f"{place}.{part}")


def _form(parts: Sequence[Option]) -> str:
    """Return the form of an entry, such as ``{value, type}``."""
    names = [one.name for one in parts]
    shown = [name for name in ("value", "type") if name in names and "value" in names]
    return f"{{{', '.join(shown or names[:3])}}}"


def _shown(value: Any) -> str:
    """Return a value that is not secret in words, a text as it is."""
    if not isinstance(value, str) or not value.isprintable():
        return in_words(value)
    return f"'{value}'" if len(value) <= MOST_SHOWN else f"'{value[:MOST_SHOWN]} …'"


def _entry(option: Option, entry: Any, place: str) -> Iterator[str]:
    if entry is None:
        yield f"{place} is null; remove it, or set it"
    elif option.elements == "dict":
        yield from _dictionary(option, entry, place)
    elif option.elements == "str" and not isinstance(entry, str):
        yield f"{place} must be text, not {in_words(entry)}{_quoted(entry)}"


def _free(value: Any, place: str) -> Iterator[str]:
    """Yield what JSON or SCIM cannot hold in values of any shape."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(name, str):
                yield from _free(inner, f"{place}.{name}")
            else:
                yield f"{place} has the key {name}, which is not text; {QUOTE}"
    elif _is_list(value):
        for number, inner in enumerate(value):
            yield from _free(inner, f"{place}[{number}]")
    else:
        yield from _numbers(value, place)


def _numbers(value: Any, place: str) -> Iterator[str]:
    """Yield a sentence for a number that services do not keep as it is."""
    if isinstance(value, int) and not -LARGEST <= value < LARGEST:
        yield f"{place} is a number of more than 64 bits; {QUOTE}"
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{place} is {value}, which is no number of JSON; {QUOTE}"


def raw_problem(attribute: Attribute, value: Any, *, is_name: bool) -> str:
    """Return what is wrong with the type of a raw attribute, "" if nothing.

    Attributes outside of the table may have any shape, unless they are names.
    """
    is_mapping = isinstance(value, Mapping)
    if attribute.many:
        noun = "" if is_mapping or _is_list(value) else "a list of entries"
    elif attribute.type == "complex":
        noun = "" if is_mapping or attribute.references else "a dictionary"
    else:
        is_free = attribute.type in ("any", "boolean") and not is_name
        return "" if is_free else _text_problem(value, is_name=is_name)
    return f"must be {noun}, not {in_words(value)}" if noun else ""


def _text_problem(value: Any, *, is_name: bool) -> str:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if value is None or isinstance(value, str) or (is_whole and not is_name):
        return ""
    return f"must be text, not {in_words(value)}{_quoted(value)}"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _quoted(value: Any) -> str:
    return f"; {QUOTE}" if isinstance(value, (bool, int, float)) else ""


def in_words(value: Any) -> str:
    """Return of which type a value is, and a number or a truth itself."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        is_large = abs(value) >= LARGEST
        return "a number of more than 64 bits" if is_large else f"the number {value}"
    if isinstance(value, Mapping):
        return "a dictionary"
    return "a list" if _is_list(value) else "text"


CHECKS: dict[str, Callable[[Option, Any, str], Iterator[str]]] = {
    "str": _text,
    "path": _text,
    "int": _number,
    "float": _number,
    "bool": _truth,
    "dict": _dictionary,
    "list": _list,
    "raw": _entries,
}
