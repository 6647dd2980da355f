# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which members join and leave each group; knows no request and no threshold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from .._model.key import Key
from .._model.schema import GROUP, USER
from .._model.user_keys import NO_USERS
from .change import NO_MEMBERS, MembershipChange
from .desired import EMAIL, Desired, Members, Reference, Team, exact_list, folded, of_group
from .further_groups import FurtherGroups
from .snapshot import Snapshot, key_of
from .targets import Target, Targets, match
from .value_index import values

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Memberships:
    """The membership changes of a task and what stands in their way.

    ``changes`` are by the key of the group. ``unmanaged`` are members that no input names and that
    stay. ``adopted`` are targets for groups that are only referred to; ``unlisted`` are those of
    them that no reference names. ``missing`` are references to members and groups that do not
    exist. ``named`` are the members that the input names, by the key of the group. ``hiding`` are
    groups that show no members although users name them.
    """

    changes: Mapping[Key, MembershipChange] = field(default_factory=dict)
    unmanaged: Mapping[Key, Set[Key]] = field(default_factory=dict)
    adopted: tuple[Target, ...] = ()
    unlisted: frozenset[Key] = frozenset()
    missing: tuple[Reference, ...] = ()
    problems: tuple[str, ...] = ()
    named: Mapping[Key, Set[Key]] = field(default_factory=dict)
    hiding: tuple[Key, ...] = ()

    def of(self, group: Key) -> MembershipChange:
        """Return the membership change of a group, an empty one if there is none."""
        return self.changes.get(group, NO_MEMBERS)


@dataclass(slots=True)
class Gathered:
    """What the task wants of one group's members.

    ``exactly`` is None unless one list must be complete. ``listed`` are those that the group's own
    lists add, ``add`` are others. ``given`` are those of ``release`` that
    leave with a team which gave the group, ``ended`` are such users that the input does not name.
    """

    target: Target
    exactly: Set[Key] | None = None
    listed: Set[Key] = NO_USERS
    add: set[Key] = field(default_factory=set)
    remove: set[Key] = field(default_factory=set)
    release: set[Key] = field(default_factory=set)
    given: set[Key] = field(default_factory=set)
    ended: frozenset[Key] = frozenset()

    @property
    def leaving(self) -> Set[Key]:
        """Return the members that leave unless something else keeps them."""
        return self.remove | self.release | self.ended

    @property
    def joining(self) -> Set[Key]:
        """Return the members that must be in the group."""
        return self.listed | (self.exactly or NO_USERS) | self.add


def settle_memberships(
    targets: Targets, snapshot: Snapshot, *, readable: bool = True, unnested: str = ""
) -> Memberships:
    """Return what changes in the members of each group.

    ``readable``: the service shows members. Otherwise an exact list is refused for new groups too,
    since a second run could not apply it. So are groups as members if ``unnested`` says why they
    cannot be.

    A reference that finds nothing is collected in ``missing``. One that finds two resources is a
    problem, never a guess.
    """
    gathering = _Gathering(targets, snapshot, readable, unnested)
    gathering.gather()
    return gathering.settled()


def in_brackets(reasons: Iterable[str]) -> str:
    """Return reasons in brackets, empty if there are none."""
    said = "; ".join(sorted(filter(None, set(reasons))))
    return f" ({said})" if said else ""


