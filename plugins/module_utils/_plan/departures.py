# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resources go without being listed: leavers and purged resources.

Knows no request and no threshold. The result depends on no order. What cannot be
read keeps a user active: no user is deactivated on a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from .._model.errors import first_of
from .._model.flat import boolean
from .._model.key import Key
from .._model.schema import GROUP, KINDS, USER, ResourceType
from .._model.user_keys import NO_USERS, united
from .._provider.capabilities import Capabilities
from .cut_groups import are_hidden, groups_in_doubt, is_told
from .desired import ANY, of_key
from .hidden_members import NONE_SHOWN, listed_otherwise, silent_groups
from .matchers import Headcount, Matchers
from .member_rows import direct_groups
from .memberships import SHOWN, Memberships, in_brackets
from .policy import Policy
from .questions import Resource
from .snapshot import Snapshot, key_of
from .targets import Target, Targets
from .value_index import values

MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Departure:
    """One resource that goes: the state that it gets, and why.

    ``state`` is ``inactive`` or ``absent``, ``reason`` is ``leaver``, ``offboarded`` or ``purge``.
    """

    key: Key
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Departures:
    """The resources that go, by key, and what was found on the way.

    ``still`` are the names of the groups that keep a user active after the user left every team.
    ``scope`` counts what a purge looked at, by the plural of the kind.
    """

    every: Mapping[Key, Departure] = field(default_factory=dict)
    still: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    scope: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def reason(self, key: Key) -> str:
        """Return why a resource changes: ``stated`` unless it goes."""
        departure = self.every.get(key)
        return departure.reason if departure is not None else "stated"

    def purged(self, key: Key) -> bool:
        """Return whether a resource is purged."""
        return self.reason(key) == "purge"

    def targets(self, snapshot: Snapshot, targets: Targets) -> Iterator[Target]:
        """Yield a target for each resource that goes, in the state that it gets."""
        for departure in self.every.values():
            kind = KINDS[departure.key.kind]
            target = targets.get(departure.key)
            if target is None:
                desired = of_key(kind, departure.key)
                target = Target(desired, snapshot.get(departure.key), "id", departure.key)
            yield replace(target, desired=replace(target.desired, state=departure.state))


def candidates(
    targets: Targets, memberships: Memberships, snapshot: Snapshot, policy: Policy
) -> dict[Key, str]:
    """Return the users that leave a managed team, each with the reason.

    The reason is ``offboarded`` if the team is offboarded, else ``leaver``. Users in an onboarded
    team are none, nor are those that already are what the policy makes of leavers.
    """
    if policy.leavers == "keep":
        return {}
    found = leaving_users(targets, memberships, snapshot)
    return {key: why for key, why in found.items() if not _is_settled(key, snapshot, policy)}


def leaving_users(targets: Targets, memberships: Memberships, snapshot: Snapshot) -> dict[Key, str]:
    """Return the users that leave a managed team for no other one, with the reason."""
    staying: Set[Key] | None = None
    found: dict[Key, str] = {}
    for target in targets.of(GROUP.name):
        team = target.desired.team
        if team is None:
            continue
        listed: set[Key] = set()
        for reference in team.listed:
            listed.update(targets.resolve(reference, snapshot))
        leaving = listed.union(memberships.of(target.key).leaves)
        if leaving and staying is None:
            staying = _onboarded_members(targets, memberships)
        for key in sorted(leaving - (staying or NO_USERS)):
            if key.kind != USER.name:
                continue
            found.setdefault(key, "leaver")
            if key in listed and not team.onboarded:
                found[key] = "offboarded"
    return found


def _onboarded_members(targets: Targets, memberships: Memberships) -> Set[Key]:
    staying = []
    for target in targets.of(GROUP.name):
        team = target.desired.team
        if team is not None and team.onboarded:
            staying.append(memberships.of(target.key).after)
    return united(staying)


def _is_settled(user: Key, snapshot: Snapshot, policy: Policy) -> bool:
    """Return whether nothing is left to do for a leaver.

    It does not exist yet, or is inactive as it should be.
    """
    if user.id.startswith("bulkId:"):
        return True
    return policy.leavers == "inactive" and _is_inactive(snapshot.get(user))


def is_nameless(kind: ResourceType, key: Key, snapshot: Snapshot) -> bool:
    """Return whether a resource was read whole and without a name.

    So nobody can tell whether the input has it.
    """
    resource = None if snapshot.is_partial(key) else snapshot.get(key)
    return resource is not None and not values(resource, kind.name_attribute)


