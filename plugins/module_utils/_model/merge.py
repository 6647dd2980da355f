# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two values are the same, and what a resource becomes when changed.

Knows no service. "Only what is set is managed" is one rule: complete the desired attributes with
the current ones, then make a plain difference.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from .flat import Entry, Flat, under
from .schema import Attribute, ResourceType, split_path, top_path, unknown

LABELS = frozenset({"type"})
_ANY = unknown("")


# When two values are the same


def fold(text: str, *, exact: bool = False) -> str:
    """Return the form in which two strings are equal for look-up: NFC, in one case.

    ``exact`` keeps the case (RFC 7643 section 2.2). Letters are folded one by one, so that no
    letter becomes two: ``ß`` is not ``ss``, nor ``ﬁ`` ``fi``. Those only look alike.
    """
    normal = unicodedata.normalize("NFC", text)
    if exact:
        return normal
    if normal.isascii():
        return normal.lower()
    return unicodedata.normalize("NFC", "".join(map(_folded_letter, normal)))


def _folded_letter(letter: str) -> str:
    folded = letter.casefold()
    return folded if len(folded) == 1 else letter.lower()


def key_of(attribute: Attribute, value: Any) -> str:
    """Return the look-up form of an attribute's value."""
    return fold(str(value), exact=attribute.case_exact)


def same(attribute: Attribute, one: Any, other: Any) -> bool:
    """Return whether two values of the attribute do not differ.

    The order of entries, nulls in them and ``primary: false`` make no difference.
    """
    return identical(one, other) or bool(_canonical(attribute, one) == _canonical(attribute, other))


