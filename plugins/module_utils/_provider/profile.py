# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile is.

Knows no service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .tokens import Token

Values = Mapping[str, tuple[Any, str]]
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One service.

    ``addresses`` are patterns of its host and its path. ``values`` are capabilities with their
    sources. ``token`` is how a client gets in. ``limits`` are sentences about what no capability
    says.
    """

    title: str
    token: Token
    values: Values
    addresses: tuple[tuple[str, str], ...] = ()
    limits: tuple[str, ...] = ()
