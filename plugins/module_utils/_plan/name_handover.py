# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that one resource gives up and another takes in the same run.

Whoever gives up comes first. Knows no other order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .._model.key import Key
from .._model.schema import top_path
from .change import NO_SECRETS, Change
from .desired import Content, LookUp, folded
from .placeholders import PREFIX
from .targets import Targets

EXTERNAL_ID = "externalId"
# The keys that find a resource again while it has a temporary value at a path.
LASTING = {EXTERNAL_ID: ("id",)}
LASTING_OF_NAMES = ("id", EXTERNAL_ID)


@dataclass(frozen=True, slots=True)
class Handover:
    """Changes in rounds that come before all others, and the others.

    ``problems`` forbid the plan, ``notes`` tell of temporary names.
    """

    rounds: tuple[tuple[Change, ...], ...] = ()
    others: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def hand_over(changes: Sequence[Change], targets: Targets) -> Handover:
    """Return which changes come first, so that a name is free when taken.

    Names that go round in a circle need a temporary one. It is used only if every resource of the
    circle is found by something that lasts, so that the next run ends what was interrupted.
    """
    takers = dict(_takers(changes))
    if not takers:
        return Handover(others=tuple(changes), problems=tuple(_kept(changes, {}, targets)))
    sorter = _Sorter(changes, takers, targets)
    sorter.sort()
    problems = (*sorter.problems, *_kept(changes, takers, targets))
    return Handover(tuple(sorter.rounds), tuple(sorter.others), problems, tuple(sorter.notes))


def _paths(change: Change) -> tuple[str, ...]:
    return change.kind.name_attribute, EXTERNAL_ID


def _at(change: Change, path: str, value: object) -> LookUp:
    return change.key.kind, path, folded(change.kind, path, str(value))


def _moved(change: Change) -> Iterator[tuple[str, LookUp | None, LookUp | None]]:
    """Yield (path, the value given up, the value taken) for each key that changes."""
    for path in _paths(change):
        old, new = change.old.get(path), change.new.get(path)
        given = _at(change, path, old) if old is not None and change.after is not None else None
        taken = _at(change, path, new) if new is not None else None
        if given != taken:
            yield path, given, taken


def _takers(changes: Sequence[Change]) -> Iterator[tuple[Key, dict[Key, set[str]]]]:
    """Yield (taker, the paths at which other resources give up a value for it)."""
    givers: dict[LookUp, Key] = {}
    takes: list[tuple[Key, str, LookUp]] = []
    for change in changes:
        for path, given, taken in _moved(change):
            if given is not None:
                givers[given] = change.key
            if taken is not None:
                takes.append((change.key, path, taken))
    found: dict[Key, dict[Key, set[str]]] = {}
    for key, path, taken in takes:
        giver = givers.get(taken)
        if giver is not None and giver != key:
            found.setdefault(key, {}).setdefault(giver, set()).add(path)
    yield from found.items()


def _kept(
    changes: Sequence[Change], takers: Mapping[Key, Mapping[Key, set[str]]], targets: Targets
) -> Iterator[str]:
    """Yield a sentence for each name to be taken that its holder keeps.

    The service is known not to change it.
    """
    for change in changes:
        for path, _given, taken in _moved(change):
            ident = targets.freed.holder(taken) if taken is not None else None
            holder = Key(change.key.kind, ident or "")
            if ident is None or holder == change.key or holder in takers.get(change.key, {}):
                continue
            yield change.desired.refused(
                f"{path} '{change.new[path]}' belongs to the {change.key.kind.lower()} with id "
                f"'{ident}', which this service does not rename"
            )


