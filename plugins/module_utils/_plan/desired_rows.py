# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desired states of a task by number, and which keys name each user.

Knows no service. A user that nothing but its own row names can be settled by itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .._model.schema import USER
from .desired import (
    EMAIL,
    Clause,
    Desired,
    LookUp,
    Reference,
    former_names,
    searched,
    user_key,
)
from .key_table import MANY, KeyTable
from .questions import Resource

# A row with more keys keeps them as they are.
MOST_KEYS = 8
# Names that could be the placeholder of another resource of that name.
APART = ("User:", "Group:")


# Keys of which letters mind their case.
EXACT = frozenset(one for one in (*USER.match_by, EMAIL) if user_key(one, "A") == "A")


class RowKeys(NamedTuple):
    """By what a row finds its user, and which users it names, by path."""

    name: str
    keys: tuple[Clause, ...]
    links: Mapping[str, Reference]


class Unmade(NamedTuple):
    """Rows of users whose desired states are made when they are needed.

    ``keys`` returns those of a row, None if only its desired state says what it sets. ``every``
    yields these of all rows. ``shows`` returns whether a resource has what the row sets, letter for
    letter, but for links; False says nothing.
    """

    size: int
    keys: Callable[[int], RowKeys | None]
    every: Callable[[], Iterable[RowKeys | None]]
    shows: Callable[[int, Resource], bool]
    make: Callable[[int], Desired]


def _nothing(_number: int, _resource: Resource | None = None) -> Any:
    raise IndexError


NOTHING_UNMADE = Unmade(0, _nothing, tuple, _nothing, _nothing)


class DesiredRows(Sequence[Desired]):
    """The desired states of a task, by number.

    The first ones are ``unmade``: most of them are made only if they are not settled. ``unusual``
    are the rows with names that may look like another one. ``finds_mails``: an e-mail address is a
    key, or names a user. ``waits``: rows that are not made were not looked up yet.
    """

    def __init__(self, desired: Sequence[Desired] = (), unmade: Unmade = NOTHING_UNMADE) -> None:
        self.unusual: list[int] = []
        self.finds_mails = False
        # The rows that name a user by its id.
        self.by_id: dict[str, int] = {}
        self._unmade = unmade
        self._others: dict[int, int] = {}
        self._desired = desired
        self._made: dict[int, Desired] = {}
        self._alone = bytearray(len(self))
        self._named: set[LookUp] = set()
        self._linked: set[int] = set()
        self._keys: list[Clause] = []
        self._bits = bytearray(unmade.size)
        self._name_places = bytearray(unmade.size)
        self._hashes = array("q")
        self._numbers = array("i")
        self._add_users()
        self._table = KeyTable(self._hashes, self._numbers)
        del self._hashes, self._numbers
        self._add_references()
        self.waits = len(self._made) < unmade.size

    def __len__(self) -> int:
        return self._unmade.size + len(self._desired)

    def __getitem__(self, number: Any) -> Any:
        return list(self)[number] if isinstance(number, slice) else self._at(number)

    def _at(self, number: int) -> Desired:
        if not -len(self) <= number < len(self):
            raise IndexError
        return self.desired(number % len(self))

    def desired(self, number: int) -> Desired:
        """Return the desired state of a row."""
        if number >= self._unmade.size:
            return self._desired[number - self._unmade.size]
        return self._made.get(number) or self._unmade.make(number)

    @property
    def made(self) -> list[Desired]:
        """Return the desired states that are there already, in order."""
        return [*(self._made[one] for one in sorted(self._made)), *self._desired]

    def shows(self, number: int, resource: Resource) -> bool:
        """Return whether a resource has what a row sets, letter for letter, but for links.

        False says nothing.
        """
        return self._waits(number) and self._unmade.shows(number, resource)

    def shows_alone(self, number: int, user: Resource) -> bool:
        """Return whether a row without links can be settled, and ``shows`` a user."""
        return (
            self._alone[number] == 1
            and number not in self._linked
            and number < self._unmade.size
            and number not in self._made
            and self._unmade.shows(number, user)
        )

    def links(self, number: int) -> Mapping[str, Reference]:
        """Return the references of a row to other users, by path."""
        if not self._waits(number):
            return self.desired(number).content.links
        return self._row(number).links if number in self._linked else {}

    def name(self, number: int) -> str:
        """Return the name of a row."""
        return self._row(number).name if self._waits(number) else self.desired(number).own_name

    def _waits(self, number: int) -> bool:
        return number < self._unmade.size and number not in self._made

    def _row(self, number: int) -> RowKeys:
        found = self._unmade.keys(number)
        if found is None:
            raise LookupError("a row that does not wait has no keys of its own")
        return found

    def take_keys(self) -> WaitingKeys:
        """Return the keys of the unmade rows, once.

        Those that could not wait are among them.
        """
        bits, self._bits = self._bits, bytearray()
        others, self._keys = self._keys, []
        for number in sorted(self._table.shared):
            if 0 <= number < len(bits) and bits[number]:
                bits[number] = 0
                others += self.clauses(number)
        return WaitingKeys(self, bits, tuple(dict.fromkeys(others)))

    def clauses(self, number: int) -> tuple[Clause, ...]:
        """Return the keys to look a waiting row up by: its own ones and its name."""
        return _with_name(self._row(number))

    def name_place(self, number: int) -> int:
        """Return the place of the name among the keys of a waiting row."""
        return self._name_places[number]

    def open(self, settles: Callable[[int], bool]) -> list[Desired]:
        """Return the desired states that are not settled, in order."""
        found = []
        for number in range(self._unmade.size):
            if not settles(number):
                self._made[number] = self.desired(number)
                found.append(self._made[number])
        for number, one in enumerate(self._desired, self._unmade.size):
            if not settles(number):
                found.append(one)
        return found

    def at(self, path: str, value: str) -> int | None:
        """Return the row that a key names, ``MANY`` if others name it too.

        The value is folded. The index holds hashes, so a row may not have the key after all.
        """
        wanted = hash((path, value))
        number = self._table.get(wanted)
        return self._others.get(wanted) if number is None else number

    def may_settle(self, number: int) -> bool:
        """Return whether a row can be settled by what it says itself."""
        return bool(self._alone[number])

    def _add_users(self) -> None:
        others = {one.name for one in self._desired if one.kind.name != USER.name}
        for number, row in enumerate(self._unmade.every()):
            if row is None:
                self._made[number] = self._unmade.make(number)
                self._add_user(number, self._made[number], others)
                self._keys += _looked_up(self._made[number])
            else:
                self._add_row(number, row, others)
        for number, one in enumerate(self._desired, self._unmade.size):
            if one.kind.name == USER.name:
                self._add_user(number, one, others)

    def _add_row(self, number: int, row: RowKeys, others: Container[str]) -> None:
        self._alone[number] = row.name not in others and not row.name.startswith(APART)
        keys = _with_name(row)
        place = 0
        for at, (path, value) in enumerate(keys):
            self._add_key(path, value, number)
            if path == USER.name_attribute:
                place = at
        if len(keys) <= MOST_KEYS:
            self._bits[number] = (1 << len(keys)) - 1
            self._name_places[number] = place
        else:
            self._keys += keys
        if row.links:
            self._linked.add(number)
            self._named.update(one.key for one in row.links.values())
        if " " in row.name:
            self.unusual.append(number)

    def _add_key(self, path: str, value: str, number: int) -> None:
        if path == EMAIL:
            self.finds_mails = True
        if not value.isascii():
            value = user_key(path, value)
        elif path not in EXACT:
            value = value.lower()
        self._hashes.append(hash((path, value)))
        self._numbers.append(number)

    def _add_user(self, number: int, one: Desired, others: Container[str]) -> None:
        self._alone[number] = _is_alone(one) and one.own_name not in others
        for path, value in searched(one):
            self._add_key(path, value, number)
        for path, value in former_names(one):
            self._add_key(path, value, MANY)
        self.by_id.update((value, number) for path, value in one.keys if path == "id")
        self._add_key(USER.name_attribute, one.own_name, number)
        if not one.own_name.isascii() or " " in one.own_name:
            self.unusual.append(number)

    def _add_references(self) -> None:
        """Note what is named otherwise than by the keys of its row."""
        every: set[Reference] = set()
        for one in self.made:
            every.update(*one.named)
        named = [one[1:] for one in self._named]
        for kind, path, value in every:
            if kind == USER.name and path != "id":
                named.append((path, user_key(path, value)))
        others = [one for one in named if self._table.get(hash(one)) is None]
        for path, value in others:
            self.finds_mails = self.finds_mails or path == EMAIL
            self._others[hash((path, value))] = MANY


