# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The services that can be imitated, by name.

Each is written from the documentation of the service, not from the profile of the collection, so
that the two are checked against each other.
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.attributes import (
    active_by_default,
    answers_without_active,
    aws_operations,
    demands_paths,
    drops,
    flat_formatted,
    forgiving_delete,
    id_is,
    ignores_changes,
    keeps_only,
    limits_length,
    limits_payload,
    merges_put,
    one_entry,
    only_media_type,
    patches_only,
    refuses_changes,
    refuses_null,
    refuses_paths,
    refuses_several,
    requires,
    reserves,
    rewrites,
    shows_login,
    silent,
    slug,
    unique,
    verbs,
    without_versions,
    zitadel,
)
from ansible_collections.identity.scim.tests.rehearsal.endings import (
    blocks,
    removes_inactive,
    suspends_for_ever,
    unlinks,
)
from ansible_collections.identity.scim.tests.rehearsal.frame import (
    A_NAME,
    AN_EMAIL,
    CRUD,
    ONE_COMPARISON,
    framed,
)
from ansible_collections.identity.scim.tests.rehearsal.imitation import (
    ERROR,
    Imitation,
    scim_error,
)
from ansible_collections.identity.scim.tests.rehearsal.in_bulk import takes_bulk
from ansible_collections.identity.scim.tests.rehearsal.limits import (
    Limit,
    Limits,
    new_members,
    requests,
    reset_at,
    retry_after,
)
from ansible_collections.identity.scim.tests.rehearsal.lists import (
    by_id,
    fakes,
    if_asked,
    ignores_attributes,
    never,
    shows_members,
    small_letters,
    users_name_groups,
)
from ansible_collections.identity.scim.tests.rehearsal.members import (
    Members,
    created_without,
    cut,
    first_of_list,
    members,
    refuses_large_groups,
    refuses_members,
    unknown_members,
    wrapped,
)
from ansible_collections.identity.scim.tests.rehearsal.servers import SERVERS
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import nowhere
from ansible_collections.identity.scim.tests.unit.quirks.wire_quirks import deactivates_instead

MAILNICKNAME = "urn:ietf:params:scim:schemas:extension:Microsoft:Entra:2.0:User"


def aws_error(answer: Answer) -> Any:
    """Return a refusal as AWS words it: a ``schema`` as well, and no scimType."""
    detail = (answer.body or {}).get("detail", "")
    more = {"timeStamp": "2026-01-01 00:00:00", "exceptionRequestId": "rehearsal"}
    body = {"schema": [ERROR], "schemas": [ERROR], "status": str(answer.status), "detail": detail}
    return {**body, **more}


def sentry_error(answer: Answer) -> Any:
    """Return a refusal as Sentry words it: a taken name is ``non_field_errors``."""
    if answer.status == 409:
        return {"non_field_errors": ["The slug is already in use."]}
    return scim_error(answer)


SLACK_LIMITS = (
    # Writes to users, and then all clients of the organization together.
    Limit(counts=requests("Users", reads=False), most=180, seconds=60, burst=20),
    Limit(counts=requests(reads=False), most=600, seconds=60, burst=180),
    Limit(counts=requests(reads=True), most=1000, seconds=60),
)
GITHUB_LIMITS = (
    Limit(counts=requests("Users", methods=("POST",)), most=1000, seconds=3600),
    Limit(counts=new_members, most=1000, seconds=3600),
)
MIRO_WRITES = ("POST", "PUT", "PATCH")
MIRO_LIMITS = (
    Limit(counts=requests("Users", reads=True), most=200, seconds=30),
    Limit(counts=requests("Users", methods=MIRO_WRITES), most=100, seconds=30),
    Limit(counts=requests("Users", methods=("DELETE",)), most=20, seconds=30),
    Limit(counts=requests("Groups", reads=True, lists=True), most=5, seconds=30),
    Limit(counts=requests("Groups", reads=True, lists=False), most=20, seconds=30),
    Limit(counts=requests("Groups", methods=("PATCH",), larger=500), most=5, seconds=30),
)

