# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who the members of a group are, for people to read: names by one request at most; nothing is decided by them."""

from __future__ import annotations

from collections.abc import Sequence

from .._model.problem import ScimError
from .._model.schema import USER
from .._plan.snapshot import Snapshot
from .._protocol.filters import any_of, chunks
from .service import Service


def name_members(service: Service, snapshot: Snapshot, idents: Sequence[str]) -> None:
    """Read the users of these ids where one filter can ask for all of them. No failure if it cannot: they are called by their ids then."""
    known = service.capabilities
    portions = list(chunks([("id", one) for one in sorted(idents)], known.get("filter_clauses"), known.get("filter_length")))
    if len(portions) != 1 or not known.get("filters") or not known.get("filter_ids"):
        return
    try:
        found = service.search(USER, {"filter": any_of(portions[0])}, doing="reading who is in the group", most=len(idents))
    except ScimError:
        return
    snapshot.add(USER, [one for one in found.resources if one["id"] in idents])
