# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile: what is known of one service before it is asked, as data.

Knows no service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .tokens import Token

Values = Mapping[str, tuple[Any, str]]
# All attributes of users that may have several values (RFC 7643 section 4.1.2).
SEVERAL = [
    "User.emails",
    "User.phoneNumbers",
    "User.ims",
    "User.photos",
    "User.addresses",
    "User.entitlements",
    "User.roles",
    "User.x509Certificates",
]

# All attributes of users but externalId and active (RFC 7643 sections 4.1 and 4.3).
ALL_BUT_STATE = [
    "User.userName",
    "User.displayName",
    "User.name",
    "User.nickName",
    "User.title",
    "User.userType",
    "User.profileUrl",
    "User.preferredLanguage",
    "User.locale",
    "User.timezone",
    "User.password",
    *SEVERAL,
    "User.urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
]
# For services that are recognised by their path alone: anyone can run them.
ANY_HOST = r"[a-z0-9.-]+"
# The limit of services with ``inactive: removed``.
REMOVED_IF_INACTIVE = (
    "A deactivated user is removed. So each deactivation counts for thresholds.users_removed, also "
    "that of a user or a team that the task names."
)

# The limit of services where filters find the members of groups.
GROUPS_IN_GROUPS = (
    "Groups in groups are found only if a task names them. A complete list of members leaves "
    "others in: remove them by name."
)


class Address(NamedTuple):
    """Where a service is: patterns of its host and its path, and what says so."""

    host: str
    path: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One service.

    ``addresses`` are those that are recognised. ``values`` are capabilities with their
    sources. ``token`` is how a client gets in. ``limits`` are sentences about what no capability
    says.
    """

    title: str
    token: Token
    values: Values
    addresses: tuple[Address, ...] = ()
    limits: tuple[str, ...] = ()
