# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lists and look-ups, read again where they lack something.

Knows no question. Finds out whether the totals of filters count what they find.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from .._model.errors import ScimError
from .._model.schema import ResourceType
from .._plan.desired import Clause
from .._plan.lessons import Lesson
from .._plan.page_sizes import look_up_size
from .._plan.reading import satisfies
from .._plan.verdicts import has_each, impossible, is_unique
from .._protocol.filters import any_of
from .._provider.abilities import totals_are_proven
from .pages import Found, Pages, found_on, read_all, search
from .service import Service


def read_through(
    service: Service,
    kind: ResourceType,
    query: Mapping[str, str],
    *,
    doing: str,
    count: int | None = None,
    clauses: Sequence[Clause] = (),
) -> Found:
    """Return the resources on all pages of a list.

    If something is lacking, the list is read once more. ``clauses`` are the keys of a look-up. What
    a filter found is sound whatever its total says, if there can be no more.
    """
    at_most = look_up_size(len(set(clauses))) if clauses else None
    pages = Pages(kind, query, doing, count=count, at_most=at_most)
    found = read_all(service, pages)
    if found.sound:
        return found
    if "filter" in query and found.total is not None and not found.odd:
        judged = _whatever_total(service, kind, clauses, found)
        if judged is not None:
            return judged
    again = Pages(kind, query, doing, count=count, at_most=at_most)
    return read_all(service, again.after(pages))


def _whatever_total(
    service: Service, kind: ResourceType, clauses: Sequence[Clause], found: Found
) -> Found | None:
    """Return what a filter found, whose total is none of its own, None if it may be."""
    is_answered = _has_sought(kind, clauses, found)
    if is_answered and clauses and all(is_unique(kind, path) for path, _value in clauses):
        return replace(found, sound=True)
    is_asked = bool(clauses) or is_answered
    if not is_asked or not counts_everything(service, kind, clauses, found):
        return None
    return replace(found, sound=True, total=len(found.resources)) if is_answered else found


def _has_sought(kind: ResourceType, clauses: Sequence[Clause], found: Found) -> bool:
    """Return whether a filter found each key, or something and nothing after that."""
    if clauses:
        return has_each(kind, clauses, found.resources)
    return bool(found.resources) and found.ends_empty


def counts_everything(
    service: Service, kind: ResourceType, clauses: Sequence[Clause], found: Found
) -> bool:
    """Return whether the totals of filters are those of the whole list.

    Filters find what is there, and a filter that finds nothing has a total too. That is found out
    once a run and type, when a look-up is not sound.
    """
    known = service.miscounted.get(kind.endpoint)
    if known is None:
        known = _is_miscounted(service, kind, clauses, found)
        service.miscounted[kind.endpoint] = known
    return known


def _is_miscounted(
    service: Service, kind: ResourceType, clauses: Sequence[Clause], found: Found
) -> bool:
    doing = f"finding out what the totals of {kind.endpoint.lower()} count"

    def looked_up(clause: Clause) -> Found:
        return search(service, kind, {"filter": any_of([clause])}, doing=doing, most=1)

    try:
        if not any(satisfies(kind, one, clauses) for one in found.resources):
            any_one = search(service, kind, {}, doing=doing, most=1).resources
            name = any_one[0].get(kind.name_attribute) if any_one else None
            if not isinstance(name, str):
                return False
            clauses = [(kind.name_attribute, name)]
            if not has_each(kind, clauses, looked_up(clauses[0]).resources):
                return False
        nobody = looked_up(impossible(clauses[0]))
    except ScimError:
        return False
    return bool(nobody.total) and not nobody.resources and not nobody.odd


def lists_instead(
    service: Service, kind: ResourceType, clauses: Sequence[Clause], found: Found
) -> bool:
    """Return whether only a list answers a look-up, which the service learns.

    Where the totals of filters count everything, what a look-up lacks is not proven to be missing.
    """
    if found.sound or not service.miscounted.get(kind.endpoint):
        return False
    name = "filter_ids" if clauses[0][0] == "id" else "filters"
    if service.capabilities.of(kind.name).set_by_option(name):
        return False
    source = "totals of filters that count everything"
    service.merge([Lesson(source=source, values={name: False}, kind=kind.name)])
    return True


def proven(
    service: Service,
    kind: ResourceType,
    query: Mapping[str, str],
    *,
    doing: str,
    count: int | None = None,
    clauses: Sequence[Clause] = (),
) -> Found:
    """Return the resources of a list on whose completeness something rests.

    A list that may go on after its end is read on, once for each type.
    """
    found = read_through(service, kind, query, doing=doing, count=count, clauses=clauses)
    if found.doubtful is None or totals_are_proven(service.capabilities, kind.name):
        return found
    pages: Pages = service.doubtful.pop(found.doubtful)
    pages.prove(service)
    return found_on(service, pages)
