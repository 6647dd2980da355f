# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that a service takes at creation only: named, and never sent to a user that exists.

``Rehearsal.step`` holds that check mode says the same, and that a second run writes nothing.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.schema import ENTERPRISE
from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.scenarios import person
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

# By option: an old and a new value, and the path by which the new one is told.
OPTIONS: dict[str, tuple[Any, Any, str]] = {
    "display_name": ("Ann", "Anna", "displayName"),
    "name": ({"given_name": "A"}, {"given_name": "Ann"}, "name.givenName"),
    "nick_name": ("an", "ann", "nickName"),
    "title": ("Clerk", "Manager", "title"),
    "user_type": ("Contractor", "Employee", "userType"),
    "profile_url": ("https://e.example/a", "https://e.example/b", "profileUrl"),
    "preferred_language": ("en", "de", "preferredLanguage"),
    "locale": ("en-US", "de-DE", "locale"),
    "timezone": ("Europe/Paris", "Europe/Berlin", "timezone"),
    "emails": ([{"value": "a@e.example"}], [{"value": "b@e.example"}], "emails"),
    "phone_numbers": ([{"value": "+1 555 1"}], [{"value": "+1 555 2"}], "phoneNumbers"),
    "ims": ([{"value": "a"}], [{"value": "b"}], "ims"),
    "photos": ([{"value": "https://e.example/a"}], [{"value": "https://e.example/b"}], "photos"),
    "entitlements": ([{"value": "a"}], [{"value": "b"}], "entitlements"),
    "roles": ([{"value": "a"}], [{"value": "b"}], "roles"),
    "addresses": (
        [{"street_address": "1 A St", "type": "work"}],
        [{"street_address": "2 B St", "type": "work"}],
        "addresses",
    ),
    "enterprise": ({"department": "a"}, {"department": "b"}, f"{ENTERPRISE.urn}:department"),
}


def changed(service: str, first: dict[str, Any], second: dict[str, Any]) -> tuple[list[str], int]:
    """Return what a change of a user does not save, and how many requests it writes."""
    with serving(IMITATIONS[service]) as served:
        it = Rehearsal(served, service)
        it.step("scim_user", **{**person(it, "ann"), **first})
        options = {**person(it, "ann"), **second}
        predicted = it.task("scim_user", check=True, **options)
        said = it.task("scim_user", **options)
        writes = len(served.writes)
        assert not said.failure and predicted.warnings == said.warnings
        assert predicted.changed == said.changed
        again = it.task("scim_user", **options)
        assert not served.writes and not again.changed
        assert again.result["not_saved"] == said.result["not_saved"]
        return said.result["not_saved"], writes


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("service", ["gitlab", "gitlab_self_managed"])
def test_gitlab_changes_no_attribute_of_a_user(service: str, held: bool, option: str) -> None:
    old, new, path = OPTIONS[option]
    assert changed(service, {option: old} if held else {}, {option: new}) == ([path], 0)


@pytest.mark.parametrize("kind", ["work", "home"])
@pytest.mark.parametrize("held", [True, False])
def test_entra_changes_no_addresses(held: bool, kind: str) -> None:
    old, new = ([{"street_address": one, "type": kind}] for one in ("1 A St", "2 B St"))
    first = {"addresses": old} if held else {}
    assert changed("entra", first, {"addresses": new}) == (["addresses"], 0)


@pytest.mark.parametrize("service", ["gitlab", "aws", "newrelic"])
def test_a_password_that_is_not_kept_is_not_sent(service: str) -> None:
    secret = {"password": "Secret-1-a", "update_password": "always"}
    assert changed(service, {}, secret) == (["password"], 0)


def test_a_password_that_is_not_kept_is_not_sent_at_creation() -> None:
    with serving(IMITATIONS["aws"]) as served:
        it = Rehearsal(served, "aws")
        said = it.step("scim_user", **person(it, "ann", password="Secret-1-a"))
        assert said.result["not_saved"] == ["password"]
        assert not any("password" in (one.body or {}) for one in served.store.sent("POST"))