AWS = Imitation(
    name="aws",
    throttled=Limits(in_flight=5, detail="ThrottlingException: Rate exceeded"),
    title="AWS IAM Identity Center",
    base="/abcd1234-ab12-ab12-ab12-abcdef123456/scim/v2",
    errors=aws_error,
    user={
        "display_name": "{user_name}",
        **A_NAME,
    },
    made=("display_name",),
    quirks=framed(
        requires("Users", "userName", "displayName", "name.givenName", "name.familyName"),
        requires("Groups", "displayName"),
        nowhere("Me", "Bulk", ".search"),
        verbs("Groups", *CRUD),
        patches_only("Groups", "displayName", "members", "externalId"),
        aws_operations,
        refuses_several("emails", "phoneNumbers", "addresses"),
        members(Members(most=100, removes=("list",))),
        shows_members(never, empty=True),
        shown=ignores_attributes,
        kept=(drops("*.display", "ims", "photos", "entitlements", "x509Certificates", "password"),),
        filters={
            "Users": ("userName", "externalId", "id", "manager", "groups.value"),
            "Groups": ("displayName", "externalId", "id", "members.value"),
        },
        operators=("eq",),
        joins=("and",),
        paging="cursor",
        plain=50,
    ),
)
ENTRA = Imitation(
    name="entra",
    title="Microsoft Entra ID",
    base="/rp/scim",
    endpoints={"Users": "users", "Groups": "groups"},
    user={
        "password": "Rehearsal-{user_name}-1",
        "display_name": "{user_name}",
        "active": True,
        **A_NAME,
        "attributes": {MAILNICKNAME: {"mailNickname": "{user_name}"}},
    },
    quirks=framed(
        small_letters,
        verbs("Users", *CRUD),
        verbs("Groups", *CRUD),
        requires(
            "Users",
            "userName",
            "password",
            "name.familyName",
            "name.givenName",
            "active",
            "displayName",
            f"{MAILNICKNAME}:mailNickname",
        ),
        refuses_paths("Users", "addresses"),
        members(Members(most=20, most_removed=1, in_one=True, apart=("attributes", "removals"))),
        shows_members(never),
        silent("Users", "Groups"),
        kept=(drops("password"),),
        filters={
            "Users": (
                "userName",
                "externalId",
                "id",
                "groups.value",
                f"{MAILNICKNAME}:mailNickname",
            ),
            "Groups": ("displayName", "id", "members.value"),
        },
        operators=("eq", "ew"),
        joins=(),
        paging="cursor",
        page=100,
        least=10,
        plain=100,
        totals=False,
    ),
)
GITHUB = Imitation(
    name="github",
    throttled=Limits(each=GITHUB_LIMITS, headers=reset_at),
    title="GitHub Enterprise Managed Users",
    base="/scim/v2/enterprises/rehearsal",
    needs_agent=True,
    quirks=framed(shows_login("rehearsal"), suspends_for_ever),
)
GITHUB_ORG = Imitation(
    name="github_org",
    title="GitHub organization",
    base="/scim/v2/organizations/rehearsal",
    needs_agent=True,
    quirks=framed(
        nowhere("Groups"),
        config={"endpoints": ("Users",)},
        kept=(
            keeps_only(
                "userName",
                "name.givenName",
                "name.familyName",
                "emails",
                "externalId",
                "active",
            ),
        ),
    ),
)
SLACK = Imitation(
    name="slack",
    throttled=Limits(each=SLACK_LIMITS, headers=retry_after, detail="ratelimited"),
    title="Slack",
    quirks=framed(
        only_media_type("application/json"),
        unique("Users", "emails.value"),
        deactivates_instead,
        kept=(drops("addresses.type"),),
        most=1000,
        page=10,
    ),
    media_type="application/json",
)
DATABRICKS = Imitation(
    name="databricks",
    title="Databricks account",
    base="/api/2.0/accounts/0000-rehearsal/scim/v2",
    quirks=framed(
        refuses_null,
        ignores_changes("Users", "userName", "emails"),
        shows_members(by_id),
        kept=(drops("externalId"),),
        filters={
            "Users": ("userName", "displayName", "id", "emails.value", "active"),
            "Groups": ("displayName", "id", "externalId"),
        },
        operators=("eq", "ne", "co", "sw"),
    ),
)
KEYCLOAK = Imitation(
    name="keycloak",
    title="Keycloak 26.8 or later",
    base="/realms/rehearsal/scim/v2",
    quirks=framed(
        refuses_members("POST", "PUT"),
        members(Members(operations=100, removes=("filter",), replaces=True)),
        refuses_changes("Groups", "externalId"),
        users_name_groups,
        shows_members(if_asked),
        filters={
            "Users": (
                "userName",
                "externalId",
                "emails.value",
                "name.givenName",
                "name.familyName",
                "active",
                "groups.value",
            ),
            "Groups": ("displayName", "externalId", "members.value"),
        },
        unknown="empty",
        length=2048,
        levels=10,
        plain_brackets=True,
    ),
)
SENTRY = Imitation(
    name="sentry",
    title="Sentry",
    base="/api/0/organizations/rehearsal/scim/v2",
    errors=sentry_error,
    quirks=framed(
        verbs("Groups", *CRUD),
        members(Members(operations=100, replaces=True)),
        unknown_members(404),
        created_without,
        first_of_list,
        rewrites("Groups", displayName=slug),
        silent("Groups"),
        cut(10_000),
        filters={"Users": ("userName",), "Groups": ("displayName",)},
        **ONE_COMPARISON,
        unsafe=(",", " eq "),
    ),
)
ATLASSIAN = Imitation(
    name="atlassian",
    title="Atlassian Guard",
    base="/scim/directory/0000-rehearsal",
    user=AN_EMAIL,
    quirks=framed(
        requires("Users", "userName", "emails.value"),
        refuses_changes("Groups", "displayName", detail="a group cannot be renamed"),
        unlinks,
        filters={"Users": ("userName", "externalId"), "Groups": ("displayName",)},
        **ONE_COMPARISON,
    ),
)
SNOWFLAKE = Imitation(
    name="snowflake",
    title="Snowflake before the bundle 2026_03",
    quirks=framed(
        fakes(Users="synthesis_user", Groups="synthetic_group"),
        kept=(one_entry(),),
        filters={"Users": ("userName",), "Groups": ("displayName",)},
        unknown="empty",
    ),
)
SALESFORCE = Imitation(
    name="salesforce",
    title="Salesforce",
    base="/services/scim/v2",
    endpoints={"ServiceProviderConfig": "ServiceProviderConfigs"},
    judged=False,
    quirks=framed(verbs("Users", "GET", "POST", "PUT", "PATCH"), wrapped, most=200),
)
NEWRELIC = Imitation(
    name="newrelic",
    title="New Relic",
    user={
        "active": True,
        **AN_EMAIL,
    },
    quirks=framed(
        requires("Users", "userName", "emails.value", "active"),
        members(Members(removes=("list",))),
        merges_put,
        kept=(
            keeps_only(
                "externalId",
                "userName",
                "name.givenName",
                "name.familyName",
                "emails",
                "timezone",
                "active",
                "groups",
            ),
        ),
        **ONE_COMPARISON,
    ),
)
GITLAB_QUIRKS = framed(
    nowhere("Groups"),
    verbs("Users", *CRUD),
    requires("Users", "externalId", "userName", "emails.value", "name"),
    ignores_changes("Users", "name", "emails", "userName", "displayName"),
    patches_only("Users", "id", "externalId", "active"),
    id_is("Users", "externalId"),
    config={"endpoints": ("Users",)},
    kept=(flat_formatted,),
    filters={"Users": ("id",)},
    **ONE_COMPARISON,
    page=20,
)
GITLAB = Imitation(
    name="gitlab",
    title="GitLab.com group",
    base="/api/scim/v2/groups/rehearsal",
    user={
        "external_id": "id-{user_name}",
        **AN_EMAIL,
        **A_NAME,
    },
    quirks=(removes_inactive, unlinks, *GITLAB_QUIRKS),
)
GITLAB_SELF_MANAGED = replace(
    GITLAB,
    name="gitlab_self_managed",
    title="GitLab, self-managed",
    base="/api/scim/v2/application",
    quirks=(blocks, *GITLAB_QUIRKS),
)
ZITADEL = Imitation(
    name="zitadel",
    title="Zitadel",
    base="/scim/v2/300000000000000001",
    user={
        "emails": [{"value": "{user_name}@example.com", "primary": True}],
        **A_NAME,
    },
    quirks=framed(
        takes_bulk(100),
        nowhere("Groups"),
        requires("Users", "userName", "name", "emails.value"),
        answers_without_active,
        config={
            "endpoints": ("Users",),
            "bulk": {"supported": True, "maxOperations": 100, "maxPayloadSize": 1_000_000},
        },
        kept=(
            active_by_default,
            zitadel,
        ),
        filters={
            "Users": (
                "meta.created",
                "meta.lastModified",
                "id",
                "externalId",
                "userName",
                "name.familyName",
                "name.givenName",
                "emails.value",
                "active",
            )
        },
        length=1000,
    ),
)
HCP = Imitation(
    name="hcp",
    throttled=Limits(
        each=(Limit(counts=requests(), most=30, seconds=1, burst=30),), headers=retry_after
    ),
    title="HCP Terraform",
    base="/scim/v2/scimconf-rehearsal",
    quirks=framed(
        reserves("owners", "sso"),
        forgiving_delete,
        members(Members(operations=100, size=1000, removes=("filter",), replaces=True)),
        unknown_members(404),
        merges_put,
        most=200,
        filters={"Groups": ("displayName", "externalId")},
    ),
)
MIRO = Imitation(
    name="miro",
    throttled=Limits(each=MIRO_LIMITS, headers=reset_at),
    title="Miro",
    base="/api/v1/scim",
    groups_made=True,
    quirks=framed(
        verbs("Groups", "GET", "PATCH"),
        limits_payload(800_000),
        members(Members(most=8000, status=413)),
        filters={"Users": ("userName",)},
    ),
)
GOOGLE = Imitation(
    name="google",
    title="Google Cloud Identity",
    base="/v1beta1/tenants/rehearsal",
    quirks=framed(verbs("Groups", *CRUD), paging="none"),
)
ORACLE = Imitation(
    name="oracle",
    title="Oracle Identity Domains",
    base="/admin/v1",
    quirks=framed(shows_members(if_asked), refuses_large_groups(10_000), most=1000, page=50),
)
JFROG = Imitation(
    name="jfrog",
    title="JFrog",
    base="/access/api/v1/scim/v2",
    quirks=framed(
        refuses_changes("Users", "userName"),
        refuses_changes("Groups", "displayName", "externalId"),
        id_is("Users", "userName"),
        id_is("Groups", "displayName"),
    ),
)
FIGMA = Imitation(
    name="figma",
    title="Figma",
    base="/scim/v2/rehearsal",
    quirks=framed(
        limits_length("Users", userName=100, displayName=100, externalId=255),
        limits_length("Groups", displayName=255, externalId=255),
        removes_inactive,
    ),
)

