# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two values are the same, and what a wish becomes when completed with what is held; knows no service.

"Only what is stated is managed" is this one rule: complete the wish with what the service holds, then make a plain
difference.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from .flat import Flat, under
from .schema import Attribute, ResourceType, split_path, top_path

LABELS = frozenset({"type"})


def fold(text: str, *, exact: bool = False) -> str:
    """The form in which two strings are equal for look-up: NFC, and without case unless ``exact`` (RFC 7643 section 2.2).

    Letter by letter, so that no letter becomes two: ``ß`` is not ``ss``, nor ``ﬁ`` ``fi``. Those only look alike.
    """
    normal = unicodedata.normalize("NFC", text)
    if exact or normal.isascii():
        return normal if exact else normal.lower()
    return unicodedata.normalize(
        "NFC", "".join(one if len(one := char.casefold()) == 1 else char.lower() for char in normal)
    )


def key_of(attribute: Attribute, value: Any) -> str:
    """The look-up form of an attribute's value."""
    return fold(str(value), exact=attribute.case_exact)


def same(attribute: Attribute, one: Any, other: Any) -> bool:
    """Whether two values of the attribute are no difference; the order of entries never is one."""
    return bool(_canonical(attribute, one) == _canonical(attribute, other))


def _canonical(attribute: Attribute, value: Any) -> Any:
    if isinstance(value, Mapping):
        return frozenset(
            (name, _canonical_sub(name, inner))
            for name, inner in value.items()
            if inner is not None and not (name == "primary" and not inner)
        )
    if isinstance(value, list):
        found = [_canonical(attribute, one) for one in value]
        return (
            frozenset((one, found.count(one)) for one in found)
            if attribute.many or attribute.type == "any"
            else tuple(found)
        )
    return _scalar(value)


def _canonical_sub(name: str, value: Any) -> Any:
    if isinstance(value, (Mapping, list)):
        return _canonical(Attribute(name=name, doc="", type="any"), value)
    return fold(value) if name in LABELS and isinstance(value, str) else _scalar(value)


def _scalar(value: Any) -> Any:
    # True == 1 in Python, but not in JSON.
    return (
        ("bool", value)
        if isinstance(value, bool)
        else unicodedata.normalize("NFC", value)
        if isinstance(value, str)
        else value
    )


def merge(
    kind: ResourceType,
    held: Flat,
    wish: Mapping[str, Any],
    clear: Iterable[str] = (),
    *,
    exact: bool = False,
    single: Collection[str] = (),
) -> Flat:
    """What the resource is to look like: ``held`` with the wish written over it and ``clear`` taken out.

    Multi-valued attributes merge by ``type`` unless ``exact``; an empty list removes all entries. Of those in ``single``
    one entry is left.
    The result is ``held`` itself, value for value, wherever the wish says nothing or nothing else.
    """
    cleared = {
        path.lower() for path in clear
    }  # names of attributes ignore case (RFC 7643 section 2.1)
    after = {
        path: value
        for path, value in held.items()
        if not cleared
        or cleared.isdisjoint({path.lower(), top_path(path).lower(), split_path(path)[0].lower()})
    }
    spelt = {path.lower(): path for path in held}
    for path, value in wish.items():
        path = spelt.get(path.lower(), path)
        attribute = kind.at(path)
        if isinstance(value, list) and attribute.many:
            value = (
                _one_entry(value, held.get(path, []))
                if path in single
                else merge_entries(value, held.get(path, []), exact=exact)
            )
        for other in (*under(path, after), top_path(path)):
            if other != path:
                after.pop(
                    other, None
                )  # the service holds it in another shape, for example a name as one string
        if value == []:
            after.pop(path, None)
        else:  # what is cleared as part of something else, and stated, stays or is written
            after[path] = (
                held[path] if path in held and same(attribute, value, held[path]) else value
            )
    return after


def merge_entries(
    stated: list[dict[str, Any]], held: list[dict[str, Any]], *, exact: bool = False
) -> list[dict[str, Any]]:
    """The entries of a multi-valued attribute after the wish: those held that stay, then those stated.

    For each type stated just the stated entries are left; entries of other types stay unless ``exact``.
    A held entry that already says all that a stated one says is kept as it is, with what the service added to it.
    An entry whose value changes stays the primary one if it was and nothing else is stated (RFC 7643 section 2.4).
    """
    if not stated:
        return []
    types = {_type(one) for one in stated}
    matches = _matched(stated, held, types)
    left = [entry for at, entry in enumerate(held) if at not in matches.values()]
    result = [held[matches[number]] for number in range(len(stated)) if number in matches]
    open_wishes = [one for number, one in enumerate(stated) if number not in matches]
    replaced = [entry for entry in left if _type(entry) in types]
    values = {_value(one) for one in stated}
    if (
        exact
    ):  # the same value again under another type is the service's own doing, not an entry too many
        kept = [
            entry
            for entry in left
            if _type(entry) not in types and _value(entry) in values and _value(entry)
        ]
    else:
        kept = [entry for entry in left if _type(entry) not in types]
    primary_stated = any(one.get("primary") for one in stated)
    if primary_stated:
        # the same value marked twice is the service's own doing, unless the marked entry is only now to be written
        top = {_value(one) for one in stated if one.get("primary") and one not in open_wishes}
        kept = [entry if _value(entry) in top else _demoted(entry) for entry in kept]
        settled = [stated[number] for number in matches if stated[number].get("primary")]
        result = [
            entry if any(covers(entry, one) for one in settled) else _demoted(entry)
            for entry in result
        ]
    for one in open_wishes:
        if not exact and [_type(other) for other in stated].count(_type(one)) == 1:
            one = _completed(one, held, primary_stated=primary_stated)
        was_primary = any(entry.get("primary") for entry in replaced if _type(entry) == _type(one))
        if was_primary and not primary_stated and "primary" not in one and len(open_wishes) == 1:
            one = {**one, "primary": True}
        result.append(one)
    return kept + result


