# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One difference, as data, and its readings for people; knows no service and no request."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._model.flat import Flat
from .._model.key import Key
from .._model.merge import differing
from .._model.schema import ResourceType, top_path
from .desired import Secrets

ABBREVIATE = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What becomes of one resource.

    ``before`` and ``after`` are flat and whole (None: it does not exist); ``joins`` and ``leaves`` are ids of members,
    ``held`` those it had (None: not read). ``implied`` are the leaves that no one stated by name.
    ``reason`` is why: ``stated``, ``leaver`` (in no team any more) or ``offboarded`` (its team is, by name).
    ``unsaved`` are stated paths that the service is known not to keep. ``stated``, ``clear`` and ``exact`` are the wish
    itself, so that the same change can be made of a resource that is read again.
    """

    kind: ResourceType
    ident: str
    name: str
    before: Flat | None
    after: Flat | None
    paths: tuple[str, ...] = ()
    held: frozenset[str] | None = None
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    implied: frozenset[str] = frozenset()
    secrets: Secrets = field(default_factory=Secrets, repr=False)
    method: str = "auto"
    matched_by: str | None = None
    keys: tuple[tuple[str, str], ...] = ()
    reason: str = "stated"
    unsaved: tuple[str, ...] = ()
    stated: Flat = field(default_factory=dict)
    clear: tuple[str, ...] = ()
    exact: bool = False

    @property
    def key(self) -> Key:
        """The identity of the resource."""
        return Key(self.kind.name, self.ident)

    @property
    def verb(self) -> str:
        """``create``, ``update``, ``deactivate``, ``delete`` or ``keep``."""
        if self.before is None:
            return "keep" if self.after is None else "create"
        if self.after is None:
            return "delete"
        if not (self.paths or self.joins or self.leaves or self.secrets.attributes):
            return "keep"
        return (
            "deactivate"
            if "active" in self.paths and self.after.get("active") is False
            else "update"
        )

    @property
    def size(self) -> int:
        """How much there is to do: attributes and members that change."""
        return len(self.paths) + len(self.joins) + len(self.leaves)

    @property
    def text(self) -> str:
        """For a sentence: ``user 'mscott'``."""
        return f"{self.kind.name.lower()} '{self.name}'"


def change(
    kind: ResourceType, ident: str, name: str, before: Flat | None, after: Flat | None, **more: Any
) -> Change:
    """A change with the paths at which it differs."""
    paths = differing(kind, before or {}, after) if after is not None else ()
    return Change(
        kind=kind, ident=ident, name=name, before=before, after=after, paths=paths, **more
    )


def before_after(one: Change, named: Callable[[str], str]) -> dict[str, Any]:
    """A change in the form of diff mode: flat dictionaries by SCIM path, only what changes, members as sorted names."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if one.after is None:
        before = {one.kind.name_attribute: one.name}
    else:
        before = {
            path: _short(one.before[path])
            for path in one.paths
            if one.before and path in one.before
        }
        after = {path: _short(one.after[path]) for path in one.paths if path in one.after}
    after.update((path, "********") for path in one.secrets.attributes)
    if one.joins or one.leaves:
        before["members"] = sorted(named(ident) for ident in one.leaves)
        after["members"] = sorted(named(ident) for ident in one.joins)
    header = f"{one.text[: len(one.kind.name)]} {one.name} ({one.ident})"
    return {"before": before, "after": after, "before_header": header, "after_header": header}


def _short(value: Any) -> Any:
    """Large values, such as photos and certificates, as their length and a hash."""
    if isinstance(value, str) and len(value) > ABBREVIATE:
        digest = hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:12]
        return f"{value[:24]}… ({len(value)} characters, sha256 {digest})"
    if isinstance(value, Mapping):
        return {name: _short(inner) for name, inner in value.items()}
    return [_short(inner) for inner in value] if isinstance(value, list) else value


def row(one: Change, named: Callable[[str], str]) -> dict[str, Any]:
    """A change as one entry of the plan that scim_directory returns: names, no values."""
    found: dict[str, Any] = {
        "action": one.verb,
        "kind": one.kind.name.lower(),
        "name": one.name,
        "id": one.ident,
        "reason": one.reason,
    }
    if one.verb in ("update", "deactivate"):
        found["changes"] = sorted(
            {top_path(path) for path in (*one.paths, *one.secrets.attributes)}
        )
    if one.joins:
        found["joins"] = sorted(named(ident) for ident in one.joins)
    if one.leaves:
        found["leaves"] = sorted(named(ident) for ident in one.leaves)
        found["empties"] = one.held is not None and not (one.held | set(one.joins)) - set(
            one.leaves
        )
    return found
