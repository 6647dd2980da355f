# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all changes of a run share, and reading what one of them is about; decides and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.errors import ScimError
from .._plan.change import Change
from .._plan.snapshot import Snapshot
from .service import Service
from .verify import read_members

TRIES = 3
DONE = frozenset({200, 201, 202, 204})
FORBIDDEN = frozenset({401, 403})
TEMPORARY = frozenset({500, 502, 503, 504})


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What all changes of a run share. ``ids`` says which id the creation of each ``bulkId:NAME`` gave.

    ``gone`` are users that were deleted: their service may have taken them out of its groups by itself.
    ``quicker`` is what somebody else created since it was looked for: a sign that another run is at work.
    """

    service: Service
    snapshot: Snapshot
    verify: str
    ids: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    quicker: set[str] = field(default_factory=set)

    def real(self, ident: str) -> str:
        """The id on the service of a planned id."""
        return self.ids.get(ident, ident)

    def reals(self, idents: Iterable[str]) -> set[str]:
        """The same for several."""
        return {self.real(ident) for ident in idents}

    def members(self, change: Change) -> frozenset[str]:
        """The members of a group, read now."""
        return read_members(
            self.service,
            self.snapshot,
            self.real(change.ident),
            f"reading the members of {change.text}",
        )

    def whole(self, change: Change) -> Mapping[str, Any]:
        """The resource, read now and whole. Raises ScimError when it is gone."""
        doing = f"reading {change.text}"
        found = self.service.get(change.kind, self.real(change.ident), doing=doing)
        if found is None:
            raise ScimError("it is gone", doing=doing, status=404)
        self.snapshot.add(change.kind, [found])
        return found
