# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a probe of a service found: lines with remedies, and capabilities to set.

Knows no request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._provider.abilities import not_stored
from .._provider.capabilities import FIELDS, TYPES, Capabilities

OK, NOTE, WARNING, FAILED = "ok", "note", "warning", "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One line: what was checked, how it is, what was found, and what to do about it.

    ``capabilities`` are those that a user may set, by name. Those by resource type are a dictionary
    of types, as the option takes them.
    """

    about: str
    status: str
    found: str
    remedy: str = ""
    capabilities: Mapping[str, Any] = field(default_factory=dict)

    @property
    def denies_groups(self) -> bool:
        """Return whether the line says that the service has no groups."""
        return self.capabilities.get("groups") is False

    @property
    def row(self) -> dict[str, str]:
        """Return the line as data."""
        return {
            "check": self.about,
            "status": self.status,
            "found": self.found,
            "remedy": self.remedy,
        }


def advice(line: Finding, known: Capabilities) -> str:
    """Return what to do about a line that has no remedy of its own."""
    left = suggested([line], known)
    if left:
        return f"set capabilities: {json.dumps(left)}"
    return "" if line.status == OK else "nothing: this is known already"


def suggested(findings: Iterable[Finding], known: Capabilities) -> dict[str, Any]:
    """Return the capabilities to set, without those that are known already."""
    found: dict[str, Any] = {}
    for finding in findings:
        for name, value in finding.capabilities.items():
            value = _unknown(name, value, known)
            if value in ({}, []):
                continue
            before = found.get(name)
            if isinstance(before, dict):
                found[name] = {**before, **value}
            elif isinstance(before, list):
                found[name] = [*before, *(one for one in value if one not in before)]
            else:
                found[name] = value
    return found


def _unknown(name: str, value: Any, known: Capabilities) -> Any:
    """Return the part of a value that is not known, empty if all of it is."""
    if FIELDS[name].type == "dict":
        held = dict(known.get(name))
        return {key: one for key, one in value.items() if held.get(key) != one}
    if isinstance(value, dict):
        return {
            kind: one
            for kind, one in value.items()
            if known.of(TYPES.get(str(kind), str(kind))).get(name) != one
        }
    if isinstance(value, list):
        return [one for one in value if not _is_listed(name, one, known)]
    return {} if known.get(FIELDS[name].name) == value else value


def _is_listed(name: str, path: str, known: Capabilities) -> bool:
    """Return whether a text, or what a path is a part of, is in a known list."""
    listed = set(map(str.lower, known.get(name)))
    if path.lower() in listed:
        return True
    if name == "unsaved":
        kind, _dot, _rest = path.partition(".")
        listed |= {f"{kind}.{one}".lower() for one in not_stored(known, kind, at_creation=True)}
    parts = path.lower().split(".")
    return any(".".join(parts[:number]) in listed for number in range(2, len(parts) + 1))
