# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change as diff mode shows it; knows no service."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from .._model.errors import MASK
from .._model.key import Key
from .._plan.change import Change

ABBREVIATE = 256
Named = Callable[[Key], str]


def before_after(change: Change, named: Named) -> dict[str, Any]:
    """Return a change in the form of diff mode.

    ``before`` and ``after`` are flat, by SCIM path, and hold only what changes. ``members`` are
    the sorted names of those that leave and join.
    """
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if change.after is None:
        before[change.kind.name_attribute] = change.name
    old = change.before or {}
    new = change.after or {}
    for path in change.paths:
        if path in old:
            before[path] = shortened_value(old[path])
        if path in new:
            after[path] = shortened_value(new[path])
    after.update(dict.fromkeys(change.secrets.attributes, MASK))
    if change.joins or change.leaves:
        before["members"] = sorted(map(named, change.leaves))
        after["members"] = sorted(map(named, change.joins))
    header = f"{change.key.kind.lower()} {change.name} ({change.key.id})"
    return {"before": before, "after": after, "before_header": header, "after_header": header}


def shortened_value(value: Any) -> Any:
    """Return long texts, such as photos and certificates, as their length and a hash."""
    if isinstance(value, str) and len(value) > ABBREVIATE:
        digest = hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:12]
        return f"{value[:24]}… ({len(value)} characters, sha256 {digest})"
    if isinstance(value, Mapping):
        return {name: shortened_value(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shortened_value(inner) for inner in value]
    return value
