# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what is desired and known to a plan, or to what must still be asked.

Works in stages, is pure and knows no HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .._model.characters import unseen
from .._model.key import Key
from .._model.schema import USER
from .._provider.abilities import (
    ends_by_deactivation,
    obscured_paths,
    shows_groups_in_groups,
    shows_members,
    takes_groups_in_groups,
)
from .._provider.capabilities import Capabilities
from .change import Missing, Plan, Subject
from .changes import Changes, find_changes, needed_but_deleted
from .cut_groups import may_have_more
from .decorated_names import decorated_notes, decorated_problems
from .departures import Departures, find_departures
from .desired import Desired, LookUp, Reference, exact_list
from .hidden_members import unseen_leaves
from .judge import Judge
from .limits import Limits, groups_refused, limits_of, purge_refused
from .lookalikes import confusable_names, hidden_characters, replaced_lookalikes
from .matchers import Matchers
from .memberships import Memberships, settle_memberships
from .nested_names import group_question, names_of_groups
from .open_questions import (
    Wanted,
    first_questions,
    for_groups,
    membership_questions,
    wanted_of_groups,
)
from .order import Ordered, ordered
from .policy import Policy
from .proof import proof_questions, resting
from .questions import Questions
from .renames import find_renames, leave_out
from .snapshot import Snapshot
from .strangers import removed_strangers
from .targets import Target, Targets, match_targets
from .twins import touched, twin_notes, twin_problems, twin_questions
from .unknown_members import doubtful_joins, refused_leaves
from .witnesses import stranger_notes, stranger_problems, uncertain, witness_questions


def draft(
    desired: Sequence[Desired], snapshot: Snapshot, policy: Policy, capabilities: Capabilities
) -> Questions | Plan:
    """Return the plan that makes the service as desired, or what must be read.

    Pure: the same input gives the same plan, in any order of the input. Stages, in order: questions
    about the input, targets, questions about what was not found, memberships, questions about
    members, departures, changes, questions about lists on which the plan rests, order, questions of
    the judge, the question about Schemas. Called again with what was read until it returns a plan.
    Raise ScimError for a filter or expression of the policy with a mistake.
    """
    refusal = groups_refused(desired, policy, capabilities)
    refusal = refusal or purge_refused(policy, capabilities)
    if refusal:
        return Plan(refusals=(refusal,))
    wanted = wanted_of_groups(desired, capabilities, policy)
    if asked := first_questions(desired, snapshot, policy, wanted):
        return Questions(asked=asked)
    targets = match_targets(desired, snapshot, capabilities)
    asked = twin_questions(targets.twins, snapshot)
    asked = asked or witness_questions(desired, targets, snapshot, capabilities)
    if asked:
        return Questions(asked=tuple(for_groups(one, wanted) for one in asked))
    return _staged(targets, snapshot, policy, capabilities, wanted)


def _staged(
    targets: Targets,
    snapshot: Snapshot,
    policy: Policy,
    capabilities: Capabilities,
    wanted: Wanted,
) -> Questions | Plan:
    """Return the plan, or what the first stage that is not answered asks."""
    matchers = Matchers(policy)
    readable = shows_members(capabilities)
    unnested = _why_not_nested(capabilities)
    memberships = settle_memberships(targets, snapshot, readable=readable, unnested=unnested)
    targets = targets.plus(memberships.adopted)
    if wanted.members and readable:
        asked = membership_questions(targets, memberships, snapshot, policy, wanted, capabilities)
        if asked:
            return Questions(asked=asked)
    departures = find_departures(targets, memberships, snapshot, policy, matchers, capabilities)
    renames = find_renames(targets, memberships, departures, snapshot)
    targets, memberships, departures = leave_out(renames, targets, memberships, departures)
    targets = targets.plus(departures.targets(snapshot, targets))
    memberships = _without_purged(memberships, departures)
    changes = find_changes(targets, memberships, departures, snapshot, capabilities)
    rests = resting(targets, departures, (*changes.missing, *memberships.missing))
    asked = proof_questions(rests, wanted, snapshot, capabilities)
    asked = asked or twin_questions(touched(targets, changes.every, snapshot), snapshot)
    if asked:
        return Questions(asked=asked)
    order = ordered(changes.every, targets)
    judge = Judge(tuple(order.changes), targets, memberships, snapshot, policy, matchers)
    judge = _informed(judge, capabilities)
    if question := judge.question() or group_question(memberships.missing, snapshot, policy):
        return question
    limits = limits_of(judge.changes, capabilities)
    stages = (targets, memberships, departures, changes, order, snapshot, policy)
    plan = replace(_Drafted(*stages, limits, capabilities).plan(judge), renames=renames)
    if changes.asks_schemas and not plan.refusals:
        return Questions(schemas=True)
    return plan


