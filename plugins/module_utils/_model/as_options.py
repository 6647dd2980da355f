# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a resource to the options that set it: the inverse of options → attributes.

Knows the attribute table and no service. The options can be set again and change nothing. So the
result has no read-only attributes, secrets or unknown attributes, and nothing that a task may not
set: empty texts, e-mail addresses without ``@``, a second primary entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .flat import boolean, entry
from .schema import Attribute, ResourceType

ReferenceTo = Callable[[str], Any]


def options_of(
    kind: ResourceType, resource: Mapping[str, Any], reference_to: ReferenceTo
) -> dict[str, Any]:
    """Return the attributes of a resource (as JSON) by option name.

    ``reference_to`` returns the option value for the id of another resource (manager).
    """
    found = _options(kind.attributes, resource, reference_to)
    by_name = _by_name(resource)
    for extension in kind.extensions:
        values = by_name.get(extension.urn.lower())
        if isinstance(values, Mapping):
            inner = _options(extension.attributes, values, reference_to)
            if inner:
                found[extension.option] = inner
    return found


def _by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values by lower-case name, of equal names the first."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        found.setdefault(name.lower(), value)
    return found


def _options(
    table: tuple[Attribute, ...], values: Mapping[str, Any], reference_to: ReferenceTo
) -> dict[str, Any]:
    by_name = _by_name(values)
    found: dict[str, Any] = {}
    for attribute in table:
        value = by_name.get(attribute.name.lower())
        if value is None or attribute.secret:
            continue
        option = _option(attribute, value, reference_to)
        if option not in (None, {}, []):
            found[attribute.option] = option
    return found


def _option(attribute: Attribute, value: Any, reference_to: ReferenceTo) -> Any:
    """Return an attribute's value as its option takes it, empty or None for none."""
    if attribute.references:
        return _reference(value, reference_to)
    if attribute.many:
        rows = value if isinstance(value, list) else [value]
        return _entries(attribute, rows)
    if not attribute.sub:
        return _plain(attribute, value)
    if isinstance(value, Mapping):
        return _options(attribute.sub, value, reference_to)
    return None


def _reference(value: Any, reference_to: ReferenceTo) -> Any:
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, str) and value.strip():
        return reference_to(value)
    return None


def _plain(attribute: Attribute, value: Any) -> str | bool | None:
    """Return a simple value as an option takes it, or None if it takes no such value."""
    if attribute.type == "boolean":
        value = boolean(value)
        return value if isinstance(value, bool) else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value.strip():
        return value
    return None


def _entries(attribute: Attribute, rows: list[Any]) -> list[dict[str, Any]]:
    """Return the entries of a multi-valued attribute, each once.

    If several are primary, none is marked, since a task may mark only one.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        one = _entry(attribute, row)
        content = _content(one)
        if content and _may_be_set(attribute, one):
            label = str(one.get("type", "")).lower()
            value = str(one.get("value", content))
            found.setdefault((label, value), one)
    entries = list(found.values())
    primaries = [one for one in entries if one.get("primary")]
    if len(primaries) > 1:
        for one in entries:
            one.pop("primary", None)
    return entries


def _entry(attribute: Attribute, row: Any) -> dict[str, Any]:
    """Return one entry by the names of its suboptions."""
    values = {name.lower(): value for name, value in entry(attribute, row).items()}
    one: dict[str, Any] = {}
    for sub in attribute.sub:
        plain = _plain(sub, values.get(sub.name.lower()))
        if plain is not None:
            one[sub.option] = plain
    return one


def _content(one: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return what an entry holds besides its labels."""
    return sorted(item for item in one.items() if item[0] not in ("type", "primary"))


def _may_be_set(attribute: Attribute, one: dict[str, Any]) -> bool:
    return attribute.name != "emails" or "@" in str(one.get("value", "@"))
