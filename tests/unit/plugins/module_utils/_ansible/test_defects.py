# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A defect is one sentence that says where it is."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._ansible.defects import defect


def test_s2_a_defect_is_reported_without_its_text() -> None:
    """S2: the sentence about a defect."""
    said = ""
    try:
        raise KeyError("Bearer canary")
    except KeyError as fault:
        said = defect(fault)
    assert "canary" not in said
    assert said.startswith("internal error (KeyError at test_defects.py:") and said.endswith(
        "; this is a defect of identity.scim, please report it"
    )
