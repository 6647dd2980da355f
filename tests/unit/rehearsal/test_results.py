# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of results says what the rehearsals say.

All services are rehearsed on the newest line of ansible-core, three of them on every line: what
runs in process does not depend on it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import versions
from ansible.release import __version__

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.results import (
    HEAD,
    PAGE,
    notes,
    outcomes_of,
    row,
)

ROOT = Path(__file__).resolve().parents[3]
ALWAYS = ("aws", "entra", "scimdev")
IS_NEWEST = __version__.startswith(f"{versions.LINES[0].name}.")
NAMES = IMITATIONS if IS_NEWEST else ALWAYS


def page() -> str:
    return (ROOT / PAGE).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_results_are_those_of_the_page(name: str) -> None:
    imitation = IMITATIONS[name]
    outcomes = outcomes_of(imitation)
    text = page()
    assert row(imitation, outcomes) in text, "run make docs"
    told = notes(imitation, outcomes)
    assert told in text, "run make docs"
    assert bool(told) == (f"### {name}\n" in text), "run make docs"


def test_page_has_every_service_once() -> None:
    text = page()
    assert text.startswith(HEAD)
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(lines) == len(IMITATIONS) + 1