def _completed(
    one: dict[str, Any], held: list[dict[str, Any]], *, primary_stated: bool
) -> dict[str, Any]:
    """A stated entry without a ``value``, such as an address, with what the only held one of its type says besides.

    What was ``formatted`` of other parts would be wrong, so it goes with them.
    """
    before = [entry for entry in held if _type(entry) == _type(one)]
    if "value" in one or len(before) != 1:
        return one
    parts = [
        name
        for name, value in one.items()
        if name not in ("type", "primary")
        and _canonical_sub(name, value) != _canonical_sub(name, before[0].get(name))
    ]
    lost = {*(("formatted",) if parts else ()), *(("primary",) if primary_stated else ())}
    return {**{name: value for name, value in before[0].items() if name not in lost}, **one}


def _matched(
    stated: list[dict[str, Any]], held: list[dict[str, Any]], types: Collection[str]
) -> dict[int, int]:
    """Which held entry each stated one is, by number: as many as can be, first of those held that would not stay by themselves.

    A stated entry may fit several held ones, and the other way round, so one makes room for another (augmenting paths).
    """
    owner: dict[int, int] = {}

    def place(number: int, open_to: set[int]) -> bool:
        fits = [at for at in open_to if covers(held[at], stated[number])]
        for at in sorted(
            fits, key=lambda one: (_type(held[one]) != _type(stated[number]), len(held[one]), one)
        ):
            if at in open_to:
                open_to.discard(at)
                if at not in owner or place(owner[at], open_to):
                    owner[at] = number
                    return True
        return False

    ours = {at for at, entry in enumerate(held) if _type(entry) in types}
    for choice in (ours, {*range(len(held))}):
        for number in range(len(stated)):
            if number not in owner.values():
                place(number, set(choice))
    return {number: at for at, number in owner.items()}


def _one_entry(stated: list[dict[str, Any]], held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The stated entry that counts where only one is kept; the held one where it says the same. Being the only one, it may be marked primary."""
    for one in sorted(stated, key=lambda entry: not entry.get("primary"))[:1]:
        plain = {name: value for name, value in one.items() if name != "primary" or value}
        return [next((entry for entry in held if covers(entry, plain)), plain)]
    return []


def covers(held: Mapping[str, Any], stated: Mapping[str, Any]) -> bool:
    """Whether the held entry already says what is stated; a service that keeps no types is compared by the rest."""
    for name, value in stated.items():
        if name == "primary" and not value:
            if held.get("primary"):
                return False
        elif name in LABELS and not held.get(name) and "value" in stated:
            continue
        elif _canonical_sub(name, held.get(name)) != _canonical_sub(name, value):
            return False
    return True


def differing(
    kind: ResourceType, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[str, ...]:
    """The paths at which two flat resources differ, in the order of ``after``, removed ones last."""
    changed = [
        path
        for path in after
        if path not in before or not same(kind.at(path), before[path], after[path])
    ]
    return (*changed, *(path for path in before if path not in after))


def saved(kind: ResourceType, path: str, wish: Any, answer: Mapping[str, Any]) -> bool:
    """Whether an answer shows that the wish at ``path`` was kept; ``None`` as the wish means "removed"."""
    held = answer.get(path)
    if wish is None or wish == []:
        return held in (None, [], "", {})
    if (
        isinstance(wish, list)
        and isinstance(held, list)
        and all(isinstance(one, dict) for one in wish)
    ):
        entries = [entry for entry in held if isinstance(entry, dict)]
        values = {_value(one) for one in wish}
        surplus = [
            entry
            for entry in entries
            if _value(entry) not in values and not any(covers(entry, one) for one in wish)
        ]
        return not surplus and all(any(covers(entry, one) for entry in entries) for one in wish)
    return held is not None and same(kind.at(path), wish, held)


def _demoted(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "primary": False} if entry.get("primary") else entry


def _type(entry: Mapping[str, Any]) -> str:
    return fold(str(entry.get("type") or ""))


def _value(entry: Mapping[str, Any]) -> Any:
    return entry.get("value")
