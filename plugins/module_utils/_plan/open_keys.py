# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of a question that no answer has settled yet; knows no request."""

from __future__ import annotations

from collections.abc import Iterable

from .._model.schema import ResourceType
from .desired import Clause, folded
from .questions import Resource
from .snapshot import values
from .verdicts import is_unique


class OpenKeys(dict[Clause, None]):
    """Open keys in order. A long list finds those that a page shows by their values."""

    def __init__(self, kind: ResourceType, clauses: Iterable[Clause]) -> None:
        super().__init__(dict.fromkeys(clauses))
        self._kind = kind
        self._places: dict[int, Clause] | None = None
        self._others: dict[int, list[Clause]] = {}
        self._unique: set[str] = set()

    def shown_by(self, resources: Iterable[Resource]) -> list[Clause]:
        """Return the open keys that resources answer, whatever else the service holds.

        These are the keys that one of them has and that no other resource can have.
        """
        if not self:
            return []
        if self._places is None:
            self._places = self._indexed()
        shown: dict[Clause, None] = {}
        for resource in resources:
            for path in self._unique:
                for value in values(resource, path):
                    wanted = folded(self._kind, path, value)
                    place = hash((path, wanted))
                    for clause in (self._places.get(place), *self._others.get(place, ())):
                        if clause in self and folded(self._kind, *clause) == wanted:
                            shown[clause] = None
        return list(shown)

    def _indexed(self) -> dict[int, Clause]:
        """Return the unique keys by hashes of their values."""
        found: dict[int, Clause] = {}
        for clause in self:
            path, value = clause
            if is_unique(self._kind, path):
                self._unique.add(path)
                place = hash((path, folded(self._kind, path, value)))
                if found.setdefault(place, clause) is not clause:
                    self._others.setdefault(place, []).append(clause)
        return found
