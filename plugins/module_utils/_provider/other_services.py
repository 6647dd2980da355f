# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles of further services and of the servers that the tests run.

A value is what documentation, source code or an issue says. Knows no code.
"""

from __future__ import annotations

from collections.abc import Mapping

from .profile import ANY_HOST, REMOVED_IF_INACTIVE, Address, Profile, Values
from .tokens import TOKENS

MEASURED = "measured on the release that the tests run"

ZITADEL = "Zitadel, SCIM v2 API documentation"
SENTRY = "Sentry source code, core/endpoints/scim"
HCP = "HashiCorp, SCIM groups API documentation"
NEWRELIC = "New Relic, SCIM support for automated user management"
MIRO = "Miro, SCIM API and rate limits"
GOOGLE = "Google Cloud Identity, SCIM REST reference"
ORACLE = "Oracle identity domains, REST API"
JFROG = "JFrog, implemented SCIM endpoints"
FIGMA = "Figma, SCIM supported schemas"
INTEROP_DRAFT = "draft-zollner-scim-interop-profile-02"

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
SIMPLE_USERS = [
    "nickName",
    "title",
    "userType",
    "profileUrl",
    "preferredLanguage",
    "locale",
    "timezone",
    "phoneNumbers",
    "ims",
    "photos",
    "addresses",
    "entitlements",
    "roles",
    "x509Certificates",
]
DJANGO_UNSAVED = [
    "User.displayName",
    "User.name.formatted",
    "User.name.middleName",
    "User.name.honorificPrefix",
    "User.name.honorificSuffix",
    "User.emails.type",
    *(f"User.{one}" for one in SIMPLE_USERS),
    ENTERPRISE,
]

DJANGO_PATCHED = [
    "User.userName",
    "User.name.givenName",
    "User.name.familyName",
    "User.active",
    "User.emails",
    "Group.members",
]

# What a service says of itself by interopProfileConformant in its ServiceProviderConfig.
INTEROP_VALUES: Values = {
    "put": (False, INTEROP_DRAFT),
    "filter_clauses": (1, INTEROP_DRAFT),
    "page_size": (100, INTEROP_DRAFT),
}

PROFILES: Mapping[str, Profile] = {
    "zitadel": Profile(
        title="Zitadel",
        token=TOKENS["zitadel"],
        values={
            "groups": (False, ZITADEL),
            "required": (["User.userName", "User.name", "User.emails"], ZITADEL),
            "page_size": (100, ZITADEL),
            "filter_attributes": (
                [
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
                ZITADEL,
            ),
            "filter_length": (1000, ZITADEL),
            "rewrite": (
                {"User.phoneNumbers.value": "e164", "User.name.formatted": "opaque"},
                ZITADEL,
            ),
            "unsaved": (["User.emails.type", "User.phoneNumbers.type"], ZITADEL),
        },
        limits=(
            "Users only. The base URL ends with the id of the organization.",
            "meta.version is a counter.",
            "Bulk is used as far as the ServiceProviderConfig says how large a request may be.",
        ),
    ),
    "sentry": Profile(
        title="Sentry",
        token=TOKENS["sentry"],
        values={
            "put": ({"groups": False}, SENTRY),
            "patch_operations": (100, SENTRY),
            "create_members": (False, SENTRY),
            "member_remove": ("filter", SENTRY),
            "member_writes": (["add", "remove_by_filter"], SENTRY),
            "rewrite": ({"Group.displayName": "slug"}, SENTRY),
            "members_limit": (10000, SENTRY),
            "page_size": (100, SENTRY),
            "filter_attributes": (["User.userName", "Group.displayName"], SENTRY),
            "filter_clauses": (1, SENTRY),
            "filter_unsafe": ([",", " eq "], SENTRY),
        },
        limits=(
            "Groups are teams, unique by their slug.",
            "A member that is unknown is answered 404. A PATCH is done as a whole or not at all.",
            "Okta's group push stops at 20 members (issue 77191).",
        ),
    ),
    "hcp": Profile(
        title="HCP Terraform",
        token=TOKENS["hcp"],
        addresses=(Address(r"app\.terraform\.io", r"/scim/", HCP),),
        values={
            "patch_operations": (100, HCP),
            "member_writes": (["add", "remove_by_filter"], HCP),
            "put_mode": ("merge", HCP),
            "filter_attributes": (["Group.displayName", "Group.externalId"], HCP),
            "group_size": (1000, HCP),
            "page_size": (200, HCP),
            "reserved": (["owners", "sso"], HCP),
            "irreversible": (["group"], HCP),
            "rate": (30, HCP),
        },
        limits=(
            "Terraform Enterprise takes 10 requests a second.",
            "The base URL ends with the id of the SCIM configuration.",
            "A PATCH is one transaction. A user that is unknown is answered 404, and the removal "
            "of a user that is no member succeeds.",
            "A deleted group takes its permissions with it.",
            "A list of count=0 gives the total. In a PUT an empty list clears.",
            "An organization has 1,000 groups at most.",
        ),
    ),
    "newrelic": Profile(
        title="New Relic",
        token=TOKENS["newrelic"],
        values={
            "put_mode": ("merge", NEWRELIC),
            "member_remove": ("list", NEWRELIC),
            "required": (["User.userName", "User.emails", "User.active"], NEWRELIC),
            "filter_clauses": (1, NEWRELIC),
            "only": (
                [
                    "User.externalId",
                    "User.userName",
                    "User.name.givenName",
                    "User.name.familyName",
                    "User.emails",
                    "User.timezone",
                    "User.active",
                    "User.groups",
                ],
                NEWRELIC,
            ),
        },
        limits=("There is no Bulk and no search by POST.",),
    ),
    "miro": Profile(
        title="Miro",
        token=TOKENS["miro"],
        addresses=(Address(r"miro\.com", r"/api/v1/scim(/|$)", MIRO),),
        values={
            "create": ({"groups": False}, MIRO),
            "delete": ({"groups": False}, MIRO),
            "put": ({"groups": False}, MIRO),
            "members_per_patch": (8000, MIRO),
            "filter_attributes": (["User.userName"], MIRO),
            "rate": (6, f"{MIRO}: 200 reads of users in 30 seconds"),
            "write_rate": (3, f"{MIRO}: 100 writes of users in 30 seconds"),
        },
        limits=(
            "Groups are made in Miro, before the first run. SCIM reads and changes them. "
            "Organizations whose groups are user groups of Miro may create and delete them: set "
            "`capabilities: {create: true, delete: true}`.",
            "A PATCH has 800 kB at most. One of the collection is smaller: it adds 8,000 members "
            "or removes 100.",
            "In 30 seconds Miro takes 20 deletions of users, 5 lists of groups, 20 reads of a "
            "group and 5 of its PATCHes that are larger than 500 bytes. A 429 is waited for.",
        ),
    ),
    "google": Profile(
        title="Google Cloud Identity",
        token=TOKENS["google"],
        addresses=(Address(r"cloudidentityscim\.googleapis\.com", r"/", GOOGLE),),
        values={"paging": ("none", GOOGLE), "put": ({"groups": False}, GOOGLE)},
        limits=(
            "There is no sorting, no Bulk, no ETag.",
            "Lists have no pages, so a purge is refused.",
        ),
    ),
    "oracle": Profile(
        title="Oracle identity domains",
        token=TOKENS["oracle"],
        addresses=(Address(r"[a-z0-9-]+\.identity\.oraclecloud\.com", r"/admin/v1(/|$)", ORACLE),),
        values={"members_read": ("ask", ORACLE)},
        limits=(
            "A group of more than 10,000 members is answered with an error, unless members are "
            "asked for in portions (members[startIndex=1&count=10]), which the collection does "
            "not do.",
            "The parameter attributeSets is not used.",
        ),
    ),
    "jfrog": Profile(
        title="JFrog",
        token=TOKENS["jfrog"],
        addresses=(
            Address(r"[a-z0-9-]+\.jfrog\.io", r"(/access)?/api/v1/scim/v2(/|$)", JFROG),
            Address(ANY_HOST, r"(/.*)?/access/api/v1/scim/v2(/|$)", JFROG),
        ),
        values={
            "fixed": (["User.userName", "Group.displayName", "Group.externalId"], JFROG),
        },
        limits=(
            "The id of a user is its name.",
            "A PATCH of a group changes its members only.",
            "An installation of your own is recognised below /access/api/v1/scim/v2. Name it if it "
            "is elsewhere.",
        ),
    ),
    "figma": Profile(
        title="Figma",
        token=TOKENS["figma"],
        values={
            "inactive": ("removed", FIGMA),
            "max_length": (
                {
                    "User.userName": 100,
                    "User.displayName": 100,
                    "Group.displayName": 255,
                    "externalId": 255,
                },
                FIGMA,
            ),
        },
        limits=("externalId is stored and not used.", REMOVED_IF_INACTIVE),
    ),
    "interop": Profile(
        title="Services that conform to the interoperability profile",
        token=TOKENS["interop"],
        values=INTEROP_VALUES,
    ),
    "scimdev": Profile(
        title="The service of the scim.dev tutorial",
        token=TOKENS["scimdev"],
        addresses=(Address(r"(api\.)?scim\.dev", r"/", "scim.dev, API examples"),),
        values={
            "unsaved": (["User.displayName"], "the tutorial's service, measured"),
            "members_read": ("ask", "the tutorial's service, measured"),
            "create_members": (False, "the tutorial's service, measured"),
        },
        limits=("A second e-mail of the type other appears beside each work address.",),
    ),
    "scim2-server": Profile(
        title="scim2-server",
        token=TOKENS["scim2-server"],
        values={"filter_clauses": (200, MEASURED)},
    ),
    "scimmy": Profile(
        title="scimmy-routers with Express 4",
        token=TOKENS["scimmy"],
        values={"filter_case": ("exact", MEASURED), "filter_clauses": (100, MEASURED)},
        limits=("With Express 5 lists ignore startIndex and count.",),
    ),
    "django-scim2": Profile(
        title="django-scim2",
        token=TOKENS["django-scim2"],
        values={
            "filters": ({"groups": False}, MEASURED),
            "filter_ids": (False, MEASURED),
            "filter_clauses": (10, MEASURED),
            "filter_unknown": ("empty", MEASURED),
            "filter_attributes": (["User.userName"], MEASURED),
            "create_members": (False, MEASURED),
            "put_members": ("no", MEASURED),
            "patched": (DJANGO_PATCHED, MEASURED),
            "patch_form": ("replace", MEASURED),
            "nested_groups": (False, MEASURED),
            "member_remove": ("list", MEASURED),
            "single": (["User.emails"], MEASURED),
            "unsaved": (DJANGO_UNSAVED, MEASURED),
        },
        limits=(
            "Users and groups are numbered alike: do not put groups into groups there.",
            "An e-mail cannot be removed.",
        ),
    ),
    "django-scim2-server": Profile(
        title="django-scim2-server",
        token=TOKENS["django-scim2-server"],
        values={
            "filter_ids": (False, MEASURED),
            "filter_clauses": (100, MEASURED),
            "single": (["User.emails"], MEASURED),
            "delete_user": ("inactive", MEASURED),
            "nested_groups": (False, MEASURED),
            "unsaved": (DJANGO_UNSAVED, MEASURED),
        },
    ),
    "better-auth": Profile(
        title="@better-auth/scim",
        token=TOKENS["better-auth"],
        values={
            "filter_clauses": (1, MEASURED),
            "filter_attributes": (
                [
                    "User.userName",
                    "User.externalId",
                    "User.id",
                    "User.emails.value",
                    "Group.displayName",
                    "Group.externalId",
                    "Group.id",
                ],
                MEASURED,
            ),
            "required": (["User.emails"], MEASURED),
            "email_by_name": (True, MEASURED),
            "nested_groups": (False, MEASURED),
            "members_per_patch": (100, MEASURED),
            "create_members": (100, MEASURED),
            "page_size": (100, MEASURED),
            "unsaved": (
                [
                    "User.nickName",
                    "User.profileUrl",
                    "User.ims",
                    "User.photos",
                    "User.x509Certificates",
                ],
                MEASURED,
            ),
        },
        limits=(
            "Every user needs an e-mail, or a userName that is one.",
            "An e-mail is unique over all users. Groups in groups are refused.",
        ),
    ),
    "polis": Profile(
        title="Ory Polis",
        token=TOKENS["polis"],
        values={
            "groups": (False, f"{MEASURED}: members of groups are never shown"),
            "members_read": ("none", MEASURED),
            "filter_clauses": (1, MEASURED),
            "filter_attributes": (["User.emails.value", "Group.displayName"], MEASURED),
            "filter_unknown": ("empty", MEASURED),
            "filter_case": ("exact", MEASURED),
            "totals": (False, MEASURED),
            "page_size": (50, MEASURED),
        },
        limits=(
            "Members are written only: no answer shows them, so groups are not managed. Set "
            "`capabilities: {groups: true}` to create groups all the same.",
        ),
    ),
    "bitwarden": Profile(
        title="Bitwarden",
        token=TOKENS["bitwarden"],
        values={"put_members": ("no", "bitwarden/server, issue 2919")},
        limits=("There is no discovery.",),
    ),
    "wso2": Profile(
        title="WSO2 Identity Server",
        token=TOKENS["wso2"],
        values={"member_remove": ("list", "wso2/product-is, issue 7040")},
        limits=("Adding a present member is answered 500, so only what is missing is sent.",),
    ),
}
