# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roster of the pages of services works on each imitation, or is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import PROFILES
from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Refusal, Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

DOCS = Path(__file__).resolve().parents[3] / "docs/services"
# Services that cannot do it, and why.
REFUSED = {
    "entra": "without password, ",
    "github_org": "has no groups",
    "gitlab": "has no groups",
    "gitlab_self_managed": "has no groups",
    "zitadel": "has no groups",
    "miro": "does not create groups",
    "polis": "has no groups",
}


@pytest.mark.parametrize("name", IMITATIONS)
def test_the_roster_of_the_pages_works(name: str) -> None:
    teams = yaml.safe_load((DOCS / "roster.yml").read_text(encoding="utf-8"))
    with serving(IMITATIONS[name]) as served:
        it = Rehearsal(served, name)
        try:
            it.step("scim_directory", teams=teams)
        except Refusal as refusal:
            assert name in REFUSED and REFUSED[name] in str(refusal)
        else:
            assert name not in REFUSED
            assert len(it.members("Sales")) == 2 and len(it.members("Accounting")) == 1


def test_each_profile_has_an_imitation() -> None:
    assert set(PROFILES) == set(IMITATIONS)
