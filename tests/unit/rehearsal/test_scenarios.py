# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rehearsals hold what they promise, and say what does not hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.results import notes, row
from ansible_collections.identity.scim.tests.rehearsal.scenarios import Outcome, rehearsed
from ansible_collections.identity.scim.tests.unit.quirks.lessons_quirks import refuses
from ansible_collections.identity.scim.tests.unit.quirks.members_quirks import (
    removals_are_ignored,
)
from ansible_collections.identity.scim.tests.unit.quirks.wire_quirks import keeps_active

HONEST = IMITATIONS["oracle"]


def with_quirks(*quirks: Any) -> Any:
    """Return an imitation that goes wrong in further ways."""
    return replace(HONEST, name="auto", quirks=(*quirks, *HONEST.quirks))


@pytest.mark.parametrize("scenario", ["users", "story", "role", "read-only token"])
def test_a_service_without_oddities_works(scenario: str) -> None:
    assert rehearsed(with_quirks(), scenario) == Outcome("auto", scenario, "works")


def test_a_service_that_keeps_users_active_fails_the_scenario() -> None:
    found = rehearsed(with_quirks(keeps_active), "users")
    assert found.verdict == "fails" and found.sentence


def test_a_service_that_ignores_removals_fails_the_scenario() -> None:
    assert rehearsed(with_quirks(removals_are_ignored), "role").verdict == "fails"


def test_a_write_that_is_refused_after_others_fails_the_scenario() -> None:
    found = rehearsed(with_quirks(refuses("POST", 403, "Groups")), "read-only token")
    assert found.verdict == "fails" and "after" in found.sentence


def test_results_say_what_the_service_did_not_keep() -> None:
    outcomes = [
        Outcome("oracle", "users", "works", not_saved=("title",)),
        Outcome("oracle", "role", "refused", "there are no groups"),
    ]
    assert row(HONEST, outcomes).endswith("(`oracle`) | works, see below | refused |")
    told = notes(HONEST, outcomes)
    assert "- **users**: not kept by the service: `title`\n" in told
    assert "- **role**: refused: `there are no groups`\n" in told
