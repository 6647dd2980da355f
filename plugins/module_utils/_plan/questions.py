# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to ask a service so that a plan can be made: the first of the two doors for variety; pure, asks nothing itself.

``questions`` is called again after each round of answers, until it returns nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .._model.schema import GROUP, KINDS, USER, ResourceType
from .._provider.capabilities import Capabilities
from .claims import Claims, claim_all, unsought
from .desired import Desired
from .leavers import Policy, candidates
from .members import memberships
from .purge import Purge
from .snapshot import Snapshot, values


MOST_NAMES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One thing to read: resources by ``ids``, resources for which one of ``clauses`` (path, value) holds, or all of a kind.

    ``members``: the answer is to say who is in the groups. ``whole``: it is to hold every attribute, for a PUT.
    """

    kind: ResourceType
    ids: tuple[str, ...] = ()
    clauses: tuple[tuple[str, str], ...] = ()
    members: bool = False
    whole: bool = False

    @property
    def everything(self) -> bool:
        """Whether all resources of the kind are asked for."""
        return not self.ids and not self.clauses


def questions(
    wishes: Sequence[Desired],
    snapshot: Snapshot,
    capabilities: Capabilities,
    policy: Policy = Policy(),
    purge: Purge = Purge(),
    *,
    names: bool = False,
) -> list[Question]:
    """What is still to be asked, in rounds: everything where there is a purge, else keys, then who is referred to, then members, then what leavers need.

    Who leaves a group though nobody named him is read too, so that he is called by name. ``names``: everybody who leaves,
    and some of those who stay in a group unasked, so that plan and protection know them.
    """
    whole = _replaced(wishes, capabilities)
    members = whole or _wants_members(wishes) or purge.groups != "none"
    found = (
        _all(snapshot, purge)
        or _keys(wishes, snapshot, members)
        or _references(wishes, snapshot, members)
        or _listing(wishes, snapshot)
    )
    if not found and members and capabilities.get("members_read") != "none":
        claims = claim_all(wishes, snapshot)
        found = _members(claims, snapshot) or _leaving(claims, snapshot, policy, names)
    return [replace(one, whole=whole and one.kind.name == GROUP.name) for one in found]


def _all(snapshot: Snapshot, purge: Purge) -> list[Question]:
    """Everything of the kinds that are purged, so that the keys need no look-up of their own."""
    return [
        Question(kind=kind, members=kind is GROUP)
        for kind in (USER, GROUP)
        if purge.of(kind) != "none" and kind.name not in snapshot.listed
    ]


def _replaced(wishes: Sequence[Desired], capabilities: Capabilities) -> bool:
    """Whether a group may be replaced whole: then its members and all attributes must be known, or they would be lost."""
    return any(
        wish.kind.name == GROUP.name and (wish.method == "put" or not capabilities.get("patch"))
        for wish in wishes
    )


def _listing(wishes: Sequence[Desired], snapshot: Snapshot) -> list[Question]:
    """All groups, where a user's groups are to be exactly those stated."""
    if (
        any(wish.groups is not None and wish.groups.only is not None for wish in wishes)
        and "Group" not in snapshot.listed
    ):
        return [Question(kind=GROUP, members=True)]
    return []


def _wants_members(wishes: Sequence[Desired]) -> bool:
    return any(
        wish.members or wish.groups is not None or wish.further or wish.left for wish in wishes
    )


def _keys(wishes: Sequence[Desired], snapshot: Snapshot, members: bool) -> list[Question]:
    """The keys of the wishes, an id by itself first: the others are asked only where they say something else than it."""
    kinds = {wish.kind.name: wish.kind for wish in wishes}
    ids: dict[str, dict[str, None]] = {name: {} for name in kinds}
    clauses: dict[str, dict[tuple[str, str], None]] = {name: {} for name in kinds}
    for wish in wishes:
        kind = wish.kind
        ident = next((value for path, value in wish.keys if path == "id"), None)
        if (
            ident is not None
            and not snapshot.knows(kind, "id", ident)
            and snapshot.get(kind, ident) is None
        ):
            ids[kind.name][ident] = None
            continue
        resource = snapshot.get(kind, ident) if ident is not None else None
        name = unsought(wish)
        open_keys = [
            (path, value)
            for path, value in (*wish.keys, *((name,) if name[1] else ()))
            if path != "id"
            and not snapshot.knows(kind, path, value)
            and not (resource is not None and value in values(resource, path))
        ]
        if (
            not open_keys
            and wish.previous
            and not any(snapshot.find(kind, path, value) for path, value in wish.keys)
        ):
            open_keys = [
                (kind.name_attribute, name)
                for name in wish.previous
                if not snapshot.knows(kind, kind.name_attribute, name)
            ]
        clauses[kind.name].update(dict.fromkeys(open_keys))
    return _asked(kinds, ids, clauses, members)


