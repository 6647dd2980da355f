# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which attributes the Schemas of a service list (RFC 7643 section 7).

Knows the document, not how it is read. What is odd in it says nothing, and nothing is a failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.schema import ResourceType, split_path
from .._model.spelling import lower_names

# RFC 7643 section 3.1: attributes of every resource, which no schema needs to list.
COMMON = frozenset({"id", "externalid", "meta", "schemas"})
# What the URNs of extensions have in common (RFC 7643 section 10.3.1).
EXTENSION = ":schemas:extension:"


@dataclass(frozen=True, slots=True)
class Schemas:
    """The attributes that a service lists, by schema.

    Each has the names of its sub-attributes, None if it does not list any. Names are in lower
    case.
    """

    known: Mapping[str, Mapping[str, frozenset[str] | None]] = field(default_factory=dict)

    @property
    def extensions(self) -> frozenset[str]:
        """Return the schemas of extensions that are listed."""
        return frozenset(urn for urn in self.known if EXTENSION in urn)

    def has(self, kind: ResourceType, path: str) -> bool | None:
        """Return whether a SCIM path is listed, None if the Schemas do not say."""
        urn, name, sub = split_path(path)
        names = self.known.get((urn or kind.schema).lower())
        if names is None or not name or name.lower() in COMMON:
            return None
        if name.lower() not in names:
            return False
        parts = names[name.lower()]
        if sub and parts is None:
            return None
        return not sub or sub.lower() in (parts or ())


def listed(rows: Any) -> Schemas:
    """Return what the rows of ``/Schemas`` list."""
    found: dict[str, dict[str, frozenset[str] | None]] = {}
    for row in rows if isinstance(rows, list) else ():
        schema = lower_names(row)
        names = {name: _parts(one) for name, one in _named(schema.get("attributes")).items()}
        if names:
            found.setdefault(str(schema.get("id")).lower(), {}).update(names)
    return Schemas(found)


def believed(schemas: Schemas, types: Any) -> Schemas:
    """Return what Schemas say of a service, nothing if it does not go by them.

    ``types`` are the rows of ``/ResourceTypes``. Each extension that a service has is one of a
    resource type (RFC 7643 section 6). Schemas with another one are a general text that the
    service shows, whatever it keeps.
    """
    rows = [one for one in map(lower_names, types if isinstance(types, list) else ()) if one]
    used = set()
    for row in rows:
        extensions = row.get("schemaextensions")
        for one in extensions if isinstance(extensions, list) else ():
            used.add(str(lower_names(one).get("schema")).lower())
    is_general = bool(rows) and not schemas.extensions <= used
    return Schemas() if is_general else schemas


def _parts(attribute: Mapping[str, Any]) -> frozenset[str] | None:
    return frozenset(_named(attribute.get("subattributes"))) or None


def _named(attributes: Any) -> dict[str, dict[str, Any]]:
    """Return definitions of attributes by their names, both in lower case."""
    found = {}
    for one in map(lower_names, attributes if isinstance(attributes, list) else ()):
        name = one.get("name")
        if isinstance(name, str):
            found[name.lower()] = one
    return found
