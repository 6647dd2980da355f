# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A probe of a service as one page of text.

Knows no service.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .._converge.findings import FAILED, NOTE, OK, WARNING, Finding

SIGNS = {OK: "ok", NOTE: "--", WARNING: "!!", FAILED: "XX"}


def page(findings: Sequence[Finding], stated: Mapping[str, Any]) -> list[str]:
    """Return the lines of the page: findings with remedies, and what to paste."""
    lines = []
    for one in findings:
        lines.append(f"{SIGNS[one.status]}  {one.about}: {one.found}")
        if one.remedy:
            lines.append(f"      do: {one.remedy}")
    lines.append("")
    if not stated:
        lines.append("No capabilities need to be set.")
        return lines
    lines += ["Set these capabilities:", "capabilities:"]
    lines += [f"  {name}: {json.dumps(value)}" for name, value in stated.items()]
    return lines