class _Gathering:
    """Collects what all targets want of each group, then settles each group."""

    def __init__(self, targets: Targets, snapshot: Snapshot, readable: bool, unnested: str) -> None:
        self.readable = readable
        self.unnested = unnested
        self.targets = targets
        self.snapshot = snapshot
        self.groups: dict[Key, Gathered] = {}
        self.adopted: dict[Key, Target] = {}
        self.named: set[Key] = set()
        self.sets_groups: dict[Key, set[Key]] = {}
        self.hiding: list[Key] = []
        self.missing: dict[Reference, None] = {}
        self.problems: list[str] = []
        self.known: dict[Reference, Target | None] = {}
        self.deleted = [one for one in targets.every if one.desired.state == "absent"]
        self.further = FurtherGroups()

    def gather(self) -> None:
        """Collect first from groups, then from users."""
        for target in self.targets.of(GROUP.name):
            if target.desired.members:
                self._gather_group(target)
            if target.desired.team is not None and target.desired.team.onboarded:
                self._gather_further(target.key, target.desired.team)
        for target in self.targets.of(USER.name):
            if target.desired.groups and target.will_exist:
                self._gather_user(target)

    def _of(self, target: Target) -> Gathered:
        return self.groups.setdefault(target.key, Gathered(target))

    def _gather_group(self, target: Target) -> None:
        gathered = self._of(target)
        exactly = exact_list(target.desired.members)
        if exactly is not None:
            gathered.exactly = self._keys(exactly)
        for members in target.desired.members:
            gathered.listed = gathered.listed | self._keys(members.add)
            gathered.remove.update(self._keys(members.remove, ignore_mentioned=True))
            gathered.release.update(self._keys(members.release, optional=True))
        joining = gathered.joining
        if self.unnested:
            self._refuse_groups(target.desired, joining | gathered.leaving)
        for other in self.deleted:
            if other.key in joining:
                self.problems.append(
                    f"{other.desired.text} is to be deleted but is listed as a member of "
                    f"{target.desired.text}"
                )

    def _refuse_groups(self, group: Desired, members: Iterable[Key]) -> None:
        """Refuse groups as members where no run would find them again."""
        names = [self.targets.name(one, self.snapshot) for one in members if one.kind == GROUP.name]
        if names:
            self.problems.append(
                f"{group.text}: {self.unnested}, so these cannot join or leave it: "
                f"{', '.join(sorted(names)[:SHOWN])}; leave them out, and name their users instead"
            )

    def _gather_further(self, key: Key, team: Team) -> None:
        """Collect the further groups of an onboarded team that exist."""
        found = []
        for references in (team.gives, team.ends):
            groups = filter(None, map(self._adopt, sorted(references)))
            found.append(frozenset(self._of(group).target.key for group in groups))
        self.further.gives[key], self.further.ends[key] = found

    def _keys(
        self,
        references: frozenset[Reference],
        *,
        optional: bool = False,
        ignore_mentioned: bool = False,
    ) -> Set[Key]:
        """Return the key of each reference.

        Those that do not exist are missing, unless they are ``optional``, or the input itself is
        about them and they only need not be there (``ignore_mentioned``).
        """
        unsure = []
        keys = set()
        settled, others = self.targets.settled_keys(references)
        for reference in others:
            found = self.targets.resolve(reference, self.snapshot)
            if len(found) == 1:
                keys.add(found[0])
            else:
                unsure.append(reference)
        for reference in sorted(unsure):
            found = self.targets.resolve(reference, self.snapshot)
            if found:
                self.problems.append(self._ambiguous(reference, found))
            elif not optional and not (ignore_mentioned and self.targets.mentions(reference)):
                self.missing[reference] = None
        return settled | keys

    def _ambiguous(self, reference: Reference, found: list[Key]) -> str:
        names = sorted(f"'{self.snapshot.name(key)}' (id {key.id})" for key in found)
        noun = reference.kind.lower()
        return f"{reference} matches {len(found)} {noun}s: {', '.join(names)}"

    def _gather_user(self, target: Target) -> None:
        key, asked = target.key, target.desired.groups
        for group in self._referred(asked, "release", optional=True):
            group.release.add(key)
            group.given.add(key)
        for group in self._referred(asked, "joining"):
            group.add.add(key)
        for group in self._referred(asked, "remove"):
            group.remove.add(key)
        exactly = exact_list(asked)
        if exactly is not None:
            self._leave_others(target, exactly)

    def _referred(
        self, asked: Iterable[Members], part: str, *, optional: bool = False
    ) -> Iterator[Gathered]:
        """Yield what is gathered for each group that one part of a user's groups names."""
        references: set[Reference] = set()
        for members in asked:
            references |= getattr(members, part)
        for reference in sorted(references):
            group = self._adopt(reference)
            if group is not None:
                yield self._of(group)
            elif not optional:
                self.missing[reference] = None

    def _leave_others(self, target: Target, exactly: Iterable[Reference]) -> None:
        """Make a user leave every group that the user's exact list does not name."""
        kept = set()
        for reference in sorted(exactly):
            group = self._adopt(reference)
            if group is not None:
                kept.add(group.key)
        others = []
        for key in dict.fromkeys([*self.groups, *self.snapshot.keys(GROUP)]):
            if key not in kept:
                others.append(key)
        if target.resource is not None:
            self._refuse_unreadable(target, others)
        for key in others:
            self.sets_groups.setdefault(key, set()).add(target.key)
            if self._is_in(target.key, key):
                reference = Reference(key.kind, "id", key.id)
                group = self._target_of(key, reference, "id")
                self._of(group).remove.add(target.key)

    def _refuse_unreadable(self, target: Target, groups: list[Key]) -> None:
        unreadable = {}
        for key in groups:
            if self.snapshot.get(key) is not None and self.snapshot.members(key) is None:
                unreadable[self.snapshot.name(key)] = self.snapshot.why_unseen(key)
        if unreadable:
            names = ", ".join(sorted(unreadable)[:SHOWN])
            self.problems.append(
                f"{target.desired.text}: the members of {names}{in_brackets(unreadable.values())} "
                "cannot be read, so groups cannot be set; add or remove groups instead"
            )

    def _is_in(self, user: Key, group: Key) -> bool:
        """Return whether a user is in a group now, or is to join it.

        Of a group that shows no members, the user's own entry may say so.
        """
        gathered = self.groups.get(group)
        if gathered is not None and user in gathered.joining:
            return True
        members = self.snapshot.members(group)
        return user in members if members else self.snapshot.names_group(user, group)

    def _adopt(self, reference: Reference) -> Target | None:
        """Return the target of a group that is referred to, made if there is none.

        Return None if there is no such group.
        """
        if reference not in self.known:
            self.known[reference] = self._find(reference)
        target = self.known[reference]
        if target is not None:
            self.named.add(target.key)
        return target

    def _find(self, reference: Reference) -> Target | None:
        target = self.targets.at(reference.key)
        if target is not None:
            return target
        found = match(of_group(reference), self.snapshot)
        if found.problem:
            self.problems.append(found.problem)
        if found.resource is None:
            return self.targets.formerly(reference)
        return self._target_of(key_of(GROUP, found.resource), reference, found.matched_by)

    def _target_of(self, key: Key, reference: Reference, matched_by: str | None) -> Target:
        """Return the target of a group of the service, made if there is none."""
        target = self.targets.get(key) or self.adopted.get(key)
        if target is None:
            target = Target(of_group(reference), self.snapshot.get(key), matched_by, key)
            self.adopted[key] = target
        return target

    def settled(self) -> Memberships:
        """Return the change of each group."""
        changes = self._changes()
        unmanaged: dict[Key, Set[Key]] = {}
        deleted = {one.key for one in self.deleted}
        for key, change in changes.items():
            gathered = self.groups[key]
            if gathered.target.desired.members:
                stay = change.known - set(change.leaves)
                unmanaged[key] = stay - gathered.joining - deleted
        self.problems += _cycles(changes, self.targets, self.snapshot)
        return Memberships(
            changes=changes,
            unmanaged=unmanaged,
            adopted=tuple(self.adopted.values()),
            unlisted=frozenset(self.adopted.keys() - self.named),
            missing=tuple(self.missing),
            problems=tuple(self.problems),
            named=self._named(),
            hiding=tuple(self.hiding),
        )

    def _changes(self) -> dict[Key, MembershipChange]:
        """Return the change of each group that has one.

        Those of onboarded teams come first, since they end memberships in other groups.
        """
        found = {key: self._settle(self.groups[key]) for key in self.further.gives}
        teams = {key: change for key, change in found.items() if change is not None}
        for key, users in self.further.ended(teams).items():
            self.groups[key].ended = users
        self.problems += self._unreadable_teams(teams)
        changes = {}
        for key, gathered in self.groups.items():
            change = teams.get(key) if key in found else self._settle(gathered)
            if change is not None:
                changes[key] = change
        return changes

    def _unreadable_teams(self, teams: Mapping[Key, MembershipChange]) -> Iterator[str]:
        """Yield a sentence for each team that may keep unknown users in a group."""
        for key, group in self.further.unreadable(teams):
            name = self.targets.name(key, self.snapshot)
            further = self.targets.name(group, self.snapshot)
            yield (
                f"the members of team '{name}' cannot be read{self._why(key)}, so it is not known "
                f"who stays in group '{further}'; leave it out of the groups of teams, and name "
                "its members"
            )

    def _named(self) -> dict[Key, Set[Key]]:
        """Return the members that the input names, by group.

        Users that lose a further group are named by its team.
        """
        found: dict[Key, Set[Key]] = {key: frozenset(one) for key, one in self.sets_groups.items()}
        for key, gathered in self.groups.items():
            named = gathered.joining | gathered.leaving
            found[key] = found.get(key, NO_USERS) | named
        return found

    def _settle(self, gathered: Gathered) -> MembershipChange | None:
        """Return the change of one group, None if there is none or a problem forbids it."""
        desired = gathered.target.desired
        if desired.state == "absent":
            if gathered.joining:
                self.problems.append(f"{desired.text} is to be deleted but members are to join it")
            return None
        if gathered.target.resource is None and not desired.creates:
            names_members = bool(desired.members) and desired.team is None
            if gathered.joining or names_members:
                self.missing[Reference(GROUP.name, *desired.keys[0])] = None
            return None
        for key in sorted(gathered.remove & gathered.joining):
            name = self.snapshot.name(key)
            self.problems.append(f"'{name}' is listed both to join and to leave {desired.text}")
        change = self._compared(gathered)
        if change is not None:
            self._refuse_shared_ids(gathered, change)
        return change

    def _compared(self, gathered: Gathered) -> MembershipChange | None:
        """Return the difference between the wanted members and the current ones."""
        group = gathered.target
        current = self.snapshot.members(group.key) if group.resource is not None else NO_USERS
        seen: Set[Key] = frozenset()
        if current is None:
            seen = self.snapshot.seen_members(group.key)
        claimed = frozenset[Key]()
        if not current:
            claimed = self._claimed(gathered)
        if claimed:
            # Users say that they are in the group, so it does not show its members.
            current = None
            self.hiding.append(group.key)
        if (current is None or not self.readable) and gathered.exactly is not None:
            self.problems.append(
                f"{group.desired.text}{self._why(group.key)}: its members cannot be read, so an "
                "exact list cannot be applied; add or remove members instead"
            )
            return None
        if current is None and gathered.ended - gathered.joining - claimed - seen:
            self.problems.append(
                f"{group.desired.text}: its members cannot be read{self._why(group.key)}, so it is "
                "not known whether users that leave a team leave it too; leave it out of the "
                "groups of the team, or make the membership of the team additive"
            )
        return self._difference(gathered, current, claimed | seen, all_known=not seen)

    def _why(self, group: Key) -> str:
        """Return why the members of a group cannot be read, in brackets."""
        return in_brackets([self.snapshot.why_unseen(group)])

    def _claimed(self, gathered: Gathered) -> frozenset[Key]:
        """Return the users whose own entries name a group (RFC 7643 section 4.1.2)."""
        found = set()
        for key in gathered.joining | gathered.leaving:
            if self.snapshot.names_group(key, gathered.target.key):
                found.add(key)
        return frozenset(found)

    def _difference(
        self,
        gathered: Gathered,
        current: Set[Key] | None,
        claimed: Set[Key],
        *,
        all_known: bool,
    ) -> MembershipChange:
        """Return who joins and who leaves.

        Unless it is known of every named user whether they are in, all named ones leave.
        """
        known = current or claimed
        joining = gathered.joining
        named = gathered.remove | (gathered.release - joining)
        unlisted: Set[Key] = frozenset()
        if gathered.exactly is not None:
            surplus = known - joining - gathered.remove - gathered.release
            unlisted = self._without_excepted(gathered.target, surplus)
        ended = (gathered.ended & known) - joining - gathered.remove - gathered.release - unlisted
        if all_known and (current is not None or claimed):
            named = named & known
        joins = _in_order(joining - known)
        leaves = _in_order(unlisted | ended | named)
        names = {key: self.targets.name(key, self.snapshot) for key in (*joins, *leaves)}
        return MembershipChange(
            current=current,
            joins=joins,
            leaves=leaves,
            unlisted=unlisted | ended,
            given=ended | gathered.given,
            names=names,
            spelling=self.snapshot.listed_as(gathered.target.key),
        )

    def _without_excepted(self, group: Target, keys: Set[Key]) -> Set[Key]:
        """Return the members that the team does not except.

        A member that was not read is known by its id only.
        """
        team = group.desired.team
        if team is None or not team.excepted:
            return keys
        found = set()
        for key in keys:
            if team.excepted.isdisjoint(_known_by(key, self.snapshot)):
                found.add(key)
        return frozenset(found)

    def _refuse_shared_ids(self, gathered: Gathered, change: MembershipChange) -> None:
        """Refuse a member that a request could not name: a user and a group have its id."""
        present = change.known | set(change.joins)
        for key in (*change.joins, *change.leaves):
            is_group = key.kind == GROUP.name
            other = Key(USER.name if is_group else GROUP.name, key.id)
            if other in present or (is_group and self.snapshot.get(other) is not None):
                mine = f"{key.kind.lower()} '{self.snapshot.name(key)}'"
                theirs = f"{other.kind.lower()} '{self.snapshot.name(other)}'"
                self.problems.append(
                    f"{mine} and {theirs} have the same id {key.id} on this service, so a request "
                    "cannot say which of them is meant as a member of "
                    f"{gathered.target.desired.text}"
                )


