# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entries of a list belong together; decides nothing about the others.

Entries pair by value as the service writes it, and by type where a service keeps types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .flat import Entry
from .sameness import covers, fold, sub_form
from .schema import Attribute


class Pairs(NamedTuple):
    """Desired and current entries, and which current entry fulfils which desired one.

    ``paired`` has each such pair, ``new`` the other desired ones, ``left`` the other current ones.
    """

    desired: list[Entry]
    current: list[Entry]
    paired: list[tuple[Entry, Entry]]
    new: list[Entry]
    left: list[Entry]


def pair(attribute: Attribute, desired: list[Entry], current: list[Entry]) -> Pairs:
    """Return which current entry fulfils each desired one: as many pairs as possible.

    A current entry that says all of a desired one fulfils it. Current entries of a desired type
    come first, since the others stay anyway. If no desired type is there but each desired value is
    there twice, these fulfil all: a service that has types of its own made them of what was desired
    before.
    """
    types = set(map(type_of, desired))
    matching = _Matching(attribute, desired, current)
    matching.place_all(at for at, entry in enumerate(current) if type_of(entry) in types)
    matching.place_all(range(len(current)))
    if not matching.is_complete and types.isdisjoint(map(type_of, current)):
        unlabelled = [without("type", one) for one in desired]
        relabelled = _Matching(attribute, unlabelled, current)
        relabelled.place_all(_repeated(attribute, current))
        matching = relabelled if relabelled.is_complete else matching
    paired = []
    new = []
    for number, one in enumerate(desired):
        if number in matching.match:
            paired.append((one, current[matching.match[number]]))
        else:
            new.append(one)
    left = []
    for at, entry in enumerate(current):
        if at not in matching.owner:
            left.append(entry)
    return Pairs(desired, current, paired, new, left)


def _repeated(attribute: Attribute, current: list[Entry]) -> list[int]:
    """Return the numbers of entries with type and value of another one."""
    marks = [(type_of(one), value_form(attribute, one)) for one in current]
    found = []
    for at, mark in enumerate(marks):
        if mark[0] and mark[1] is not None and marks.count(mark) > 1:
            found.append(at)
    return found


class _Matching:
    """A matching of entries by their numbers, made with augmenting paths.

    ``match`` maps desired entries to current ones, ``owner`` is its inverse.
    """

    def __init__(self, attribute: Attribute, desired: list[Entry], current: list[Entry]) -> None:
        self.attribute = attribute
        self.desired = desired
        self.current = current
        self.match: dict[int, int] = {}
        self.owner: dict[int, int] = {}

    @property
    def is_complete(self) -> bool:
        """Return whether every desired entry is matched."""
        return len(self.match) == len(self.desired)

    def place_all(self, choice: Iterable[int]) -> None:
        """Match the desired entries that have none yet, with current ones in ``choice``."""
        numbers = frozenset(choice)
        for number in range(len(self.desired)):
            if number not in self.match:
                self._place(number, set(numbers))

    def _place(self, number: int, choice: set[int]) -> bool:
        """Match one desired entry with a current one out of ``choice``, which is used up.

        The owner of a current entry gives way if it finds another.
        """
        for at in self._fitting(self.desired[number], choice):
            if at not in choice:
                continue
            choice.discard(at)
            if at not in self.owner or self._place(self.owner[at], choice):
                self.owner[at] = number
                self.match[number] = at
                return True
        return False

    def _fitting(self, one: Entry, choice: set[int]) -> list[int]:
        """Return the current entries that fulfil the desired one, the best first.

        Those of the same type come first, then those that say least besides.
        """
        ranked = []
        for at in choice:
            entry = self.current[at]
            if covers(self.attribute, entry, one):
                ranked.append((type_of(entry) != type_of(one), len(entry), at))
        return [at for _other_type, _size, at in sorted(ranked)]


def types_of(entries: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the types of entries, in small letters."""
    return frozenset(map(type_of, entries)) - {""}


def has_no_types(current: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether there are entries, and none has a type."""
    types = set(map(type_of, current))
    return types == {""}


def without_types(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries without types, each once. One that is nothing but a type stays."""
    found: list[Entry] = []
    for one in entries:
        plain = without("type", one) or one
        if plain not in found:
            found.append(plain)
    return found


def with_types(
    attribute: Attribute, entries: Sequence[Entry], desired: Iterable[Entry]
) -> list[Entry]:
    """Return entries without types with those of the desired ones that they fulfil.

    An entry that stands for desired ones of several types becomes several.
    """
    types: dict[int, list[Any]] = {number: [] for number in range(len(entries))}
    for one in desired:
        fitting = []
        for number, entry in enumerate(entries):
            if type_of(one) and covers(attribute, entry, one, typeless=True):
                fitting.append(number)
        if fitting:
            types[min(fitting, key=lambda number: len(types[number]))].append(one["type"])
    found: list[Entry] = []
    for number, entry in enumerate(entries):
        found += [{**entry, "type": one} for one in types[number]] or [entry]
    return found


def repeats(attribute: Attribute, entry: Entry, others: Iterable[Entry]) -> bool:
    """Return whether one of the others has the value of the entry."""
    form = value_form(attribute, entry)
    return form is not None and form in {value_form(attribute, one) for one in others}


def fulfils_any(
    attribute: Attribute, entry: Entry, desired: Iterable[Entry], *, typeless: bool = False
) -> bool:
    """Return whether an entry says all of one of the desired ones."""
    return any(covers(attribute, entry, one, typeless=typeless) for one in desired)


def value_form(attribute: Attribute, entry: Entry) -> Any:
    """Return the value of an entry in the form in which it is compared, None for none."""
    value = entry.get("value")
    return None if value in (None, "") else sub_form(attribute, "value", value)


def type_of(entry: Mapping[str, Any]) -> str:
    """Return the type of an entry in small letters, "" for none."""
    return fold(str(entry.get("type") or ""))


def without(name: str, entry: Entry) -> Entry:
    """Return an entry without one of its parts."""
    return {key: value for key, value in entry.items() if key != name}
