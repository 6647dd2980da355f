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
