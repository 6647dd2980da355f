# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every value of these profiles, written out, with where it comes from.

A value that changes must change here too, and for that its source has to be read.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider.large_services import (
    PROFILES,
)

GITLAB_FIXED = [
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
    "User.emails",
    "User.phoneNumbers",
    "User.ims",
    "User.photos",
    "User.addresses",
    "User.entitlements",
    "User.roles",
    "User.x509Certificates",
    "User.urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
]
VALUES: dict[str, dict[str, Any]] = {
    "aws": {
        "put": {"groups": False},
        "members_per_patch": 100,
        "create_members": 100,
        "members_read": "users_by_group",
        "member_remove": "list",
        "member_writes": ["add", "remove_by_list"],
        "patch_attributes": False,
        "paging": "cursor",
        "page_size": 100,
        "query": ["filter", "count", "cursor"],
        "filter_attributes": [
            "User.userName",
            "User.externalId",
            "User.groups.value",
            "Group.displayName",
            "Group.externalId",
            "Group.members.value",
        ],
        "filter_clauses": 1,
        "filter_ids": False,
        "single": ["User.emails", "User.phoneNumbers", "User.addresses"],
        "unsaved": [
            "User.emails.display",
            "User.phoneNumbers.display",
            "User.addresses.display",
            "User.roles.display",
            "User.ims",
            "User.photos",
            "User.entitlements",
            "User.x509Certificates",
            "User.password",
        ],
        "required": [
            "User.userName",
            "User.displayName",
            "User.name.givenName",
            "User.name.familyName",
            "Group.displayName",
        ],
        "display_name_by_name": True,
        "not_removable": ["User.userName", "User.active"],
        "in_flight": 5,
    },
    "entra": {
        "paths": {"users": "/users", "groups": "/groups"},
        "put": False,
        "members_per_patch": 20,
        "removals_per_patch": 1,
        "create_members": 20,
        "patch_mix": "add_remove_apart",
        "member_add": "list",
        "patch_attributes": False,
        "members_read": "users_by_group",
        "paging": "cursor",
        "page_size": 100,
        "filter_attributes": [
            "User.userName",
            "User.externalId",
            "User.id",
            "User.urn:ietf:params:scim:schemas:extension:Microsoft:Entra:2.0:User:mailNickname",
            "User.groups.value",
            "Group.displayName",
            "Group.id",
            "Group.members.value",
        ],
        "filter_clauses": 1,
        "filter_alone": ["User.externalId"],
        "required": [
            "User.userName",
            "User.password",
            "User.name.familyName",
            "User.name.givenName",
            "User.active",
            "User.displayName",
            "User.urn:ietf:params:scim:schemas:extension:Microsoft:Entra:2.0:User:mailNickname",
            "Group.displayName",
        ],
        "not_removable": [
            "User.urn:ietf:params:scim:schemas:extension:Microsoft:Entra:2.0:User:mailNickname"
        ],
        "fixed": ["User.addresses"],
    },
    "github": {
        "delete_user": "suspended",
        "irreversible": ["user"],
        "rewrite": {"User.userName": "opaque"},
        "obscured": ["User.userName", "User.emails"],
        "quota": {"users_per_hour": 1000, "members_per_group_per_hour": 1000},
    },
    "github_org": {
        "groups": False,
        "only": [
            "User.userName",
            "User.name.givenName",
            "User.name.familyName",
            "User.emails",
            "User.externalId",
            "User.active",
        ],
    },
    "gitlab": {
        "put": False,
        "groups": False,
        "fixed": GITLAB_FIXED,
        "required": ["User.externalId", "User.userName", "User.emails", "User.name"],
        "filter_attributes": ["User.id"],
        "inactive": "removed",
        "delete_user": "unlinked",
    },
    "gitlab_self_managed": {
        "put": False,
        "groups": False,
        "fixed": GITLAB_FIXED,
        "required": ["User.externalId", "User.userName", "User.emails", "User.name"],
        "filter_attributes": ["User.id"],
        "delete_user": "blocked",
    },
    "slack": {
        "media_type": "application/json",
        "page_size": 1000,
        "delete_user": "inactive",
        "unsaved": ["User.addresses.type"],
        "rate": 16,
        "write_rate": 3,
        "write_burst": 20,
    },
    "databricks": {
        "members_read": "get",
        "fixed": ["User.userName", "User.emails"],
        "unsaved": ["User.externalId"],
        "page_size": 100,
    },
    "atlassian": {
        "required": ["User.userName", "User.emails"],
        "fixed": ["Group.displayName"],
        "filter_attributes": ["User.userName", "User.externalId", "Group.displayName"],
        "delete_user": "unlinked",
        "irreversible": ["user", "group"],
    },
    "snowflake": {
        "single": [
            "User.emails",
            "User.phoneNumbers",
            "User.ims",
            "User.photos",
            "User.addresses",
            "User.entitlements",
            "User.roles",
            "User.x509Certificates",
        ],
        "filter_unknown": "empty",
        "filter_attributes": ["User.userName", "Group.displayName"],
        "fake": ["synthesis_user", "synthetic_group"],
        "filter_clauses": 1,
    },
    "salesforce": {
        "paths": {"config": "/ServiceProviderConfigs"},
        "delete": {"users": False},
        "delete_user": "inactive",
        "member_add": "wrapped",
        "member_remove": "wrapped",
        "member_writes": ["add", "remove_by_list"],
        "page_size": 200,
    },
    "keycloak": {
        "patch_operations": 100,
        "create_members": False,
        "put_members": "reject",
        "member_writes": ["remove_by_filter"],
        "members_read": "ask",
        "page_size": 100,
        "filter_unknown": "empty",
        "filter_ids": False,
        "filter_length": 2048,
        "fixed": ["Group.externalId"],
    },
}
# Where the values of each profile come from.
SOURCES: dict[str, set[str]] = {
    "aws": {
        "AWS SCIM developer guide, CreateGroup",
        "AWS SCIM developer guide, CreateGroup; AWS IAM Identity Center user guide, automatic "
        "provisioning",
        "AWS IAM Identity Center user guide, automatic provisioning; awslabs/ssosync and "
        "slashdevops/idp-scim-sync always send one",
        "AWS SCIM developer guide, ListUsers and ListGroups",
        "AWS SCIM developer guide, PatchGroup",
        "AWS SCIM developer guide, PatchUser",
        "AWS SCIM developer guide, limitations",
        "AWS SCIM developer guide, supported API operations",
        "awslabs/ssosync and slashdevops/idp-scim-sync",
        "slashdevops/idp-scim-sync",
    },
    "entra": {
        "Microsoft, Entra ID SCIM API reference",
        "Microsoft, Entra ID SCIM API reference: all in one operation",
    },
    "github": {
        "GitHub, REST API endpoints for SCIM",
        "GitHub, provisioning users and groups using the REST API",
        "GitHub, rate limits for SCIM",
    },
    "github_org": {"GitHub, REST API endpoints for SCIM"},
    "gitlab": {"GitLab, internal API documentation"},
    "gitlab_self_managed": {"GitLab, internal API documentation"},
    "slack": {
        "Slack, SCIM API reference",
        "Slack, SCIM rate limits",
        "Slack, changelog of June 2019",
    },
    "databricks": {
        "Databricks SDK for Python, service/iam.py",
        "Databricks, SCIM 2.1 reference",
        "inferred; the SDK says that 10000 is the default",
    },
    "atlassian": {"Atlassian, user provisioning API", "Atlassian, user provisioning API, groups"},
    "snowflake": {"Snowflake, SCIM API reference", "Snowflake, behavior change 2276"},
    "salesforce": {
        "Salesforce help, SCIM REST API",
        "Salesforce help, SCIM REST API: users are disabled (inferred)",
        "Salesforce help, managing groups by SCIM",
    },
    "keycloak": {
        "Keycloak server administration guide, SCIM, filtering resources",
        "Keycloak server administration guide, SCIM, managing groups",
        "Phase Two, filtering with Keycloak 26.8",
    },
}


def test_the_table_has_every_profile() -> None:
    assert set(VALUES) == set(SOURCES) == set(PROFILES)


@pytest.mark.parametrize("name", VALUES)
def test_each_value_is_the_documented_one(name: str) -> None:
    assert {one: value for one, (value, _source) in PROFILES[name].values.items()} == VALUES[name]


@pytest.mark.parametrize("name", SOURCES)
def test_each_source_is_a_known_one(name: str) -> None:
    assert {source for _value, source in PROFILES[name].values.values()} == SOURCES[name]
