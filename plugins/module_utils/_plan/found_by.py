# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What filters were asked, and by which attributes they find; knows no request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .._model.schema import ResourceType
from .desired import Clause, LookUp, Portion, folded
from .questions import Reading, Resource


def look_ups(kind: ResourceType, clauses: Iterable[Clause]) -> Iterator[LookUp]:
    """Yield what a snapshot calls the comparisons of filters."""
    for path, value in clauses:
        yield kind.name, path, folded(kind, path, value)


class Filtered:
    """What the filters of a run were asked, by type.

    ``asked`` are all comparisons, ``proven`` those that a service is known to have looked at,
    ``strangers`` those of filters of their own, with what these gave under another name. ``tried``
    are the types of which a filter has found a resource, or failed to find a known one.
    """

    def __init__(self) -> None:
        self.asked: set[LookUp] = set()
        self.proven: set[LookUp] = set()
        self.strangers: dict[LookUp, tuple[Resource, ...]] = {}
        self.tried: set[str] = set()
        self._found_by: set[tuple[str, str]] = set()

    def add(self, reading: Reading) -> None:
        """Take in the answer to a filter."""
        kind = reading.kind
        asked = set(look_ups(kind, reading.answered))
        self.asked |= asked
        is_found = reading.resources and any(path != "id" for path, _value in reading.answered)
        if is_found or reading.tried:
            self.tried.add(kind.name)
        self._found_by.update((kind.name, path) for path in reading.found_by)
        self.proven |= asked.difference(look_ups(kind, reading.unproven))
        self.strangers.update(dict.fromkeys(look_ups(kind, reading.alone), ()))
        for clause, resources in reading.strangers:
            self.strangers.update(dict.fromkeys(look_ups(kind, [clause]), resources))

    def finds_by(self, kind: ResourceType, path: str) -> bool:
        """Return whether a filter on that attribute has found a resource."""
        return (kind.name, path) in self._found_by


class FoundBy:
    """By which attributes the filters of one question found resources.

    Those that certainly brought one, and those that may have.
    """

    def __init__(self, kind: ResourceType) -> None:
        self._kind = kind
        self._certain: set[str] = set()
        self._possible: set[str] = set()

    def add(self, certain: Iterable[str], found: Iterable[Clause]) -> None:
        """Take in what one filter found: attributes, and comparisons that hold."""
        self._certain.update(certain)
        self._possible.update(path for path, _value in found)

    def works(self, proofs: Portion) -> bool:
        """Return whether filters find resources by the attribute of the proofs.

        Those that find one by any attribute find names.
        """
        name = self._kind.name_attribute
        path = proofs[0][0] if proofs else name
        return path in self._certain or (path == name and bool(self._possible))

    def without(self, proofs: Portion) -> dict[str, Any]:
        """Return what it teaches that a filter did not find the known resource of a proof.

        The service filters by those attributes only that may have found something, if any did.
        """
        others = sorted(self._possible - {proofs[0][0]})
        paths = tuple(f"{self._kind.name}.{path}" for path in others)
        return {"filter_attributes": paths} if paths else {"filters": False}
