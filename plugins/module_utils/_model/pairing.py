# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the entries of a multi-valued attribute become, in three steps.

Desired and current entries are paired, then it is decided which others stay, then which one is
primary. Knows no resource and no service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .flat import Entry
from .sameness import covers, fold, same_sub, sub_form
from .schema import Attribute

PARTS_BESIDES = ("type", "primary")


class Edit(NamedTuple):
    """What ``{set | add | remove: [...]}`` asks of a multi-valued attribute.

    ``whole`` is the complete list, None unless it is set.
    """

    whole: list[Entry] | None = None
    add: Sequence[Entry] = ()
    remove: Sequence[Entry] = ()

    @property
    def wanted(self) -> list[Entry]:
        """Return the entries that must be there."""
        return list(self.add) if self.whole is None else self.whole


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

    ``kept`` are current entries that nobody set. ``copies`` are such entries that held a value
    that is replaced, with the new one. ``paired`` are desired entries with the current ones that
    fulfil them, ``added`` desired entries with what is written for them. ``replaced`` are the
    current entries that give way.
    """

    desired: list[Entry]
    kept: list[Entry]
    copies: list[Entry]
    paired: list[tuple[Entry, Entry]]
    added: list[tuple[Entry, Entry]]
    replaced: list[Entry]


def wanted_entries(wish: Any) -> list[Entry]:
    """Return the entries that a list or an Edit sets, none for any other value."""
    if isinstance(wish, Edit):
        return wish.wanted
    return wish if isinstance(wish, list) else []


def united(one: Any, other: Any) -> Edit | None:
    """Return what two Edits ask together, None if they contradict or are no additions."""
    if not isinstance(one, Edit) or not isinstance(other, Edit):
        return None
    if one.whole is not None or other.whole is not None:
        return None
    for mine, theirs in ((one, other), (other, one)):
        if any(entry in theirs.remove for entry in mine.add):
            return None
    add = [*one.add, *(entry for entry in other.add if entry not in one.add)]
    return Edit(add=add, remove=[*one.remove, *other.remove])


def entries_after(
    attribute: Attribute,
    wish: list[Entry] | Edit,
    current: list[Entry],
    *,
    exact: bool = False,
    typed: bool = False,
    listed: bool = False,
) -> list[Entry]:
    """Return the entries after a list or an Edit is laid over the current ones.

    A list takes the place of the entries of its types, or adds to them where the value is the
    identity. With ``exact`` it takes the place of all. Where the current entries show that a
    service keeps no types, none is written, unless it is known to keep them (``typed``). If only
    its Schemas say so (``listed``), types are written too. Where a desired value is not there, the
    service may have rewritten it and dropped its type, so the list becomes what it would be without
    types: else it would grow.
    """
    edit = wish if isinstance(wish, Edit) else Edit(whole=wish)
    desired, removed = edit.wanted, edit.remove
    if not typed and has_no_types(current):
        removed = without_types(removed)
        if not listed:
            desired = without_types(desired)
        elif not all(_repeats(attribute, one, current) for one in desired):
            after = entries_after(attribute, wish, current, exact=exact)
            return with_types(attribute, after, desired)
    left = [one for one in current if not _fulfils_any(attribute, one, removed)]
    pairs = pair(attribute, desired, left)
    if edit.whole is None:
        return settle_primary(attribute, _added(attribute, pairs))
    return settle_primary(attribute, resolve(attribute, pairs, exact=exact or edit is wish))


def types_of(entries: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the types of entries, in small letters."""
    return frozenset(map(_type, entries)) - {""}


