# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change as diff mode shows it; knows no service."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from .._model.errors import MASK
from .._model.flat import Flat
from .._model.key import Key
from .._model.schema import top_path
from .._plan.change import Change
from .._plan.placeholders import PREFIX

ABBREVIATE = 256
NEW = "(new)"
Named = Callable[[Key], str]


def before_after(change: Change, named: Named) -> dict[str, Any]:
    """Return a change in the form of diff mode.

    ``before`` and ``after`` are flat, by SCIM path, and hold only what changes. ``members`` are how
    many there are, and after the change also who joined (+) and left (-).
    """
    before, after = old_and_new(change, named)
    if change.after is None:
        before[change.kind.name_attribute] = change.name
    if change.joins or change.leaves:
        if change.before is not None and change.moves.current is not None:
            before["members"] = str(len(change.moves.known))
        after["members"] = _moves(change, named)
    ident = NEW if change.key.id.startswith(PREFIX) else f"({change.key.id})"
    header = f"{change.key.kind.lower()} {change.name} {ident}"
    return {"before": before, "after": after, "before_header": header, "after_header": header}


def old_and_new(change: Change, named: Named) -> tuple[Flat, Flat]:
    """Return the attributes that change, before and after, each flat.

    Other resources are named, secrets masked. Members are not among them.
    """
    before = {path: _shown(change, path, change.old, named) for path in change.paths}
    after = {path: _shown(change, path, change.new, named) for path in change.paths}
    after.update(dict.fromkeys(change.secrets.attributes, MASK))
    return _without_nothing(before), _without_nothing(after)


def _without_nothing(values: Flat) -> Flat:
    return {path: value for path, value in values.items() if value is not None}


def _shown(change: Change, path: str, values: Flat, named: Named) -> Any:
    """Return the value at a path, None if there is none.

    A reference to what was not read has the name that the resource itself gives.
    """
    value = values.get(path)
    kinds = change.kind.at(top_path(path)).references
    if not kinds or not path.endswith(".value") or not isinstance(value, str):
        return shortened_value(value)
    name = named(Key(kinds[0], value))
    if value.startswith(PREFIX):
        return f"{name} {NEW}"
    display = values.get(f"{path.removesuffix('.value')}.displayName")
    if name == value and isinstance(display, str):
        return shortened_value(f"{display} ({value})")
    return name


def _moves(change: Change, named: Named) -> str:
    """Return what happens to members: ``3 -> 4, + cminer``."""
    moves = change.moves
    parts = []
    if change.before is None:
        parts.append(str(len(moves.after)))
    elif moves.current is not None:
        parts.append(f"{len(moves.known)} -> {len(moves.after)}")
    parts += [f"+ {name}" for name in sorted(map(named, change.joins))]
    parts += [f"- {name}" for name in sorted(map(named, change.leaves))]
    return ", ".join(parts)


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
