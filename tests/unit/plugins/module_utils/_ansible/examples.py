# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of tests: at least one of each module, which a service with pam and jim takes."""

from __future__ import annotations

from typing import Any

PAM = {"user_name": "pam", "title": "Painter"}
TEAM = [{"name": "red", "members": [{"user_name": "pam"}, {"user_name": "jim"}]}]
EVERY_MODULE: list[tuple[str, dict[str, Any]]] = [
    ("scim_user", PAM),
    ("scim_user", {**PAM, "groups": {"add": ["nowhere"]}}),
    ("scim_group", {"display_name": "red", "members": {"set": ["pam"]}}),
    ("scim_group_membership", {"group": "red", "members": ["pam"]}),
    ("scim_resource", {"endpoint": "Users", "attributes": {"externalId": "x"}}),
    ("scim_directory", {"teams": TEAM, "return": "full"}),
    ("scim_user_info", {"query": "[].title"}),
    ("scim_group_info", {"filter": 'displayName eq "red"'}),
    ("scim_resource_info", {"endpoint": "Users"}),
    ("scim_service_provider_info", {}),
]
