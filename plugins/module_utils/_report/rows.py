# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change as one row of the plan that scim_directory returns; knows no service."""

from __future__ import annotations

from typing import Any

from .._model.schema import top_path
from .._plan.change import Change
from .diff import Named, old_and_new


def row(change: Change, named: Named) -> dict[str, Any]:
    """Return a change as one row of a plan, not masked yet.

    ``changes`` are the names of the attributes of an update, ``before`` and ``after`` the values by
    SCIM path. ``joins`` and ``leaves`` are names of members.
    """
    found: dict[str, Any] = {
        "action": change.verb,
        "kind": change.key.kind.lower(),
        "name": change.name,
        "id": change.key.id,
        "reason": change.reason,
    }
    if change.verb in ("update", "deactivate"):
        paths = (*change.paths, *change.secrets.attributes)
        found["changes"] = sorted(set(map(top_path, paths)))
    before, after = old_and_new(change, named)
    if before:
        found["before"] = before
    if after:
        found["after"] = after
    if change.joins:
        found["joins"] = sorted(map(named, change.joins))
    if change.leaves and change.membership is not None:
        found["leaves"] = sorted(map(named, change.leaves))
        found["empties"] = change.membership.empties
    return found