def _why_not_nested(capabilities: Capabilities) -> str:
    """Return why groups cannot be members of groups, empty if they can."""
    if not takes_groups_in_groups(capabilities):
        return "the service takes users only as members of groups"
    if not shows_groups_in_groups(capabilities):
        return "the service does not show which groups are members of a group"
    return ""


def _informed(judge: Judge, capabilities: Capabilities) -> Judge:
    """Return a judge that knows what the service does with inactive users."""
    obscured = frozenset(obscured_paths(capabilities, USER.name))
    return replace(judge, removes_inactive=ends_by_deactivation(capabilities), obscured=obscured)


def _without_purged(memberships: Memberships, departures: Departures) -> Memberships:
    """Return the memberships without those of groups that are purged."""
    kept = {
        key: change for key, change in memberships.changes.items() if not departures.purged(key)
    }
    return replace(memberships, changes=kept)


@dataclass(frozen=True, slots=True)
class _Drafted:
    """The results of all stages, to be joined into a plan."""

    targets: Targets
    memberships: Memberships
    departures: Departures
    changes: Changes
    order: Ordered
    snapshot: Snapshot
    policy: Policy
    limits: Limits
    capabilities: Capabilities

    def plan(self, judge: Judge) -> Plan:
        """Return the plan, judged."""
        missing = self._missing(removes_inactive=judge.removes_inactive)
        emptied = (
            tuple(self._groups_emptied_by_missing(missing)) if self.policy.ignore_missing else ()
        )
        notes = (
            *self.departures.notes,
            *self.changes.notes,
            *self.order.notes,
            *doubtful_joins(self.memberships, self.targets, self.snapshot),
            *confusable_names(self.targets, self.snapshot),
            *stranger_notes(self.targets, self.snapshot),
            *decorated_notes(self.targets, self.snapshot),
            *self.limits.notes,
            *twin_notes(self._twins, self.snapshot),
        )
        forbidden = tuple(judge.refusals())
        return Plan(
            steps=self.order.steps,
            subjects=tuple(self._subject(target) for target in self.targets.every),
            unchanged=self.changes.unchanged,
            not_saved=self.changes.not_saved,
            unsure_names=self.changes.unsure,
            refusals=(*self._problems(missing), *forbidden, *emptied),
            forbidden=forbidden,
            missing_refusals=() if self.policy.ignore_missing else self._refused(missing),
            missing=missing,
            notes=notes,
            remarks=(*self.changes.remarks, *judge.notes()),
            unseen_leaves=tuple(
                unseen_leaves(self.memberships, self.targets, self.snapshot, self.capabilities)
            ),
            unmanaged=dict(self._unmanaged()),
            still_member={
                self.snapshot.name(key): groups for key, groups in self.departures.still.items()
            },
            scope=self.departures.scope,
            emptied=tuple(sorted(self._emptied())),
        )

    @property
    def _twins(self) -> frozenset[Key]:
        """Return the ids of several resources that the plan rests on."""
        return touched(self.targets, self.changes.every, self.snapshot)

    def _problems(self, missing: Missing) -> Iterator[str]:
        """Yield the sentences about the input and about what the service holds."""
        yield from twin_problems(self._twins, self.snapshot)
        yield from hidden_characters(self.order.changes, self.targets, missing.every)
        yield from replaced_lookalikes(
            self.targets, self.memberships, self.departures, self.snapshot
        )
        yield from self.departures.problems
        yield from needed_but_deleted(self.targets, self.snapshot)
        yield from self.changes.problems
        yield from self.targets.problems
        yield from stranger_problems(self.targets, self.snapshot)
        yield from removed_strangers(self.targets, self.changes.every, self.snapshot)
        yield from decorated_problems(self.targets, self.memberships, self.snapshot)
        yield from uncertain(self.targets, self.snapshot)
        yield from self.memberships.problems
        yield from refused_leaves(self.memberships, self.targets, self.snapshot)
        yield from self.order.problems
        yield from self.limits.problems

    def _subject(self, target: Target) -> Subject:
        membership = self.memberships.changes.get(target.key)
        shown = frozenset[Key]() if membership is None else membership.current or frozenset()
        return Subject(
            key=target.key,
            matched_by=target.matched_by,
            exists=target.resource is not None,
            membership=membership,
            unmanaged=self.memberships.unmanaged.get(target.key, frozenset()),
            may_have_more=may_have_more(shown, self.snapshot, self.capabilities),
        )

    def _unmanaged(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield (group name, names of members) for members that no input names.

        Only members that stay are among them.
        """
        for key in self.memberships.changes:
            members = self.memberships.unmanaged.get(key, frozenset())
            if not members:
                continue
            names = []
            for member in members:
                if not self.departures.purged(member):
                    names.append(self._name(member))
            yield self._name(key), tuple(sorted(names))

    def _emptied(self) -> Iterator[str]:
        for key, change in self.memberships.changes.items():
            if change.empties:
                yield self._name(key)

    def _name(self, key: Key) -> str:
        return self.targets.name(key, self.snapshot)

    def _missing(self, *, removes_inactive: bool) -> Missing:
        """Return the references that find nothing.

        Those in removals only change nothing by themselves. Those to a row that is refused have
        its sentence. ``removes_inactive``: the service removes users that are deactivated.
        """
        refused = self.targets.refused
        members = tuple(one for one in self.memberships.missing if one.key not in refused)
        links = (one for one in self.changes.missing if one.key not in refused)
        every = tuple(dict.fromkeys((*links, *members)))
        only_in_removals = self._only_in_removals()
        needed = []
        removed = []
        for reference in every:
            if reference.key in only_in_removals:
                removed.append(reference)
            else:
                needed.append(reference)
        return Missing(
            needed=tuple(needed),
            removed=tuple(removed),
            members=members,
            groups=tuple(names_of_groups(members, self.targets, self.snapshot)),
            ended=removes_inactive and any(one.kind == USER.name for one in removed),
        )

    def _only_in_removals(self) -> set[LookUp]:
        leaving: set[LookUp] = set()
        for desired in self._desired():
            for members in (*desired.members, *desired.groups):
                leaving.update(one.key for one in members.remove)
        if not leaving:
            return leaving
        joining: set[LookUp] = set()
        for desired in self._desired():
            joining.update(one.key for one in desired.content.links.values())
            for members in (*desired.members, *desired.groups):
                joining.update(one.key for one in members.joining)
        return leaving - joining

    def _desired(self) -> Iterator[Desired]:
        for target in self.targets.every:
            yield target.desired

    def _refused(self, missing: Missing) -> tuple[str, ...]:
        """Return the sentences about references that find nothing."""
        found = []
        # What nobody can see in a name is told already.
        needed = [one for one in missing.needed if not unseen(one.value)]
        if needed:
            names = ", no ".join(map(str, needed))
            found.append(f"there is no {names}; create what is missing first, or correct the names")
        if missing.removed:
            found.append(f"{missing_in_removals(missing.removed)}{self.policy.advice}")
        return (*found, *missing.hints)

    def _groups_emptied_by_missing(self, missing: Missing) -> Iterator[str]:
        """Yield a sentence for each group that would lose all its members by mistake.

        None of the members in its list exist. That is a wrong list, not an order.
        """
        lost = {one.key for one in missing.every}
        for key, change in self.memberships.changes.items():
            target = self.targets.get(key)
            if target is None or not change.current or change.after:
                continue
            named = exact_list(target.desired.members)
            if named and all(one.key in lost for one in named):
                yield (
                    f"none of the members listed for {target.desired.text} exist, so the group "
                    "would be empty; fix the names or set an empty list"
                )


def missing_in_removals(references: Sequence[Reference]) -> str:
    """Return the sentence about missing references that are listed for removal."""
    names = ", ".join(map(str, references))
    if len(references) == 1:
        return f"{names} is listed for removal but does not exist; fix the name or remove the entry"
    return f"{names} are listed for removal but do not exist; fix the names or remove the entries"
