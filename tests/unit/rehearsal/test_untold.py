# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that need no profile: everything is learnt from their answers.

What a run learns check mode cannot know, so the requests of both may differ.
"""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.scenarios import SCENARIOS
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

UNTOLD = ("django-scim2", "better-auth", "scim2-server", "scimmy")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("name", UNTOLD)
def test_a_service_without_a_profile_converges_and_a_second_run_writes_nothing(
    name: str, scenario: str
) -> None:
    with serving(IMITATIONS[name]) as served:
        SCENARIOS[scenario](Rehearsal(served, "auto", learns=True))