def _is_inactive(user: Resource | None) -> bool:
    return user is not None and boolean(user.get("active")) is False


def is_set_by_input(target: Target | None) -> bool:
    """Return whether the input says more of a user than that they leave."""
    if target is None:
        return False
    return target.desired.state != ANY or "active" in target.desired.content.attributes


def find_departures(
    targets: Targets,
    memberships: Memberships,
    snapshot: Snapshot,
    policy: Policy,
    matchers: Matchers,
    capabilities: Capabilities,
) -> Departures:
    """Return the leavers and the purged resources of a task.

    A purge goes before what leavers get.
    """
    leavers = _Leavers(targets, memberships, snapshot, policy, matchers, capabilities)
    left = leavers.find()
    if not any(policy.purges(kind) != "none" for kind in KINDS):
        return left
    return _Purge(targets, memberships, snapshot, policy, matchers).find(left)


@dataclass(slots=True)
class _Leavers:
    """Finds the leavers: users that left every team and are in no group any more."""

    targets: Targets
    memberships: Memberships
    snapshot: Snapshot
    policy: Policy
    matchers: Matchers
    capabilities: Capabilities
    notes: list[str] = field(default_factory=list)

    def find(self) -> Departures:
        """Return the leavers.

        A user of which the input says more than that keeps what is set.
        """
        found = candidates(self.targets, self.memberships, self.snapshot, self.policy)
        found = {key: why for key, why in found.items() if not self._is_kept_by_input(key)}
        if not found:
            return Departures(notes=tuple(self.notes))
        groups, unreadable = self._groups_after()
        problem = self._unlisted_groups() or _unreadable_groups(unreadable)
        silent = silent_groups(self.memberships, self.snapshot, self.capabilities)
        if not problem and are_hidden(silent, self.snapshot):
            problem = NONE_SHOWN
        if problem:
            self._keep(found, problem)
            return Departures(notes=tuple(self.notes))
        judged = self._judged(self._known(found), groups)
        return self._unseen(judged) if silent else judged

    def _unseen(self, left: Departures) -> Departures:
        """Return leavers with a note, since they may be in groups that show no members."""
        names = sorted(self.snapshot.name(key) for key in left.every)
        if not names:
            return left
        note = f"{NONE_SHOWN}, so these leavers may be in others: {first_of(names, MOST_KEPT)}"
        return replace(left, notes=(*left.notes, note))

    def _unlisted_groups(self) -> str:
        """Return why the list of all groups proves nothing, empty if it does."""
        if self.snapshot.listed(GROUP):
            return ""
        refusal = self.snapshot.refusal(GROUP)
        if refusal:
            return f"the groups of the service could not be listed ({refusal})"
        return "the groups of the service could not be listed completely"

    def _keep(self, leavers: Iterable[Key], problem: str) -> None:
        """Note the leavers that cannot be judged. They keep their accounts."""
        names = []
        for key in leavers:
            is_gone = not self.snapshot.has(key) and self.snapshot.knows(USER, "id", key.id)
            if not is_gone:
                names.append(self.snapshot.name(key))
        if not names:
            return
        done = "deleted" if self.policy.leavers == "absent" else "deactivated"
        shown = first_of(sorted(names), MOST_KEPT)
        self.notes.append(f"{problem}, so no leaver is {done}: {shown}")

    def _known(self, leavers: Mapping[Key, str]) -> dict[Key, str]:
        """Return the leavers that were read, and note those that cannot be."""
        refused: dict[str, list[Key]] = {}
        known: dict[Key, str] = {}
        nameless: list[Key] = []
        for key, reason in leavers.items():
            refusal = self.snapshot.refusal(USER, key.id)
            if is_nameless(USER, key, self.snapshot):
                nameless.append(key)
            elif self.snapshot.has(key):
                known[key] = reason
            elif refusal:
                refused.setdefault(refusal, []).append(key)
        for refusal, keys in refused.items():
            self._keep(keys, f"these users could not be read ({refusal})")
        self._keep(nameless, "these users were read without a user name")
        unlisted = self.snapshot.refusal(USER)
        if unlisted:
            # Without the number of all users no threshold can allow what the input implies.
            judged = [key for key, reason in known.items() if reason == "leaver"]
            self._keep(judged, f"the users of the service could not be listed ({unlisted})")
            known = {key: why for key, why in known.items() if key not in judged}
        return known

    def _judged(
        self, leavers: Mapping[Key, str], groups: Sequence[tuple[str, Set[Key]]]
    ) -> Departures:
        """Return which leavers go, and which stay active in one of the groups."""
        every: dict[Key, Departure] = {}
        still: dict[Key, tuple[str, ...]] = {}
        untold: list[Key] = []
        in_doubt = self._in_doubt()
        aliases = listed_otherwise(leavers, groups, self.snapshot)
        for key, reason in leavers.items():
            keeping = self._own_groups(key)
            for name, members in groups:
                if key in members:
                    keeping.add(name)
            if keeping:
                still[key] = tuple(sorted(keeping))
            elif key in aliases:
                self._keep([key], aliases[key])
            elif in_doubt and not is_told(key, in_doubt, self.snapshot):
                untold.append(key)
            else:
                every[key] = Departure(key, self.policy.leavers, reason)
        self._keep(untold, _unproven_groups(in_doubt.values()))
        return Departures(every=every, still=still, notes=tuple(self.notes))

    def _in_doubt(self) -> dict[Key, str]:
        """Return the names of groups that may have members which they do not show."""
        in_doubt = groups_in_doubt(self.memberships, self.snapshot, self.capabilities)
        kept = (key for key in in_doubt if not self.targets.deletes(key))
        names = {key: self.targets.name(key, self.snapshot) for key in kept}
        return {key: one for key, one in names.items() if not self.matchers.ignores_group(one)}

    def _is_kept_by_input(self, key: Key) -> bool:
        """Return whether the input says more of a user than that they leave."""
        target = self.targets.get(key)
        if target is None or not is_set_by_input(target):
            return False
        desired = target.desired
        if desired.state == "present" and "active" not in desired.content.attributes:
            name = self.snapshot.name(key)
            self.notes.append(
                f"{name} left every team but is not treated as a leaver, because "
                f"{desired.source} sets {desired.text}"
            )
        return True

    def _groups_after(self) -> tuple[list[tuple[str, Set[Key]]], dict[str, str]]:
        """Return the groups that keep a leaver active, and those that cannot be read.

        The former are (name, members after the plan), the latter the reasons by name, if known.
        """
        readable = []
        unreadable: dict[str, str] = {}
        for key in dict.fromkeys([*self.memberships.changes, *self.snapshot.keys(GROUP)]):
            name = self.targets.name(key, self.snapshot)
            if self.targets.deletes(key) or self.matchers.ignores_group(name):
                continue
            change = self.memberships.of(key)
            members = self.snapshot.members(key)
            if change.current is not None:
                members = change.after
            if members is None:
                unreadable[name] = self.snapshot.why_unseen(key)
            else:
                readable.append((name, members))
        return readable, unreadable

    def _own_groups(self, user: Key) -> set[str]:
        """Return the groups that a user's own entry names and this plan does not touch.

        The list of groups may hide members, or cut them.
        """
        found: set[str] = set()
        for ident, display in direct_groups(self.snapshot.get(user)).items():
            key = Key(GROUP.name, ident)
            if key in self.memberships.changes or self.targets.deletes(key):
                continue
            is_known = self.snapshot.get(key) is not None
            name = self.snapshot.name(key) if is_known else display
            if not self.matchers.ignores_group(name):
                found.add(name)
        return found


