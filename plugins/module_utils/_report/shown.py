# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes of a run are shown, and in which order; knows no service.

What a reader must not miss comes first: removals, then moves, then everything else. Only the last
are cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import NamedTuple

from .._model.errors import shortened
from .._model.key import Key
from .._model.schema import GROUP, USER
from .._plan.change import Change
from .diff import Named

NAMES = 10
LONGEST_NAME = 80


class Weight(IntEnum):
    """How much a reader must see a change.

    A move is a change of a group by which users leave it that join another one, or the reverse.
    """

    REMOVAL = 0
    MOVE = 1
    OTHER = 2


class Shown(NamedTuple):
    """The changes that are shown, and how many others of each kind there are.

    Kinds are ``create user`` and so on.
    """

    changes: tuple[Change, ...]
    cut: Counter[str]


def shown(changes: Iterable[Change], most: int) -> Shown:
    """Return the changes by weight, and within that in their order.

    All removals and moves are among them, and at most ``most`` others.
    """
    every = list(changes)
    moving = _moving(every)
    weighed: dict[Weight, list[Change]] = {weight: [] for weight in Weight}
    for change in every:
        weighed[_weight(change, moving)].append(change)
    others = weighed[Weight.OTHER]
    cut = Counter(f"{one.verb} {one.key.kind.lower()}" for one in others[most:])
    first = (*weighed[Weight.REMOVAL], *weighed[Weight.MOVE], *others[:most])
    return Shown(first, cut)


def one_for_each(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes, with all members that join and leave a group in one of them.

    A group changes twice if a leaver is deactivated in between. A reader of a diff wants the
    members before and after the run. Attributes that change twice stay two changes.
    """
    found: dict[int, Change] = {}
    places: dict[Key, int] = {}
    for number, change in enumerate(changes):
        place = places.get(change.key, number)
        if place != number and _changes_members_only(change):
            whole = _with_members_of(found[place], change)
            if change.leaves:  # after the deactivation of those that leave
                del found[place]
                place = number
            found[place] = whole
        else:
            place = number
            found[place] = change
        places[change.key] = place
    return tuple(found.values())


def _changes_members_only(change: Change) -> bool:
    if change.before is None or change.after is None:
        return False
    return bool(change.joins or change.leaves) and not (change.paths or change.secrets.attributes)


def _with_members_of(earlier: Change, later: Change) -> Change:
    """Return a change of a group with the members that join and leave it later."""
    if earlier.membership is None or later.membership is None:
        return replace(earlier, membership=later.membership)
    moves = replace(
        earlier.membership,
        joins=earlier.joins + later.joins,
        leaves=earlier.leaves + later.leaves,
    )
    return replace(earlier, membership=moves)


def _moving(changes: Sequence[Change]) -> frozenset[Key]:
    """Return the members that leave one group and join another."""
    joining = {key for one in changes for key in one.joins}
    return frozenset(joining.intersection(key for one in changes for key in one.leaves))


def _weight(change: Change, moving: frozenset[Key]) -> Weight:
    if change.verb in ("delete", "deactivate") or not moving.issuperset(change.leaves):
        return Weight.REMOVAL
    if moving.isdisjoint((*change.joins, *change.leaves)):
        return Weight.OTHER
    return Weight.MOVE


def counts_in_words(cut: Counter[str]) -> str:
    """Return counts as text: ``3 create user, 1 update group``."""
    return ", ".join(f"{number} {kind}" for kind, number in sorted(cut.items()))


def sentences(changes: Iterable[Change], named: Named) -> Iterator[str]:
    """Yield what a plan would do: a sentence for each kind, with ten names."""
    every = list(changes)
    for verb, kind in (("delete", USER), ("deactivate", USER), ("delete", GROUP)):
        yield from _said(verb, kind.name, _names(every, verb, kind.name))
    yield from _said("end", "membership", _memberships(every, named, leaves=True))
    for kind in (USER, GROUP):
        yield from _said("create", kind.name, _names(every, "create", kind.name))
    yield from _said("add", "membership", _memberships(every, named, leaves=False))
    for kind in (USER, GROUP):
        updated = [one for one in every if one.paths or one.secrets.attributes]
        yield from _said("update", kind.name, _names(updated, "update", kind.name))


def _names(changes: Iterable[Change], verb: str, kind: str) -> list[str]:
    found = {one.key: one.name for one in changes if (one.verb, one.key.kind) == (verb, kind)}
    return sorted(found.values())


def _memberships(changes: Iterable[Change], named: Named, *, leaves: bool) -> list[str]:
    found = []
    for one in changes:
        for key in one.leaves if leaves else one.joins:
            found.append(f"{named(key)} in {one.name}")
    return sorted(found)


def _said(verb: str, noun: str, names: Sequence[str]) -> Iterator[str]:
    if not names:
        return
    number = len(names)
    things = noun.lower() if number == 1 else f"{noun.lower()}s"
    rest = f" and {number - NAMES} more" if number > NAMES else ""
    shown_names = ", ".join(shortened(one, LONGEST_NAME) for one in names[:NAMES])
    yield f"would {verb} {number} {things}: {shown_names}{rest}"
