# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in guides are found among the warnings of Sphinx."""

from __future__ import annotations

import pytest
import site_pages

PAGE = "/tmp/site/rst/docsite/guide_teams.rst:7: WARNING: "


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"{PAGE}Title underline too short.", True),
        (f"{PAGE}undefined label: 'ansible_collections.identity.scim.docsite.none'", True),
        (f"{PAGE}undefined label: 'playbooks_variables'", False),
        ("/tmp/site/rst/team_role.rst:7: WARNING: undefined label: 'x'", False),
        ("WARNING: failed to reach any of the inventories", False),
    ],
)
def test_mistakes(line: str, found: bool) -> None:
    assert bool(site_pages.mistakes(f"building\n{line}\n")) == found
