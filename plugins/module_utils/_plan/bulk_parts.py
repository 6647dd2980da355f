# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes may travel together in one bulk request; pure."""

from __future__ import annotations

from .._model.errors import ScimError
from .._model.schema import USER
from .._provider.capabilities import Capabilities
from .change import Change
from .parts import without_unsaved
from .requests import Request, requests_for

# Fewer changes are as fast without.
FEW = 20


def in_bulk(change: Change, capabilities: Capabilities) -> Request | None:
    """Return the one request of a change that may be sent in bulk, None if it may not.

    Only users are: a group is read back after its first writes, and must wait for its members.
    A replacement by PUT starts from what the service holds, so it is sent by itself.
    """
    if change.key.kind != USER.name:
        return None
    left, _unsent = without_unsaved(change, capabilities)
    try:
        requests = requests_for(left, capabilities)
    except ScimError:
        return None
    if len(requests) != 1 or requests[0].method == "PUT":
        return None
    return requests[0]
