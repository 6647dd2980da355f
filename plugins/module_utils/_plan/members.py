# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who joins and who leaves each group, from all wishes together; knows no request and no threshold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .._model.key import Key
from .._model.schema import GROUP, USER
from .claims import Claim, Claims
from .desired import EMAIL, Reference, folded
from .snapshot import Snapshot, values


@dataclass(slots=True)
class Gathered:
    """What all wishes together say about one group, in ids; ``only`` is None where nobody asks for exactness.

    ``left`` are leaves that follow from an offboarded team: whoever is also to join stays.
    """

    claim: Claim
    only: set[str] | None = None
    add: set[str] = field(default_factory=set)
    remove: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """The change of one group's members: ids that join, that leave, and those of the leaves that nobody named.

    ``held`` is None where the members could not be read; ``unmanaged`` are members that no wish mentions and that stay,
    in a group that is itself wished for.
    """

    claim: Claim
    held: frozenset[str] | None
    joins: frozenset[str]
    leaves: frozenset[str]
    implied: frozenset[str]
    unmanaged: frozenset[str]

    @property
    def after(self) -> frozenset[str]:
        """The members after the change."""
        return ((self.held or frozenset()) | self.joins) - self.leaves


@dataclass(slots=True)
class Memberships:
    """The membership changes of a task, by the key of the group, and what stands in their way."""

    groups: dict[Key, Membership] = field(default_factory=dict)
    missing: list[Reference] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def memberships(claims: Claims, snapshot: Snapshot) -> Memberships:
    """All wishes about members → what changes in each group.

    A reference that names nobody is collected in ``missing``; one that names two is a problem, never a guess.
    """
    result = Memberships()
    gathered: dict[Key, Gathered] = {}
    for claim in claims.of("Group"):
        if claim.wish.members:
            _gather_group(
                claim, gathered.setdefault(claim.key, Gathered(claim)), claims, snapshot, result
            )
    for claim in claims.of("User"):
        _gather_user(claim, gathered, claims, snapshot, result)
    going = {claim.ident for claim in claims.of("User") if claim.wish.state == "absent"}
    for key, one in gathered.items():
        if one.claim.wish.state == "absent":
            if one.add or one.only:
                result.problems.append(
                    f"{one.claim.wish.text} is to be deleted, and somebody is to join it"
                )
            continue
        if one.claim.resource is None and not one.claim.wish.creates:
            if one.add or one.only or one.claim.wish.members and one.claim.wish.team is None:
                result.missing.append(Reference(GROUP.name, *one.claim.wish.keys[0]))
            continue
        found = _settle(one, snapshot, result, going)
        if found is not None:
            result.groups[key] = found
    result.problems += list(_cycles(result, snapshot))
    result.missing = list(dict.fromkeys(result.missing))
    return result


def _ids(
    references: Iterable[Reference],
    claims: Claims,
    snapshot: Snapshot,
    result: Memberships,
    *,
    optional: bool = False,
    spoken: bool = False,
) -> Iterator[str]:
    """References → ids. ``optional``: who is not there is passed over; ``spoken``: only if the wishes themselves are about that one."""
    for reference in sorted(references):
        found = claims.resolve(reference, snapshot)
        if len(found) > 1:
            named = ", ".join(
                sorted(f"'{snapshot.name(Key(reference.kind, one))}' (id {one})" for one in found)
            )
            result.problems.append(
                f"{reference} matches {len(found)} {reference.kind.lower()}s: {named}"
            )
        elif found:
            yield found[0]
        elif not optional and not (spoken and claims.names(reference)):
            result.missing.append(reference)


def _gather_group(
    claim: Claim, into: Gathered, claims: Claims, snapshot: Snapshot, result: Memberships
) -> None:
    for members in claim.wish.members:
        if members.only is not None:
            into.only = (into.only or set()) | set(_ids(members.only, claims, snapshot, result))
        into.add.update(_ids(members.add, claims, snapshot, result))
        into.remove.update(_ids(members.remove, claims, snapshot, result, spoken=True))
    team = claim.wish.team
    if team is not None:
        into.left.update(_ids(team.leaving, claims, snapshot, result, optional=True))
    joining = (into.only or set()) | into.add
    doomed = [
        one
        for one in claims.every
        if one.wish.state == "absent"
        and one.ident in joining
        and snapshot.member(one.ident) == one.key
    ]
    result.problems += [
        f"{one.wish.text} is to be deleted and to be a member of {claim.wish.text}"
        for one in doomed
    ]


