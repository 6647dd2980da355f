# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of the modules for one user, one group, one group's members: parameters in, result out; knows no AnsibleModule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .._converge.converge import Outcome, Rules, converge, only_leaving
from .._converge.service import Service
from .._model.flat import APART, unflatten
from .._model.errors import ScimError, all_of
from .._model.schema import GROUP
from .._plan.change import Change, before_after
from .._plan.desired import Desired, Members, Reference
from .any_resource import resource_wish
from .hidden import masked, masked_request, secret_paths, without
from .resources import MEMBER_KEYS, Faults, group_wish, key_option, references, user_wish

Result = dict[str, Any]


class Stopped(Exception):
    """A run that a failure stopped midway: the error, and what had been done by then."""

    def __init__(self, error: ScimError, result: Result) -> None:
        super().__init__(str(error))
        self.error = error
        self.result = result


def manage_user(params: Mapping[str, Any], service: Service, check: bool) -> Result:
    """scim_user: options → result."""
    wish = user_wish(params)
    outcome = converge(service, [wish], check=check, rules=Rules(verify=params["verify"]))
    return {
        **common(outcome, wish),
        "user": subject(outcome, wish),
        **_pending_of_user(outcome, wish),
    }


def manage_group(params: Mapping[str, Any], service: Service, check: bool) -> Result:
    """scim_group: options → result."""
    wish = group_wish(params)
    outcome = converge(service, [wish], check=check, rules=Rules(verify=params["verify"]))
    pending = pending_members(outcome)
    return {
        **common(outcome, wish),
        "group": subject(outcome, wish),
        **({"pending_members": pending} if pending else {}),
    }


def manage_resource(params: Mapping[str, Any], service: Service, check: bool) -> Result:
    """scim_resource: options → result."""
    wish = resource_wish(params)
    outcome = converge(service, [wish], check=check)
    return {**common(outcome, wish), "resource": subject(outcome, wish)}


def manage_membership(params: Mapping[str, Any], service: Service, check: bool) -> Result:
    """scim_group_membership: options → result. A group that does not exist is an error, in check mode a warning."""
    faults = Faults()
    key = "group" if params.get("group") is not None else "group_id"
    faults.text(key, params[key], key=True)
    named = references(params["members"], faults, "members", MEMBER_KEYS)
    if faults.found:
        raise all_of(faults.found)
    state = params["state"]
    members = Members(
        only=named if state == "exact" else None,
        add=named if state == "present" else frozenset(),
        remove=named if state == "absent" else frozenset(),
    )
    path = GROUP.name_attribute if key == "group" else "id"
    reference = Reference(GROUP.name, path, params[key])
    wish = Desired(
        kind=GROUP,
        keys=((path, params[key]),),
        state="any",
        members=(members,),
        creates=False,
        method=params["update_method"],
    )
    ignore = params["missing_members"] == "ignore"
    rules = Rules(
        verify=params["verify"], ignore_missing=ignore, instead=", or state missing_members: ignore"
    )
    outcome = converge(service, [wish], check=check, rules=rules)
    claim = outcome.plan.claims.index.get(reference.key)
    if claim is None or claim.resource is None:
        if not check:
            raise ScimError(
                f"there is no {reference}",
                hint="create it first, for example with identity.scim.scim_group",
            )
        result = common(outcome, wish)
        result["warnings"] = [not_yet(reference)]
        return {
            **result,
            "changed": bool(named) and state != "absent",
            "group": None,
            "added": [],
            "removed": [],
            "unmanaged": [],
            "pending_group": str(params[key]),
            "pending_members": sorted(
                one.value for one in outcome.plan.members.missing if one.key != reference.key
            ),
        }
    one = outcome.plan.members.groups[claim.key]
    pending = [] if ignore else pending_members(outcome)
    result = common(outcome, wish)
    if state == "absent" or ignore:
        result["changed"] = outcome.changed  # who does not exist is not in the group either
    if ignore and outcome.plan.missing:
        result["warnings"].append(
            f"left out, since they do not exist: {', '.join(str(one) for one in outcome.plan.missing[:10])}"
        )
    moved = [one] if check else [done.change for done in outcome.done if done.changed]
    return {
        **result,
        "group": subject(outcome, wish),
        "added": sorted(outcome.named(ident) for part in moved for ident in part.joins),
        "removed": sorted(outcome.named(ident) for part in moved for ident in part.leaves),
        "unmanaged": sorted(map(outcome.named, one.unmanaged)),
        **({"pending_members": pending} if pending else {}),
    }


def common(outcome: Outcome, wish: Desired) -> Result:
    """What every module for one resource returns. Raises Stopped when a failure ended the run midway."""
    claim = next((one for one in outcome.plan.claims.every if one.wish.kind is wish.kind), None)
    result: Result = {
        "changed": outcome.changed,
        "operations": operations(outcome),
        "not_saved": not_saved(outcome),
        "matched_by": key_option(claim.matched_by)
        if claim is not None and claim.matched_by
        else None,
        "diff": diffs(outcome),
        "warnings": list(outcome.notes),
    }
    if outcome.error is not None:
        raise Stopped(outcome.error, result)
    if outcome.check:
        needed, warnings = missing_of(outcome)
        result["changed"] = result["changed"] or needed
        result["warnings"] += warnings
    result["warnings"] += not_kept(
        {wish.text: result["not_saved"]},
        {wish.text: {path for one in outcome.plan.every for path in one.unsaved}},
    )
    return result


