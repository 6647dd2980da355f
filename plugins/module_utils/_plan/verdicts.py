# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answer to one filter says and what it proves; knows no request.

Services ignore filters, evaluate a part of them, and show names in another form than they take.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .._model.schema import ResourceType
from .desired import Clause, Portion, folded
from .questions import Resource
from .value_index import has_value


# A filter on one name that gives more than this was not honoured. Fewer may be that name in other
# forms, for example with the name of a user store before it.
MOST_STRANGERS = 5
NOBODY = "-which-no-resource-has"
# At most one resource has the value of these paths (RFC 7643 section 8.7.1), as of id (section
# 3.1). Any other key may belong to a second resource.
UNIQUE_NAMES = frozenset({("User", "userName")})


class Verdict(NamedTuple):
    """The answer to one filter, judged by the collection.

    ``portion`` are the comparisons of the filter and ``found`` those that hold for a resource.
    ``fitting`` are the resources for which one holds, ``strangers`` all others. ``proven`` are the
    places of comparisons that the service is known to have evaluated. ``found_by`` are the
    attributes of which one alone can have brought a resource.
    """

    portion: Portion
    found: frozenset[Clause]
    fitting: tuple[Resource, ...]
    strangers: tuple[Resource, ...]
    proven: range
    found_by: frozenset[str] = frozenset()

    @property
    def lacking(self) -> Portion:
        """Return the comparisons that hold for no resource, each once."""
        return tuple(one for one in dict.fromkeys(self.portion) if one not in self.found)

    @property
    def is_ignored(self) -> bool:
        """Return whether the service did not evaluate the filter.

        More resources than it can have found, none of which fits, show that.
        """
        most = len(self.portion) if len(self.portion) > 1 else MOST_STRANGERS
        return not self.fitting and len(self.strangers) > most

    @property
    def is_doubtful(self) -> bool:
        """Return whether a stranger may be meant by a comparison without a match."""
        return bool(self.strangers and self.lacking)

    @property
    def unproven(self) -> Portion:
        """Return the comparisons that the service need not have evaluated.

        Some services evaluate the first one only, or the last, or a few, or none of several. A
        single one is always evaluated, and so is one that is the first and the last.
        """
        if len(self.portion) == 1:
            return ()
        unproven = []
        for number, clause in enumerate(self.portion):
            if clause not in self.found and number not in self.proven:
                unproven.append(clause)
        if self.portion[0] == self.portion[-1]:
            unproven = [one for one in unproven if one != self.portion[0]]
        return tuple(unproven)


def judged(kind: ResourceType, portion: Portion, resources: Iterable[Resource]) -> Verdict:
    """Return what an answer says about each comparison of a filter."""
    wanted = [(clause, folded(kind, *clause)) for clause in portion]
    found = set()
    fitting: list[Resource] = []
    strangers: list[Resource] = []
    places: list[list[int]] = []
    for resource in resources:
        held = []
        for number, (clause, value) in enumerate(wanted):
            if has_value(kind, resource, clause[0], value):
                held.append(number)
                found.add(clause)
        if held:
            fitting.append(resource)
            places.append(held)
        else:
            strangers.append(resource)
    found_by = frozenset(filter(None, (_only_path(portion, held) for held in places)))
    shown = _between(places)
    return Verdict(portion, frozenset(found), tuple(fitting), tuple(strangers), shown, found_by)


def _only_path(portion: Portion, held: Iterable[int]) -> str:
    """Return the attribute of comparisons that hold for a resource, "" for several."""
    paths = {portion[number][0] for number in held}
    return paths.pop() if len(paths) == 1 else ""


def _between(places: Iterable[Sequence[int]]) -> range:
    """Return the places of comparisons that lie between two evaluated ones.

    For each resource these are the places of the comparisons that hold for it. Any of them may
    have brought it.
    """
    if not places:
        return range(0)
    return range(min(max(one) for one in places) + 1, max(min(one) for one in places))


def with_proofs(portion: Portion, proofs: Portion, most: int, *, works: bool) -> Portion:
    """Return a portion with a proof behind it and one before it.

    A single comparison needs none if a filter ``works``: it has found something. Otherwise a proof
    is asked first, alone, if there is one only, or if a filter may have only ``most`` comparisons.
    """
    if not proofs or (works and len(portion) == 1):
        return portion
    if len(portion) == 1 and (len(proofs) == 1 or most <= len(proofs)):
        return proofs[:1]
    return (*proofs[1:], *portion, proofs[0])


def enclosed(kind: ResourceType, portion: Portion, most: int) -> Portion:
    """Return a portion with the key that may repeat as its first and its last one.

    So it is evaluated by services that evaluate either only. It is the first of such keys. The
    portion stays as it is if no key may repeat, or if that is more than a filter may have.
    """
    repeating = [one for one in portion if not is_unique(kind, one[0])]
    if not repeating or not 1 < len(portion) < most:
        return portion
    first = repeating[0]
    return (first, *(one for one in portion if one != first), first)


def with_room(portions: Iterable[Portion], proofs: Portion, most: int) -> list[Portion]:
    """Return portions that leave room for proofs in filters of so many comparisons."""
    size = max(1, most - len(proofs))
    found = []
    for portion in portions:
        for start in range(0, len(portion), size):
            found.append(portion[start : start + size])
    return found


def is_unique(kind: ResourceType, path: str) -> bool:
    """Return whether at most one resource has a value of that path."""
    return path == "id" or (kind.name, path) in UNIQUE_NAMES


def has_each(kind: ResourceType, clauses: Iterable[Clause], resources: Sequence[Resource]) -> bool:
    """Return whether there is a resource for each of several keys."""
    for path, value in clauses:
        wanted = folded(kind, path, value)
        if not any(has_value(kind, one, path, wanted) for one in resources):
            return False
    return True


def impossible(clause: Clause) -> Clause:
    """Return a comparison like another one that holds for no resource."""
    path, value = clause
    return path, f"{value}{NOBODY}"
