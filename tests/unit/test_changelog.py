# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changelog reads well: before the first release nothing was fixed, changed or removed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

CHANGELOGS = Path(__file__).resolve().parents[2] / "changelogs"
FRAGMENTS = sorted((CHANGELOGS / "fragments").glob("*.yml"))
SECTIONS = {"release_summary", "major_changes", "minor_changes", "trivial"}
RELEASES = yaml.safe_load((CHANGELOGS / "changelog.yaml").read_text(encoding="utf-8"))["releases"]


@pytest.mark.skipif(bool(RELEASES), reason="there was a release")
@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.stem)
def test_nothing_is_fixed_that_was_never_released(path: Path) -> None:
    """Use ``trivial`` for a fault of code that no user had: it is not shown."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(found) <= SECTIONS, f"{path.name}: use trivial instead"
