# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From wishes and what was read to changes in the order in which they are safe; knows no HTTP and no threshold."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.flat import Flat, flatten
from .._model.key import Key
from .._model.merge import fold, merge, same
from .._model.schema import GROUP, split_path, top_path
from .._provider.capabilities import Capabilities
from .change import Change, change
from .claims import Claim, Claims, claim_all
from .desired import Desired, Reference
from .leavers import Policy, find_leavers
from .members import Membership, Memberships, memberships
from .order import ordered
from .purge import Purge, find_purged
from .requests import beyond_one
from .snapshot import Snapshot


@dataclass(kw_only=True, slots=True)
class Plan:
    """Everything that is to be done, in order, and what was found on the way.

    ``problems`` are sentences that forbid every write; ``missing`` are references that name nobody;
    ``notes`` become warnings; ``unmanaged`` and ``still_member`` are names by group and by user; ``scope`` counts what
    a purge looked at.
    """

    changes: list[Change] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)
    claims: Claims = field(default_factory=Claims)
    members: Memberships = field(default_factory=Memberships)
    problems: list[str] = field(default_factory=list)
    missing: list[Reference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unmanaged: dict[str, list[str]] = field(default_factory=dict)
    still_member: dict[str, list[str]] = field(default_factory=dict)
    scope: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def every(self) -> list[Change]:
        """All changes, those that change nothing included."""
        return [*self.changes, *self.kept]


def make_plan(
    wishes: Sequence[Desired],
    snapshot: Snapshot,
    capabilities: Capabilities,
    policy: Policy = Policy(),
    purge: Purge = Purge(),
) -> Plan:
    """The changes that make the service as the wishes say. Pure: the same input gives the same plan, in any order of input."""
    claims = claim_all(wishes, snapshot)
    members = memberships(claims, snapshot)
    left = find_leavers(claims, members, snapshot, policy)
    purged = find_purged(claims, snapshot, purge)
    reasons = {**left.reasons, **purged.reasons}
    for key in purged.reasons:
        members.groups.pop(key, None)
    still = {
        snapshot.name(key): groups
        for key, groups in left.still.items()
        if key not in purged.reasons
    }
    plan = Plan(
        claims=claims,
        members=members,
        notes=[*left.notes, *purged.notes],
        still_member=still,
        problems=[*purged.problems, *_still_needed(claims, snapshot)],
        scope=purged.scope,
    )
    found: list[Change] = []
    unknown: list[str] = []
    for claim in claims.every:
        one = _change_of(claim, plan, snapshot, capabilities, unknown)
        if one is not None:
            found.append(replace(one, reason=reasons.get(claim.key, "stated")))
    if unknown:
        plan.notes.append(
            f"not found, so left unchanged: {', '.join(sorted(unknown)[:10])}"
            + (f" and {len(unknown) - 10} more" if len(unknown) > 10 else "")
        )
    plan.notes += _alike(claims, snapshot)
    plan.problems += [*claims.problems, *members.problems]
    plan.missing = list(dict.fromkeys([*plan.missing, *members.missing]))
    for membership in members.groups.values():
        if membership.unmanaged:
            plan.unmanaged[_group_name(membership, snapshot)] = sorted(
                snapshot.name(one)
                for one in membership.unmanaged
                if snapshot.member(one) not in purged.reasons
            )
    plan.kept = [one for one in found if one.verb == "keep"]
    plan.changes, problems = ordered([one for one in found if one.verb != "keep"])
    plan.problems += problems
    return plan


def _still_needed(claims: Claims, snapshot: Snapshot) -> Iterator[str]:
    """People who are to be deleted and whom the wishes refer to all the same: the next run would not find them."""
    for claim in claims.every:
        links = [
            (path.removesuffix(".value").rpartition(":")[2], reference)
            for path, reference in claim.wish.links.items()
        ]
        links += [
            ("former member", reference)
            for members in claim.wish.members
            for reference in sorted(members.remove)
            if not claims.names(reference)
        ]
        for role, reference in links if claim.wish.state != "absent" else ():
            for ident in claims.resolve(reference, snapshot):
                other = claims.index.get((reference.kind, "id", ident))
                if other is not None and other.wish.state == "absent":
                    yield f"{reference.kind.lower()} '{snapshot.name(Key(reference.kind, ident))}' is to be deleted and is named as {role} of {claim.wish.text}"


def _alike(claims: Claims, snapshot: Snapshot) -> list[str]:
    """Names that look the same and are not: equal only after NFKC and case folding, at least one of them new. They are never merged."""
    found: dict[tuple[str, str], set[str]] = {}
    for claim in claims.every:
        if claim.wish.creates:
            found.setdefault((claim.wish.kind.name, _look(claim.wish.name)), set()).add(
                claim.wish.name
            )
    for kind in {
        claim.wish.kind.name: claim.wish.kind
        for claim in claims.every
        if claim.wish.creates and claim.resource is None
    }.values():
        for one in snapshot.everything(kind):
            name = str(one.get(kind.name_attribute) or "")
            if (kind.name, _look(name)) in found:
                found[kind.name, _look(name)].add(name)
    return [
        f"{', '.join(repr(name) for name in sorted(names))} look alike and are taken for different {kind.lower()}s"
        for (kind, _folded), names in found.items()
        if len({fold(name) for name in names}) > 1
    ]


def _look(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _group_name(one: Membership, snapshot: Snapshot) -> str:
    return snapshot.name(one.claim.key) if one.claim.resource is not None else one.claim.wish.name


def _change_of(
    claim: Claim, plan: Plan, snapshot: Snapshot, capabilities: Capabilities, unknown: list[str]
) -> Change | None:
    """The change of one claimed resource, or None where there is nothing and nothing is to be made."""
    wish, resource = claim.wish, claim.resource
    if resource is None:
        if wish.state == "absent":
            return None
        if wish.state == "inactive" or not wish.creates:
            unknown.append(wish.text)
            return None
        if wish.kind.name_attribute not in wish.attributes:
            plan.problems.append(
                f"{wish.place + ': ' if wish.place else ''}{wish.text} does not exist, and creating one needs "
                f"{wish.kind.at(wish.kind.name_attribute).option}"
            )
            return None
    before = flatten(wish.kind, resource) if resource is not None else None
    shared: dict[str, Any] = {
        "matched_by": claim.matched_by,
        "keys": wish.keys,
        "method": wish.method,
    }
    name = snapshot.name(claim.key) if resource is not None else wish.name
    if wish.state == "absent" and before is not None:
        done = (
            capabilities.get("delete_user") != "gone"
            and wish.kind.name == "User"
            and before.get("active") is False
        )
        return change(wish.kind, claim.ident, name, before, before if done else None, **shared)
    stated, unsaved = _stated(claim, before, plan, snapshot, capabilities)
    after = merge(
        wish.kind,
        before or {},
        stated,
        wish.clear,
        exact=wish.exact,
        single=capabilities.get("single"),
    )
    membership = plan.members.groups.get(claim.key)
    if membership is not None:
        shared |= {
            "held": membership.held,
            "joins": tuple(sorted(membership.joins)),
            "leaves": tuple(sorted(membership.leaves)),
            "implied": membership.implied,
        }
    elif wish.kind.name == GROUP.name:
        shared["held"] = snapshot.members(claim.ident)
    if before is None or wish.secrets.always:
        shared["secrets"] = wish.secrets
    if (
        wish.state == "present"
        and before
        and before.get("active") is False
        and "active" not in stated
    ):
        plan.notes.append(
            f"{wish.text} is inactive and stays so; state active: true to make the user active"
        )
    return change(
        wish.kind,
        claim.ident,
        name,
        before,
        after,
        unsaved=unsaved,
        stated=stated,
        clear=wish.clear,
        exact=wish.exact,
        **shared,
    )


def _stated(
    claim: Claim, before: Flat | None, plan: Plan, snapshot: Snapshot, capabilities: Capabilities
) -> tuple[Flat, tuple[str, ...]]:
    """What the wish says about attributes → ({path: value} to be written, paths that the service is known not to keep)."""
    wish = claim.wish
    stated = dict(wish.attributes)
    for path, reference in wish.links.items():
        found = plan.claims.resolve(reference, snapshot)
        if len(found) > 1:
            plan.problems.append(f"{wish.text}: {path} names {len(found)} users: {reference}")
        elif found:
            stated[path] = found[0]
        else:
            plan.missing.append(reference)
    if wish.state == "inactive":
        stated["active"] = False
    elif (
        wish.activate
        and "active" not in stated
        and (before is None or before.get("active") is False)
    ):
        stated["active"] = True
    unsaved = set(capabilities.get("unsaved")) - {
        wish.kind.name_attribute
    }  # users without displayName, groups with it
    if before is not None:
        unsaved |= set(capabilities.get("fixed"))
        if (
            claim.matched_by != "id"
        ):  # the spelling of a name by which somebody is looked for is no wish to rename, whichever key found him
            stated = {
                path: value
                for path, value in stated.items()
                if (path, value) not in wish.keys
                or wish.kind.at(path).case_exact
                or fold(str(value)) != fold(str(before.get(path, "")))
            }
        stated = {
            path: value
            for path, value in stated.items()
            if top_path(path) not in wish.create_only and path not in wish.create_only
        }
    dropped = tuple(
        path
        for path in stated
        if unsaved.intersection((path, top_path(path), split_path(path)[0]))
        and not (
            before is not None
            and path in before
            and same(wish.kind.at(path), stated[path], before[path])
        )
    )
    kept = {path: value for path, value in stated.items() if path not in dropped}
    return kept, (*dropped, *beyond_one(kept, capabilities))
