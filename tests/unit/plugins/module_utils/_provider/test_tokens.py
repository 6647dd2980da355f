# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of tokens has a source, and each page shows it, or says that nothing is known."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import (
    PROFILES,
    names,
    profile_at,
    token_of,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.tokens import (
    TOKENS,
    UNKNOWN,
    Fact,
    Token,
)

PAGES = Path(__file__).resolve().parents[5] / "docs/services"
PARTS = [one.name for one in fields(Token)]
# What the page of a service says before each part.
SHOWN = (
    "**Base URL (`server_url`)**: ",
    "**How a token is made**: ",
    "**Rights that it needs**: ",
    "**How long it is valid**: ",
    "**What it cannot do**: ",
)


def facts(name: str) -> list[Fact]:
    return [getattr(PROFILES[name].token, part) for part in PARTS]


def test_every_profile_has_a_token_of_its_own() -> None:
    assert set(TOKENS) == set(PROFILES)
    assert all(PROFILES[name].token is TOKENS[name] for name in PROFILES)


@pytest.mark.parametrize("name", names())
def test_every_part_has_a_source_or_is_not_documented(name: str) -> None:
    for fact in facts(name):
        assert (fact == UNKNOWN) is (not fact.source)
        assert fact.text and not fact.text.endswith(".") and "who" not in fact.text.split()
        assert len(fact.source) > 7 or fact is UNKNOWN


@pytest.mark.parametrize("name", names())
def test_the_page_of_a_service_shows_every_part(name: str) -> None:
    shown = " ".join((PAGES / f"{name}.md").read_text(encoding="utf-8").split())
    assert "## Address and token" in shown
    for words, fact in zip(SHOWN, facts(name), strict=True):
        source = f" ({fact.source})" if fact.source else ""
        assert f"- {words}{fact.text}{source}" in shown


@pytest.mark.parametrize("name", names())
def test_the_page_of_a_service_says_where_its_address_comes_from(name: str) -> None:
    shown = " ".join((PAGES / f"{name}.md").read_text(encoding="utf-8").split())
    assert ("- its address (" in shown) is bool(PROFILES[name].addresses)
    assert all(one.source in shown for one in PROFILES[name].addresses)


@pytest.mark.parametrize("name", [one for one in names() if PROFILES[one].addresses])
def test_the_address_that_is_shown_is_recognised(name: str) -> None:
    found = re.findall(r"`(https://[^`]+)`", PROFILES[name].token.base_url.text)
    assert found
    for url in found:
        host = (urlsplit(url).hostname or "").upper()
        if name != "databricks" or host.startswith("ACCOUNTS."):
            assert profile_at(url.replace("…", "x")) == name, url


def test_the_documented_rights_are_these() -> None:
    """As far as the sources say them: a changed word is a changed source."""
    said = {name: PROFILES[name].token.rights.text for name in PROFILES}
    assert {name for name, text in said.items() if text != UNKNOWN.text} == {
        *("entra", "github", "slack", "atlassian", "snowflake", "keycloak", "zitadel", "hcp"),
        *("newrelic", "oracle", "django-scim2", "github_org", "databricks", "jfrog", "bitwarden"),
        "wso2",
    }
    assert "admin:org" in said["github_org"] and "system:identities:r,w,d" in said["jfrog"]
    assert "admin of the account" in said["databricks"]
    assert "User.ReadWrite.All and Group.ReadWrite.All" in said["entra"]
    assert "scim:enterprise" in said["github"] and "scope admin" in said["slack"]
    assert "manage-users" in said["keycloak"]
    assert "CREATE USER and CREATE ROLE" in said["snowflake"]


def test_nothing_is_known_of_the_token_without_a_profile() -> None:
    assert token_of("") == token_of("nobody") == Token()
    assert token_of("slack").rights is TOKENS["slack"].rights
