# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a refusal teaches about a service, as data; sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._provider.capabilities import Capabilities


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """Capabilities that an answer taught, by name, and in words which answer it was."""

    source: str
    values: Mapping[str, Any]

    def applied(self, capabilities: Capabilities) -> Capabilities:
        """Return the capabilities with this lesson. Options stay as they are set."""
        return capabilities.learn(self.source, **self.values)
