# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who left every team: people who were found in a managed team and are in no group any more; knows no request.

Order matters nowhere here. What cannot be read keeps a person active: nobody is deactivated on a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from .._model.flat import boolean
from .._model.key import Key
from .._model.merge import fold
from .._model.schema import GROUP, USER
from .claims import Claim, Claims
from .desired import ANY, Desired
from .members import Memberships
from .snapshot import Resource, Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What becomes of leavers (``inactive``, ``absent``, ``keep``) and which groups do not keep one active (names, globs)."""

    leavers: str = "keep"
    ignore_groups: tuple[str, ...] = ()


@dataclass(slots=True)
class Left:
    """The reason why each leaver is one, and for the sake of which other groups who stays, both by key; what to tell about it."""

    reasons: dict[Key, str] = field(default_factory=dict)
    still: dict[Key, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def matches(name: str, globs: Sequence[str]) -> bool:
    """Whether a name is one of the names or globs, ignoring case."""
    return any(fnmatchcase(fold(name), fold(glob)) for glob in globs)


def candidates(
    claims: Claims, members: Memberships, snapshot: Snapshot, policy: Policy
) -> dict[str, str]:
    """Who leaves a managed team → {user id: ``leaver`` or, where the team is offboarded by name, ``offboarded``}.

    Who is in an onboarded team is none, nor who already is what the policy makes of leavers.
    """
    found: dict[str, str] = {}
    if policy.leavers == "keep":
        return found
    staying = {
        ident for one in members.groups.values() if _onboarded(one.claim) for ident in one.after
    }
    for claim in claims.of("Group"):
        team = claim.wish.team
        if team is None:
            continue
        one = members.groups.get(claim.key)
        surplus = one.leaves if one is not None else frozenset()
        listed = {
            ident for reference in team.leaving for ident in claims.resolve(reference, snapshot)
        }
        for ident in sorted((surplus | listed) - staying):
            resource = snapshot.get(USER, ident)
            settled = (
                policy.leavers == "inactive"
                and resource is not None
                and boolean(resource.get("active")) is False
            )
            if settled or ident.startswith("bulkId:") or snapshot.member(ident).kind == GROUP.name:
                continue
            found[ident] = (
                "offboarded"
                if ident in listed and not team.onboarded
                else found.get(ident, "leaver")
            )
    return found


def _onboarded(claim: Claim | None) -> bool:
    return claim is not None and claim.wish.team is not None and claim.wish.team.onboarded


def find_leavers(claims: Claims, members: Memberships, snapshot: Snapshot, policy: Policy) -> Left:
    """Those of the candidates who are in no group after the plan; each gets the state that the policy says.

    A person of whom the wishes state more than that he leaves, or whose ``active`` is stated, keeps what is stated.
    """
    result = Left()
    found = candidates(claims, members, snapshot, policy)
    if found and not snapshot.listed.get("Group"):
        result.notes.append(
            "the groups of the service could not be listed in full, so no one who left a team is deactivated"
        )
        return result
    groups = _groups_after(claims, members, snapshot, policy)
    unreadable = sorted(name for name, inside in groups.values() if inside is None)
    if found and unreadable:
        result.notes.append(
            f"the members of {', '.join(unreadable[:10])} cannot be read, so no one who left a team is deactivated"
        )
        return result
    for ident, reason in found.items():
        key = Key(USER.name, ident)
        claim = claims.index.get(("User", "id", ident))
        resource = snapshot.get(USER, ident)
        if resource is None:
            continue
        if claim is not None and (claim.wish.state != ANY or "active" in claim.wish.attributes):
            if claim.wish.state == "present" and "active" not in claim.wish.attributes:
                result.notes.append(
                    f"{snapshot.name(key)} left every team and is no leaver, since {claim.wish.place or 'the task'} states {claim.wish.text}"
                )
            continue
        still = sorted(
            {name for name, inside in groups.values() if inside is not None and ident in inside}
            | _own_groups(resource, claims, members, snapshot, policy)
        )
        if still:
            result.still[key] = still
            continue
        result.reasons[key] = reason
        if claim is None:
            claim = Claim(
                Desired(kind=USER, keys=(("id", ident),), state=ANY, creates=False),
                resource,
                "id",
                ident,
            )
            claims.every.append(claim)
            claims.index[("User", "id", ident)] = claim
            claims.implied.add(key)
        claim.wish = replace(claim.wish, state=policy.leavers)
    return result


def _own_groups(
    user: Resource, claims: Claims, members: Memberships, snapshot: Snapshot, policy: Policy
) -> set[str]:
    """The groups that a user's own entry names and this plan does not touch: the list of groups may hide or cut its members."""
    found: set[str] = set()
    rows = user.get("groups")
    for row in rows if isinstance(rows, list) else ():
        ident = (
            row.get("value") if isinstance(row, Mapping) and row.get("type") != "indirect" else None
        )
        claim = claims.index.get(("Group", "id", str(ident)))
        key = Key(GROUP.name, str(ident))
        if (
            not isinstance(ident, str)
            or key in members.groups
            or claim is not None
            and claim.wish.state == "absent"
        ):
            continue
        name = (
            snapshot.name(key)
            if snapshot.get(GROUP, ident) is not None
            else str(row.get("display") or ident)
        )
        if not matches(name, policy.ignore_groups):
            found.add(name)
    return found


def _groups_after(
    claims: Claims, members: Memberships, snapshot: Snapshot, policy: Policy
) -> dict[Key, tuple[str, frozenset[str] | None]]:
    """Name and members of every group after the plan, by key (two may have one name), without those that do not keep anyone active."""
    found: dict[Key, tuple[str, frozenset[str] | None]] = {}
    for key in {
        *members.groups,
        *(Key(GROUP.name, str(one["id"])) for one in snapshot.everything(GROUP)),
    }:
        claim = claims.index.get(("Group", "id", key.id))
        if claim is not None and claim.wish.state == "absent":
            continue
        name = (
            claim.wish.name if claim is not None and claim.resource is None else snapshot.name(key)
        )
        if not matches(name, policy.ignore_groups):
            one = members.groups.get(key)
            found[key] = (
                name,
                one.after if one is not None and one.held is not None else snapshot.members(key.id),
            )
    return found
