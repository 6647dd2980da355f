# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of a question that no answer has settled yet; knows no request."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence

from .._model.schema import ResourceType
from .desired import Clause, folded, user_key
from .desired_rows import WaitingKeys
from .questions import Resource
from .value_index import values
from .verdicts import is_unique


class OpenKeys:
    """Open keys in order. A long list finds those that a page shows by their values."""

    def __init__(self, kind: ResourceType, clauses: Iterable[Clause]) -> None:
        self._kind = kind
        self._keys = dict.fromkeys(clauses)
        self._places: dict[int, Clause] | None = None
        self._others: dict[int, list[Clause]] = {}
        self._unique: set[str] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Clause]:
        return iter(self._keys)

    def __contains__(self, clause: object) -> bool:
        return clause in self._keys

    def close(self, clauses: Iterable[Clause]) -> None:
        """Close keys that are open."""
        for clause in clauses:
            del self._keys[clause]

    def clear(self) -> None:
        """Close all keys."""
        self._keys.clear()

    def shown_by(
        self, resources: Iterable[Resource], rows: Iterable[int] = (), kept: Iterable[Resource] = ()
    ) -> list[Clause]:
        """Close and return the keys that resources answer, whatever else there is.

        These are the keys that one of them has and that no other resource can have. Where each row
        has its own keys, ``rows`` are those that are settled and ``kept`` the resources of others;
        the keys of the settled ones are closed and not returned.
        """
        if not self._keys:
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
                        if clause in self._keys and folded(self._kind, *clause) == wanted:
                            shown[clause] = None
        for clause in shown:
            del self._keys[clause]
        return list(shown)

    def close_but(
        self, unsure: Container[Clause], is_settled: Callable[[int], bool] | None = None
    ) -> list[Clause]:
        """Close all keys but for those that are not sure, and return them.

        Where each row has its own keys, those of settled rows are not returned.
        """
        closed = [one for one in self._keys if one not in unsure]
        self.close(closed)
        return closed

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


class OpenRows(OpenKeys):
    """The open keys of a roster: a few bits for each row.

    Keys that several rows name are kept one by one.
    """

    def __init__(self, kind: ResourceType, clauses: WaitingKeys) -> None:
        super().__init__(kind, clauses.others)
        self._rows = clauses.rows
        self._open = bytearray(clauses.bits)
        self._left = clauses.size

    def __len__(self) -> int:
        return self._left + len(self._keys)

    def __iter__(self) -> Iterator[Clause]:
        for number, bits in enumerate(self._open):
            if bits:
                for place, clause in enumerate(self._rows.clauses(number)):
                    if bits & 1 << place:
                        yield clause
        yield from self._keys

    def __contains__(self, clause: object) -> bool:
        return super().__contains__(clause) or self._place(clause) is not None

    def close(self, clauses: Iterable[Clause]) -> None:
        """Close keys that are open."""
        for clause in clauses:
            place = self._place(clause)
            if place is None:
                super().close((clause,))
            else:
                self._shut(*place)

    def clear(self) -> None:
        """Close all keys."""
        super().clear()
        self._open = bytearray(len(self._open))
        self._left = 0

    def shown_by(
        self, resources: Iterable[Resource], rows: Iterable[int] = (), kept: Iterable[Resource] = ()
    ) -> list[Clause]:
        """Close and return the keys that resources answer: see ``OpenKeys``."""
        shown = super().shown_by(resources)
        for number in rows:
            if self._open[number]:
                self._shut(number, self._rows.name_place(number))
        for resource in kept:
            for value in values(resource, self._kind.name_attribute):
                shown += self._named(user_key(self._kind.name_attribute, value))
        return shown

    def close_but(
        self, unsure: Container[Clause], is_settled: Callable[[int], bool] | None = None
    ) -> list[Clause]:
        """Close all keys but for those that are not sure: see ``OpenKeys``."""
        closed = super().close_but(unsure)
        for number, bits in enumerate(self._open):
            if not bits or (is_settled is not None and is_settled(number)):
                self._left -= bits.bit_count()
                self._open[number] = 0
                continue
            for place, clause in enumerate(self._rows.clauses(number)):
                if bits & 1 << place and clause not in unsure:
                    self._shut(number, place)
                    closed.append(clause)
        return closed

    def _named(self, wanted: str) -> Sequence[Clause]:
        """Close and return the name of a row, if it is the wanted one and open."""
        number = self._row(self._kind.name_attribute, wanted)
        if number is None:
            return ()
        place = self._rows.name_place(number)
        clause = self._rows.clauses(number)[place]
        if not self._open[number] & 1 << place or user_key(*clause) != wanted:
            return ()
        self._shut(number, place)
        return (clause,)

    def _place(self, clause: object) -> tuple[int, int] | None:
        """Return the row of an open key, and its place among the keys of the row."""
        if not isinstance(clause, tuple):
            return None
        path, value = clause
        number = self._row(path, user_key(path, value))
        if number is None:
            return None
        keys = self._rows.clauses(number)
        if clause not in keys:
            return None
        place = keys.index(clause)
        return (number, place) if self._open[number] & 1 << place else None

    def _row(self, path: str, wanted: str) -> int | None:
        """Return the only row that a key names, if it has an open key."""
        number = self._rows.at(path, wanted)
        if number is None or not 0 <= number < len(self._open) or not self._open[number]:
            return None
        return number

    def _shut(self, number: int, place: int) -> None:
        bit = 1 << place
        if self._open[number] & bit:
            self._open[number] &= ~bit
            self._left -= 1


def open_keys(kind: ResourceType, clauses: Iterable[Clause]) -> OpenKeys:
    """Return the keys as open ones."""
    return OpenRows(kind, clauses) if isinstance(clauses, WaitingKeys) else OpenKeys(kind, clauses)