def has_no_types(current: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether there are entries, and none has a type."""
    types = set(map(_type, current))
    return types == {""}


def without_types(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries without types, each once. One that is nothing but a type stays."""
    found: list[Entry] = []
    for one in entries:
        plain = _without("type", one) or one
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
            if _type(one) and covers(attribute, entry, one, typeless=True):
                fitting.append(number)
        if fitting:
            types[min(fitting, key=lambda number: len(types[number]))].append(one["type"])
    found: list[Entry] = []
    for number, entry in enumerate(entries):
        found += [{**entry, "type": one} for one in types[number]] or [entry]
    return found


def pair(attribute: Attribute, desired: list[Entry], current: list[Entry]) -> Pairs:
    """Return which current entry fulfils each desired one: as many pairs as possible.

    A current entry that says all of a desired one fulfils it. Current entries of a desired type
    come first, since the others stay anyway. If no desired type is there but each desired value is
    there twice, these fulfil all: a service that has types of its own made them of what was desired
    before.
    """
    types = set(map(_type, desired))
    matching = _Matching(attribute, desired, current)
    matching.place_all(at for at, entry in enumerate(current) if _type(entry) in types)
    matching.place_all(range(len(current)))
    if not matching.is_complete and types.isdisjoint(map(_type, current)):
        unlabelled = [_without("type", one) for one in desired]
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
    marks = [(_type(one), _value_form(attribute, one)) for one in current]
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
                ranked.append((_type(entry) != _type(one), len(entry), at))
        return [at for _other_type, _size, at in sorted(ranked)]


def resolve(attribute: Attribute, pairs: Pairs, *, exact: bool = False) -> Resolved:
    """Return which entries are left for the desired ones of ``pairs``.

    Desired entries take the place of all entries of their types or, if the value is the identity,
    of their values. Entries of other types stay unless ``exact``, and even then those with a
    desired value: the service added them by itself. An empty list of desired entries removes all.
    """
    if not pairs.desired:
        return Resolved([], [], [], [], [], pairs.left)
    types = set() if attribute.by_value else set(map(_type, pairs.desired))
    kept, replaced = _split(attribute, pairs, types)
    if exact:
        kept = [one for one in kept if _repeats(attribute, one, pairs.desired)]
    types_written = list(map(_type, pairs.desired))
    added = []
    for one in pairs.new:
        written = one
        if not exact:
            is_alone = types_written.count(_type(one)) == 1
            written = _completed(attribute, one, replaced, is_alone=is_alone)
        added.append((one, written))
    new_values = _new_values(attribute, pairs.desired, added, replaced)
    staying = [one for one in kept if _content(attribute, one) not in new_values]
    copies = []
    for one in kept:
        content = _content(attribute, one)
        if content in new_values:
            copy = {**_besides(one), **new_values[content]}
            if copy not in staying:
                copies.append(copy)
    return Resolved(pairs.desired, staying, copies, pairs.paired, added, replaced)


def _added(attribute: Attribute, pairs: Pairs) -> Resolved:
    """Return the entries if the desired ones are there besides the current ones."""
    kept, replaced = _split(attribute, pairs, frozenset())
    added = []
    for one in pairs.new:
        added.append((one, _completed(attribute, one, replaced, is_alone=False)))
    return Resolved(pairs.desired, kept, [], pairs.paired, added, replaced)


def _split(
    attribute: Attribute, pairs: Pairs, types: Iterable[str]
) -> tuple[list[Entry], list[Entry]]:
    """Return the entries left over that stay, and those that give way to new ones.

    The latter are of one of the ``types``. They are also those with the value of a new entry that
    have no type or, if the value is the identity, any type: a new entry is what becomes of them. If
    there is none, an entry that repeats a paired one stays: the service would double it again.
    """
    values = {_value_form(attribute, one) for one in pairs.new} - {None}
    kept = []
    replaced = []
    for entry in pairs.left:
        becomes = _value_form(attribute, entry) in values
        if not pairs.new and _is_repeated(attribute, entry, pairs):
            kept.append(entry)
        elif _type(entry) in types or (becomes and (attribute.by_value or not _type(entry))):
            replaced.append(entry)
        else:
            kept.append(entry)
    return kept, replaced


def _is_repeated(attribute: Attribute, entry: Entry, pairs: Pairs) -> bool:
    """Return whether an entry says the same as one that fulfils a desired one."""
    for _one, other in pairs.paired:
        if _type(other) == _type(entry) and _repeats(attribute, entry, [other]):
            return True
    return False


def _repeats(attribute: Attribute, entry: Entry, others: Iterable[Entry]) -> bool:
    """Return whether one of the others has the value of the entry."""
    form = _value_form(attribute, entry)
    return form is not None and form in {_value_form(attribute, one) for one in others}


def _completed(
    attribute: Attribute, one: Entry, replaced: Sequence[Entry], *, is_alone: bool
) -> Entry:
    """Return a desired entry with the parts that it omits.

    An entry with a ``value`` takes them from the only replaced entry of that value. An address,
    which has none, takes them from the only replaced entry of its type, if it ``is_alone`` of that
    type. Its ``formatted`` text is dropped if a part changes.
    """
    if "value" in one:
        form = _value_form(attribute, one)
        before = [entry for entry in replaced if _value_form(attribute, entry) == form]
        return {**_without("primary", before[0]), **one} if len(before) == 1 else one
    before = [entry for entry in replaced if _type(entry) == _type(one)]
    if not is_alone or len(before) != 1:
        return one
    completed = {**before[0], **one}
    if "formatted" not in one and _changes_parts(attribute, one, before[0]):
        completed.pop("formatted", None)
    return completed


def _changes_parts(attribute: Attribute, one: Entry, entry: Entry) -> bool:
    for name, value in one.items():
        is_part = name not in PARTS_BESIDES
        if is_part and not same_sub(attribute, name, value, entry.get(name)):
            return True
    return False


def _new_values(
    attribute: Attribute,
    desired: Iterable[Entry],
    added: Iterable[tuple[Entry, Entry]],
    replaced: Iterable[Entry],
) -> dict[Any, Entry]:
    """Return what takes the place of each replaced content.

    Some services keep each entry once more under another type. A content that is set stays as it
    is.
    """
    if attribute.by_value:
        return {}
    still_set = {_content(attribute, one) for one in desired}
    new: dict[str, list[Entry]] = {}
    for one, written in added:
        parts = {"value": one["value"]} if "value" in one else _parts(written)
        if parts:
            new.setdefault(_type(one), []).append(parts)
    found: dict[Any, Entry] = {}
    for entry in replaced:
        content = _content(attribute, entry)
        contents = new.get(_type(entry))
        if contents and content is not None and content not in still_set:
            # The last new one is for all others that are replaced.
            found[content] = contents.pop(0) if len(contents) > 1 else contents[0]
    return found


def _parts(entry: Entry) -> Entry:
    """Return an entry without its type, and without whether it is primary."""
    return {name: value for name, value in entry.items() if name not in PARTS_BESIDES}


def _besides(entry: Entry) -> Entry:
    """Return what stays of a copy: an address is replaced, besides its type."""
    if "value" in entry:
        return entry
    return {name: value for name, value in entry.items() if name in PARTS_BESIDES}


def _content(attribute: Attribute, entry: Entry) -> Any:
    """Return what an entry says in the form in which it is compared, None for nothing.

    That is its value. An address, which has none, says what its parts say (RFC 7643 section 4.1.2).
    """
    if "value" in entry:
        return _value_form(attribute, entry)
    forms = []
    for name, value in sorted(_parts(entry).items()):
        if name != "formatted" and value not in (None, ""):
            forms.append((name, repr(sub_form(attribute, name, value))))
    return tuple(forms) or entry.get("formatted") or None


def settle_primary(attribute: Attribute, resolved: Resolved) -> list[Entry]:
    """Return the entries with at most one primary (RFC 7643 section 2.4).

    A desired primary entry unsets the others. Otherwise an entry whose value changes stays the
    primary one.
    """
    if any(map(_is_primary, resolved.desired)):
        entries = _with_desired_primary(attribute, resolved)
    else:
        entries = [*resolved.kept, *(entry for _one, entry in resolved.paired)]
        heir = _heir(attribute, resolved)
        for number, (_one, entry) in enumerate(resolved.added):
            entries.append({**entry, "primary": True} if number == heir else entry)
    has_primary = any(map(_is_primary, entries))
    for copy in resolved.copies:
        entries.append(_without("primary", copy) if has_primary else copy)
    return entries


def _heir(attribute: Attribute, resolved: Resolved) -> int | None:
    """Return the number of the added entry that becomes primary instead of another.

    That is one of the same value or, if it is the only one, of the same type.
    """
    ranked = []
    for old in filter(_is_primary, resolved.replaced):
        for number, (one, entry) in enumerate(resolved.added):
            same_type = _type(one) == _type(old)
            same_value = _repeats(attribute, one, [old])
            is_only = len(resolved.added) == 1
            if "primary" not in entry and (same_value or (same_type and is_only)):
                ranked.append((not same_value, not same_type, number))
    return min(ranked)[2] if ranked else None


def _with_desired_primary(attribute: Attribute, resolved: Resolved) -> list[Entry]:
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
                repeatable.append(one)
    entries = []
    for entry in resolved.kept:
        entries.append(_demoted(entry, unless=_repeats(attribute, entry, repeatable)))
    for one, entry in resolved.paired:
        is_settled = _is_primary(one) or _fulfils_any(attribute, entry, settled)
        entries.append(_demoted(entry, unless=is_settled))
    for one, entry in resolved.added:
        entries.append(entry if "primary" in one else _without("primary", entry))
    return entries


def _demoted(entry: Entry, *, unless: bool) -> Entry:
    if unless or not _is_primary(entry):
        return entry
    return {**entry, "primary": False}


def single_entry(attribute: Attribute, desired: list[Entry], current: list[Entry]) -> list[Entry]:
    """Return the entry to keep if the service keeps one: the primary or the first.

    It is the current one if that says the same. It may be primary, since it is the only one.
    """
    if not desired:
        return []
    plain = max(desired, key=_is_primary)
    if not _is_primary(plain):
        plain = _without("primary", plain)
    for entry in current:
        if covers(attribute, entry, plain, typeless=True):
            return [entry]
    return [plain]


def saved_entries(attribute: Attribute, desired: list[Entry], current: list[Entry]) -> bool:
    """Return whether every desired entry is there, and none of another value.

    A type that the service does not keep makes no difference.
    """
    for entry in current:
        if not _repeats(attribute, entry, desired) and not _fulfils_any(
            attribute, entry, desired, typeless=True
        ):
            return False
    for one in desired:
        if not any(covers(attribute, entry, one, typeless=True) for entry in current):
            return False
    return True


def _fulfils_any(
    attribute: Attribute, entry: Entry, desired: Iterable[Entry], *, typeless: bool = False
) -> bool:
    return any(covers(attribute, entry, one, typeless=typeless) for one in desired)


def _without(name: str, entry: Entry) -> Entry:
    return {key: value for key, value in entry.items() if key != name}


def _is_primary(entry: Entry) -> bool:
    return bool(entry.get("primary"))


def _value_form(attribute: Attribute, entry: Entry) -> Any:
    """Return the value of an entry in the form in which it is compared, None for none."""
    value = entry.get("value")
    return None if value in (None, "") else sub_form(attribute, "value", value)


def _type(entry: Mapping[str, Any]) -> str:
    return fold(str(entry.get("type") or ""))
