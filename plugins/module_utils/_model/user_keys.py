# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of many users as a set of their ids; knows no resource.

It equals the set of these keys, and is compared with its like many times as fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

from .key import Key
from .schema import USER


class UserKeys(Set[Key]):
    """The keys of the users with these ids. A key is made when it is asked for."""

    __slots__ = ("_ids",)

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = frozenset(ids)

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> Set[Any]:
        return frozenset(it)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, Key) and key.kind == USER.name and key.id in self._ids

    def __iter__(self) -> Iterator[Key]:
        for ident in self._ids:
            yield Key(USER.name, ident)

    def __len__(self) -> int:
        return len(self._ids)

    def __repr__(self) -> str:
        return f"UserKeys({sorted(self._ids)})"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, UserKeys):
            return self._ids == other._ids
        return Set.__eq__(self, other)

    def __hash__(self) -> int:
        return hash(frozenset(self))

    def __and__(self, other: Set[Any]) -> Set[Key]:
        return UserKeys(self._ids & _ids(other))

    __rand__ = __and__

    def __or__(self, other: Set[Any]) -> Set[Any]:
        if not other:
            return self
        ids = _ids(other)
        if len(ids) == len(other):
            return UserKeys(self._ids | ids) if self._ids else UserKeys(ids)
        return frozenset([*self, *other])

    __ror__ = __or__

    def __sub__(self, other: Set[Any]) -> Set[Key]:
        return UserKeys(self._ids - _ids(other)) if other else self

    def isdisjoint(self, other: Iterable[Any]) -> bool:
        """Return whether no key is in both."""
        if isinstance(other, UserKeys):
            return self._ids.isdisjoint(other._ids)
        return not any(one in self for one in other)


NO_USERS = UserKeys(())


def _ids(keys: Iterable[Any]) -> frozenset[str]:
    """Return the ids of the users among keys."""
    if isinstance(keys, UserKeys):
        return keys._ids
    return frozenset(one.id for one in keys if isinstance(one, Key) and one.kind == USER.name)


def united(sets: Iterable[Set[Key]]) -> Set[Key]:
    """Return the keys of all sets."""
    every = list(sets)
    if all(isinstance(one, UserKeys) for one in every):
        return UserKeys(frozenset[str]().union(*map(_ids, every)))
    return frozenset[Key]().union(*every)
