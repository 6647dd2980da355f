# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one path: read, plan, judge, apply, verify. Single modules, memberships, directories and the role all go through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.key import Key
from .._model.errors import ScimError, all_of
from .._model.schema import USER
from .._plan.change import Change
from .._plan.desired import Desired, Reference
from .._plan.guard import Guard
from .._plan.leavers import Policy
from .._plan.plan import Plan, make_plan
from .._plan.purge import Purge
from .._plan.questions import Question, questions
from .._plan.requests import foretold
from .._plan.snapshot import Snapshot
from .apply import apply_change
from .failures import Failure, Failures, OnError
from .read import list_all, own_account, read
from .run import Run
from .service import Service
from .verify import Done


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """How to converge. The defaults are those of a single module: nothing is judged, nothing purged, a failure ends it.

    ``names``: who leaves a group is read, so that plan and protection know people by name.
    ``ignore_missing``: references that name nobody are left out instead of forbidding everything; ``instead`` is what else a
    sentence about a removal of nobody may advise.
    ``own_account``: before the first removal of a user it is asked whose credentials these are.
    """

    guard: Guard = Guard()
    policy: Policy = Policy()
    purge: Purge = Purge()
    on_error: OnError = OnError()
    verify: str = "removals"
    names: bool = False
    ignore_missing: bool = False
    instead: str = ""
    own_account: bool = False


