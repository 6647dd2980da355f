# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the entries of a multi-valued attribute become, in two steps.

Of desired and current entries that are paired, it is decided which others stay, then which one is
primary. Knows no resource and no service.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .flat import Entry
from .matching import (
    Pairs,
    fulfils_any,
    has_no_types,
    pair,
    repeats,
    type_of,
    value_form,
    with_types,
    without,
    without_types,
)
from .sameness import covers, same_sub, sub_form
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
        elif not all(repeats(attribute, one, current) for one in desired):
            after = entries_after(attribute, wish, current, exact=exact)
            return with_types(attribute, after, desired)
    left = [one for one in current if not fulfils_any(attribute, one, removed)]
    if not left and edit.whole is not None:
        return list(desired)
    pairs = pair(attribute, desired, left)
    if edit.whole is None:
        return settle_primary(attribute, _added(attribute, pairs))
    return settle_primary(attribute, resolve(attribute, pairs, exact=exact or edit is wish))


def resolve(attribute: Attribute, pairs: Pairs, *, exact: bool = False) -> Resolved:
    """Return which entries are left for the desired ones of ``pairs``.

    Desired entries take the place of all entries of their types or, if the value is the identity,
    of their values. Entries of other types stay unless ``exact``, and even then those with a
    desired value: the service added them by itself. An empty list of desired entries removes all.
    """
    if not pairs.desired:
        return Resolved([], [], [], [], [], pairs.left)
    types = set() if attribute.by_value else set(map(type_of, pairs.desired))
    kept, replaced = _split(attribute, pairs, types)
    if exact:
        kept = [one for one in kept if repeats(attribute, one, pairs.desired)]
    types_written = list(map(type_of, pairs.desired))
    added = []
    for one in pairs.new:
        written = one
        if not exact:
            is_alone = types_written.count(type_of(one)) == 1
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
    values = {value_form(attribute, one) for one in pairs.new} - {None}
    kept = []
    replaced = []
    for entry in pairs.left:
        becomes = value_form(attribute, entry) in values
        if not pairs.new and _is_repeated(attribute, entry, pairs):
            kept.append(entry)
        elif type_of(entry) in types or (becomes and (attribute.by_value or not type_of(entry))):
            replaced.append(entry)
        else:
            kept.append(entry)
    return kept, replaced


def _is_repeated(attribute: Attribute, entry: Entry, pairs: Pairs) -> bool:
    """Return whether an entry says the same as one that fulfils a desired one."""
    for _one, other in pairs.paired:
        if type_of(other) == type_of(entry) and repeats(attribute, entry, [other]):
            return True
    return False


def _completed(
    attribute: Attribute, one: Entry, replaced: Sequence[Entry], *, is_alone: bool
) -> Entry:
    """Return a desired entry with the parts that it omits.

    An entry with a ``value`` takes them from the only replaced entry of that value. An address,
    which has none, takes them from the only replaced entry of its type, if it ``is_alone`` of that
    type. Its ``formatted`` text is dropped if a part changes.
    """
    if "value" in one:
        form = value_form(attribute, one)
        before = [entry for entry in replaced if value_form(attribute, entry) == form]
        return {**without("primary", before[0]), **one} if len(before) == 1 else one
    before = [entry for entry in replaced if type_of(entry) == type_of(one)]
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
            new.setdefault(type_of(one), []).append(parts)
    found: dict[Any, Entry] = {}
    for entry in replaced:
        content = _content(attribute, entry)
        contents = new.get(type_of(entry))
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
        return value_form(attribute, entry)
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
        entries.append(without("primary", copy) if has_primary else copy)
    return entries


def _heir(attribute: Attribute, resolved: Resolved) -> int | None:
    """Return the number of the added entry that becomes primary instead of another.

    That is one of the same value or, if it is the only one, of the same type.
    """
    ranked = []
    for old in filter(_is_primary, resolved.replaced):
        for number, (one, entry) in enumerate(resolved.added):
            same_type = type_of(one) == type_of(old)
            same_value = repeats(attribute, one, [old])
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
        entries.append(_demoted(entry, unless=repeats(attribute, entry, repeatable)))
    for one, entry in resolved.paired:
        is_settled = _is_primary(one) or fulfils_any(attribute, entry, settled)
        entries.append(_demoted(entry, unless=is_settled))
    for one, entry in resolved.added:
        entries.append(entry if "primary" in one else without("primary", entry))
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
        plain = without("primary", plain)
    for entry in current:
        if covers(attribute, entry, plain, typeless=True):
            return [entry]
    return [plain]


def saved_entries(attribute: Attribute, desired: list[Entry], current: list[Entry]) -> bool:
    """Return whether every desired entry is there, and none of another value.

    A type that the service does not keep makes no difference.
    """
    for entry in current:
        if not _is_copy(attribute, entry, desired) and not fulfils_any(
            attribute, entry, desired, typeless=True
        ):
            return False
    for one in desired:
        if not any(covers(attribute, entry, one, typeless=True) for entry in current):
            return False
    return True


def _is_copy(attribute: Attribute, entry: Entry, others: list[Entry]) -> bool:
    """Return whether an entry says the same as one of the others, of whatever type."""
    content = _content(attribute, entry)
    return content is not None and content in [_content(attribute, one) for one in others]


def _is_primary(entry: Entry) -> bool:
    return bool(entry.get("primary"))
