# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service has and the input does not: who is to go, within the scope; knows no request and no threshold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .._model.flat import boolean
from .._model.key import Key
from .._model.schema import GROUP, USER, ResourceType
from .claims import Claim, Claims
from .desired import ANY, Desired
from .snapshot import Resource, Snapshot

Test = Callable[[Resource], bool]


def everything(_resource: Resource) -> bool:
    """The scope that holds all resources."""
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Purge:
    """What becomes of what is not in the input (``none``, ``inactive``, ``absent``) and which resources are ours at all.

    ``spared`` are resources that are never purged, whatever the input says: those that are protected.
    """

    users: str = "none"
    groups: str = "none"
    ours: dict[str, Test] = field(default_factory=dict)
    spared: Callable[[ResourceType, Resource], bool] = lambda _kind, _resource: False

    def of(self, kind: ResourceType) -> str:
        """What becomes of resources of a kind."""
        return self.users if kind is USER else self.groups

    def in_scope(self, kind: ResourceType) -> Test:
        """Whether a resource of a kind is ours."""
        return self.ours.get(kind.name, everything)


@dataclass(slots=True)
class Purged:
    """The reason of each purged resource, by key; what forbids the purge; what to tell about it; how many are in scope."""

    reasons: dict[Key, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scope: dict[str, dict[str, int]] = field(default_factory=dict)


def find_purged(claims: Claims, snapshot: Snapshot, purge: Purge) -> Purged:
    """Claim everything that is ours and that the wishes do not name, in the state that the purge says, leavers too.

    Nothing is purged on the strength of a list that is not proven whole, of an empty input, or where fewer than half
    of the active users that are ours were matched: then it is the wrong service, or the wrong roster.
    """
    result = Purged()
    named = _named(claims, snapshot) if (purge.users, purge.groups) != ("none", "none") else set()
    for kind in (USER, GROUP):
        state = purge.of(kind)
        if state == "none":
            continue
        noun = kind.name.lower()
        if not snapshot.listed.get(kind.name):
            came = f" ({snapshot.came[kind.name]})" if kind.name in snapshot.came else ""
            result.problems.append(
                f"purge: the list of all {noun}s is not complete{came}, so nothing can be told to be missing from the input"
            )
            continue
        wanted = [claim for claim in claims.of(kind.name) if claim.wish.state == "present"]
        if not wanted:
            result.problems.append(
                f"purge: the input has no {noun}s, which would remove all {noun}s of the service"
            )
            continue
        ours = [one for one in snapshot.everything(kind) if purge.in_scope(kind)(one)]
        result.scope[f"{noun}s"] = {"in_scope": len(ours), "all": len(snapshot.everything(kind))}
        if not ours:
            result.notes.append(
                f"purge: none of the {noun}s of the service are in scope, so none are purged"
            )
        if kind is USER:
            result.problems += _too_few(claims, ours)
        spared = 0
        for one in ours:
            ident = str(one["id"])
            key = Key(kind.name, ident)
            claim = claims.index.get((kind.name, "id", ident))
            if key in named or claim is not None and key not in claims.implied:
                continue
            if purge.spared(kind, one):
                spared += 1
                continue
            if claim is None:
                claim = Claim(
                    Desired(kind=kind, keys=(("id", ident),), state=ANY, creates=False),
                    one,
                    "id",
                    ident,
                )
                claims.every.append(claim)
                claims.index[(kind.name, "id", ident)] = claim
            claim.wish = replace(
                claim.wish, state="absent" if "absent" in (state, claim.wish.state) else state
            )
            result.reasons[key] = "purge"
        if spared:
            result.notes.append(
                f"purge: {spared} {noun}s that are not in the input are protected and stay"
            )
    return result


def _named(claims: Claims, snapshot: Snapshot) -> set[Key]:
    """The keys of all whom the wishes refer to, as members, managers or groups: the input has them, so they are no surplus."""
    return {
        Key(reference.kind, ident)
        for claim in claims.every
        for reference in claim.wish.references
        for ident in claims.resolve(reference, snapshot)
    }


def _too_few(claims: Claims, ours: list[Resource]) -> list[str]:
    active = [one for one in ours if boolean(one.get("active")) is not False]
    matched = sum(1 for one in active if ("User", "id", str(one["id"])) in claims.index)
    if matched * 2 >= len(active):
        return []
    return [
        f"purge: only {matched} of {len(active)} active users in scope are in the input; is this the right server, and the whole roster?"
    ]