@dataclass(slots=True)
class _Sorter:
    """Sorts the changes that give up something, and cuts circles."""

    changes: Sequence[Change]
    takers: Mapping[Key, Mapping[Key, set[str]]]
    targets: Targets
    rounds: list[tuple[Change, ...]] = field(default_factory=list)
    others: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def sort(self) -> None:
        """Move every change into ``rounds`` or ``others``."""
        frees = self._frees()
        waiting: dict[Key, Change] = {}
        for change in self.changes:
            waits_for = frozenset(self.takers.get(change.key, ()))
            marked = replace(
                change, waits_for=waits_for, frees=tuple(sorted(frees.get(change.key, ())))
            )
            if marked.frees:
                waiting[change.key] = marked
            else:
                self.others.append(marked)
        while waiting:
            ready = [one for one in waiting.values() if waiting.keys().isdisjoint(one.waits_for)]
            if ready:
                self.rounds.append(tuple(map(self._early, ready)))
            else:
                ready = [self._cut(waiting)]
            for one in ready:
                del waiting[one.key]

    def _frees(self) -> dict[Key, set[str]]:
        found: dict[Key, set[str]] = {}
        for givers in self.takers.values():
            for key, paths in givers.items():
                found.setdefault(key, set()).update(paths)
        return found

    def _early(self, change: Change) -> Change:
        """Return what of a change comes first; the rest follows in its own place."""
        if not _has_more(change):
            return change
        wanted = {path: change.new[path] for path in change.frees if path in change.new}
        first = _only(change, wanted)
        self.others.append(_rest(change, first))
        return first

    def _cut(self, waiting: Mapping[Key, Change]) -> Change:
        """Give one resource of a circle a temporary value."""
        circle = _circle(waiting)
        change = circle[0]
        names = " and ".join(f"'{one.name}'" for one in circle)
        lasting = [self._lasts(one) for one in circle]
        if not all(lasting):
            advice = "set external_id or id of each, or rename one of them in an earlier task"
            if change.frees[0] == "externalId":
                advice = "set id of each, or change one of them in an earlier task"
            self.problems.append(
                f"the {change.key.kind.lower()}s {names} exchange their {change.frees[0]}, which "
                f"needs a temporary one; {advice}"
            )
        wanted = {}
        for path in change.frees:
            wanted[path] = temporary(change, path)
            self.notes.append(
                f"{change.text} has the {path} '{wanted[path]}' for a moment, because {names} "
                "exchange theirs"
            )
        first = _only(change, wanted)
        self.rounds.append((first,))
        self.others.append(_rest(change, first))
        return change

    def _lasts(self, change: Change) -> bool:
        target = self.targets.get(change.key)
        found_by = target.matched_by if target is not None else None
        return all(found_by in LASTING.get(path, LASTING_OF_NAMES) for path in change.frees)


def _circle(waiting: Mapping[Key, Change]) -> list[Change]:
    """Return the changes of one circle, the first one by name first."""
    key = min(waiting, key=lambda one: (waiting[one].name, one))
    seen: list[Key] = []
    while key not in seen:
        seen.append(key)
        key = min(one for one in waiting[key].waits_for if one in waiting)
    circle = [waiting[one] for one in seen[seen.index(key) :]]
    first = min(range(len(circle)), key=lambda number: circle[number].name)
    return circle[first:] + circle[:first]


def _has_more(change: Change) -> bool:
    """Return whether a change has parts that must not come early.

    These are members, deactivations and links to what is created later.
    """
    if change.joins or change.leaves or change.verb == "deactivate":
        return True
    for path, value in change.new.items():
        is_link = bool(change.kind.at(top_path(path)).references)
        if is_link and str(value).startswith(PREFIX):
            return True
    return False


def _only(change: Change, wanted: Mapping[str, str]) -> Change:
    """Return a change of nothing but these values."""
    content = Content(attributes=dict(wanted))
    after = {path: value for path, value in change.old.items() if path not in change.frees}
    desired = replace(change.desired, content=content, secrets=NO_SECRETS)
    membership = change.membership
    if membership is not None:
        membership = replace(membership, joins=(), leaves=(), unlisted=frozenset())
    return replace(change, desired=desired, after={**after, **wanted}, membership=membership)


def _rest(change: Change, first: Change) -> Change:
    waits_for = change.waits_for | {change.key}
    return replace(change, before=first.after, frees=(), waits_for=waits_for)


def temporary(change: Change, path: str) -> str:
    """Return a value of the same form that no other resource has.

    It is the same in every run.
    """
    value = str(change.old[path])
    mark = hashlib.sha256(f"{change.key.kind}:{change.key.id}:{value}".encode()).hexdigest()[:10]
    local, at, domain = value.partition("@")
    return f"{local}.renamed-{mark}{at}{domain}"