INTEROP = Imitation(
    name="interop",
    title="A service that conforms to the interoperability profile",
    quirks=framed(
        verbs("Users", *CRUD),
        verbs("Groups", *CRUD),
        demands_paths,
        without_versions,
        config={"interopProfileConformant": True},
        operators=("eq",),
        joins=("and",),
    ),
)

SERVICES = (
    AWS,
    ENTRA,
    GITHUB,
    GITHUB_ORG,
    SLACK,
    DATABRICKS,
    KEYCLOAK,
    SENTRY,
    ATLASSIAN,
    SNOWFLAKE,
    SALESFORCE,
    NEWRELIC,
    GITLAB,
    GITLAB_SELF_MANAGED,
    ZITADEL,
    HCP,
    MIRO,
    GOOGLE,
    ORACLE,
    JFROG,
    FIGMA,
    INTEROP,
)
IMITATIONS = {one.name: one for one in (*SERVICES, *SERVERS)}


def imitation_named(name: str) -> Imitation:
    """Return an imitation. Raise ValueError with one sentence if there is none."""
    if name in IMITATIONS:
        return IMITATIONS[name]
    near = difflib.get_close_matches(name.lower(), IMITATIONS, 1)
    guess = f"; did you mean '{near[0]}'?" if near else ""
    known = ", ".join(sorted(IMITATIONS))
    raise ValueError(f"there is no imitation of '{name}'{guess}; SERVICE must be one of: {known}")