def not_kept(
    not_saved: Mapping[str, Collection[str]], unsent: Mapping[str, Collection[str]]
) -> list[str]:
    """The warnings about attributes that the service does not hold as stated, by whose they are; ``unsent`` are those that it is known not to keep."""
    found = []
    for name, paths in sorted(not_saved.items())[:20]:
        known = sorted(set(paths) & set(unsent.get(name, ())))
        denied = sorted(set(paths) - set(known))
        found += (
            [f"the service accepted {', '.join(denied)} of {name} and did not keep what was stated"]
            if denied
            else []
        )
        found += (
            [f"{', '.join(known)} of {name} was not sent, as the service is known not to keep it"]
            if known
            else []
        )
    return found


def missing_of(outcome: Outcome) -> tuple[bool, list[str]]:
    """Whether somebody is missing who is to be somewhere, which an earlier task may change, and the warnings of check mode about all who are missing."""
    leaving = only_leaving(outcome.plan)
    warnings = [
        f"there is no {one}, named only in a removal; correct the name, unless an earlier task is about to create it"
        if one in leaving
        else not_yet(one)
        for one in outcome.plan.missing
    ]
    return len(leaving) < len(outcome.plan.missing), warnings


def not_yet(reference: Reference) -> str:
    """The warning of check mode about somebody who does not exist."""
    return f"there is no {reference} yet; an earlier task may be about to create it"


def not_saved(outcome: Outcome) -> list[str]:
    """The SCIM paths that the service is known, or was seen, not to keep as stated."""
    if outcome.check:
        return sorted({path for one in outcome.plan.every for path in one.unsaved})
    return sorted(
        {path for one in outcome.done for path in one.not_saved}
        | {path for one in outcome.plan.kept for path in one.unsaved}
    )


def secrets_of(outcome: Outcome) -> frozenset[str]:
    """The paths that are shown nowhere."""
    return secret_paths(claim.wish for claim in outcome.plan.claims.every)


def operations(outcome: Outcome) -> list[dict[str, Any]]:
    """What was sent or, in check mode, would be, without secrets."""
    paths = secrets_of(outcome)
    return [masked_request(one, paths) for one in outcome.operations]


def diffs(outcome: Outcome) -> list[dict[str, Any]]:
    """The changes in the form of diff mode: in check mode as planned, else as done."""
    changes = (
        outcome.plan.changes
        if outcome.check
        else [one.change for one in outcome.done if one.changed]
    )
    paths = secrets_of(outcome)
    return [
        {
            name: masked(part, paths) if isinstance(part, Mapping) else part
            for name, part in before_after(one, outcome.named).items()
        }
        for one in changes
    ]


def subject(outcome: Outcome, wish: Desired) -> dict[str, Any] | None:
    """The resource that the task is about, as the service holds it or, in check mode, as it would; None: deleted or unknown."""
    claim = next((one for one in outcome.plan.claims.every if one.wish.kind is wish.kind), None)
    if claim is None:
        return None
    planned = next(
        (one for one in outcome.plan.every if one.ident == claim.ident and one.kind is wish.kind),
        None,
    )
    if planned is not None and planned.verb == "delete":
        return None
    resource = outcome.snapshot.get(wish.kind, outcome.ids.get(claim.ident, claim.ident))
    if outcome.check and planned is not None and planned.verb != "keep":
        resource = predicted(planned, resource)
    if resource is None:
        return None
    found = dict(without(resource, secrets_of(outcome)))
    membership = outcome.plan.members.groups.get(claim.key)
    if membership is not None:
        members = (
            outcome.snapshot.members(str(found["id"]))
            if not outcome.check and outcome.done
            else None
        )
        after = membership.after if members is None or _unread(outcome) else members
        found["members"] = [_member(outcome, one) for one in sorted(after, key=outcome.named)]
    return found


def _member(outcome: Outcome, ident: str) -> dict[str, str]:
    value, name = outcome.ids.get(ident, ident), outcome.named(ident)
    return {"value": value} if name == value else {"value": value, "display": name}


def _unread(outcome: Outcome) -> bool:
    """Whether the members were not read again after joins: then they are as planned."""
    return all(not one.change.leaves for one in outcome.done if one.change.kind.name == GROUP.name)


def predicted(change: Change, resource: Mapping[str, Any] | None) -> dict[str, Any]:
    """A resource as it would be after a change that is not made."""
    kept = {name: value for name, value in (resource or {}).items() if name in APART}
    return {**kept, **unflatten(change.after or {}), "id": change.ident}


def pending_members(outcome: Outcome) -> list[str]:
    """The members who do not exist yet, by the value of their reference."""
    return sorted(one.value for one in outcome.plan.members.missing)


def _pending_of_user(outcome: Outcome, wish: Desired) -> Result:
    """What a user refers to and is not there yet, in check mode."""
    links = {reference.key for reference in wish.links.values()}
    managers = [one.value for one in outcome.plan.missing if one.key in links]
    groups = sorted(one.value for one in outcome.plan.missing if one.kind == GROUP.name)
    return {
        **({"pending_manager": managers[0]} if managers else {}),
        **({"pending_groups": groups} if groups else {}),
    }
