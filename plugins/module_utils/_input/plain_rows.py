# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quick check of a user in a roster: certainly right, or to be looked at.

A row that passes sets only plain options, in the types in which they are kept. Knows the option
table. Says nothing about what is wrong: a row that does not pass is checked in full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from .._model.schema import USER
from .options import Option
from .resource_options import USER_ITEM

LONGEST = 1000
ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
NAME = attrgetter("name")
MANAGER = frozenset({"manager"})
MANY = frozenset(one.option for one in USER.attributes if one.many)


def _texts(options: Sequence[Option]) -> frozenset[str]:
    found = set()
    for one in options:
        if one.type == "str" and not one.secret and not one.choices:
            found.add(one.name)
    return frozenset(found)


SIMPLE = _texts(USER_ITEM)
STATES = frozenset(USER_ITEM[0].choices)
# The texts of dictionaries; a manager may be a user name.
PARTS = {
    one.name: _texts(one.options) | MANAGER.intersection(map(NAME, one.options))
    for one in USER_ITEM
    if one.type == "dict" and one.options and one.name != "groups"
}
ENTRIES = {one.name: _texts(one.options) for one in USER_ITEM if one.name in MANY}


# A text as ``_are_plain`` wants it, in letters that have no escape in JSON.
PLAIN = r'[^\x00-\x20"*\\\x7f][^\x00-\x1f"*\\\x7f]*+'
FIXED = frozenset({"state", "type"})


def kind_of_text(path: tuple[Any, ...]) -> str | None:
    """Return what a text of a plain row may be, to find rows that are laid out alike.

    None for texts that many rows have in common.
    """
    if path[0] == "emails" and path[-1] == "value":
        return ADDRESS.pattern
    return None if path[-1] in FIXED else PLAIN


def are_plain(texts: str, size: int) -> bool:
    """Return whether texts of these kinds are plain, all in one, with so many ends."""
    if len(texts) + size > LONGEST - 1:
        return False
    return texts.isascii() or texts.replace("\n", "").isprintable()


def is_plain_user(row: Any) -> bool:
    """Return whether a row certainly has no error and is kept as it is."""
    if not isinstance(row, dict) or "user_name" not in row:
        return False
    texts: list[str] = []
    for name, value in row.items():
        if value.__class__ is str:
            if name not in SIMPLE and (name != "state" or value not in STATES):
                return False
            texts.append(value)
        elif not _is_plain_part(name, value, texts):
            return False
    if "active" in row and "state" in row:
        return False
    return _are_plain(texts)


def _are_plain(texts: list[str]) -> bool:
    """Return whether texts may be sent and looked up.

    None is blank or begins with a space, has a control character or half of a surrogate pair, or
    may be the mask of a secret.
    """
    joined = "\n".join(["", *texts, ""])
    if "\n\n" in joined or "\n " in joined or "*" in joined or len(joined) > LONGEST:
        return False
    return "".join(texts).isprintable()


def _is_plain_part(name: str, value: Any, texts: list[str]) -> bool:
    """Return whether a dictionary, a list or a boolean is plain, and add its texts."""
    if value.__class__ is list:
        return name in ENTRIES and _are_plain_entries(name, value, texts)
    if isinstance(value, dict):
        return bool(value) and name in PARTS and _is_plain_dictionary(PARTS[name], value, texts)
    return name == "active" and value.__class__ is bool


def _is_plain_dictionary(known: frozenset[str], value: dict[str, Any], texts: list[str]) -> bool:
    for name, inner in value.items():
        if inner.__class__ is not str or name not in known:
            return False
        texts.append(inner)
    return True


def _are_plain_entries(option: str, entries: list[Any], texts: list[str]) -> bool:
    """Return whether entries are plain. Several with one value are looked at closely."""
    known = ENTRIES[option]
    values = set()
    primaries = 0
    for entry in entries:
        if not isinstance(entry, dict):
            return False
        value = entry.get("value")
        if value.__class__ is not str:
            return False
        if option == "emails" and ADDRESS.fullmatch(value) is None:
            return False
        values.add(value)
        for name, inner in entry.items():
            if inner.__class__ is str and name in known:
                texts.append(inner)
            elif name == "primary" and inner.__class__ is bool:
                primaries += inner
            else:
                return False
    return len(values) == len(entries) and primaries <= 1
