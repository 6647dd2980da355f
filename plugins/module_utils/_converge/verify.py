# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a write really did: its answer, or one read more, compared with what was asked; sends no write."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.flat import flatten
from .._model.merge import same, saved
from .._model.errors import ScimError
from .._model.schema import GROUP, ResourceType, split_path, top_path
from .._plan.change import Change
from .._plan.snapshot import Snapshot
from .._protocol.answers import without_secrets
from .read import member_attributes
from .service import Service


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What became of one change.

    ``resource`` is as the service holds it now (None: deleted); ``operations`` are the writes that it accepted, as shown;
    ``not_saved`` are SCIM paths that it accepted and does not hold as stated.
    """

    change: Change
    resource: Mapping[str, Any] | None
    changed: bool
    not_saved: tuple[str, ...] = ()
    operations: tuple[dict[str, Any], ...] = field(default=())


def overlaid(
    kind: ResourceType, before: Mapping[str, Any], answer: Mapping[str, Any], paths: tuple[str, ...]
) -> dict[str, Any]:
    """A resource after a PATCH that answered with some attributes only: those at ``paths`` as in the answer, gone ones out."""
    result: dict[str, Any] = copy.deepcopy(dict(before))
    for path in dict.fromkeys(top_path(one) for one in paths):
        urn, name, _sub = split_path(path)
        place, source = (
            (result.setdefault(urn, {}), answer.get(urn) or {})
            if urn and urn != kind.schema
            else (result, answer)
        )
        place.pop(name, None)
        if name in source:
            place[name] = source[name]
    result.update(
        (name, value)
        for name, value in without_secrets(answer).items()
        if name not in result or name == "meta"
    )
    return result


def attributes_saved(
    change: Change, resource: Mapping[str, Any], ids: Mapping[str, str]
) -> tuple[bool, tuple[str, ...]]:
    """What of a written change the service holds → (whether anything changed, the paths that are not as stated)."""
    now = flatten(change.kind, resource)
    before = change.before or {}
    after = {
        path: ids.get(value, value) if isinstance(value, str) else value
        for path, value in (change.after or {}).items()
    }
    kept = tuple(
        path for path in change.paths if not saved(change.kind, path, after.get(path), now)
    )
    moved = any(
        not (path in before and path in now and same(change.kind.at(path), before[path], now[path]))
        and (path in before or path in now)
        for path in change.paths
    )
    return moved, (*change.unsaved, *kept)


def kept_one(done: Done) -> tuple[str, ...]:
    """The attributes of which several entries were written and one of them is held."""
    now = flatten(done.change.kind, done.resource or {})
    return tuple(
        path
        for path in done.change.paths
        if _one_of(now.get(path), (done.change.after or {}).get(path))
    )


def _one_of(held: Any, written: Any) -> bool:
    if (
        not isinstance(held, list)
        or not isinstance(written, list)
        or not len(held) == 1 < len(written)
    ):
        return False
    values = [one.get("value") for one in (*held, *written) if isinstance(one, dict)]
    return len(values) == 1 + len(written) and values[0] in values[1:]


def read_members(service: Service, snapshot: Snapshot, ident: str, doing: str) -> frozenset[str]:
    """The members of a group as they are now. Raises ScimError when the group is gone."""
    attributes = member_attributes(service)
    found = service.get(GROUP, ident, attributes=attributes, doing=doing)
    if found is None:
        raise ScimError("the group is gone", doing=doing)
    snapshot.add(GROUP, [found], members_asked=True, partial=bool(attributes))
    return snapshot.members(ident) or frozenset()


def more_left(change: Change, lost: set[str], snapshot: Snapshot, *, back: bool) -> ScimError:
    """The error for members who are gone though nobody told the service to remove them; ``back``: they joined again."""
    names = sorted(snapshot.name(one) for one in lost)
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    done = "they were put back" if back else "they could not be put back"
    return ScimError(
        f"{len(names)} more left the group than were to be removed: {shown}; {done}",
        doing=f"changing the members of {change.text}",
        hint="find out whether the service or another program removed them",
    )