def _in_order(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Return members in the order in which requests name them.

    The order is by id, for users and groups alike.
    """
    return tuple(sorted(keys, key=lambda key: (key.id, key.kind)))


def _known_by(user: Key, snapshot: Snapshot) -> Iterator[str]:
    """Yield what the input may call a user that it excepts."""
    resource = snapshot.get(Key(USER.name, user.id)) or {}
    yield user.id
    yield from values(resource, "externalId")
    for path in ("userName", EMAIL):
        for value in values(resource, path):
            yield folded(USER, path, value)


def _cycles(
    changes: Mapping[Key, MembershipChange], targets: Targets, snapshot: Snapshot
) -> Iterator[str]:
    """Yield a sentence for each group that would come to contain itself.

    Only joins of this plan are looked at.
    """

    def inside(group: Key) -> frozenset[Key]:
        change = changes.get(group)
        members = change.after if change is not None else snapshot.members(group)
        return frozenset(key for key in members or () if key.kind == GROUP.name)

    def reaches(start: Key, goal: Key) -> bool:
        waiting, seen = [start], {start}
        while waiting:
            group = waiting.pop()
            if group == goal:
                return True
            nested = inside(group) - seen
            waiting += sorted(nested)
            seen |= nested
        return False

    for group, change in changes.items():
        for joined in change.joins:
            if joined.kind == GROUP.name and reaches(joined, group):
                name = targets.name(group, snapshot)
                via = targets.name(joined, snapshot)
                yield f"group '{name}' would contain itself through '{via}'"
