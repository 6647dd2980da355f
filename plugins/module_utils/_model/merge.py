# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource becomes when changed, what differs, and what an answer shows.

Knows no service. "Only what is set is managed" is one rule: complete the desired attributes with
the current ones, then make a plain difference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from .flat import Flat, are_entries, under
from .pairing import Edit, entries_after, saved_entries, single_entry, wanted_entries
from .sameness import identical, same
from .schema import Attribute, ResourceType, split_path, top_path


class Keeping(NamedTuple):
    """How a service keeps lists, by path.

    At the paths in ``single`` it keeps one entry. At those in ``typed`` it is known to keep types,
    at those in ``listed`` its Schemas say so.
    """

    single: Collection[str] = ()
    typed: Collection[str] = ()
    listed: Collection[str] = ()


def merge(
    kind: ResourceType,
    current: Flat,
    desired: Mapping[str, Any],
    clear: Iterable[str] = (),
    *,
    exact: bool = False,
    keeping: Keeping = Keeping(),
) -> Flat:
    """Return ``current`` with ``clear`` taken out and ``desired`` written over it.

    Multi-valued attributes are merged as pairing.py says; an empty list removes all entries. If you
    clear an attribute and also set a part of it, that part is kept. A value that does not change is
    the one in ``current``.
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
        value = _value_after(
            kind.at(path),
            value,
            current.get(path),
            path,
            exact=exact,
            keeping=keeping,
        )
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


def _value_after(
    attribute: Attribute, value: Any, before: Any, path: str, *, exact: bool, keeping: Keeping
) -> Any:
    """Return the value after the merge, ``before`` itself if nothing changes."""
    if identical(value, before) and path not in keeping.single:
        return before
    if isinstance(value, Edit) or (isinstance(value, list) and attribute.many):
        entries = before if isinstance(before, list) else []
        wanted = wanted_entries(value)
        if path in keeping.single and (wanted or isinstance(value, list)):
            value = single_entry(attribute, wanted, entries)
        else:
            typed, listed = path in keeping.typed, path in keeping.listed
            value = entries_after(
                attribute, value, entries, exact=exact, typed=typed, listed=listed
            )
    if before is not None and same(attribute, value, before):
        return before
    return value


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
    if are_entries(desired) and isinstance(current, list):
        entries = [one for one in current if isinstance(one, dict)]
        return saved_entries(kind.at(path), desired, entries)
    if current is None:
        return False
    return same(kind.at(path), desired, current)
