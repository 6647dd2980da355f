# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of the services with the most users.

A value is what documentation, source code or an issue says. Knows no code.
"""

from __future__ import annotations

from collections.abc import Mapping

from .profile import (
    ALL_BUT_STATE,
    ANY_HOST,
    GROUPS_IN_GROUPS,
    REMOVED_IF_INACTIVE,
    SEVERAL,
    Address,
    Profile,
    Values,
)
from .tokens import TOKENS

AWS = "AWS SCIM developer guide"
AWS_LISTS = f"{AWS}, ListUsers and ListGroups"
AWS_NAMES = "AWS IAM Identity Center user guide, automatic provisioning"
AWS_TOOLS = "awslabs/ssosync and slashdevops/idp-scim-sync"
ENTRA = "Microsoft, Entra ID SCIM API reference"
GITHUB = "GitHub, provisioning users and groups using the REST API"
GITHUB_REST = "GitHub, REST API endpoints for SCIM"
GITLAB = "GitLab, internal API documentation"
SLACK = "Slack, SCIM API reference"
DATABRICKS = "Databricks SDK for Python, service/iam.py"
DATABRICKS_TOOLS = f"{DATABRICKS}; databricks/terraform-provider-databricks and databrickslabs/ucx"
ATLASSIAN = "Atlassian, user provisioning API"
SNOWFLAKE = "Snowflake, SCIM API reference"
SALESFORCE = "Salesforce help, SCIM REST API"
KEYCLOAK = "Keycloak server administration guide, SCIM"
KEYCLOAK_LISTS = f"{KEYCLOAK}, filtering resources"
ENTRA_NICKNAME = "urn:ietf:params:scim:schemas:extension:Microsoft:Entra:2.0:User:mailNickname"

GITLAB_VALUES: Values = {
    "put": (False, GITLAB),
    "groups": (False, GITLAB),
    "fixed": (ALL_BUT_STATE, GITLAB),
    "required": (["User.externalId", "User.userName", "User.emails", "User.name"], GITLAB),
    "filter_attributes": (["User.id"], GITLAB),
}
GITLAB_LIMITS = (
    "The API below /api/scim is meant, not that below /api/v4.",
    "Users only. A PATCH changes id, externalId and active only.",
    "The id is the externalId.",
    "name.formatted comes back outside of name.",
)

PROFILES: Mapping[str, Profile] = {
    "aws": Profile(
        title="AWS IAM Identity Center",
        token=TOKENS["aws"],
        addresses=(
            Address(
                r"scim\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", r"/.*", f"{AWS}; runtastic/ansible-iam"
            ),
        ),
        values={
            "put": ({"groups": False}, f"{AWS}, supported API operations"),
            "members_per_patch": (100, f"{AWS}, PatchGroup"),
            "create_members": (100, f"{AWS}, CreateGroup"),
            "members_read": ("users_by_group", AWS_LISTS),
            "member_remove": ("list", AWS_TOOLS),
            "member_writes": (["add", "remove_by_list"], AWS_TOOLS),
            "patch_attributes": (False, AWS_LISTS),
            "paging": ("cursor", AWS_LISTS),
            "page_size": (100, AWS_LISTS),
            "query": (["filter", "count", "cursor"], AWS_LISTS),
            "filter_attributes": (
                [
                    "User.userName",
                    "User.externalId",
                    "User.groups.value",
                    "Group.displayName",
                    "Group.externalId",
                    "Group.members.value",
                ],
                AWS_LISTS,
            ),
            "filter_clauses": (1, AWS_LISTS),
            "filter_ids": (False, AWS_LISTS),
            "single": (["User.emails", "User.phoneNumbers", "User.addresses"], f"{AWS}, PatchUser"),
            "unsaved": (
                [
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
                f"{AWS}, limitations",
            ),
            "required": (
                [
                    "User.userName",
                    "User.displayName",
                    "User.name.givenName",
                    "User.name.familyName",
                    "Group.displayName",
                ],
                f"{AWS}, CreateGroup; {AWS_NAMES}",
            ),
            "display_name_by_name": (True, f"{AWS_NAMES}; {AWS_TOOLS} always send one"),
            "not_removable": (["User.userName", "User.active"], f"{AWS}, PatchUser"),
            "in_flight": (5, "slashdevops/idp-scim-sync"),
        },
        limits=(
            "There is no Bulk, no /Me and no search by POST.",
            "Set the given and the family name of every new user. AWS asks for them, and a task "
            "without them fails before it writes. A displayName that is not set is made of them.",
            "One PATCH takes one operation on userName and one on active.",
            "A PATCH of a group takes displayName, members and externalId, and never all members.",
            "Every operation needs a path, unless it adds or replaces one attribute.",
            "Filters take eq and and, no or.",
            "attributes, excludedAttributes and startIndex are not supported. Without cursor a "
            "list is its first 50 resources, so cursor is always sent.",
            "A 400 or 409 has no scimType. A 409 also means that the externalId exists under "
            "another e-mail: find the user by external_id.",
            GROUPS_IN_GROUPS,
        ),
    ),
    "entra": Profile(
        title="Microsoft Entra ID",
        token=TOKENS["entra"],
        addresses=(
            Address(
                r"([a-z]+-)?graph\.microsoft\.(com|us)|microsoftgraph\.chinacloudapi\.cn",
                r"(/.*)?/rp/scim(/|$)",
                ENTRA,
            ),
        ),
        values={
            "paths": ({"users": "/users", "groups": "/groups"}, ENTRA),
            "put": (False, ENTRA),
            "members_per_patch": (20, ENTRA),
            "removals_per_patch": (1, ENTRA),
            "create_members": (20, ENTRA),
            "patch_mix": ("add_remove_apart", ENTRA),
            "member_add": ("list", f"{ENTRA}: all in one operation"),
            "patch_attributes": (False, ENTRA),
            "members_read": ("users_by_group", ENTRA),
            "paging": ("cursor", ENTRA),
            "page_size": (100, ENTRA),
            "filter_attributes": (
                [
                    "User.userName",
                    "User.externalId",
                    "User.id",
                    f"User.{ENTRA_NICKNAME}",
                    "User.groups.value",
                    "Group.displayName",
                    "Group.id",
                    "Group.members.value",
                ],
                ENTRA,
            ),
            "filter_clauses": (1, ENTRA),
            "filter_alone": (["User.externalId"], ENTRA),
            "required": (
                [
                    "User.userName",
                    "User.password",
                    "User.name.familyName",
                    "User.name.givenName",
                    "User.active",
                    "User.displayName",
                    f"User.{ENTRA_NICKNAME}",
                    "Group.displayName",
                ],
                ENTRA,
            ),
            "not_removable": ([f"User.{ENTRA_NICKNAME}"], ENTRA),
            "fixed": (["User.addresses"], ENTRA),
        },
        limits=(
            "A query with spaces around = is refused, so queries are encoded strictly.",
            "Filters take eq, and those of users ew as well. The collection sends eq.",
            "Each request is billed and counts for the limits of Microsoft Graph.",
            "Adding a member that is in the group already changes nothing.",
            "The documented creation of a group also has mailEnabled, mailNickname and "
            "securityEnabled.",
            "As a client of other services Entra sends Add, Replace and Remove, and texts such as "
            '"False": services that were built for it may answer in that form.',
            "The service is generally available since April 2026.",
            'Addresses are changed by the path addresses[type eq "work"] only. The collection does '
            "not send it, so it sets addresses when it creates a user.",
            "An id of a member that does not exist fails the whole operation.",
            "The form in which a member is removed is not always documented: a refusal is learnt.",
            "The filter members.value is documented for ids of users, so it need not find a group.",
            GROUPS_IN_GROUPS,
        ),
    ),
    "github": Profile(
        title="GitHub Enterprise (managed users)",
        token=TOKENS["github"],
        addresses=(
            Address(
                r"api\.github\.com|api\.[a-z0-9-]+\.ghe\.com", r"/scim/v2/enterprises/", GITHUB
            ),
            Address(ANY_HOST, r"/api/v3/scim/v2(/|$)", GITHUB_REST),
        ),
        values={
            "delete_user": ("suspended", GITHUB),
            "irreversible": (["user"], GITHUB),
            "rewrite": ({"User.userName": "opaque"}, GITHUB_REST),
            "obscured": (["User.userName", "User.emails"], GITHUB),
            "quota": (
                {"users_per_hour": 1000, "members_per_group_per_hour": 1000},
                "GitHub, rate limits for SCIM",
            ),
        },
        limits=(
            "Paths are case-sensitive. Lists show suspended users too.",
            "A deleted user is suspended for ever: provision the person anew.",
            "The login and the e-mails of an inactive user are obfuscated: new e-mails are sent "
            "when the user is made active again.",
            "GitHub makes a login of the userName, so only its filters tell a new name from what "
            "it made of the old one: to rename a user, set previous_user_names.",
            "A deleted group may cost its members the membership in organizations.",
            "Another program that writes there breaks the sync of a partner's identity provider.",
        ),
    ),
    "github_org": Profile(
        title="GitHub organizations with SAML single sign-on",
        token=TOKENS["github_org"],
        addresses=(Address(r"api\.github\.com", r"/scim/v2/organizations/", GITHUB_REST),),
        values={
            "groups": (False, GITHUB_REST),
            "only": (
                [
                    "User.userName",
                    "User.name.givenName",
                    "User.name.familyName",
                    "User.emails",
                    "User.externalId",
                    "User.active",
                ],
                GITHUB_REST,
            ),
        },
        limits=("Users only. SAML single sign-on, not managed users.",),
    ),
    "gitlab": Profile(
        title="GitLab.com",
        token=TOKENS["gitlab"],
        addresses=(Address(ANY_HOST, r"(/.*)?/api/scim/v2/groups(/|$)", GITLAB),),
        values={
            **GITLAB_VALUES,
            "inactive": ("removed", GITLAB),
            "delete_user": ("unlinked", GITLAB),
        },
        limits=(*GITLAB_LIMITS, REMOVED_IF_INACTIVE),
    ),
    "gitlab_self_managed": Profile(
        title="GitLab, self-managed",
        token=TOKENS["gitlab_self_managed"],
        addresses=(Address(ANY_HOST, r"(/.*)?/api/scim/v2/application(/|$)", GITLAB),),
        values={**GITLAB_VALUES, "delete_user": ("blocked", GITLAB)},
        limits=(*GITLAB_LIMITS, "A deleted user is blocked."),
    ),
    "slack": Profile(
        title="Slack",
        token=TOKENS["slack"],
        addresses=(Address(r"api\.slack\.com", r"/scim/v[12](/|$)", SLACK),),
        values={
            "media_type": ("application/json", SLACK),
            "page_size": (1000, "Slack, changelog of June 2019"),
            "delete_user": ("inactive", SLACK),
            "unsaved": (["User.addresses.type"], SLACK),
            "rate": (16, "Slack, SCIM rate limits"),
            "write_rate": (3, "Slack, SCIM rate limits"),
            "write_burst": (20, "Slack, SCIM rate limits"),
        },
        limits=(
            "Use /scim/v2: a PATCH of /scim/v1 has another form.",
            "Rate limits count all SCIM clients of the organization together. Beyond those of "
            "users, the organization takes 600 writes and 1,000 reads a minute.",
            "The e-mail of a deactivated user stays taken.",
            "Users have 50 custom fields at most. One that is wrong makes Slack drop all of them.",
            "A userName must not be the name of a channel.",
        ),
    ),
    "databricks": Profile(
        title="Databricks",
        token=TOKENS["databricks"],
        addresses=(
            Address(
                r"[a-z0-9.-]+\.(cloud\.databricks\.(com|us)|azuredatabricks\.net)"
                r"|[a-z0-9.-]+\.gcp\.databricks\.com",
                r"/api/2\.\d(/.*)?/scim/v2(/|$)",
                DATABRICKS_TOOLS,
            ),
            Address(
                ANY_HOST, r"/api/2\.\d/(preview|accounts/[^/]+)/scim/v2(/|$)", DATABRICKS_TOOLS
            ),
        ),
        values={
            "members_read": ("get", DATABRICKS),
            "fixed": (["User.userName", "User.emails"], DATABRICKS),
            "unsaved": (["User.externalId"], "Databricks, SCIM 2.1 reference"),
            "page_size": (100, "inferred; the SDK says that 10000 is the default"),
        },
        limits=(
            "Users have no externalId.",
            "Lists of groups carry no members for accounts made after August 22, 2025.",
            "In federated workspaces the displayName cannot be changed either.",
            "Filters take eq, ne, co and sw, and have 200 nodes at most. The collection sends eq, "
            "40 of them at most.",
            "10,000 users, 5,000 groups, 1,500 direct memberships, 10 levels of nesting.",
            "There are limits per second and per minute: a 429 is waited for.",
            "A null in a PATCH fails: the collection never sends one.",
        ),
    ),
    "atlassian": Profile(
        title="Atlassian",
        token=TOKENS["atlassian"],
        addresses=(Address(r"api\.atlassian\.com", r"/scim/", ATLASSIAN),),
        values={
            "required": (["User.userName", "User.emails"], ATLASSIAN),
            "fixed": (["Group.displayName"], ATLASSIAN),
            "filter_attributes": (
                ["User.userName", "User.externalId", "Group.displayName"],
                f"{ATLASSIAN}, groups",
            ),
            "delete_user": ("unlinked", ATLASSIAN),
            "irreversible": (["user", "group"], ATLASSIAN),
        },
        limits=(
            "A new user with a known e-mail links the account that exists.",
            "A deleted group takes its permissions with it. The deletion of one that is gone is "
            "answered 404.",
        ),
    ),
    "snowflake": Profile(
        title="Snowflake",
        token=TOKENS["snowflake"],
        addresses=(
            Address(r"[a-z0-9._-]+\.snowflakecomputing\.(com|cn)", r"/scim/v2(/|$)", SNOWFLAKE),
        ),
        values={
            "single": (SEVERAL, SNOWFLAKE),
            "filter_unknown": ("empty", "Snowflake, behavior change 2276"),
            "filter_attributes": (["User.userName", "Group.displayName"], SNOWFLAKE),
            "fake": (["synthesis_user", "synthetic_group"], "Snowflake, behavior change 2276"),
            "filter_clauses": (1, "Snowflake, behavior change 2276"),
        },
        limits=(
            "Groups are roles.",
            "Filters take one attribute, by eq or sw.",
            "Lists without a filter are samples before the behavior change bundle 2026_03: nothing "
            "is purged there, and the inventory plugin needs `user_filter` and `group_filter`.",
        ),
    ),
    "salesforce": Profile(
        title="Salesforce",
        token=TOKENS["salesforce"],
        addresses=(Address(r"([a-z0-9-]+\.)*salesforce\.com", r"/services/scim/", SALESFORCE),),
        values={
            "paths": ({"config": "/ServiceProviderConfigs"}, SALESFORCE),
            "delete": ({"users": False}, SALESFORCE),
            "delete_user": ("inactive", f"{SALESFORCE}: users are disabled (inferred)"),
            "member_add": ("wrapped", "Salesforce help, managing groups by SCIM"),
            "member_remove": ("wrapped", "Salesforce help, managing groups by SCIM"),
            "member_writes": (
                ["add", "remove_by_list"],
                "Salesforce help, managing groups by SCIM",
            ),
            "page_size": (200, SALESFORCE),
        },
        limits=("Users are disabled, never deleted.", "There is no Bulk, no sorting, no ETag."),
    ),
    "keycloak": Profile(
        title="Keycloak 26.8 and newer",
        token=TOKENS["keycloak"],
        addresses=(Address(ANY_HOST, r"(/.*)?/realms/[^/]+/scim/v2(/|$)", KEYCLOAK_LISTS),),
        values={
            "patch_operations": (100, f"{KEYCLOAK}, managing groups"),
            "create_members": (False, f"{KEYCLOAK}, managing groups"),
            "put_members": ("reject", f"{KEYCLOAK}, managing groups"),
            "member_writes": (["remove_by_filter"], f"{KEYCLOAK}, managing groups"),
            "members_read": ("ask", f"{KEYCLOAK}, managing groups"),
            "page_size": (100, KEYCLOAK_LISTS),
            "filter_unknown": ("empty", "Phase Two, filtering with Keycloak 26.8"),
            "filter_ids": (False, "Phase Two, filtering with Keycloak 26.8"),
            "filter_length": (2048, KEYCLOAK_LISTS),
            "fixed": (["Group.externalId"], f"{KEYCLOAK}, managing groups"),
        },
        limits=(
            "SCIM is switched on for each realm, and off by default.",
            "externalId of users needs a mapping in the user profile.",
            "Members of organisation groups cannot be changed.",
            "Filters have 10 levels of parentheses at most, and no and inside of a multi-valued "
            "attribute. The collection writes neither parentheses nor and.",
            "The documented additions of a member have one object as value, not a list. If a list "
            "is refused, set `capabilities: {member_add: scalar}`.",
            "With an LDAP_ONLY mapper, filters on memberships find nothing.",
            "SCIM plugins for older releases differ.",
            "Memberships through a parent group (type indirect) are not counted.",
        ),
    ),
}
