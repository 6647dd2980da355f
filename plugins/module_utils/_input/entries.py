# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the option of a multi-valued attribute to its entries.

Such an option is a list of entries, or ``{set | add | remove: [...]}``. Ansible does not check it,
so this does. Knows no other option.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._model.flat import Entry, entry
from .._model.pairing import Edit
from .._model.schema import Attribute, snake
from .input_errors import InputErrors, is_address
from .nearest import nearest

PARTS = ("set", "add", "remove")
TRUE = frozenset({"true", "yes", "on", "y", "t", "1"})
FALSE = frozenset({"false", "no", "off", "n", "f", "0"})
FORM = "must be a list of entries, or a dictionary with set, or with add and remove"


def entries_option(
    attribute: Attribute, given: Any, errors: InputErrors, option: str
) -> list[Entry] | Edit | None:
    """Return the entries that an option sets, None if it sets nothing.

    Errors are collected.
    """
    if not isinstance(given, Mapping):
        return _list(attribute, given, errors, option)
    parts = {str(name): value for name, value in given.items() if value is not None}
    unknown = sorted(parts.keys() - set(PARTS))
    if unknown:
        errors.add(option, f"{FORM}, not with {', '.join(unknown)}")
        return None
    if "set" in parts and len(parts) > 1:
        errors.add(option, "has set together with add or remove; set is the complete list")
        return None
    if "set" in parts:
        return Edit(whole=_list(attribute, parts["set"], errors, f"{option}.set"))
    if not parts:
        return None
    added = _list(attribute, parts.get("add", ()), errors, f"{option}.add")
    removed = _patterns(attribute, parts.get("remove", ()), errors, f"{option}.remove")
    if any(one in removed for one in added):
        errors.add(option, "adds and removes the same entry")
    return Edit(add=added, remove=removed)


def raw_edit(attribute: Attribute, given: Any, errors: InputErrors, option: str) -> Edit | None:
    """Return ``{set | add | remove: [...]}`` in SCIM's own names.

    Return None if it is something else. Errors are collected.
    """
    is_edit = isinstance(given, Mapping) and bool(given) and given.keys() <= set(PARTS)
    if not attribute.many or not is_edit:
        return None
    if "set" in given and len(given) > 1:
        errors.add(option, "has set together with add or remove; set is the complete list")
    rows: dict[str, list[Entry]] = {}
    for part, values in given.items():
        if _is_list(values, errors, f"{option}.{part}"):
            rows[part] = [entry(attribute, one) for one in values if one]
    return Edit(rows.get("set"), rows.get("add", []), rows.get("remove", []))


def entries_of(
    attribute: Attribute, given: Sequence[Any], errors: InputErrors, option: str
) -> list[Entry]:
    """Return the entries of a list, without nulls.

    An entry without a value, the same entry twice and two primary entries are errors.
    """
    found: list[Entry] = []
    marks: list[tuple[str, str]] = []
    for number, row in enumerate(given):
        place = f"{option}[{number}]"
        one = _entry(attribute, row, errors, place)
        if one is None or not _is_entry(attribute, one, errors, place):
            continue
        mark = (str(one.get("type", "")).lower(), str(one.get("value", one)))
        if mark in marks:
            errors.add(place, "has the same type and value as an earlier entry")
        marks.append(mark)
        found.append(one)
    primaries = sum(bool(one.get("primary")) for one in found)
    if primaries > 1:
        errors.add(option, f"has {primaries} primary entries; at most one is allowed")
    return found


def _list(attribute: Attribute, given: Any, errors: InputErrors, option: str) -> list[Entry]:
    if _is_list(given, errors, option):
        return entries_of(attribute, given, errors, option)
    return []


def _is_list(given: Any, errors: InputErrors, option: str) -> bool:
    if isinstance(given, Sequence) and not isinstance(given, (str, bytes)):
        return True
    form = "must be a list of entries" if option.endswith(PARTS) else FORM
    errors.add(option, f"{form}, not {_in_words(given)}")
    return False


def _patterns(attribute: Attribute, given: Any, errors: InputErrors, option: str) -> list[Entry]:
    """Return which entries to remove: those of a value, of a type, or of both."""
    found: list[Entry] = []
    if not _is_list(given, errors, option):
        return found
    for number, row in enumerate(given):
        place = f"{option}[{number}]"
        one = _entry(attribute, row, errors, place)
        if one is None or not _are_texts(one, errors, place):
            continue
        if one.keys() <= {"primary"}:
            errors.add(place, "has neither a value nor a type")
        else:
            found.append(one)
    return found


def _entry(attribute: Attribute, row: Any, errors: InputErrors, place: str) -> Entry | None:
    """Return one entry by SCIM names, None if it has not the form of one."""
    names = {sub.option: sub for sub in attribute.sub}
    if not isinstance(row, Mapping):
        errors.add(place, f"must be a dictionary with {', '.join(names)}, not {_in_words(row)}")
        return None
    unknown = sorted(map(str, row.keys() - names.keys()))
    if unknown:
        near = nearest(unknown[0], names)
        hint = f"did you mean {near}?" if near else f"known are {', '.join(names)}"
        errors.add(place, f"has the unknown option {unknown[0][:60]}; {hint}")
        return None
    found = {}
    for name, value in row.items():
        if value is not None:
            inner = _value(names[name], value)
            if inner is None:
                kind = "true or false" if names[name].type == "boolean" else "text"
                errors.add(f"{place}.{name}", f"must be {kind}, not {_in_words(value)}")
                return None
            found[names[name].name] = inner
    return entry(attribute, found)


def _value(sub: Attribute, value: Any) -> str | bool | None:
    """Return a part of an entry as Ansible would convert it, None if it cannot be."""
    if sub.type == "boolean":
        word = str(value).strip().lower() if isinstance(value, (str, int)) else ""
        if word in TRUE or word in FALSE:
            return word in TRUE
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None


def _in_words(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"{str(value).lower()}; quote it, or add `| string`"
    if isinstance(value, (int, float)):
        return f"the number {value}; quote it, or add `| string`"
    if isinstance(value, Mapping):
        return "a dictionary"
    return "text" if isinstance(value, str) else "a list"


def _is_entry(
    attribute: Attribute, one: Mapping[str, Any], errors: InputErrors, place: str
) -> bool:
    """Return whether an entry has a value. Errors are collected."""
    sendable = _are_texts(one, errors, place)
    if one.keys() <= {"type", "primary"}:
        errors.add(place, "has no value")
        return False
    address = str(one.get("value", ""))
    if attribute.name == "emails" and sendable and "value" in one and not is_address(address):
        errors.add(f"{place}.value", f"must be an e-mail address, not '{address}'")
    return True


def _are_texts(one: Mapping[str, Any], errors: InputErrors, place: str) -> bool:
    sendable = True
    for name, value in one.items():
        sendable &= errors.check_text(f"{place}.{snake(name)}", value)
    return sendable
