# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that capabilities may have as their value; knows no service."""

from __future__ import annotations

from typing import Literal, get_args

MediaType = Literal["application/scim+json", "application/json"]
FilterCase = Literal["ignored", "exact"]
Query = Literal[
    "filter",
    "count",
    "startIndex",
    "cursor",
    "attributes",
    "excludedAttributes",
    "sortBy",
    "sortOrder",
]
PARAMETERS: tuple[str, ...] = get_args(Query)
Paging = Literal["index", "cursor", "none"]
MembersRead = Literal["ask", "inline", "get", "users_by_group", "groups_by_user", "none"]
PatchMix = Literal["all", "members_apart", "add_remove_apart"]
PatchForm = Literal["path", "replace", "whole", "object"]
MemberAdd = Literal["list", "wrapped", "scalar"]
MemberRemove = Literal["filter", "list", "wrapped"]
MemberWrites = Literal["add", "remove_by_filter", "remove_by_list", "put"]
Rewriting = Literal["opaque", "slug", "lower", "e164"]
PutMode = Literal["replace", "merge"]
PutMembers = Literal["yes", "no", "reject"]
Inactive = Literal["kept", "removed"]
Unknown = Literal["error", "empty"]
Irreversible = Literal["user", "group"]
DeleteUser = Literal["gone", "inactive", "suspended", "unlinked", "blocked"]
