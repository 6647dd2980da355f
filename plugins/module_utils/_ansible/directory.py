# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of scim_directory: a whole directory in one run; knows no AnsibleModule."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._converge.converge import Outcome, Rules, converge
from .._converge.failures import OnError
from .._converge.service import Service
from .._model.errors import ScimError, all_of
from .._model.schema import GROUP, USER
from .._plan.change import row
from .._plan.desired import Desired, folded
from .._plan.guard import Guard, limit, limits
from .._plan.leavers import Policy
from .._plan.purge import Purge, Test
from .._plan.scope import BadFilter, condition
from .hidden import without
from .reading import expression
from .resources import MASK, MASKED, group_wish, team_wish, user_wish
from .work import (
    Result,
    Stopped,
    diffs,
    missing_of,
    not_kept,
    operations,
    pending_members,
    secrets_of,
)

PLAN_ROWS = 200
FAILURES_SHOWN = 5
EXPRESSION = "jmespath:"


def wishes_of(params: Mapping[str, Any]) -> list[Desired]:
    """``users``, ``groups`` and ``teams`` → wishes. Raises ScimError with every fault of every row."""
    exact = params["membership"] == "exact"
    named = params.get("leavers_except") or ()
    spared = frozenset({*named, *(folded(USER, "userName", one) for one in named)})
    wishes: list[Desired] = []
    problems: list[str] = []
    makers: tuple[tuple[str, Any], ...] = (
        ("users", lambda one, place: [user_wish(one, place)]),
        ("groups", lambda one, place: [group_wish(one, place, additive=not exact)]),
        ("teams", lambda one, place: team_wish(one, place, exact=exact, spared=spared)),
    )
    for name, make in makers:
        for number, one in enumerate(params.get(name) or ()):
            try:
                wishes += make(one, f"{name}[{number}]")
            except ScimError as fault:
                problems += [fault.reason, *fault.lines]
    if problems:
        raise all_of(problems)
    if not wishes:
        raise ScimError(
            "there is nothing to do: users, groups and teams are empty",
            hint="state at least one of them",
        )
    return wishes


def rules_of(params: Mapping[str, Any]) -> Rules:
    """The options that say how far a run may go → rules. Raises ScimError for a limit, filter or expression that is none."""
    protect = params.get("protect") or {}
    named = {
        **{f"protect.{kind}": names for kind, names in protect.items()},
        **{option: params.get(option) for option in ("leavers_except", "leavers_ignore_groups")},
    }
    masked = [
        f"{option} {MASKED}"
        for option, names in named.items()
        if any(MASK in one for one in names or ())
    ]
    if masked:
        raise all_of(masked)
    plain = {
        kind: tuple(one for one in protect.get(kind) or () if not one.startswith(EXPRESSION))
        for kind in ("users", "groups")
    }
    tests = {
        kind.name: tuple(
            expression(one.removeprefix(EXPRESSION), f"protect.{option}")
            for one in protect.get(option) or ()
            if one.startswith(EXPRESSION)
        )
        for option, kind in (("users", USER), ("groups", GROUP))
    }
    try:
        thresholds = limits(params.get("thresholds") or {})
        after = limit(params["stop_after_failures"], "stop_after_failures")
    except ValueError as fault:
        raise ScimError(str(fault)) from None
    purge = params.get("purge") or {}
    guard = Guard(users=plain["users"], groups=plain["groups"], tests=tests, thresholds=thresholds)
    rule = Purge(
        users=purge.get("users") or "none",
        groups=purge.get("groups") or "none",
        ours=scope_of(params.get("scope") or {}),
        spared=guard.protects,
    )
    return Rules(
        guard=replace(guard, purge=rule),
        purge=rule,
        on_error=OnError(stop=params["on_error"] == "stop", after=after),
        policy=Policy(
            leavers=params["leavers"],
            ignore_groups=tuple(params.get("leavers_ignore_groups") or ()),
        ),
        verify=params["verify"],
        names=True,
        own_account=True,
    )


def scope_of(stated: Mapping[str, Any]) -> dict[str, Test]:
    """The option ``scope`` → a test for each kind: a SCIM filter and a JMESPath expression, both of which must hold."""
    found: dict[str, Test] = {}
    for option, kind in (("users", USER), ("groups", GROUP)):
        given = stated.get(option) or {}
        tests: list[Test] = []
        if given.get("filter"):
            try:
                tests.append(condition(given["filter"], kind))
            except BadFilter as fault:
                raise ScimError(f"scope.{option}.filter is no valid SCIM filter: {fault}") from None
        if given.get("query"):
            tests.append(expression(given["query"], f"scope.{option}.query"))
        if tests:
            found[kind.name] = _all_of(tuple(tests))
    return found