def _with_name(row: RowKeys) -> tuple[Clause, ...]:
    """Return the keys of a row, and its name after them unless it is one of them."""
    name = (USER.name_attribute, row.name)
    return row.keys if name in row.keys else (*row.keys, name)


class WaitingKeys(Sequence[Clause]):
    """The keys of the rows that wait, each made when it is asked for.

    ``others`` come after them. ``bits`` has a bit for each key of a row. It has none for a row
    that shares a key with another one.
    """

    def __init__(self, rows: DesiredRows, bits: bytearray, others: tuple[Clause, ...] = ()) -> None:
        self.rows = rows
        self.bits = bits
        self.others = others
        self.size = sum(one.bit_count() for one in bits)

    def plus(self, more: Iterable[Clause]) -> WaitingKeys:
        """Return these keys and more, each of them once."""
        return WaitingKeys(self.rows, self.bits, tuple(dict.fromkeys((*self.others, *more))))

    def __len__(self) -> int:
        return self.size + len(self.others)

    def __getitem__(self, number: Any) -> Any:
        return list(self)[number]

    def __iter__(self) -> Iterator[Clause]:
        for number, bits in enumerate(self.bits):
            if bits:
                yield from self.rows.clauses(number)
        yield from self.others


def _is_alone(desired: Desired) -> bool:
    """Return whether a row asks nothing that rests on other rows, but for its links."""
    if desired.state != "present" or not desired.creates or desired.previous:
        return False
    if desired.groups or desired.members or desired.team is not None or desired.secrets.always:
        return False
    if any(path == "id" for path, _value in desired.keys):
        return False
    return bool(desired.own_name) and not desired.own_name.startswith(APART)


def _looked_up(desired: Desired) -> Iterator[Clause]:
    """Yield the keys to ask for, none beside an id."""
    if all(path != "id" for path, _value in desired.keys):
        yield from searched(desired)


def made_of(desired: Sequence[Desired]) -> Sequence[Desired]:
    """Return the desired states that are there already.

    The others have no id, no secret and no reference by an id.
    """
    return desired.made if isinstance(desired, DesiredRows) else desired


NO_ROWS = DesiredRows()
