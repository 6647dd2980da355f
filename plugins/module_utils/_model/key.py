# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The identity of a resource; knows nothing of what the resource consists of."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """Name one resource: the name of its resource type and its id.

    ``kind`` is the name of the resource type ("User", "Group"), ``id`` the id that the service gave, or ``bulkId:NAME``
    before the resource exists. An id alone names nothing: RFC 7643 section 3.1 makes ids unique within a service, but
    some services number users and groups each from 1.
    """

    kind: str
    id: str