def identical(one: Any, other: Any) -> bool:
    """Return whether two values are equal as JSON, in which true is not 1.

    Cheap: an unchanged resource is recognized by it, without any canonical form.
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        if one.keys() != other.keys():
            return False
        return all(identical(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        if len(one) != len(other):
            return False
        return all(map(identical, one, other))
    return bool(one == other)


def _canonical(attribute: Attribute, value: Any) -> Any:
    """Return a hashable form that is equal for values that are the same."""
    if isinstance(value, Mapping):
        return frozenset(_canonical_items(value))
    if not isinstance(value, list):
        return _scalar(value)
    found = [_canonical(attribute, one) for one in value]
    if attribute.many or attribute.type == "any":
        return frozenset(Counter(found).items())
    return tuple(found)


def _canonical_items(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if inner is None or (name == "primary" and not inner):
            continue
        yield name, _canonical_sub(name, inner)


def _canonical_sub(name: str, value: Any) -> Any:
    if isinstance(value, (Mapping, list)):
        return _canonical(_ANY, value)
    if name in LABELS and isinstance(value, str):
        return fold(value)
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, bool):
        return ("bool", value)  # True == 1 in Python, but not in JSON
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    return value


# What a resource becomes


def merge(
    kind: ResourceType,
    current: Flat,
    desired: Mapping[str, Any],
    clear: Iterable[str] = (),
    *,
    exact: bool = False,
    single: Collection[str] = (),
) -> Flat:
    """Return ``current`` with ``clear`` taken out and ``desired`` written over it.

    Multi-valued attributes are merged by ``type`` unless ``exact``; an empty list removes all
    entries. At the paths in ``single`` one entry is left. If you clear an attribute and also set
    a part of it, that part is kept. A value that does not change is the one in ``current``.
    """
    after = _without(current, clear)
    parents = frozenset().union(*map(_parents, current), *map(_parents, desired))
    spellings: dict[str, str] = {}
    if not desired.keys() <= current.keys():
        spellings = {path.lower(): path for path in current}
    for path, value in desired.items():
        if path not in current:
            path = spellings.get(path.lower(), path)
        _drop_other_shapes(path, after, parents)
        value = _value_after(kind.at(path), value, current.get(path), exact, path in single)
        if value == []:
            after.pop(path, None)
        else:
            after[path] = value
    return after


def _without(current: Flat, clear: Iterable[str]) -> Flat:
    """Return a copy without the paths at or below those in ``clear``.

    Names of attributes ignore case (RFC 7643 section 2.1).
    """
    after = dict(current)
    for cleared in clear:
        lower = cleared.lower()
        for path in current:
            parents = map(str.lower, _parents(path))
            if lower in (path.lower(), *parents):
                after.pop(path, None)
    return after


@lru_cache(maxsize=4096)
def _parents(path: str) -> frozenset[str]:
    """Return the complex attribute and the extension that a path is part of."""
    return frozenset({top_path(path), split_path(path)[0]}) - {path, ""}


def _drop_other_shapes(path: str, after: Flat, parents: Collection[str]) -> None:
    """Remove current values of another shape, for example a name as one string."""
    top = top_path(path)
    if top != path:
        after.pop(top, None)
    if path in parents:
        for other in under(path, after):
            if other != path:
                del after[other]


def _value_after(attribute: Attribute, value: Any, before: Any, exact: bool, single: bool) -> Any:
    """Return the value after the merge, ``before`` itself if nothing changes."""
    if isinstance(value, list) and attribute.many:
        entries = before or []
        if single:
            value = _single_entry(value, entries)
        elif not identical(value, before):
            resolved = resolve(pair(value, entries), exact=exact)
            value = settle_primary(resolved)
    if before is not None and same(attribute, value, before):
        return before
    return value


# Entries of a multi-valued attribute, in three steps


class Pairs(NamedTuple):
    """Desired and current entries, and which current entry fulfils which desired one.

    ``paired`` has each such pair, ``new`` the other desired ones, ``left`` the other current ones.
    """

    desired: list[Entry]
    current: list[Entry]
    paired: list[tuple[Entry, Entry]]
    new: list[Entry]
    left: list[Entry]


class Resolved(NamedTuple):
    """The entries after the merge, before the primary one is settled.

    ``kept`` are current entries of other types. ``paired`` are desired entries with the current
    ones that fulfil them, ``added`` desired entries with what is written for them. ``replaced``
    are the current entries that give way.
    """

    desired: list[Entry]
    kept: list[Entry]
    paired: list[tuple[Entry, Entry]]
    added: list[tuple[Entry, Entry]]
    replaced: list[Entry]


def pair(desired: list[Entry], current: list[Entry]) -> Pairs:
    """Return which current entry fulfils each desired one: as many pairs as possible.

    A current entry that says all of a desired one fulfils it. Current entries of a desired type
    come first, since the others stay anyway.
    """
    types = set(map(_type, desired))
    matching = _Matching(desired, current)
    matching.place_all(at for at, entry in enumerate(current) if _type(entry) in types)
    matching.place_all(range(len(current)))
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


class _Matching:
    """A matching of entries by their numbers, made with augmenting paths.

    ``match`` maps desired entries to current ones, ``owner`` is its inverse.
    """

    def __init__(self, desired: list[Entry], current: list[Entry]) -> None:
        self.desired = desired
        self.current = current
        self.match: dict[int, int] = {}
        self.owner: dict[int, int] = {}

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
            if covers(entry, one):
                ranked.append((_type(entry) != _type(one), len(entry), at))
        return [at for _other_type, _size, at in sorted(ranked)]


def resolve(pairs: Pairs, *, exact: bool = False) -> Resolved:
    """Return which entries are left for the desired ones of ``pairs``.

    Desired entries take the place of all entries of their types. Entries of other types stay
    unless ``exact``, and even then those with a desired value: the service added them by itself.
    An empty list of desired entries removes all.
    """
    if not pairs.desired:
        return Resolved([], [], [], [], pairs.left)
    types = list(map(_type, pairs.desired))
    kept = []
    replaced = []
    for entry in pairs.left:
        if _type(entry) in types:
            replaced.append(entry)
        elif not exact or _repeats(entry, pairs.desired):
            kept.append(entry)
    added = []
    for one in pairs.new:
        written = one
        if not exact and types.count(_type(one)) == 1:
            written = _completed(one, pairs.current)
        added.append((one, written))
    return Resolved(pairs.desired, kept, pairs.paired, added, replaced)


def _repeats(entry: Entry, others: list[Entry]) -> bool:
    """Return whether one of the others has the value of the entry."""
    return bool(entry.get("value")) and entry["value"] in map(_value, others)


def _completed(one: Entry, current: list[Entry]) -> Entry:
    """Return a desired entry without a ``value`` with its omitted parts.

    Such an entry is an address. The parts come from the only current entry of its type. The
    ``formatted`` text is dropped if a part changes.
    """
    before = [entry for entry in current if _type(entry) == _type(one)]
    if "value" in one or len(before) != 1:
        return one
    completed = {**before[0], **one}
    if "formatted" not in one and _changes_parts(one, before[0]):
        completed.pop("formatted", None)
    return completed


def _changes_parts(one: Entry, entry: Entry) -> bool:
    for name, value in one.items():
        is_part = name not in ("type", "primary")
        if is_part and not _same_sub(name, value, entry.get(name)):
            return True
    return False


def settle_primary(resolved: Resolved) -> list[Entry]:
    """Return the entries with at most one primary (RFC 7643 section 2.4).

    A desired primary entry unsets the others. Otherwise an entry whose value changes stays the
    primary one.
    """
    if any(map(_is_primary, resolved.desired)):
        return _with_desired_primary(resolved)
    entries = list(resolved.kept)
    for _one, entry in resolved.paired:
        entries.append(entry)
    for one, entry in resolved.added:
        if len(resolved.added) == 1 and _replaces_primary(one, entry, resolved.replaced):
            entry = {**entry, "primary": True}
        entries.append(entry)
    return entries


def _replaces_primary(one: Entry, entry: Entry, replaced: list[Entry]) -> bool:
    if "primary" in entry:
        return False
    return _type(one) in map(_type, filter(_is_primary, replaced))


def _with_desired_primary(resolved: Resolved) -> list[Entry]:
    """Return the entries if a primary one is desired.

    The service may mark the same value twice by itself, unless the desired entry is a new one.
    """
    new = [one for one, _entry in resolved.added]
    settled = []
    repeatable = []
    for one, _entry in resolved.paired:
        if _is_primary(one):
            settled.append(one)
            if one not in new:
                repeatable.append(_value(one))
    entries = []
    for entry in resolved.kept:
        entries.append(_demoted(entry, unless=_value(entry) in repeatable))
    for _one, entry in resolved.paired:
        entries.append(_demoted(entry, unless=_fulfils_any(entry, settled)))
    for one, entry in resolved.added:
        entries.append(entry if "primary" in one else _without_primary(entry))
    return entries


def _demoted(entry: Entry, *, unless: bool) -> Entry:
    if unless or not _is_primary(entry):
        return entry
    return {**entry, "primary": False}


def _without_primary(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name != "primary"}


def _single_entry(desired: list[Entry], current: list[Entry]) -> list[Entry]:
    """Return the entry to keep if the service keeps one: the primary or the first.

    It is the current one if that says the same. It may be primary, since it is the only one.
    """
    if not desired:
        return []
    plain = max(desired, key=_is_primary)
    if not _is_primary(plain):
        plain = _without_primary(plain)
    for entry in current:
        if covers(entry, plain):
            return [entry]
    return [plain]


def covers(current: Mapping[str, Any], desired: Mapping[str, Any]) -> bool:
    """Return whether the current entry already says all of the desired one.

    If the service keeps no types, the rest decides.
    """
    for name, value in desired.items():
        if not _says(current, name, value, has_value="value" in desired):
            return False
    return True


def _says(current: Mapping[str, Any], name: str, value: Any, *, has_value: bool) -> bool:
    found = current.get(name)
    if name == "primary" and not value:
        return not found
    if name in LABELS and not found and has_value:
        return True
    return _same_sub(name, found, value)


def _same_sub(name: str, one: Any, other: Any) -> bool:
    if isinstance(one, str) and one == other:
        return True
    return bool(_canonical_sub(name, one) == _canonical_sub(name, other))


def _fulfils_any(entry: Entry, desired: list[Entry]) -> bool:
    return any(covers(entry, one) for one in desired)


def _is_fulfilled(one: Entry, current: list[Entry]) -> bool:
    return any(covers(entry, one) for entry in current)


def _is_primary(entry: Entry) -> bool:
    return bool(entry.get("primary"))


def _value(entry: Entry) -> Any:
    return entry.get("value")


def _type(entry: Mapping[str, Any]) -> str:
    return fold(str(entry.get("type") or ""))


# What differs, and what an answer shows


def differing(
    kind: ResourceType, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return the paths at which two flat resources differ.

    They are in the order of ``after``, removed ones last.
    """
    changed = []
    for path, value in after.items():
        if path not in before:
            changed.append(path)
            continue
        old = before[path]
        if value is not old and not same(kind.at(path), old, value):
            changed.append(path)
    for path in before:
        if path not in after:
            changed.append(path)
    return tuple(changed)


def saved(kind: ResourceType, path: str, desired: Any, answer: Mapping[str, Any]) -> bool:
    """Return whether an answer shows that the desired value at ``path`` was kept.

    ``None`` as the desired value means "removed".
    """
    current = answer.get(path)
    if desired is None or desired == []:
        return current in (None, [], "", {})
    if _are_entries(desired) and isinstance(current, list):
        entries = [one for one in current if isinstance(one, dict)]
        return _saved_entries(desired, entries)
    if current is None:
        return False
    return same(kind.at(path), desired, current)


def _are_entries(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _saved_entries(desired: list[Entry], current: list[Entry]) -> bool:
    """Return whether every desired entry is there, and none of another value."""
    values = list(map(_value, desired))
    for entry in current:
        if _value(entry) not in values and not _fulfils_any(entry, desired):
            return False
    for one in desired:
        if not _is_fulfilled(one, current):
            return False
    return True
