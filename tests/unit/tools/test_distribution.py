# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is published is checked, and what a tool left out is found."""

from __future__ import annotations

from pathlib import Path

import distribution
import pytest

ROOT = Path(__file__).resolve().parents[3]
FOUND = """\
# Sanitized dependencies for /collections
---
python:
  - requests>=2.32  # from collection identity.scim
  - 'jmespath>=1.0.1  # from collection identity.scim'
"""


def test_requirement_that_the_builder_does_not_find_is_named() -> None:
    assert distribution.missing_requirements(ROOT, FOUND) == ["urllib3>=2.7.0"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("ERROR: no licence", True),
        ("WARNING: No changelog found", False),
        ("INFO: Linting", False),
    ],
)
def test_fault_of_the_importer(line: str, fault: bool) -> None:
    assert distribution.is_fault(line) == fault
