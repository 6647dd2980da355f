# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user of whom a roster has only the name: created, or refused before anything is written.

``Rehearsal.step`` holds that check mode says the same. Knows no service by what it demands.
"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

JIM: dict[str, Any] = {
    "user_name": "jhalpert",
    "name": {"given_name": "Jim", "family_name": "Halpert"},
    "emails": [{"value": "jim.halpert@example.com", "type": "work", "primary": True}],
}
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "one bare user": ("scim_user", {"user_name": "dschrute"}),
    "bare users": ("scim_directory", {"users": [JIM, {"user_name": "dschrute"}]}),
    "bare members": (
        "scim_directory",
        {"teams": [{"name": "Sales", "members": [JIM, {"user_name": "dschrute"}]}]},
    ),
    "a group": ("scim_group", {"display_name": "Sales"}),
}


def outcome(service: str, task: str) -> str:
    """Return the sentence that refuses a task on an imitation, empty if it was done."""
    module, options = TASKS[task]
    with serving(IMITATIONS[service]) as served:
        it = Rehearsal(served, service)
        try:
            it.step(module, **options)
        except Refusal as refusal:
            assert not any(served.held.values())
            return str(refusal)
        if task != "a group":
            assert it.is_active("dschrute")
    return ""


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("service", IMITATIONS)
def test_what_is_bare_is_created_or_refused_before_any_write(service: str, task: str) -> None:
    said = outcome(service, task)
    assert not said or said.startswith(
        ("the service creates no user without", "the service has no groups", "the service does not")
    )


@pytest.mark.parametrize("service", ["aws", "entra", "atlassian", "newrelic", "better-auth"])
def test_a_bare_user_is_refused_by_name(service: str) -> None:
    assert "set this for dschrute" in outcome(service, "bare members")


def test_a_user_name_that_is_an_address_is_the_address_of_a_bare_user() -> None:
    with serving(IMITATIONS["better-auth"]) as served:
        it = Rehearsal(served, "better-auth")
        it.step("scim_user", user_name="dschrute@example.com")
        assert it.mail("dschrute@example.com") == "dschrute@example.com"


NAMES: dict[str, dict[str, str]] = {
    "Jim Halpert": {"given_name": "Jim", "family_name": "Halpert"},
    "Mr. Halpert": {"given_name": "Jim", "family_name": "Halpert", "formatted": "Mr. Halpert"},
}


@pytest.mark.parametrize("made", NAMES)
@pytest.mark.parametrize("module", ["scim_user", "scim_resource", "scim_directory"])
def test_a_display_name_that_is_demanded_is_made_of_the_name(module: str, made: str) -> None:
    jim = {**JIM, "name": NAMES[made]}
    raw = {"userName": "jhalpert", "name": {"givenName": "Jim", "familyName": "Halpert"}}
    if "formatted" in NAMES[made]:
        raw["name"] = {**raw["name"], "formatted": made}  # type: ignore[dict-item]
    options: dict[str, dict[str, Any]] = {
        "scim_user": jim,
        "scim_resource": {"endpoint": "Users", "attributes": raw, "match_by": ["userName"]},
        "scim_directory": {"users": [jim]},
    }
    with serving(IMITATIONS["aws"]) as served:
        it = Rehearsal(served, "aws")
        it.step(module, **options[module])
        assert (it.user("jhalpert") or {})["displayName"] == made


def test_a_display_name_that_was_made_is_neither_kept_in_step_nor_in_the_way() -> None:
    with serving(IMITATIONS["aws"]) as served:
        it = Rehearsal(served, "aws")
        it.step("scim_user", **JIM)
        it.step("scim_user", **{**JIM, "name": {"given_name": "James", "family_name": "Halpert"}})
        assert (it.user("jhalpert") or {})["displayName"] == "Jim Halpert"
        it.step("scim_user", **JIM, display_name="Big Tuna")
        assert (it.user("jhalpert") or {})["displayName"] == "Big Tuna"


@pytest.mark.parametrize("more", [{}, {"name": {"given_name": "Jim"}}, {"clear": ["display_name"]}])
def test_without_a_whole_name_no_display_name_saves_a_user_from_refusal(more: Any) -> None:
    given = {**JIM, **more} if more else {"user_name": "jhalpert"}
    with serving(IMITATIONS["aws"]) as served:
        it = Rehearsal(served, "aws")
        with pytest.raises(Refusal, match="the service creates no user without"):
            it.step("scim_user", **given)


def test_no_other_service_is_sent_a_display_name_that_was_not_set() -> None:
    with serving(IMITATIONS["atlassian"]) as served:
        it = Rehearsal(served, "atlassian")
        it.step("scim_user", **JIM)
        assert "displayName" not in (it.user("jhalpert") or {})