def _all_of(tests: tuple[Test, ...]) -> Test:
    return lambda resource: all(test(resource) for test in tests)


def manage_directory(params: Mapping[str, Any], service: Service, check: bool) -> Result:
    """scim_directory: options → result."""
    started = time.monotonic()
    outcome = converge(service, wishes_of(params), check=check, rules=rules_of(params))
    result = _result(outcome, service, started)
    if params["return"] == "full":
        result |= {"users": _held(outcome, USER), "groups": _held(outcome, GROUP)}
    if outcome.error is not None:
        raise Stopped(_told(outcome) if outcome.failures else outcome.error, result)
    return result


def _told(outcome: Outcome) -> ScimError:
    """The failures of a run as one error: the first ones in full, and how much was done."""
    said = [str(one.error) for one in outcome.failures[:FAILURES_SHOWN]]
    if len(outcome.failures) > len(said):
        said.append(f"and {len(outcome.failures) - len(said)} more, see failures")
    total = len(outcome.plan.changes)
    left = f"; {len(outcome.not_tried)} were not tried" if outcome.not_tried else ""
    cut = "interrupted; " if outcome.interrupted else ""
    return ScimError(
        f"{cut}{len(outcome.failures)} of {total} changes failed, {len(outcome.done)} were done{left}: {' | '.join(said)}"
    )


def _result(outcome: Outcome, service: Service, started: float) -> Result:
    plan = outcome.plan
    changes = plan.changes if outcome.check else [one.change for one in outcome.done if one.changed]
    silent = (
        {}
        if outcome.check
        else {one.change.name: sorted(one.not_saved) for one in outcome.done if one.not_saved}
    )
    unsent = {one.name: sorted(one.unsaved) for one in plan.every if one.unsaved}
    unsaved = {**unsent, **silent}
    verbs = Counter(
        one.verb
        for one in changes
        if one.paths or one.secrets.attributes or one.verb in ("create", "delete", "deactivate")
    )
    emptied = sorted(
        outcome.snapshot.name(one.claim.key)
        for one in plan.members.groups.values()
        if one.held and not one.after
    )
    every = {(one.kind.name, one.ident) for one in plan.every}
    touched = {(one.kind.name, one.ident) for one in plan.changes}
    warnings = list(outcome.notes)
    warnings += [
        f"{name} left, still in {', '.join(groups)}"
        for name, groups in sorted(plan.still_member.items())
    ]
    warnings += not_kept(unsaved, unsent)
    needed, missing = missing_of(outcome) if outcome.check else (False, [])
    shown = diffs(outcome)
    return {
        "changed": outcome.changed or needed,
        "summary": {
            "created": verbs["create"],
            "updated": verbs["update"],
            "deactivated": verbs["deactivate"],
            "deleted": verbs["delete"],
            "unchanged": len(every - touched),
            "memberships_added": sum(len(one.joins) for one in changes),
            "memberships_removed": sum(len(one.leaves) for one in changes),
            "groups_emptied": len(emptied),
            "unmanaged": sum(len(names) for names in plan.unmanaged.values()),
            "requests": service.session.requests,
            "seconds": round(time.monotonic() - started, 2),
        },
        "plan": [row(one, outcome.named) for one in plan.changes[:PLAN_ROWS]],
        "failures": [
            {
                "kind": one.change.kind.name.lower(),
                "name": one.change.name,
                "status": one.error.status,
                "msg": str(one.error),
            }
            for one in outcome.failures
        ],
        "not_tried": [f"{one.verb} {one.text}" for one in outcome.not_tried[:PLAN_ROWS]],
        "not_saved": unsaved,
        "unmanaged": plan.unmanaged,
        "still_member": plan.still_member,
        "scope": plan.scope,
        "operations": operations(outcome)[:PLAN_ROWS],
        "diff": shown[:PLAN_ROWS]
        + (
            [{"prepared": f"… and {len(shown) - PLAN_ROWS} more"}] if len(shown) > PLAN_ROWS else []
        ),
        "warnings": warnings + missing,
        **({"pending_members": pending_members(outcome)} if outcome.check and plan.missing else {}),
    }


def _held(outcome: Outcome, kind: Any) -> list[dict[str, Any]]:
    """The resources of the input as the service holds them now."""
    idents = [outcome.ids.get(one.ident, one.ident) for one in outcome.plan.claims.of(kind.name)]
    found = (outcome.snapshot.get(kind, ident) for ident in idents)
    return [dict(without(one, secrets_of(outcome))) for one in found if one is not None]