@dataclass(kw_only=True, slots=True)
class Outcome:
    """What a run planned and did. What was done before a failure stays done and is told; ``not_tried`` is what was left."""

    plan: Plan
    snapshot: Snapshot
    check: bool
    done: list[Done] = field(default_factory=list)
    operations: list[dict[str, Any]] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    names: dict[Key, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    not_tried: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    interrupted: bool = False

    @property
    def error(self) -> ScimError | None:
        """What ended a run that a single failure ends: an interruption, else the first failure."""
        if self.interrupted:
            return ScimError(
                f"interrupted after {len(self.done)} of {len(self.plan.changes)} changes"
            )
        return self.failures[0].error if self.failures else None

    @property
    def changed(self) -> bool:
        """Whether the service was changed or, in check mode, would be."""
        return bool(self.plan.changes) if self.check else any(one.changed for one in self.done)

    def named(self, ident: str) -> str:
        """What people call the resource of an id, or of a ``bulkId:``; what is renamed keeps its old name here, as in check mode."""
        return self.names.get(self.snapshot.member(ident)) or self.snapshot.name(
            self.ids.get(ident, ident)
        )


def converge(
    service: Service, wishes: Sequence[Desired], *, check: bool, rules: Rules = Rules()
) -> Outcome:
    """Make the service as the wishes say, or with ``check`` only say what would be done.

    Raises ScimError, with every reason, before the first write. Failures during the writes are ``Outcome.failures``.
    """
    snapshot = Snapshot()
    read(
        service,
        snapshot,
        lambda: questions(
            wishes, snapshot, service.capabilities, rules.policy, rules.purge, names=rules.names
        ),
    )
    plan = make_plan(wishes, snapshot, service.capabilities, rules.policy, rules.purge)
    if rules.guard.wants_total(plan, snapshot):
        list_all(service, snapshot, Question(kind=USER))
        plan = make_plan(wishes, snapshot, service.capabilities, rules.policy, rules.purge)
    guard, notes = _knowing_itself(service, plan, rules)
    if guard.own and any(
        guard.is_own(snapshot.get(one.kind, one.ident))
        for one in plan.changes
        if one.reason == "purge"
    ):
        sparing = replace(
            rules.purge,
            spared=lambda kind, one: (
                rules.purge.spared(kind, one) or kind is USER and guard.is_own(one)
            ),
        )
        plan = make_plan(wishes, snapshot, service.capabilities, rules.policy, sparing)
    judged = guard.reasons(plan, snapshot)
    if judged and guard.unnamed(plan, snapshot):
        list_all(service, snapshot, Question(kind=USER))
        judged = guard.reasons(plan, snapshot)
    reasons = [*plan.problems, *judged]
    reasons += (
        _emptied(plan) if rules.ignore_missing else [] if check else _nobody(plan, rules.instead)
    )
    if reasons:
        raise all_of(reasons)
    outcome = Outcome(
        plan=plan,
        snapshot=snapshot,
        check=check,
        notes=[*plan.notes, *notes],
        names={one.key: one.name for one in plan.changes},
    )
    if check:
        outcome.operations = [
            request.shown for request in foretold(plan.changes, service.capabilities)
        ]
    else:
        _apply(service, outcome, rules)
    return outcome


def only_leaving(plan: Plan) -> list[Reference]:
    """Those of the missing who are named in removals only: a removal of nobody changes nothing, and nobody is going to create them for it."""
    parts = [
        part
        for claim in plan.claims.every
        for part in (
            *claim.wish.members,
            *((claim.wish.groups,) if claim.wish.groups is not None else ()),
        )
    ]
    joining = {one.key for part in parts for one in (part.only or frozenset()) | part.add}
    joining |= {
        one.key
        for claim in plan.claims.every
        for one in (*claim.wish.links.values(), *claim.wish.further)
    }
    leaving = {one.key for part in parts for one in part.remove} - joining
    return [one for one in plan.missing if one.key in leaving]


def _nobody(plan: Plan, instead: str) -> list[str]:
    """The sentences about references that name nobody."""
    leaving = only_leaving(plan)
    needed = [str(one) for one in plan.missing if one not in leaving]
    found = (
        [f"there is no {', no '.join(needed)}; create what is missing first, or correct the names"]
        if needed
        else []
    )
    if leaving:
        found.append(
            f"there is no {', no '.join(map(str, leaving))}, named only in a removal; correct the names, or leave out what was deleted{instead}"
        )
    return found


def _emptied(plan: Plan) -> list[str]:
    """Groups that would lose everybody because nobody of the list that is to be in them exists: that is a wrong list, not an order."""
    missing = {one.key for one in plan.missing}
    exact = [
        (one, frozenset().union(*(part.only or frozenset() for part in one.claim.wish.members)))
        for one in plan.members.groups.values()
    ]
    return [
        f"nobody of the members stated for {one.claim.wish.text} exists, and without them it would be empty; correct the names, or state an empty list"
        for one, named in exact
        if named
        and one.held
        and not one.after
        and all(reference.key in missing for reference in named)
    ]


def _knowing_itself(service: Service, plan: Plan, rules: Rules) -> tuple[Guard, list[str]]:
    """The guard with the account of these credentials, asked for where a user is to be removed; a note where it cannot be known."""
    removes = any(
        one.kind.name == USER.name and one.verb in ("deactivate", "delete") for one in plan.changes
    )
    if not (rules.own_account and removes):
        return replace(rules.guard, own=service.account if rules.own_account else frozenset()), []
    own = own_account(service)
    note = "the account of these credentials cannot be told; if it is a user of this service, state it in protect.users"
    heeded = own or rules.guard.users or rules.guard.tests.get(USER.name)
    return replace(rules.guard, own=own), [] if heeded else [note]


def _apply(service: Service, outcome: Outcome, rules: Rules) -> None:
    run = Run(service=service, snapshot=outcome.snapshot, verify=rules.verify, ids=outcome.ids)
    failures = Failures()
    changes = outcome.plan.changes
    for number, planned in enumerate(changes):
        if service.interrupted:
            outcome.interrupted = True
            outcome.not_tried += changes[number:]
            break
        one, without = failures.feasible(planned)
        if without:
            outcome.not_tried.append(planned)
        if one.verb == "keep":
            continue
        claim = outcome.plan.claims.index.get((one.kind.name, "id", one.ident))
        try:
            done = apply_change(run, one, claim.wish if claim is not None else None)
        except ScimError as problem:
            failures.add(planned, problem)
            if failures.end(rules.on_error, len(changes)):
                outcome.not_tried += changes[number + 1 :]
                break
            continue
        outcome.done.append(done)
        outcome.operations += done.operations
    outcome.failures = failures.found
