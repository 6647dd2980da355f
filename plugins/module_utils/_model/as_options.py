# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a resource to the options that would state it: the inverse of options → attributes, by the same table; knows no service.

What comes out can be stated again and changes nothing: what only the service writes, secrets, unknown attributes and what a
task may not state (empty texts, addresses that are none, a second primary entry) are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .flat import boolean, entry
from .schema import Attribute, ResourceType

Named = Callable[[str], Any]


def options_of(
    kind: ResourceType, resource: Mapping[str, Any], reference_to: Named
) -> dict[str, Any]:
    """The attributes of a resource by option name. ``reference_to`` gives the reference that stands for an id (manager)."""
    found = _stated(kind.attributes, resource, reference_to)
    for extension in kind.extensions:
        held = next(
            (value for name, value in resource.items() if name.lower() == extension.urn.lower()),
            None,
        )
        inner = (
            _stated(extension.attributes, held, reference_to) if isinstance(held, Mapping) else {}
        )
        if inner:
            found[extension.option] = inner
    return found


def _stated(
    table: tuple[Attribute, ...], held: Mapping[str, Any], reference_to: Named
) -> dict[str, Any]:
    by_name = {name.lower(): value for name, value in reversed(tuple(held.items()))}
    found: dict[str, Any] = {}
    for attribute in table:
        value = by_name.get(attribute.name.lower())
        if value is None or attribute.secret:
            continue
        if attribute.references:
            ident = value.get("value") if isinstance(value, Mapping) else value
            made = reference_to(ident) if isinstance(ident, str) and ident.strip() else None
        elif attribute.many:
            made = _entries(attribute, value if isinstance(value, list) else [value]) or None
        elif attribute.sub:
            made = (
                _stated(attribute.sub, value, reference_to) or None
                if isinstance(value, Mapping)
                else None
            )
        else:
            made = _plain(attribute, value)
        if made is not None:
            found[attribute.option] = made
    return found


def _plain(attribute: Attribute, value: Any) -> Any:
    """A simple value as an option takes it, or None where it takes none such."""
    if attribute.type == "boolean":
        value = boolean(value)
        return value if isinstance(value, bool) else None
    if isinstance(value, str):
        return value if value.strip() else None
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _entries(attribute: Attribute, rows: list[Any]) -> list[dict[str, Any]]:
    """The entries of a multi-valued attribute, each once; with more than one primary, none is said to be."""
    found: list[dict[str, Any]] = []
    seen: set[tuple[str, str]] = set()
    for row in rows:
        held = {name.lower(): value for name, value in entry(attribute, row).items()}
        pairs = (
            (sub.option, _plain(sub, held[sub.name.lower()]))
            for sub in attribute.sub
            if sub.name.lower() in held
        )
        one = {name: value for name, value in pairs if value is not None}
        content = {name: value for name, value in one.items() if name not in ("type", "primary")}
        if not content or attribute.name == "emails" and "@" not in str(one.get("value", "@")):
            continue
        mark = (str(one.get("type", "")).lower(), str(one.get("value", sorted(content.items()))))
        if mark not in seen:
            seen.add(mark)
            found.append(one)
    if sum(bool(one.get("primary")) for one in found) > 1:
        found = [{name: value for name, value in one.items() if name != "primary"} for one in found]
    return found
