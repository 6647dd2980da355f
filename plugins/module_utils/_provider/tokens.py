# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a client gets in at each service: its address, its token and its rights.

A part is what documentation or source code says. Knows no code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Fact(NamedTuple):
    """One thing that is known, in words that follow a colon, and who says so."""

    text: str
    source: str


UNKNOWN = Fact("not documented in the sources used", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What a client needs to get in.

    ``base_url`` is what ``server_url`` looks like. ``made`` is how a token is made, ``rights``
    what it must be allowed, ``lasts`` how long it is valid and ``cannot`` what it never does.
    """

    base_url: Fact = UNKNOWN
    made: Fact = UNKNOWN
    rights: Fact = UNKNOWN
    lasts: Fact = UNKNOWN
    cannot: Fact = UNKNOWN


AWS = "AWS IAM Identity Center user guide, automatic provisioning"
ENTRA = "Microsoft, Enable the SCIM Provisioning API in Entra ID"
GITHUB = "GitHub, provisioning users and groups using the REST API"
GITLAB = "GitLab, internal API documentation"
SLACK = "Slack, SCIM API reference"
ATLASSIAN = "Atlassian, user provisioning REST API"
JIRA = "MrRefactoring/jira.js, userProvisioning"
SNOWFLAKE = "Snowflake, custom SCIM integration"
SALESFORCE = "Salesforce help, SCIM REST API"
KEYCLOAK = "Keycloak server administration guide, accessing the SCIM endpoints"
ZITADEL = "Zitadel, SCIM v2 API documentation"
ZITADEL_TOKENS = "Zitadel, personal access tokens of service users"
SENTRY = "Sentry, SCIM provisioning"
HCP = "HashiCorp, SCIM tokens API reference"
NEWRELIC = "New Relic, SCIM support for automated user management"
MIRO = "Miro, SCIM getting started"
ORACLE = "Oracle identity domains, using OAuth 2 to access the REST API"
FIGMA = "Figma, SCIM API reference"
GITHUB_ORG = "GitHub, REST API endpoints for SCIM"
DATABRICKS = "Databricks, sync users and groups from your identity provider"
DATABRICKS_OAUTH = "Databricks, authorize service principal access with OAuth"
DATABRICKS_GUIDES = "Stitchflow and StackOne, guides to the API of Databricks"
JFROG = "JFrog, generate a scoped token for SCIM"
BITWARDEN = "Bitwarden, about SCIM"
WSO2 = "WSO2 Identity Server, overview of the APIs"
SERVERS = "the program, as the tests run it"

TOKENS: Mapping[str, Token] = {
    "aws": Token(
        base_url=Fact("`https://scim.REGION.amazonaws.com/TENANT/scim/v2`", "AWS SCIM guide"),
        made=Fact(
            "in the console of IAM Identity Center: Settings, Identity source, Actions, Manage "
            "provisioning, Generate token; there are two tokens at most",
            AWS,
        ),
        lasts=Fact("one year; AWS sends reminders before", "AWS, e-mail about tokens that expire"),
    ),
    "entra": Token(
        base_url=Fact(
            "`https://graph.microsoft.com/rp/scim`; `https://graph.microsoft.us/rp/scim` and "
            "`https://microsoftgraph.chinacloudapi.cn/rp/scim` in national clouds",
            "Microsoft, Entra ID SCIM API reference",
        ),
        made=Fact(
            "turn on the SCIM Provisioning API (ID Governance, Dashboard), register an "
            "application, grant it the permissions with admin consent, and set `oauth_client_id`, "
            "`oauth_client_secret`, `oauth_scopes: [https://graph.microsoft.com/.default]` and "
            "`oauth_token_url: https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`",
            ENTRA,
        ),
        rights=Fact(
            "the application permissions User.ReadWrite.All and Group.ReadWrite.All, or "
            "User.Read.All and Group.Read.All to read only",
            ENTRA,
        ),
        lasts=Fact("about an hour; the collection requests new ones", ENTRA),
        cannot=Fact("act on behalf of a user: there are no delegated permissions", ENTRA),
    ),
    "github": Token(
        base_url=Fact(
            "`https://api.github.com/scim/v2/enterprises/ENTERPRISE`, with data residency "
            "`https://api.SUBDOMAIN.ghe.com/scim/v2/enterprises/ENTERPRISE`, on an Enterprise "
            "Server `https://HOST/api/v3/scim/v2`",
            GITHUB,
        ),
        made=Fact(
            "as a personal access token (classic) of the setup user of the enterprise",
            GITHUB,
        ),
        rights=Fact(
            "the scope scim:enterprise, formerly admin:enterprise, which allows everything", GITHUB
        ),
        lasts=Fact("as long as was set; GitHub recommends no expiration date", GITHUB),
        cannot=Fact("anything but SCIM, with scim:enterprise as its only scope", GITHUB),
    ),
    "github_org": Token(
        base_url=Fact(
            "`https://api.github.com/scim/v2/organizations/ORGANIZATION`",
            GITHUB_ORG,
        ),
        made=Fact(
            "an owner of the organization makes a personal access token (classic) and authorizes "
            "it for the organization, or uses a user access token of a GitHub App",
            GITHUB_ORG,
        ),
        rights=Fact(
            "to be a token of an owner; a personal access token (classic) also needs the scope "
            "admin:org",
            GITHUB_ORG,
        ),
        cannot=Fact("reach an enterprise, or an organization with managed users", GITHUB_ORG),
    ),
    "gitlab": Token(
        base_url=Fact("`https://gitlab.com/api/scim/v2/groups/GROUP_PATH`", GITLAB),
        made=Fact("as the SCIM token of a group with SAML single sign-on", GITLAB),
    ),
    "gitlab_self_managed": Token(
        base_url=Fact("`https://HOST/api/scim/v2/application`", GITLAB),
        made=Fact("as the SCIM token of an instance with SAML single sign-on", GITLAB),
    ),
    "slack": Token(
        base_url=Fact("`https://api.slack.com/scim/v2`", SLACK),
        made=Fact(
            "an owner makes an app, adds the scope admin to its user token scopes and installs it",
            f"{SLACK}, as slacktivate quotes it",
        ),
        rights=Fact("the scope admin; the plan must be Business+ or Enterprise", SLACK),
        cannot=Fact("change accounts of a higher rank than the one that made it", SLACK),
    ),
    "databricks": Token(
        base_url=Fact(
            "`https://accounts.cloud.databricks.com/api/2.1/accounts/ACCOUNT/scim/v2`, of a "
            "workspace `https://WORKSPACE/api/2.0/preview/scim/v2`",
            "Databricks SDK for Python, service/iam.py",
        ),
        made=Fact(
            "make a service principal with an OAuth secret, and set `oauth_client_id`, "
            "`oauth_client_secret`, `oauth_scopes: [all-apis]` and `oauth_token_url: "
            "https://accounts.cloud.databricks.com/oidc/accounts/ACCOUNT/v1/token`; or, in the "
            "account console, Security, User provisioning, for a token that only does SCIM",
            f"{DATABRICKS_OAUTH}; {DATABRICKS_GUIDES}",
        ),
        rights=Fact(
            "to be an admin of the account, or for the address of a workspace one of the "
            "workspace; the account needs the Premium plan",
            DATABRICKS,
        ),
        lasts=Fact(
            "an access token one hour, and the collection requests new ones; the OAuth secret two "
            "years at most",
            DATABRICKS_OAUTH,
        ),
    ),
    "atlassian": Token(
        base_url=Fact("`https://api.atlassian.com/scim/directory/DIRECTORY`", ATLASSIAN),
        made=Fact("with the directory: its API key is shown beside its base URL", ATLASSIAN),
        rights=Fact(
            "to be the API key of this directory, which administers all of it; keys of an "
            "organization are others",
            ATLASSIAN,
        ),
        cannot=Fact("be a token of a site or of OAuth: these are answered 401", JIRA),
    ),
    "snowflake": Token(
        base_url=Fact("`https://ACCOUNT.snowflakecomputing.com/scim/v2`", SNOWFLAKE),
        made=Fact(
            "`create security integration … type=scim scim_client='generic' run_as_role=…`, then "
            "`select system$generate_scim_access_token('INTEGRATION')`",
            SNOWFLAKE,
        ),
        rights=Fact("an integration whose role has CREATE USER and CREATE ROLE", SNOWFLAKE),
        lasts=Fact("six months", "Snowflake, SYSTEM$GENERATE_SCIM_ACCESS_TOKEN"),
    ),
    "salesforce": Token(
        base_url=Fact("`https://DOMAIN.my.salesforce.com/services/scim/v2`", SALESFORCE),
        made=Fact("as an OAuth 2.0 access token", SALESFORCE),
    ),
    "keycloak": Token(
        base_url=Fact("`https://HOST/realms/REALM/scim/v2`", KEYCLOAK),
        made=Fact(
            "make a client with client authentication and service account roles, and set "
            "`oauth_client_id`, `oauth_client_secret` and "
            "`oauth_token_url: https://HOST/realms/REALM/protocol/openid-connect/token`",
            KEYCLOAK,
        ),
        rights=Fact(
            "the role manage-users of the client realm-management, or view-users, query-users and "
            "query-groups to read only; older releases also demand view-realm",
            KEYCLOAK,
        ),
        cannot=Fact(
            "see users that fine-grained admin permissions hide, so it may miss some", KEYCLOAK
        ),
    ),
    "zitadel": Token(
        base_url=Fact("`https://DOMAIN/scim/v2/ORGANIZATION_ID`", ZITADEL),
        made=Fact("for a service user, as a personal access token", ZITADEL_TOKENS),
        rights=Fact(
            "a role of the service user in the organization; the guide gives Org Owner",
            ZITADEL_TOKENS,
        ),
        lasts=Fact("until the date that is set, without one for ever", ZITADEL_TOKENS),
    ),
    "sentry": Token(
        base_url=Fact(
            "`https://sentry.io/api/0/organizations/ORGANIZATION/scim/v2`, as the page of the "
            "token shows it",
            SENTRY,
        ),
        made=Fact(
            "Settings, Auth, Enable SCIM: the page shows the token and the base URL; the plan "
            "must be Business or Enterprise",
            SENTRY,
        ),
        cannot=Fact("give users the role Owner", SENTRY),
    ),
    "hcp": Token(
        base_url=Fact("`https://app.terraform.io/scim/v2/SCIM_CONFIGURATION_ID`", HCP),
        made=Fact(
            "a member of the team owners creates it: POST "
            "/scim-configurations/SCIM_CONFIGURATION_ID/authentication-tokens",
            HCP,
        ),
        rights=Fact("to belong to the SCIM configuration; it is deleted with it", HCP),
        lasts=Fact("one year, or a date of your own from 30 days to one year", HCP),
    ),
    "newrelic": Token(
        base_url=Fact(
            "`https://scim-provisioning.service.newrelic.com/scim/v2`",
            "Microsoft, New Relic provisioning tutorial",
        ),
        made=Fact("it is shown when SCIM is enabled for an authentication domain", NEWRELIC),
        rights=Fact("to belong to the authentication domain of the users", NEWRELIC),
        cannot=Fact("reach users of another authentication domain", NEWRELIC),
    ),
    "miro": Token(
        base_url=Fact("`https://miro.com/api/v1/scim`", MIRO),
        made=Fact(
            "Company settings, Enterprise integrations: enable single sign-on, then SCIM, and "
            "generate the token",
            MIRO,
        ),
    ),
    "google": Token(
        base_url=Fact(
            "`https://cloudidentityscim.googleapis.com/v1beta1/…`",
            "Google Cloud Identity, SCIM REST reference",
        ),
    ),
    "oracle": Token(
        base_url=Fact("`https://DOMAIN.identity.oraclecloud.com/admin/v1`", ORACLE),
        made=Fact(
            "register a confidential application, and set `oauth_client_id`, "
            "`oauth_client_secret`, `oauth_scopes: ['urn:opc:idm:__myscopes__']` and "
            "`oauth_token_url: https://DOMAIN.identity.oraclecloud.com/oauth2/v1/token`",
            ORACLE,
        ),
        rights=Fact(
            "an app role that covers users and groups, for example Identity Domain Administrator",
            "Oracle Identity Cloud Service, REST API for administrators",
        ),
    ),
    "jfrog": Token(
        base_url=Fact("`https://HOST/access/api/v1/scim/v2`", "JFrog, implemented SCIM endpoints"),
        made=Fact("Administration, Authentication Providers, SCIM, Generate Token", JFROG),
        rights=Fact("the actions system:identities:r,w,d, which the generated token has", JFROG),
        cannot=Fact("anything but read, write and delete users and groups", JFROG),
    ),
    "figma": Token(
        base_url=Fact("`https://www.figma.com/scim/v2/TENANT`", FIGMA),
        made=Fact(
            "an administrator of the organization generates it: Admin, Settings, Login and "
            "provisioning, SCIM provisioning",
            FIGMA,
        ),
    ),
    "interop": Token(),
    "scimdev": Token(
        base_url=Fact("`https://api.scim.dev/scim/v2`", "the tutorial's service"),
        made=Fact("as an API key, which is sent as a bearer token", "scim.dev, API examples"),
    ),
    "scim2-server": Token(
        base_url=Fact("`http://HOST:PORT/v2`", SERVERS),
        made=Fact("when the server is started, by `--bearer-token`", SERVERS),
    ),
    "scimmy": Token(
        base_url=Fact("where the program mounts the router", SERVERS),
        made=Fact("by the program: it checks the bearer token in a handler of its own", SERVERS),
    ),
    "django-scim2": Token(
        base_url=Fact("`https://HOST/scim/v2`", SERVERS),
        made=Fact("by the project: a middleware of its own checks the token", SERVERS),
        rights=Fact("to authenticate a user of the project", SERVERS),
    ),
    "django-scim2-server": Token(
        base_url=Fact("where the project includes the URLs", SERVERS),
        made=Fact("by the project: a middleware of its own checks the token", SERVERS),
    ),
    "better-auth": Token(
        base_url=Fact("`https://HOST/api/auth/scim/v2`", SERVERS),
        made=Fact(
            "in the options of the plugin: a credential of the type `bearer` of a connection",
            SERVERS,
        ),
    ),
    "polis": Token(
        made=Fact("with the directory: it is `scim.secret` of the new directory", SERVERS)
    ),
    "bitwarden": Token(
        base_url=Fact(
            "`https://scim.bitwarden.com/v2/ORGANIZATION_ID`, or `https://HOST/scim/v2/…` of an "
            "installation of your own",
            "bitwarden/clients, environment service",
        ),
        made=Fact(
            "Admin Console, Settings, SCIM provisioning: enable SCIM; the page shows the URL and "
            "the API key",
            BITWARDEN,
        ),
        rights=Fact(
            "to be the API key of the organization, whose plan is Teams or Enterprise", BITWARDEN
        ),
        cannot=Fact("show the members of a group", BITWARDEN),
    ),
    "wso2": Token(
        base_url=Fact("`https://HOST:9443/scim2`", "WSO2 Identity Server, SCIM 2.0 API"),
        made=Fact(
            "by OAuth, or none: a user without more rights than needed logs in, with "
            "`auth_username` and `auth_password`",
            WSO2,
        ),
        rights=Fact(
            "until release 5.6 the permissions usermgt and rolemgt below "
            "/permission/admin/manage/identity",
            "WSO2 Identity Server 5.4 and 5.6, SCIM 2.0 REST APIs",
        ),
    ),
}
