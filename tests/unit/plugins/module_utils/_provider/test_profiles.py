# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles: every value has a source, and an address is recognised or is of no known service."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider import profiles
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    FIELDS,
    OPTION,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.fields import Rank, Source
from ansible_collections.identity.scim.plugins.module_utils._provider.profile import (
    REMOVED_IF_INACTIVE,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import (
    PROFILES,
    chosen,
    names,
    profile_at,
    profile_named,
)

ADDRESSES = {
    "https://scim.us-east-1.amazonaws.com/abcd1234-ab12/scim/v2": "aws",
    "https://SCIM.eu-central-1.amazonaws.com./abcd/scim/v2/": "aws",
    "https://graph.microsoft.com/rp/scim": "entra",
    "https://dod-graph.microsoft.us/rp/scim/": "entra",
    "https://api.github.com/scim/v2/enterprises/dunder": "github",
    "https://api.dunder.ghe.com/scim/v2/enterprises/dunder": "github",
    "https://github.dunder.example/api/v3/scim/v2": "github",
    "https://api.github.com/scim/v2/organizations/dunder": "github_org",
    "https://gitlab.com/api/scim/v2/groups/dunder": "gitlab",
    "https://git.dunder.example/api/scim/v2/application": "gitlab_self_managed",
    "https://api.slack.com/scim/v2": "slack",
    "https://accounts.cloud.databricks.com/api/2.1/accounts/1234/scim/v2": "databricks",
    "https://adb-12.3.azuredatabricks.net/api/2.0/preview/scim/v2": "databricks",
    "https://api.atlassian.com/scim/directory/1234": "atlassian",
    "https://dunder.my.salesforce.com/services/scim/v2": "salesforce",
    "https://sso.dunder.example/realms/office/scim/v2": "keycloak",
    "https://sso.dunder.example/auth/realms/office/scim/v2/": "keycloak",
    "https://app.terraform.io/scim/v2/scimcfg-1": "hcp",
    "https://terraform.databricks.office.example/api/2.0/preview/scim/v2": "databricks",
    "https://spog.office.example/api/2.1/accounts/1234/scim/v2/": "databricks",
    "https://miro.com/api/v1/scim": "miro",
    "https://cloudidentityscim.googleapis.com/v1beta1/customers/x": "google",
    "https://idcs-1234.identity.oraclecloud.com/admin/v1": "oracle",
    "https://dunder.jfrog.io/access/api/v1/scim/v2": "jfrog",
    "https://dunder.jfrog.io/api/v1/scim/v2": "jfrog",
    "https://artifacts.dunder.example/access/api/v1/scim/v2/": "jfrog",
    "https://scim.us-gov-west-1.amazonaws.com/abcd/scim/v2": "aws",
    "https://scim.cn-north-1.amazonaws.com.cn/abcd/scim/v2": "aws",
    "https://graph.microsoft.us/rp/scim": "entra",
    "https://microsoftgraph.chinacloudapi.cn/rp/scim": "entra",
    "https://API.Slack.COM:443/scim/v1/": "slack",
    "https://api.slack.com.:8443/scim/v2": "slack",
    "https://salesforce.com/services/scim/v2": "salesforce",
    "https://gitlab.dunder.example/git/api/scim/v2/groups/dunder/sales": "gitlab",
    "https://dunder.snowflakecomputing.com/scim/v2": "snowflake",
    "https://api.scim.dev/scim/v2": "scimdev",
}
STRANGERS = (
    "https://scim.us-east-1.amazonaws.com.evil.example/abcd/scim/v2",
    "https://evil.example/scim.us-east-1.amazonaws.com/scim/v2",
    "https://evilapi.slack.com.example/scim/v2",
    "https://xapi.slack.com/scim/v2",
    "https://graph.microsoft.com.evil.example/rp/scim",
    "https://graph.microsoft.com/scim",
    "https://api.github.com/scim/v3/enterprises/x",
    "https://salesforce.com.evil.example/services/scim/v2",
    "https://miro.com.evil.example/api/v1/scim",
    "https://miro.com/api/v1/scimitar",
    "https://scim.example.com/v2",
    "http://127.0.0.1:8080/scim/v2",
    "https://sso.example.com/realms/office/scim/v2x",
    # other hosts: a part in front, behind or beside, credentials, letters of other alphabets
    "https://scim.aws.evil.com/abcd/scim/v2",
    "https://scim.us-east-1.amazonaws.com.evil.com/abcd/scim/v2",
    "https://scim.a.b.amazonaws.com/abcd/scim/v2",
    "https://scim.us-east-1.amazonaws.community/abcd/scim/v2",
    "https://scim.us-east-1.amazonaws.com.cn.evil.com/abcd/scim/v2",
    "https://scimXus-east-1.amazonaws.com/abcd/scim/v2",
    "https://api-slack.com/scim/v2",
    "https://api.slack.com.evil.example./scim/v2",
    "https://api.slack.com..:443/scim/v2",
    "https://API.SLACK.COM.EVIL.EXAMPLE:443/scim/v2",
    "https://api.slack.com@evil.example/scim/v2",
    "https://api.slack.com:secret@evil.example/scim/v2",
    "https://jim:secret@api.slack.com/scim/v2",
    "https://@api.slack.com/scim/v2",
    "https://evil.example#@api.slack.com/scim/v2",
    "https://evil.example?@api.slack.com/scim/v2",
    "https://evil.example\\@api.slack.com.evil.example/scim/v2",
    "https://\u0430pi.slack.com/scim/v2",
    "https://api.slac\u212a.com/scim/v2",
    "https://api.slack\u3002com/scim/v2",
    "https://\uff41pi.slack.com/scim/v2",
    "https://xn--pi-6kc.slack.com/scim/v2",
    "https://api.github.com.evil.example/scim/v2/enterprises/x",
    "https://api.x.ghe.com.evil.example/scim/v2/enterprises/x",
    "https://api.github.com/scim/v2/enterprise/x",
    "https://api.github.com/x/scim/v2/organizations/x",
    "https://evilapp.terraform.io/scim/v2/x",
    "https://cloudidentityscim.googleapis.com.evil.example/v1beta1",
    "https://x.identity.oraclecloud.com.evil.example/admin/v1",
    "https://evilsnowflakecomputing.com/scim/v2",
    "https://evilsalesforce.com/services/scim/v2",
    "https://x.azuredatabricks.net.evil.example/api/2.0/scim/v2",
    "https://office.example/api/v1/scim/v2",
    "https://office.example/api/scim/v2",
    "https://office.example/api/2.0/scim/v2",
    "https://evil-miro.com/api/v1/scim",
    "https://scim.dev.evil.example/scim/v2",
    # paths that go on otherwise
    "https://gitlab.com/api/scim/v2/grouping/x",
    "https://gitlab.com/api/v4/groups/x/scim",
    "https://github.dunder.example/api/v3/scim/v2x",
    "https://api.slack.com/scim/v3",
    "https://api.slack.com/SCIM/v2",
    "https://graph.microsoft.com/rp/scimmy",
    "https://sso.example.com/realms/a/b/scim/v2",
    "",
    "no address",
)


@pytest.mark.parametrize("url, name", ADDRESSES.items())
def test_a_known_address_has_its_profile(url: str, name: str) -> None:
    assert profile_at(url) == chosen("auto", url) == chosen(None, url) == name


@pytest.mark.parametrize("url", STRANGERS)
def test_an_address_that_only_contains_a_name_has_none(url: str) -> None:
    assert profile_at(url) == ""


def test_a_self_managed_gitlab_keeps_users_that_are_deactivated() -> None:
    assert profile_named("gitlab").inactive == "removed"
    found = profile_named("gitlab_self_managed")
    assert (found.inactive, found.delete_user, found.groups) == ("kept", "blocked", False)


def test_addresses_of_two_profiles_never_fit_one_url() -> None:
    for url, name in ADDRESSES.items():
        parts = urlsplit(url)
        fitting = {
            other
            for other, profile in PROFILES.items()
            for one in profile.addresses
            if re.fullmatch(one.host, (parts.hostname or "").removesuffix("."))
            and re.match(one.path, parts.path)
        }
        assert fitting == {name}


def test_every_address_of_a_profile_has_an_example() -> None:
    assert {one for one in names() if PROFILES[one].addresses} == set(ADDRESSES.values())


def test_a_name_counts_before_the_address() -> None:
    assert chosen("slack", "https://graph.microsoft.com/rp/scim") == "slack"


@pytest.mark.parametrize("name", names())
def test_every_value_is_a_capability_with_a_source_and_so_is_every_address(name: str) -> None:
    profile = PROFILES[name]
    found = profile_named(name)
    assert all(len(one.source) > 3 and one.source.strip() for one in profile.addresses)
    assert profile.title and all(one.endswith(".") for one in profile.limits)
    for capability, (_value, source) in profile.values.items():
        assert capability in FIELDS and len(source) > 10
        kinds = [found, *(found.of(kind) for kind in found.types)]
        assert any(one.source(capability) == f"profile {name}: {source}" for one in kinds)


def test_the_option_and_a_refusal_count_more_than_a_profile() -> None:
    found = profile_named("aws").stated({"page_size": 50}, Source(OPTION, Rank.OPTION))
    assert found.page_size == 50
    assert found.learn("SPC", rank=Rank.ANNOUNCED, members_per_patch=7).members_per_patch == 100
    assert found.learn("answer", members_per_patch=7).members_per_patch == 7


@pytest.mark.parametrize("name, near", [("azure", ""), ("gitub", "github"), ("AWS", "aws")])
def test_an_unknown_name_is_one_sentence(name: str, near: str) -> None:
    with pytest.raises(ValueError) as caught:
        profile_named(name)
    said = str(caught.value)
    assert said.startswith("service_provider must be auto or one of atlassian, aws,")
    assert said.endswith(f"did you mean '{near}'?" if near else f"not '{name}'")


def test_services_that_remove_inactive_users_say_that_deactivations_count() -> None:
    removing = {name for name, one in PROFILES.items() if "inactive" in one.values}
    assert removing == {"gitlab", "figma"}
    telling = {name for name, one in PROFILES.items() if REMOVED_IF_INACTIVE in one.limits}
    assert telling == removing


def test_every_service_that_is_documented_has_a_profile() -> None:
    assert set(PROFILES) == {
        *("aws", "entra", "github", "github_org", "gitlab", "gitlab_self_managed", "slack"),
        *("databricks", "atlassian", "snowflake", "salesforce", "keycloak", "zitadel", "sentry"),
        *("hcp", "newrelic", "miro", "google", "oracle", "jfrog", "figma", "interop", "scimdev"),
        *("scim2-server", "scimmy", "django-scim2", "django-scim2-server", "better-auth"),
        *("polis", "bitwarden", "wso2"),
    }


PLUGINS = Path(profiles.__file__).resolve().parents[2]
FRAGMENTS = {
    "connection": sorted(PLUGINS.glob("modules/*.py")),
    "connection_plugin": [PLUGINS / "lookup/resources.py", PLUGINS / "inventory/people.py"],
}


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_every_module_and_plugin_takes_a_service_provider(fragment: str) -> None:
    text = (PLUGINS / f"doc_fragments/{fragment}.py").read_text(encoding="utf-8")
    assert "service_provider:" in text and "SCIM_SERVICE_PROVIDER" in text
    assert len(FRAGMENTS[fragment]) >= 2
    for file in FRAGMENTS[fragment]:
        assert f"- identity.scim.{fragment}\n" in file.read_text(encoding="utf-8"), file
