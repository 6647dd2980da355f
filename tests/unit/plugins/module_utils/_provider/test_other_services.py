# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every value of these profiles, written out, with where it comes from.

A value that changes must change here too, and for that its source has to be read.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider.other_services import (
    PROFILES,
)

# What the two services of Django do not keep.
BUT_NAMES_AND_ADDRESSES = [
    "User.displayName",
    "User.name.formatted",
    "User.name.middleName",
    "User.name.honorificPrefix",
    "User.name.honorificSuffix",
    "User.emails.type",
    "User.nickName",
    "User.title",
    "User.userType",
    "User.profileUrl",
    "User.preferredLanguage",
    "User.locale",
    "User.timezone",
    "User.phoneNumbers",
    "User.ims",
    "User.photos",
    "User.addresses",
    "User.entitlements",
    "User.roles",
    "User.x509Certificates",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
]
VALUES: dict[str, dict[str, Any]] = {
    "zitadel": {
        "groups": False,
        "required": ["User.userName", "User.name", "User.emails"],
        "page_size": 100,
        "filter_attributes": [
            "User.id",
            "User.externalId",
            "User.userName",
            "User.name.familyName",
            "User.name.givenName",
            "User.emails.value",
            "User.active",
            "User.meta.created",
            "User.meta.lastModified",
        ],
        "filter_length": 1000,
        "rewrite": {"User.phoneNumbers.value": "e164", "User.name.formatted": "opaque"},
        "unsaved": ["User.emails.type", "User.phoneNumbers.type"],
    },
    "sentry": {
        "put": {"groups": False},
        "patch_operations": 100,
        "create_members": False,
        "member_remove": "filter",
        "member_writes": ["add", "remove_by_filter"],
        "rewrite": {"Group.displayName": "slug"},
        "members_limit": 10000,
        "page_size": 100,
        "filter_attributes": ["User.userName", "Group.displayName"],
        "filter_clauses": 1,
        "filter_unsafe": [",", " eq "],
    },
    "hcp": {
        "patch_operations": 100,
        "member_writes": ["add", "remove_by_filter"],
        "put_mode": "merge",
        "filter_attributes": ["Group.displayName", "Group.externalId"],
        "group_size": 1000,
        "page_size": 200,
        "reserved": ["owners", "sso"],
        "irreversible": ["group"],
        "rate": 30,
    },
    "newrelic": {
        "put_mode": "merge",
        "member_remove": "list",
        "required": ["User.userName", "User.emails", "User.active"],
        "filter_clauses": 1,
        "only": [
            "User.externalId",
            "User.userName",
            "User.name.givenName",
            "User.name.familyName",
            "User.emails",
            "User.timezone",
            "User.active",
            "User.groups",
        ],
    },
    "miro": {
        "create": {"groups": False},
        "delete": {"groups": False},
        "put": {"groups": False},
        "members_per_patch": 8000,
        "filter_attributes": ["User.userName"],
        "rate": 6,
        "write_rate": 3,
    },
    "google": {
        "paging": "none",
        "put": {"groups": False},
    },
    "oracle": {
        "members_read": "ask",
    },
    "jfrog": {
        "fixed": ["User.userName", "Group.displayName", "Group.externalId"],
    },
    "figma": {
        "inactive": "removed",
        "max_length": {
            "User.userName": 100,
            "User.displayName": 100,
            "Group.displayName": 255,
            "externalId": 255,
        },
    },
    "interop": {
        "put": False,
        "filter_clauses": 1,
        "page_size": 100,
    },
    "scimdev": {
        "unsaved": ["User.displayName"],
        "members_read": "ask",
        "create_members": False,
    },
    "scim2-server": {
        "filter_clauses": 200,
    },
    "scimmy": {
        "filter_case": "exact",
        "filter_clauses": 100,
    },
    "django-scim2": {
        "filters": {"groups": False},
        "filter_ids": False,
        "filter_clauses": 10,
        "filter_unknown": "empty",
        "filter_attributes": ["User.userName"],
        "create_members": False,
        "put_members": "no",
        "patched": [
            "User.userName",
            "User.name.givenName",
            "User.name.familyName",
            "User.active",
            "User.emails",
            "Group.members",
        ],
        "patch_form": "replace",
        "nested_groups": False,
        "member_remove": "list",
        "single": ["User.emails"],
        "unsaved": BUT_NAMES_AND_ADDRESSES,
    },
    "django-scim2-server": {
        "filter_ids": False,
        "filter_clauses": 100,
        "single": ["User.emails"],
        "delete_user": "inactive",
        "nested_groups": False,
        "unsaved": BUT_NAMES_AND_ADDRESSES,
    },
    "better-auth": {
        "filter_clauses": 1,
        "filter_attributes": [
            "User.userName",
            "User.externalId",
            "User.id",
            "User.emails.value",
            "Group.displayName",
            "Group.externalId",
            "Group.id",
        ],
        "required": ["User.emails"],
        "email_by_name": True,
        "nested_groups": False,
        "members_per_patch": 100,
        "create_members": 100,
        "page_size": 100,
        "unsaved": [
            "User.nickName",
            "User.profileUrl",
            "User.ims",
            "User.photos",
            "User.x509Certificates",
        ],
    },
    "polis": {
        "groups": False,
        "members_read": "none",
        "filter_clauses": 1,
        "filter_attributes": ["User.emails.value", "Group.displayName"],
        "filter_unknown": "empty",
        "filter_case": "exact",
        "totals": False,
        "page_size": 50,
    },
    "bitwarden": {
        "put_members": "no",
    },
    "wso2": {
        "member_remove": "list",
    },
}
# Where the values of each profile come from.
SOURCES: dict[str, set[str]] = {
    "zitadel": {"Zitadel, SCIM v2 API documentation"},
    "sentry": {"Sentry source code, core/endpoints/scim"},
    "hcp": {"HashiCorp, SCIM groups API documentation"},
    "newrelic": {"New Relic, SCIM support for automated user management"},
    "miro": {
        "Miro, SCIM API and rate limits",
        "Miro, SCIM API and rate limits: 100 writes of users in 30 seconds",
        "Miro, SCIM API and rate limits: 200 reads of users in 30 seconds",
    },
    "google": {"Google Cloud Identity, SCIM REST reference"},
    "oracle": {"Oracle identity domains, REST API"},
    "jfrog": {"JFrog, implemented SCIM endpoints"},
    "figma": {"Figma, SCIM supported schemas"},
    "interop": {"draft-zollner-scim-interop-profile-02"},
    "scimdev": {"the tutorial's service, measured"},
    "scim2-server": {"measured on the release that the tests run"},
    "scimmy": {"measured on the release that the tests run"},
    "django-scim2": {"measured on the release that the tests run"},
    "django-scim2-server": {"measured on the release that the tests run"},
    "better-auth": {"measured on the release that the tests run"},
    "polis": {
        "measured on the release that the tests run",
        "measured on the release that the tests run: members of groups are never shown",
    },
    "bitwarden": {"bitwarden/server, issue 2919"},
    "wso2": {"wso2/product-is, issue 7040"},
}


def test_the_table_has_every_profile() -> None:
    assert set(VALUES) == set(SOURCES) == set(PROFILES)


@pytest.mark.parametrize("name", VALUES)
def test_each_value_is_the_documented_one(name: str) -> None:
    assert {one: value for one, (value, _source) in PROFILES[name].values.items()} == VALUES[name]


@pytest.mark.parametrize("name", SOURCES)
def test_each_source_is_a_known_one(name: str) -> None:
    assert {source for _value, source in PROFILES[name].values.values()} == SOURCES[name]