def _references(wishes: Sequence[Desired], snapshot: Snapshot, members: bool) -> list[Question]:
    """Members, managers and groups that are named and neither wished for here nor known yet. A user's id is taken as it is."""
    stated = {
        (wish.kind.name, path, value)
        for wish in wishes
        for path, value in wish.keys
        if wish.creates
    }
    ids: dict[str, dict[str, None]] = {name: {} for name in KINDS}
    clauses: dict[str, dict[tuple[str, str], None]] = {name: {} for name in KINDS}
    for reference in (one for wish in wishes for one in wish.references):
        kind = KINDS[reference.kind]
        if (reference.kind, reference.path, reference.value) in stated or snapshot.knows(
            kind, reference.path, reference.value
        ):
            continue
        if reference.path == "id":
            if kind is GROUP and snapshot.get(kind, reference.value) is None:
                ids[kind.name][reference.value] = None
        elif not (reference.path == "userName" and snapshot.resolve(reference)):
            clauses[kind.name][(reference.path, reference.value)] = None
    return _asked(KINDS, ids, clauses, members)


def _asked(
    kinds: Mapping[str, ResourceType],
    ids: Mapping[str, dict[str, None]],
    clauses: Mapping[str, dict[tuple[str, str], None]],
    members: bool,
) -> list[Question]:
    found = [
        Question(kind=kinds[name], ids=tuple(some), members=members and name == "Group")
        for name, some in ids.items()
        if some
    ]
    found += [
        Question(kind=kinds[name], clauses=tuple(some), members=members and name == "Group")
        for name, some in clauses.items()
        if some
    ]
    return found


def _members(claims: Claims, snapshot: Snapshot) -> list[Question]:
    """The groups whose members are to change, also where only people refer to them, or that a listing brought, and whose members are not known.

    A group that was read by its id and is gone meanwhile is not asked for again.
    """
    ids = [
        claim.ident
        for claim in claims.of("Group")
        if claim.resource is not None and claim.wish.state != "absent"
    ]
    ids += [
        key.id
        for key, one in memberships(claims, snapshot).groups.items()
        if (one.joins or one.leaves) and one.claim.resource is not None
    ]
    if "Group" in snapshot.listed:
        ids += [str(one["id"]) for one in snapshot.everything(GROUP)]
    ids = [
        one
        for one in dict.fromkeys(ids)
        if snapshot.members(one) is None and not snapshot.knows(GROUP, "id", one)
    ]
    return [Question(kind=GROUP, ids=tuple(ids), members=True)] if ids else []


def _leaving(claims: Claims, snapshot: Snapshot, policy: Policy, names: bool) -> list[Question]:
    """All groups, where somebody leaves a team; and who leaves, where their names matter."""
    members = memberships(claims, snapshot)
    leaving = candidates(claims, members, snapshot, policy)
    found = (
        [Question(kind=GROUP, members=True)] if leaving and "Group" not in snapshot.listed else []
    )
    people = {
        *leaving,
        *(
            ident
            for one in members.groups.values()
            for ident in (one.leaves if names or leaving else one.implied)
        ),
    }
    if names:
        people.update(
            sorted(ident for one in members.groups.values() for ident in one.unmanaged)[:MOST_NAMES]
        )
    unknown = [
        ident
        for ident in sorted(people)
        if snapshot.get(USER, ident) is None
        and snapshot.get(GROUP, ident) is None
        and not snapshot.knows(USER, "id", ident)
    ]
    return [*found, Question(kind=USER, ids=tuple(unknown))] if unknown else found
