# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading an id again that came under several names.

Says whether these are two resources. Decides nothing that follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from .._model.errors import ScimError
from .._model.schema import ResourceType
from .._model.twins import own_name
from .._plan.questions import Question, Reading
from .._transport.errors import TransportError
from .read import find_by_name
from .service import Resource, Service

# With other credentials, or later, a request may be answered that was answered so.
PASSING = frozenset({401, 408, 429, 502, 503, 504})


def told_apart(service: Service, question: Question) -> Reading:
    """Return the resource of an id, and whether there are two of it.

    The id is read, and looked up by each other name under which it came. If the service has it
    under two names there, it is two resources. Some show another name by the id than in lists. What
    is refused counts as two. Raise ScimError if it may be answered later.
    """
    kind, ident = question.kind, question.ids[0]
    try:
        found = _found(service, kind, ident, question.names)
    except ScimError as problem:
        if isinstance(problem, TransportError) or problem.status in PASSING:
            raise
        return Reading(kind=kind, told_apart=(ident, True))
    return Reading(kind=kind, resources=found[:1], told_apart=(ident, len(found) > 1))


def _found(
    service: Service, kind: ResourceType, ident: str, names: Sequence[str]
) -> tuple[Resource, ...]:
    """Return the resources of an id, each of another name."""
    path = kind.name_attribute
    by_id = service.get(kind, ident)
    shown = "" if by_id is None else own_name(path, by_id)
    others = [one for one in names if own_name(path, {path: one}) != shown]
    found = [*_named(service, kind, ident, others)]
    if by_id is None or not found:
        return tuple(found) if by_id is None else (by_id,)
    return (*found, *_named(service, kind, ident, [str(by_id[path])] if shown else ()))


def _named(
    service: Service, kind: ResourceType, ident: str, names: Iterable[str]
) -> Iterator[Resource]:
    """Yield what the service finds of an id by names."""
    for name in names:
        rows = find_by_name(service, kind, name, {})
        yield from [one for one in rows if one["id"] == ident][:1]
