# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keys a filter of the service finds, and which need a listing; pure.

Knows no request. Many services filter by a few attributes only.
"""

from __future__ import annotations

import string
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from .._model.schema import ResourceType
from .._provider.abilities import (
    filter_paths,
    filters_ignore_case,
    is_proven_by_filter,
    is_safe_in_filters,
    joins_comparisons,
    not_stored,
    unjoined_paths,
)
from .._provider.capabilities import Capabilities
from .desired import Clause, folded
from .questions import Question, Reading
from .reading import portions, portions_of_ids
from .value_index import has_value

Clauses = tuple[Clause, ...]
PLAIN = frozenset(string.ascii_letters + string.digits + "._-@")


def askable(
    kind: ResourceType, clauses: Iterable[Clause], capabilities: Capabilities
) -> Iterator[Clause]:
    """Yield the keys that a filter may find."""
    known = filter_paths(capabilities, kind.name)
    for path, value in clauses:
        if (not known or path in known) and is_safe_in_filters(capabilities, value):
            yield path, value


def any_askable(kind: ResourceType, clauses: Iterable[Clause], capabilities: Capabilities) -> bool:
    """Return whether a filter may find one of several keys."""
    return next(askable(kind, clauses, capabilities), None) is not None


def cut(
    kind: ResourceType,
    clauses: Iterable[Clause],
    capabilities: Capabilities,
    *,
    alone: bool = False,
) -> list[Clauses]:
    """Return the keys that a filter may find, in portions for one filter each.

    Some keys cannot be joined with others. ``alone``: none is.
    """
    unjoined = unjoined_paths(capabilities, kind.name)
    joined: list[Clause] = []
    singles: list[Clauses] = []
    for clause in askable(kind, clauses, capabilities):
        if alone or clause[0] in unjoined:
            singles.append((clause,))
        else:
            joined.append(clause)
    return [*portions(joined, capabilities), *singles]


def cut_ids(
    kind: ResourceType, clauses: Iterable[Clause], proofs: Clauses, capabilities: Capabilities
) -> list[Clauses]:
    """Return ids that a filter may find, in portions with room for the proofs."""
    if not proofs or not joins_ids(kind, capabilities):
        return cut(kind, clauses, capabilities)
    return portions_of_ids(askable(kind, clauses, capabilities), proofs, capabilities)


def joins_ids(kind: ResourceType, capabilities: Capabilities) -> bool:
    """Return whether a filter may have several comparisons of ids."""
    if "id" in unjoined_paths(capabilities, kind.name):
        return False
    return joins_comparisons(capabilities, kind.name)


def settled_without(
    question: Question,
    clauses: Iterable[Clause],
    readings: Iterable[Reading],
    capabilities: Capabilities,
) -> Clauses:
    """Return the keys that need neither a filter nor a listing.

    A resource that came has them, or the service stores no value of that attribute.
    """
    kind, sieve = question.kind, question.sieve
    unsaved = not_stored(capabilities, kind.name, at_creation=True)
    resources = [one for reading in readings for one in reading.resources]
    found = []
    for path, value in clauses:
        wanted = folded(kind, path, value)
        is_shown = any(has_value(kind, one, path, wanted) for one in resources)
        is_shown = is_shown or (sieve is not None and sieve.shows(path, wanted))
        if is_shown or path in unsaved:
            found.append((path, value))
    return tuple(found)


def proves_absence(kind: ResourceType, path: str, capabilities: Capabilities) -> bool:
    """Return whether a key that a filter does not find does not exist.

    Some filters mind the case of letters. Others find nothing for an attribute that they do not
    know.
    """
    if not is_proven_by_filter(capabilities, kind.name, path):
        return False
    return filters_ignore_case(capabilities) or kind.at(path).case_exact


class Answered(NamedTuple):
    """What an answer to a filter says of the keys that were asked for.

    ``unknown`` are those that the service may not filter by. ``needs_listing``: others may exist,
    although the filter did not find them.
    """

    settled: Clauses
    unknown: Clauses
    needs_listing: bool


def after_answer(
    kind: ResourceType, asked: Clauses, found: Container[Clause], capabilities: Capabilities
) -> Answered:
    """Return what an answer says of the keys that were asked for."""
    settled, unknown = [], []
    for clause in asked:
        if clause in found or proves_absence(kind, clause[0], capabilities):
            settled.append(clause)
        elif not is_proven_by_filter(capabilities, kind.name, clause[0]):
            unknown.append(clause)
    needs_listing = len(settled) + len(unknown) < len(asked)
    return Answered(tuple(settled), tuple(unknown), needs_listing)


def may_be_missed(kind: ResourceType, clause: Clause, capabilities: Capabilities) -> bool:
    """Return whether only a listing shows that no resource has a key."""
    if clause[0] in not_stored(capabilities, kind.name, at_creation=True):
        return False
    if not any_askable(kind, [clause], capabilities):
        return True
    return not proves_absence(kind, clause[0], capabilities)


def is_unusual(clause: Clause) -> bool:
    """Return whether a value has other than letters, digits and ``._-@``.

    Filters of some services do not find it.
    """
    return not PLAIN.issuperset(clause[1])
