# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a plain row to what it sets of a user, without making its desired state.

It is what ``user_desired`` makes of the same row, ten times as fast. Knows the option table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._model.schema import USER, Attribute
from .._plan.desired import EMAIL, Clause, Reference, key_option
from .._plan.roster import PlainRow
from .plain_rows import is_plain_user

NAME = USER.name_attribute
PRESENT = ("state", "present")
PATHS = {key_option(path): path for path in (*USER.match_by, EMAIL)}
ORDER = tuple(map(key_option, USER.match_by))


def _texts() -> dict[str, str]:
    """Return the paths of options that are texts or booleans."""
    found = {}
    for one in USER.attributes:
        if not (one.many or one.sub or one.references or one.secret):
            found[one.option] = one.name
    return found


def _parts() -> dict[str, tuple[str, dict[str, str]]]:
    """Return the names of options that are dictionaries, and of their parts."""
    found = {}
    for one in USER.attributes:
        if one.sub and not one.many and not one.references:
            found[one.option] = (one.name, {sub.option: sub.name for sub in one.sub})
    for extension in USER.extensions:
        parts = {}
        for one in extension.attributes:
            if not (one.many or one.sub or one.references or one.secret):
                parts[one.option] = one.name
        found[extension.option] = (extension.urn, parts)
    return found


def _links() -> dict[tuple[str, str], str]:
    """Return the paths of options that name another user."""
    found = {}
    for extension in USER.extensions:
        for one in extension.attributes:
            if one.references:
                found[extension.option, one.option] = f"{extension.urn}:{one.name}.value"
    return found


def _entries() -> dict[str, tuple[str, dict[str, str]]]:
    """Return the lists by their option, with the names of the parts of an entry."""
    found = {}
    for one in USER.attributes:
        if one.many:
            found[one.option] = (one.name, _names_of(one))
    return found


def _names_of(attribute: Attribute) -> dict[str, str]:
    return {sub.option: sub.name for sub in attribute.sub}


TEXTS, BELOW, LINKS, LISTS = _texts(), _parts(), _links(), _entries()


def is_plain(row: Mapping[str, Any]) -> bool:
    """Return whether a row may say by itself what it sets."""
    return is_plain_user(row) and row["user_name"].isascii()


def plain_row(row: Mapping[str, Any], match_by: Sequence[str] | None = None) -> PlainRow | None:
    """Return what a plain row sets, None if only its desired state says so."""
    attributes: dict[str, Any] = {}
    links: dict[str, Reference] = {}
    for option, value in row.items():
        path = TEXTS.get(option)
        if path is not None:
            attributes[path] = value
        elif option in LISTS:
            name, names = LISTS[option]
            attributes[name] = [_entry(names, entry) for entry in value]
        elif option in BELOW:
            if not _add_parts(option, value, attributes, links):
                return None
        elif (option, value) != PRESENT:
            return None
    keys = tuple(_keys(attributes, row.get("match_by") or match_by or ORDER))
    return PlainRow(row["user_name"], keys, attributes, links) if keys else None


def _entry(names: Mapping[str, str], entry: Mapping[str, Any]) -> dict[str, Any]:
    return {names[one]: value for one, value in entry.items()}


def _add_parts(
    option: str,
    given: Mapping[str, Any],
    attributes: dict[str, Any],
    links: dict[str, Reference],
) -> bool:
    """Add the parts of a dictionary. Return False if one is not plain."""
    above, names = BELOW[option]
    parts = {}
    for name, value in given.items():
        path = names.get(name)
        if path is not None:
            parts[path] = value
        elif (option, name) in LINKS and value.isascii():
            links[LINKS[option, name]] = Reference(USER.name, NAME, value)
        else:
            return False
    if parts:
        attributes[above] = parts
    return True


def _keys(attributes: Mapping[str, Any], order: Sequence[str]) -> list[Clause]:
    found: list[Clause] = []
    for name in order:
        path = PATHS.get(name, "")
        if path == EMAIL:
            found += [(EMAIL, one["value"]) for one in attributes.get("emails", ())]
        elif path in attributes:
            found.append((path, attributes[path]))
    return found
