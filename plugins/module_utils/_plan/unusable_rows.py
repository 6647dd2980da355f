# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a list that are no resources, and what they may stand for; pure.

Such a row stops only what would rest on it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from .._model.errors import ScimError, first_of, shortened
from .._model.schema import ResourceType
from .desired import Clause, folded
from .reading import looking_up
from .snapshot import LONGEST_NAME
from .value_index import has_value, values
from .verdicts import is_unique

MOST_NAMED = 5


def row_notes(kind: ResourceType, rows: Iterable[Any]) -> tuple[str, ...]:
    """Return the sentence about rows without an id, none if there are no such rows."""
    names = []
    nameless = 0
    for row in rows:
        name = _name(kind, row)
        if name:
            names.append(f"'{name}'")
        else:
            nameless += 1
    if nameless:
        names.append(f"{nameless} without a name")
    if not names:
        return ()
    shown = first_of(names, MOST_NAMED)
    return (f"the service returned {kind.endpoint.lower()} without a usable id, left out: {shown}",)


def sample_notes(kind: ResourceType) -> tuple[str, ...]:
    """Return the sentence about a list that shows what does not exist."""
    what = kind.endpoint.lower()
    return (
        f"the service lists only a sample of its {what}, so others are missing here; read {what} "
        "by name or by a filter",
    )


def may_stand_for(kind: ResourceType, rows: Iterable[Any], clause: Clause) -> bool:
    """Return whether one of the rows may be the resource that a key looks for."""
    return any(_may_be(kind, row, clause) for row in rows)


def in_doubt(
    kind: ResourceType, rows: Sequence[Any], clauses: Iterable[Clause]
) -> tuple[Clause, ...]:
    """Return the keys that one of the rows may have."""
    if not rows:
        return ()
    return tuple(one for one in clauses if may_stand_for(kind, rows, one))


def refuse_odd(
    kind: ResourceType,
    rows: Sequence[Any],
    clauses: Iterable[Clause],
    found: Container[Clause] = (),
) -> None:
    """Raise ScimError if a row without an id may be what a key looks for.

    A name that a resource has is ``found``, since no second one can have it.
    """
    for clause in in_doubt(kind, rows, clauses):
        if not (is_unique(kind, clause[0]) and clause in found):
            raise ScimError(
                "the answer is not a SCIM resource: it has no id",
                doing=looking_up(kind, (clause,)),
                hint="correct that resource on the service",
            )


def _may_be(kind: ResourceType, row: Any, clause: Clause) -> bool:
    """Return whether a row has the value of a key, or shows no value there."""
    path, value = clause
    if not isinstance(row, Mapping) or path == "id":
        return True
    return not values(row, path) or has_value(kind, row, path, folded(kind, path, value))


def _name(kind: ResourceType, row: Any) -> str:
    if not isinstance(row, Mapping):
        return ""
    found = values(row, kind.name_attribute)
    return shortened(found[0], LONGEST_NAME) if found else ""