def _gather_user(
    claim: Claim,
    gathered: dict[Key, Gathered],
    claims: Claims,
    snapshot: Snapshot,
    result: Memberships,
) -> None:
    wish = claim.wish
    if claim.resource is None and (wish.state != "present" or not wish.creates):
        return

    def groups(references: Iterable[Reference], *, optional: bool = False) -> Iterator[Gathered]:
        for reference in sorted(references):
            target = claims.adopt(reference, snapshot)
            if target is None and not optional:
                result.missing.append(reference)
            if target is not None:
                yield gathered.setdefault(target.key, Gathered(target))

    for one in groups(wish.further):
        one.add.add(claim.ident)
    for one in groups(wish.left, optional=True):
        one.left.add(claim.ident)
    if wish.groups is None:
        return
    for one in groups(wish.groups.add | (wish.groups.only or frozenset())):
        one.add.add(claim.ident)
    for one in groups(wish.groups.remove):
        one.remove.add(claim.ident)
    if wish.groups.only is not None:
        kept = {one.claim.ident for one in groups(wish.groups.only)}
        there = [str(one["id"]) for one in snapshot.everything(GROUP)]
        every = dict.fromkeys([*gathered, *(Key(GROUP.name, ident) for ident in there)])
        unreadable = sorted(
            snapshot.name(Key(GROUP.name, ident))
            for ident in there
            if ident not in kept and snapshot.members(ident) is None
        )
        if unreadable and claim.resource is not None:
            named = ", ".join(unreadable[:10])
            result.problems.append(
                f"{wish.text}: the members of {named} cannot be read, so groups cannot be set; add or remove groups instead"
            )
        for key in every:
            joins = key in gathered and claim.ident in gathered[key].add | (
                gathered[key].only or set()
            )
            if key.id not in kept and (joins or claim.ident in (snapshot.members(key.id) or ())):
                target = (
                    gathered[key].claim
                    if key in gathered
                    else claims.adopt(Reference("Group", "id", key.id), snapshot, implied=True)
                )
                if target is not None:
                    gathered.setdefault(key, Gathered(target)).remove.add(claim.ident)


def _settle(
    one: Gathered, snapshot: Snapshot, result: Memberships, going: set[str]
) -> Membership | None:
    held = frozenset() if one.claim.resource is None else snapshot.members(one.claim.ident)
    wanted = one.add | (one.only or set())
    for ident in sorted(one.remove & wanted):
        result.problems.append(
            f"'{snapshot.name(snapshot.member(ident))}' is both to join and to leave {one.claim.wish.text}"
        )
    sure = frozenset(
        ident
        for ident in wanted | one.remove | one.left
        if not held and _says_so(ident, one.claim.ident, snapshot)
    )
    held = (
        None if sure else held
    )  # a group that lists nobody while people say that they are in it does not show its members
    if held is None and one.only is not None:
        result.problems.append(
            f"{one.claim.wish.text}: its members cannot be read, so they cannot be made exactly those stated; add or remove members instead"
        )
        return None
    known = held or sure
    implied = (
        _without_spared(one, known - wanted - one.remove - one.left, snapshot)
        if one.only is not None
        else frozenset()
    )
    named = one.remove | (one.left - wanted)
    leaves = implied | (named if held is None and not sure else named & known)
    return Membership(
        claim=one.claim,
        held=held,
        joins=frozenset(wanted - known),
        leaves=frozenset(leaves),
        implied=frozenset(implied),
        unmanaged=frozenset(known - wanted - leaves - going if one.claim.wish.members else ()),
    )


def _says_so(ident: str, group: str, snapshot: Snapshot) -> bool:
    """Whether a user's own entry says that the user is in a group, directly (RFC 7643 section 4.1.2)."""
    rows = (snapshot.get(USER, ident) or {}).get("groups")
    return any(
        isinstance(row, Mapping) and row.get("value") == group and row.get("type") != "indirect"
        for row in (rows if isinstance(rows, list) else ())
    )


def _without_spared(one: Gathered, idents: frozenset[str], snapshot: Snapshot) -> frozenset[str]:
    """Those of the ids that are nobody whom the team spares, as far as it is known who they are."""
    spared = one.claim.wish.team.spared if one.claim.wish.team is not None else frozenset()
    people = {ident: snapshot.get(USER, ident) or {} for ident in idents} if spared else {}
    kept = {
        ident
        for ident, user in people.items()
        if spared
        & {
            ident,
            user.get("externalId"),
            *(
                folded(USER, path, value)
                for path in ("userName", EMAIL)
                for value in values(user, path)
            ),
        }
    }
    return idents - kept


def _cycles(result: Memberships, snapshot: Snapshot) -> Iterator[str]:
    """Groups that would come to contain themselves through a join of this plan."""
    inside = {key.id: one.after for key, one in result.groups.items()}

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        for inner in inside.get(start) or snapshot.members(start) or ():
            if snapshot.get(USER, inner) is not None:
                continue
            if inner == goal or (
                inner not in seen and not seen.add(inner) and reaches(inner, goal, seen)
            ):  # type: ignore[func-returns-value]
                return True
        return False

    groups = {*inside, *(str(one["id"]) for one in snapshot.everything(GROUP))}
    for key, one in result.groups.items():
        ident = key.id
        for joined in sorted(one.joins & groups):
            if (
                snapshot.get(USER, joined) is None
                and joined == ident
                or reaches(joined, ident, set())
            ):
                yield f"{one.claim.wish.text} would contain itself through '{snapshot.name(Key(GROUP.name, joined))}'"
