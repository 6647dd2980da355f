# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changelog reads well: before the first release nothing was fixed, changed or removed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

CHANGELOGS = Path(__file__).resolve().parents[2] / "changelogs"
FRAGMENTS = sorted((CHANGELOGS / "fragments").glob("*.yml"))
SECTIONS = {"release_summary", "major_changes", "minor_changes", "trivial"}
SHOWN = SECTIONS - {"trivial"}
# Comparisons with a state of the code that no user had.
EARLIER = re.compile(
    r"no longer|\bBefore,|before,|used to |earlier state|\bless (?:time|CPU)\b|were only in|"
    r"\b(?:fraction|quarter|third|fifth|half) (?:of the time|less)"
)
# Markup of modules, which a changelog shows as it is.
MARKUP = re.compile(r"\b(?:C|O|V|M|RV|E)\([^)]+\)")
RELEASES = yaml.safe_load((CHANGELOGS / "changelog.yaml").read_text(encoding="utf-8"))["releases"]


@pytest.mark.skipif(bool(RELEASES), reason="there was a release")
@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.stem)
def test_nothing_is_fixed_that_was_never_released(path: Path) -> None:
    """Use ``trivial`` for a fault of code that no user had: it is not shown."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(found) <= SECTIONS, f"{path.name}: use trivial instead"


@pytest.mark.skipif(bool(RELEASES), reason="there was a release")
@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.stem)
def test_nothing_is_compared_with_what_was_never_released(path: Path) -> None:
    """Say what it does, and how it differs from before in ``trivial`` only."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    shown = str({section: found[section] for section in SHOWN & set(found)})
    assert not EARLIER.findall(shown)
    assert not MARKUP.findall(shown), "``code`` is the markup of a changelog"
