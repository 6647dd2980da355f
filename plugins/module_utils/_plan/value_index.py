# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of resources at look-up paths, and an index of them; pure.

Knows resources as they were answered, not what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable

from .._model.flat import number_text, values_at
from .._model.schema import USER, ResourceType
from .desired import EMAIL, LookUp, folded
from .questions import Resource


class ValueIndex:
    """The ids of the resources that have, or had, a value."""

    def __init__(self) -> None:
        self._ids: dict[LookUp, dict[str, None]] = {}
        self._waiting: list[tuple[ResourceType, str, Resource]] = []

    def add(self, kind: ResourceType, ident: str, resource: Resource) -> None:
        """Take in a resource."""
        self._waiting.append((kind, ident, resource))

    def ids(self, look_up: LookUp) -> Iterable[str]:
        """Return the ids of what has, or had, a value.

        What came since the last question is indexed now: while a run writes, nothing is asked.
        """
        for kind, ident, resource in self._waiting:
            for path in indexed_paths(kind):
                for value in values(resource, path):
                    entry = (kind.name, path, folded(kind, path, value))
                    self._ids.setdefault(entry, {})[ident] = None
        self._waiting.clear()
        return self._ids.get(look_up, ())


def values(resource: Resource, path: str) -> list[str]:
    """Return the values of a resource at a look-up path, as text.

    Some services answer texts of digits as numbers.
    """
    if path in resource:
        found = [resource[path]]
    else:
        found = values_at(resource, path)
    if not found and path == EMAIL:
        found = values_at(resource, "emails")
    texts = [one for one in found if isinstance(one, str) and one]
    if len(texts) < len(found):
        texts = [one for one in map(number_text, found) if isinstance(one, str) and one]
    return texts


def has_value(kind: ResourceType, resource: Resource, path: str, wanted: str) -> bool:
    """Return whether a resource has a value at a look-up path; ``wanted`` is folded."""
    for value in values(resource, path):
        if folded(kind, path, value) == wanted:
            return True
    return False


def indexed_paths(kind: ResourceType) -> tuple[str, ...]:
    """Return the paths by which resources of a kind are found."""
    if kind.name == USER.name:
        return (*kind.match_by, EMAIL)
    return kind.match_by