def _unreadable_groups(reasons: Mapping[str, str]) -> str:
    """Return what is wrong with groups that cannot be read, empty if there are none."""
    if not reasons:
        return ""
    names = ", ".join(sorted(reasons)[:SHOWN])
    return f"the members of {names} cannot be read{in_brackets(reasons.values())}"


def _unproven_groups(groups: Iterable[str]) -> str:
    """Return what is wrong with groups that may have members which they do not show."""
    return (
        f"{first_of(sorted(groups), SHOWN)} may have more members than shown (if the service "
        "shows all members, set capabilities: {members_limit: 0})"
    )


@dataclass(slots=True)
class _Purge:
    """Finds what the service has and the input does not, within the scope.

    Nothing is purged because of a list that is not proven complete, of an empty input, or where
    fewer than half of the active users in scope were matched: then it is the wrong service, or the
    wrong roster.
    """

    targets: Targets
    memberships: Memberships
    snapshot: Snapshot
    policy: Policy
    matchers: Matchers
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scope: dict[str, dict[str, int]] = field(default_factory=dict)

    def find(self, left: Departures) -> Departures:
        """Return the leavers with everything that is purged."""
        every = dict(left.every)
        named = self._named()
        for kind in KINDS.values():
            if self.policy.purges(kind.name) != "none" and self._may_purge(kind):
                for key in self._surplus(kind, named, left):
                    every[key] = self._departure(key, left)
        return replace(
            left,
            every=every,
            still={key: groups for key, groups in left.still.items() if key not in every},
            scope=self.scope,
            problems=tuple(self.problems),
            notes=(*left.notes, *self.notes),
        )

    def _departure(self, key: Key, left: Departures) -> Departure:
        """Return the departure of a purged resource. Deleting goes before deactivating."""
        leaver = left.every.get(key)
        is_deleted = leaver is not None and leaver.state == "absent"
        if is_deleted or self.targets.deletes(key):
            return Departure(key, "absent", "purge")
        return Departure(key, self.policy.purges(key.kind), "purge")

    def _named(self) -> set[Key]:
        """Return what the input refers to as member, manager or group.

        The input has it, so it is no surplus.
        """
        found: set[Key] = set()
        for target in self.targets.every:
            for reference in target.desired.references:
                found.update(self.targets.resolve(reference, self.snapshot))
        return found

    def _may_purge(self, kind: ResourceType) -> bool:
        noun = kind.name.lower()
        if not self.snapshot.listed(kind):
            came = self.snapshot.came(kind)
            brought = f" ({came})" if came else ""
            self.problems.append(
                f"purge: the list of all {noun}s is not complete{brought}, so it does not show "
                "what the input lacks"
            )
            return False
        settled = self.targets.unchanged_users if kind.name == USER.name else 0
        if not settled and not any(
            one.desired.state == "present" for one in self.targets.of(kind.name)
        ):
            self.problems.append(
                f"purge: the input has no {noun}s, which would remove all {noun}s of the service"
            )
            return False
        return True

    def _surplus(self, kind: ResourceType, named: set[Key], left: Departures) -> Iterator[Key]:
        """Yield what is in scope, not in the input and not protected."""
        noun = kind.name.lower()
        ours = [one for one in self.snapshot.opened(kind) if self.matchers.in_scope(kind, one)]
        settled = Headcount(0, 0)
        if kind.name == USER.name:
            settled = self.matchers.settled(self.snapshot.archive)
        in_scope = len(ours) + settled.in_scope
        self.scope[f"{noun}s"] = {"in_scope": in_scope, "all": self.snapshot.count(kind)}
        if not in_scope:
            self.notes.append(
                f"purge: none of the {noun}s of the service are in scope, so none are purged"
            )
        if kind.name == USER.name:
            self._refuse_few_matches(ours, left, settled.active)
        nameless = []
        protected = 0
        for one in ours:
            key = key_of(kind, one)
            if not self._is_surplus(key, named):
                continue
            if is_nameless(kind, key, self.snapshot):
                nameless.append(key.id)
            elif self._is_protected(kind, one):
                protected += 1
            else:
                yield key
        if nameless:
            shown = first_of(sorted(nameless), SHOWN)
            self.notes.append(f"purge: {noun}s that were read without a name stay: {shown}")
        if protected:
            self.notes.append(
                f"purge: protected {noun}s that are not in the input stay: {protected}"
            )

    def _is_surplus(self, key: Key, named: set[Key]) -> bool:
        """Return whether the input lacks a resource, and no other one has its id."""
        return not (key in named or self._is_in_input(key) or key in self.snapshot.twins)

    def _is_in_input(self, key: Key) -> bool:
        return self.targets.get(key) is not None and key not in self.memberships.unlisted

    def _is_protected(self, kind: ResourceType, resource: Resource) -> bool:
        if self.matchers.protects(kind, resource):
            return True
        if not (self.matchers.keeps_account(kind) and self.snapshot.is_account(resource)):
            return False
        # An inactive account is left to the purge: deactivating it changes nothing.
        return self.policy.purges(kind.name) == "absent" or not _is_inactive(resource)

    def _refuse_few_matches(self, ours: Sequence[Resource], left: Departures, settled: int) -> None:
        """Refuse the purge if it is the wrong service, or the wrong roster.

        ``settled`` are active users that are as desired already.
        """
        active = matched = settled
        for user in ours:
            if _is_inactive(user):
                continue
            active += 1
            key = key_of(USER, user)
            if self.targets.get(key) is not None or key in left.every:
                matched += 1
        if matched * 2 < active:
            self.problems.append(
                f"purge: only {matched} of {active} active users in scope are in the input; "
                "check server_url and that the roster is complete"
            )
