# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each datum that is documented of a service is in its profile, or says why it is not.

``DATA`` names the data as their documentation was summed up, and the places as ``bound.py`` does.
The values themselves are written out in ``test_large_services.py`` and ``test_other_services.py``.
"""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import FIELDS
from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import PROFILES
from ansible_collections.identity.scim.tests.unit.rehearsal.bound import unbound

EQ_ALONE = "test test_own_filters_compare_by_eq_alone_and_have_no_levels"
DATA: dict[str, dict[str, str]] = {
    "aws": {
        "match": "address",
        "groups: crud": "value put",
        "members_per_patch: 100": "value members_per_patch",
        "create_members: 100": "value create_members",
        "members_read: users_by_group": "value members_read",
        "paging: cursor": "value paging",
        "page_size, page_max: 100": "value page_size",
        "member_remove: list": "value member_remove",
        "filters": "value filter_attributes",
        "filter_ops: eq": EQ_ALONE,
        "single": "value single",
        "unsaved": "value unsaved",
        "query": "value query",
        "rate: in_flight": "value in_flight",
        "required: the names": "value required",
        "tools also send displayName": "value display_name_by_name",
    },
    "entra": {
        "match": "address",
        "paths": "value paths",
        "put: false": "value put",
        "members_per_patch: 20": "value members_per_patch",
        "removals_per_patch: 1": "value removals_per_patch",
        "one_operation_add": "value member_add",
        "patch_mix, both": "value patch_mix",
        "members_read: users_by_group": "value members_read",
        "paging: cursor": "value paging",
        "page_size, page_max: 100": "value page_size",
        "filters, mailNickname": "value filter_attributes",
        "filter_ops: eq": EQ_ALONE,
        "filter_ops of users: ew": "limit those of users ew as well",
        "filter_alone": "value filter_alone",
        "required": "value required",
        "remove form not found: both": "limit The form in which a member is removed",
    },
    "github": {
        "match": "address",
        "delete_user: suspended": "value delete_user",
        "irreversible: user": "value irreversible",
        "rewrite: opaque": "value rewrite",
        "quota": "value quota",
    },
    "gitlab": {
        "match": "address",
        "put: false": "value put",
        "groups: none": "value groups",
        "fixed: ignored": "value fixed",
        "required": "value required",
        "filters: id": "value filter_attributes",
        "id_is: externalId": "limit The id is the externalId",
        "flat: name.formatted": "limit name.formatted comes back outside of name",
        "inactive: removed": "value inactive",
        "delete_user: unlinked": "value delete_user",
    },
    "gitlab_self_managed": {
        "match": "address",
        "inactive kept": "test test_a_self_managed_gitlab_keeps_users_that_are_deactivated",
        "delete blocked": "value delete_user",
    },
    "slack": {
        "match": "address",
        "media_type: json": "value media_type",
        "page_size, page_max: 1000": "value page_size",
        "delete_user: inactive": "value delete_user",
        "unsaved": "value unsaved",
        "rate: write_per_min: 180": "value write_rate",
        "rate: burst: 20": "value write_burst",
        "reads: 1000 a minute": "value rate",
        "custom fields: 50": "limit Users have 50 custom fields at most",
    },
    "databricks": {
        "match": "address",
        "members_read: get": "value members_read",
        "fixed: ignored": "value fixed",
        "filter_ops": "limit Filters take eq, ne, co and sw",
        "filters: 200 nodes": "limit have 200 nodes at most",
        "page_size: 100": "value page_size",
        "no externalId of users": "value unsaved",
        "per second and per minute": "limit There are limits per second and per minute",
    },
    "atlassian": {
        "match": "address",
        "required": "value required",
        "fixed: rejected": "value fixed",
        "filters": "value filter_attributes",
        "delete_user: unlinked": "value delete_user",
        "delete_group: with_permissions": "limit A deleted group takes its permissions with it",
        "irreversible: user, group": "value irreversible",
    },
    "snowflake": {
        "single: all": "value single",
        "filter_unknown: empty": "value filter_unknown",
        "fake": "value fake",
    },
    "salesforce": {
        "match": "address",
        "paths: config": "value paths",
        "users without delete": "value delete",
        "member_add: wrapped": "value member_add",
        "member_remove: wrapped": "value member_remove",
        "page_max: 200": "value page_size",
        "delete_user: inactive": "value delete_user",
    },
    "keycloak": {
        "match": "address",
        "patch_operations: 100": "value patch_operations",
        "create_members: reject": "value create_members",
        "put_members: reject": "value put_members",
        "members_read: ask": "value members_read",
        "page_max: 100": "value page_size",
        "filter_unknown: empty": "value filter_unknown",
        "filter_length: 2048": "value filter_length",
        "fixed: rejected": "value fixed",
        "10 levels": "limit Filters have 10 levels of parentheses at most",
        "and never two levels": EQ_ALONE,
    },
    "zitadel": {
        "groups: none": "value groups",
        "required": "value required",
        "bulk": "limit Bulk is used as far as the ServiceProviderConfig says",
        "page_max: 100": "value page_size",
        "filter_length: 1000": "value filter_length",
        "rewrite": "value rewrite",
        "unsaved": "value unsaved",
        "nine attributes to filter by": "value filter_attributes",
    },
    "sentry": {
        "groups: crud": "value put",
        "patch_operations: 100": "value patch_operations",
        "create_members: ignored": "value create_members",
        "rewrite: slug": "value rewrite",
        "members_limit: 10000, truncate": "value members_limit",
        "page_max: 100": "value page_size",
        "filters": "value filter_attributes",
        "filter_unsafe": "value filter_unsafe",
    },
    "hcp": {
        "match": "address",
        "patch_operations: 100": "value patch_operations",
        "put_mode: merge": "value put_mode",
        "group_size: 1000": "value group_size",
        "page_max: 200": "value page_size",
        "filters of groups": "value filter_attributes",
        "reserved": "value reserved",
        "delete_group: with_permissions": "value irreversible",
        "rate: 30": "value rate",
        "1000 groups": "limit An organization has 1,000 groups at most",
    },
    "newrelic": {
        "put_mode: merge": "value put_mode",
        "member_remove: list": "value member_remove",
        "required": "value required",
        "filter_and: false": "value filter_clauses",
        "only": "value only",
    },
    "miro": {
        "match": "address",
        "groups without post": "value create",
        "groups without delete": "value delete",
        "groups without put": "value put",
        "members_per_patch: 8000": "value members_per_patch",
        "payload: 800000": "limit A PATCH has 800 kB at most",
        "and none is larger": "test test_a_patch_for_miro_is_smaller_than_it_may_be",
        "rate: users_read": "value rate",
        "rate: users_write": "value write_rate",
        "rate: the others": "limit 20 deletions of users, 5 lists of groups, 20 reads",
    },
    "google": {"match": "address", "groups: crud": "value put", "paging: none": "value paging"},
    "oracle": {
        "members_read: ask": "value members_read",
        "members_limit: 10000, error": "limit A group of more than 10,000 members is answered",
    },
    "jfrog": {
        "match": "address",
        "match elsewhere": "limit An installation of your own is recognised below",
        "fixed: rejected": "value fixed",
        "id_is: name": "limit The id of a user is its name",
    },
    "figma": {"inactive: removed": "value inactive", "max_length": "value max_length"},
    "interop": {
        "put: false": "value put",
        "filter_ops: eq": EQ_ALONE,
        "filter_and, no or": "value filter_clauses",
        "page_size: 100": "value page_size",
        "when it is announced": "test test_usable_parts_of_a_configuration_are_announced",
    },
}
# What the list of capabilities was summed up as, and the capability that says it here. The others
# are limits of single services in DATA: filter_ops, payload, flat, id_is.
CAPABILITIES: dict[str, str] = {
    "paths": "paths",
    "media_type": "media_type",
    "users and groups: get, list": "filters",
    "users and groups: post": "create",
    "users and groups: put": "put",
    "users and groups: patch": "patch",
    "users and groups: delete": "delete",
    "groups: none": "groups",
    "put_mode": "put_mode",
    "put_members": "put_members",
    "patch_operations": "patch_operations",
    "members_per_patch": "members_per_patch",
    "removals_per_patch": "removals_per_patch",
    "patch_mix": "patch_mix",
    "member_remove": "member_remove",
    "member_add": "member_add",
    "create_members": "create_members",
    "members_read": "members_read",
    "members_limit": "members_limit",
    "paging": "paging",
    "page_size, page_max": "page_size",
    "filters": "filter_attributes",
    "filter_and, or": "filter_clauses",
    "filter_unknown": "filter_unknown",
    "filter_length": "filter_length",
    "required": "required",
    "fixed": "fixed",
    "fixed: never removable": "not_removable",
    "single": "single",
    "unsaved": "unsaved",
    "only": "only",
    "rewrite": "rewrite",
    "delete_user": "delete_user",
    "delete_group, irreversible": "irreversible",
    "inactive": "inactive",
    "rate": "rate",
    "rate of writes": "write_rate",
    "rate: burst": "write_burst",
    "rate: in_flight": "in_flight",
    "quota": "quota",
    "bulk: operations": "bulk_operations",
    "bulk: payload": "bulk_size",
    "query": "query",
    "one_operation_add": "member_add",
    "group_size": "group_size",
    "max_length": "max_length",
    "reserved": "reserved",
    "fake": "fake",
    "filter_unsafe": "filter_unsafe",
    "filter_alone": "filter_alone",
}


def test_every_datum_is_a_value_a_limit_or_a_test() -> None:
    assert not unbound(DATA)


def test_no_datum_is_left_out() -> None:
    assert sum(len(facts) for facts in DATA.values()) == 152
    assert set(DATA) == set(PROFILES) - {
        *("github_org", "scimdev", "scim2-server", "scimmy", "django-scim2"),
        *("django-scim2-server", "better-auth", "polis", "bitwarden", "wso2"),
    }


def test_every_capability_of_the_list_is_one_here() -> None:
    assert set(CAPABILITIES.values()) <= set(FIELDS)
