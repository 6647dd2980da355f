# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the name of a column or of a mapping to the option that it sets.

A column sets a whole option (``title``), a part (``name.given_name``), an entry of a type
(``emails.work``) or an attribute without an option. Knows the option table, no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._model.schema import USER, snake, top_path
from .entries import PARTS as EDITS
from .nearest import unknown
from .options import Option
from .raw_attributes import option_of
from .resource_options import USER_ITEM

TEAMS = "teams"
NOUN = "a user"
OPTIONS = {one.name: one for one in USER_ITEM}
MANY = frozenset(one.option for one in USER.attributes if one.many)
# How SCIM names one entry (RFC 7644 section 3.5.2).
ENTRY = re.compile(r'(\w+)\[type eq "([^"]+)"\](?:\.(\w+))?')
SEPARATOR = re.compile(r"[;|]")
# What an entry has besides its content.
ABOUT = frozenset({"type", "primary"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """Where the values of one column go.

    ``form`` is ``value`` or ``list``, ``part`` or ``parts`` (a list) of a dictionary, ``entry``, or
    ``whole`` (a dictionary). ``part`` is the name inside of the option, ``type`` that of an entry.
    """

    option: str
    form: str = "value"
    part: str = ""
    type: str = ""

    def put(self, row: dict[str, Any], value: Any) -> None:
        """Set a value in a row."""
        if self.form in ("list", "parts") and isinstance(value, str):
            value = split(value)
        if self.form in ("part", "parts"):
            row.setdefault(self.option, {})[self.part] = value
        elif self.form == "entry" and not isinstance(value, (list, dict)):
            _entry(row.setdefault(self.option, []), self.type)[self.part] = value
        else:
            is_entry = self.form == "entry" and isinstance(value, dict)
            row[self.option] = [value] if is_entry else value


def _entry(entries: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Return the entry of a type, a new one if there is none."""
    for one in entries:
        if one.get("type", "") == kind:
            return one
    entries.append({"type": kind} if kind else {})
    return entries[-1]


def split(text: str) -> list[str]:
    """Return the names in a cell, separated by ``;`` or ``|``."""
    return [one.strip() for one in SEPARATOR.split(text) if one.strip()]


def without_empty_entries(row: dict[str, Any]) -> None:
    """Leave out the entries of which only the type or ``primary`` is known."""
    for name, entries in list(row.items()):
        if isinstance(entries, list) and name in MANY:
            kept = [one for one in entries if not isinstance(one, dict) or one.keys() - ABOUT]
            if kept or not entries:
                row[name] = kept
            else:
                del row[name]


def column(name: str, *, scim: bool) -> Column | str:
    """Return what a column sets, or what is wrong with its name.

    ``scim``: the name may be that of an attribute, such as ``userName``.
    """
    if name == TEAMS:
        return Column(option=TEAMS, form="list")
    found = _by_option(name)
    if isinstance(found, str) and scim:
        own = _own_name(name)
        return _by_option(own) if isinstance(own, str) else own
    return found


def _by_option(name: str) -> Column | str:
    option, _dot, part = name.partition(".")
    if option not in OPTIONS:
        return unknown(name, known_names(), NOUN)
    if option in MANY:
        return _of_entry(name, option, part)
    return _of_option(name, OPTIONS[option], part)


def _own_name(name: str) -> str | Column:
    """Return the option of a SCIM name."""
    match = ENTRY.fullmatch(name)
    if match is not None:
        inner = f".{snake(match[3])}" if match[3] else ""
        return f"{snake(match[1])}.{match[2]}{inner}"
    path = USER.spelt(name)
    if USER.at(top_path(path)).type != "any":
        own = option_of(USER, path)
        sub = path.rpartition(".")[2]
        return f"{own}.{snake(sub)}" if own in MANY and sub != path else own
    if ":" in name:
        return Column(option="attributes", form="part", part=name)
    return name


def _of_entry(name: str, option: str, part: str) -> Column | str:
    """Return the column of a multi-valued attribute."""
    subs = _parts(OPTIONS[option])
    kind, _dot, sub = part.rpartition(".")
    if sub not in subs:
        kind, sub = part, "value"
    if sub not in subs:
        return f"{name}: name a part of it, such as {option}.work.{subs[0]}"
    return Column(option=option, form="entry", type=kind, part=sub)


def _parts(option: Option) -> list[str]:
    """Return the names that an entry has."""
    return [one.name for one in option.options if one.name not in EDITS]


def _of_option(name: str, option: Option, part: str) -> Column | str:
    """Return the column of an option that is not multi-valued."""
    if option.type != "dict":
        if part:
            return f"{name}: {option.name} has no parts; name it {option.name}"
        return Column(option=option.name, form="list" if option.type == "list" else "value")
    if not option.options:
        whole = Column(option=option.name, form="whole")
        return Column(option=option.name, form="part", part=part) if part else whole
    subs = {one.name: one for one in option.options}
    if not part:
        return Column(option=option.name, form="whole")
    if part not in subs:
        return unknown(part, subs, NOUN, f"{option.name}.")
    form = "parts" if subs[part].type == "list" else "part"
    return Column(option=option.name, form=form, part=part)


def known_names() -> list[str]:
    """Return the names that a column may have, entries by the type ``work``."""
    found = [TEAMS]
    for name, option in OPTIONS.items():
        if name in MANY:
            part = "" if "value" in _parts(option) else ".locality"
            found.append(f"{name}.work{part}")
        elif option.type == "dict":
            found += [f"{name}.{one.name}" for one in option.options]
        else:
            found.append(name)
    return found


def columns_of(names: Iterable[str], *, scim: bool) -> tuple[dict[str, Column], list[str]]:
    """Return the column of every name, and what is wrong with names."""
    found: dict[str, Column] = {}
    seen: dict[Column, str] = {}
    problems = []
    for name in names:
        one = column(name, scim=scim)
        if isinstance(one, str):
            problems.append(one)
        elif one in seen:
            problems.append(f"{name} and {seen[one]} set the same option; remove one of them")
        else:
            found[name] = one
            seen[one] = name
    return found, problems


def whole_columns(columns: Mapping[str, Column]) -> Sequence[str]:
    """Return the sentences about columns of text that name a whole dictionary."""
    found = []
    for name, one in columns.items():
        if one.form == "whole":
            parts = [inner.name for inner in OPTIONS[one.option].options[:3]] or ["NAME"]
            examples = ", ".join(f"{one.option}.{part}" for part in parts)
            found.append(f"{name} is a dictionary; name its parts, such as {examples}")
    return found
