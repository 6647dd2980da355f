# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a plan may be carried out: protection and thresholds, judged on the whole plan before the first write; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .._model.directory_options import REMOVALS, THRESHOLDS
from .._model.flat import boolean
from .._model.schema import GROUP, USER, ResourceType
from .change import Change
from .leavers import matches
from .plan import Plan
from .purge import Purge, Test
from .snapshot import Resource, Snapshot

SMALL = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """How many of a kind may change: ``count``, or ``percent`` of all of the kind; neither means no limit."""

    count: int | None = None
    percent: float | None = None

    def exceeded(self, number: int, total: int, kind: int | None = None) -> bool:
        """Whether ``number`` of ``total`` is more than allowed. Up to five pass a percentage while under half of the kind.

        ``kind`` is how many of the kind there are at all, where that is not ``total``.
        """
        if self.count is not None:
            return number > self.count
        if self.percent is None or number == 0:
            return False
        small = (
            self.percent > 0 and number <= SMALL and number * 2 < (total if kind is None else kind)
        )
        return number * 100 > self.percent * total and not small

    def __str__(self) -> str:
        return f"{self.percent:g}%" if self.percent is not None else str(self.count)


class Count(NamedTuple):
    """What a plan does of one kind of threshold: to whom, out of how many, and what they are called.

    ``all`` is how many of the kind the service is known to have, where ``total`` are only those of the input.
    """

    kind: str
    names: list[str]
    total: int
    noun: str
    all: int | None = None


def limit(value: Any, option: str) -> Limit:
    """``20``, ``"20"``, ``"20%"`` or ``"none"`` → Limit. Raises ValueError with one sentence for anything else."""
    text = str(value).strip().lower()
    if text == "none":
        return Limit()
    number = text.removesuffix("%").strip()
    if number.isdecimal() and (not text.endswith("%") or int(number) <= 100):
        return Limit(percent=float(number)) if text.endswith("%") else Limit(count=int(number))
    raise ValueError(f"{option} is a count, a percentage from 0% to 100% or 'none', not '{value}'")


def limits(stated: Mapping[str, Any]) -> dict[str, Limit]:
    """The option ``thresholds`` → a limit for each kind; ``max_removals`` sets the removals that are not stated themselves."""
    given = {name: value for name, value in stated.items() if value is not None}
    general = given.pop("max_removals", None)
    if general is not None:
        given = {**dict.fromkeys(REMOVALS, general), **given}
        limit(general, "thresholds.max_removals")
    return {
        name: limit(given.get(name, default), f"thresholds.{name}")
        for name, (default, _what) in THRESHOLDS.items()
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """What is protected and how much may change. Without thresholds nothing is judged (single modules).

    ``users`` and ``groups`` are names or globs; ``tests`` say the same of a resource of the service in other ways.
    ``own`` are names and ids by which the account of these credentials may be known.
    """

    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    tests: Mapping[str, tuple[Test, ...]] = field(default_factory=dict)
    thresholds: Mapping[str, Limit] = field(default_factory=dict)
    purge: Purge = Purge()
    own: frozenset[str] = frozenset()

    def protects(self, kind: ResourceType, resource: Resource | None) -> bool:
        """Whether a resource of the service is protected, judged on what the service holds of it."""
        if resource is None:
            return False
        name = str(resource.get(kind.name_attribute) or "")
        return matches(name, self.users if kind is USER else self.groups) or any(
            test(resource) for test in self.tests.get(kind.name, ())
        )

    def is_own(self, resource: Resource | None) -> bool:
        """Whether a user is the account of these credentials."""
        return resource is not None and bool(
            self.own
            & {str(resource.get(name) or "") for name in ("id", "userName", "externalId")} - {""}
        )

    def unnamed(self, plan: Plan, snapshot: Snapshot) -> bool:
        """Whether it would be told of people by their ids that they leave, or lose, a group."""
        gone = [one for one in plan.changes if one.kind is GROUP and one.verb == "delete"]
        idents = {ident for one in plan.changes for ident in one.implied} | {
            ident for one in gone for ident in snapshot.members(one.ident) or ()
        }
        return "User" not in snapshot.listed and any(
            snapshot.get(USER, ident) is None and snapshot.get(GROUP, ident) is None
            for ident in idents
        )

    def wants_total(self, plan: Plan, snapshot: Snapshot) -> bool:
        """Whether the number of the service's active users decides, and is not known yet."""
        return "User" not in snapshot.listed and any(
            count.kind in ("users_removed", "identities_changed") and self._is_exceeded(count)
            for count in self._counts(plan, snapshot)
        )

    def reasons(self, plan: Plan, snapshot: Snapshot) -> list[str]:
        """Every sentence that forbids the plan; an empty list allows it."""
        return [*self._protected(plan, snapshot), *self._exceeded(plan, snapshot)]

    def _protected(self, plan: Plan, snapshot: Snapshot) -> Iterator[str]:
        for one in plan.changes:
            resource = snapshot.get(one.kind, one.ident)
            if one.verb in ("deactivate", "delete"):
                done = "deactivated" if one.verb == "deactivate" else "deleted"
                if self.protects(one.kind, resource):
                    yield f"{one.text} is protected and would be {done}"
                elif one.kind is USER and self.is_own(resource):
                    yield f"{one.text} is the account of these credentials and would be {done}"
            for ident in one.leaves:
                user = snapshot.get(USER, ident)
                if self.protects(USER, user):
                    yield f"user '{snapshot.name(ident)}' is protected and would be removed from {one.text}"
                elif self.is_own(user):
                    yield f"user '{snapshot.name(ident)}' is the account of these credentials and would be removed from {one.text}"

    def _exceeded(self, plan: Plan, snapshot: Snapshot) -> Iterator[str]:
        for count in self._counts(plan, snapshot):
            if self._is_exceeded(count):
                shown = ", ".join(count.names[:10]) + (", …" if len(count.names) > 10 else "")
                yield (
                    f"{count.kind}: {len(count.names)} of {count.total} {count.noun} (limit {self.thresholds[count.kind]}): {shown}; "
                    f"to allow it set thresholds.{count.kind} to {len(count.names)}"
                )

    def _is_exceeded(self, count: Count) -> bool:
        allowed = self.thresholds.get(count.kind)
        return allowed is not None and allowed.exceeded(len(count.names), count.total, count.all)

    def _counts(self, plan: Plan, snapshot: Snapshot) -> Iterator[Count]:
        """What the plan does of each kind of threshold."""
        users = [one for one in plan.changes if one.kind.name == "User"]
        active = self._active(snapshot)
        yield Count(
            "users_removed",
            _users_removed(plan),
            active,
            "active users would be deactivated or deleted",
        )
        groups = [one for one in snapshot.everything(GROUP) if self.purge.in_scope(GROUP)(one)]
        gone = [
            one
            for one in plan.changes
            if one.kind is GROUP and one.verb == "delete" and one.reason == "purge"
        ]
        yield Count(
            "groups_removed",
            sorted(one.name for one in gone),
            len(groups),
            "groups would be deleted",
        )
        held = {one.claim.ident: one.held or frozenset() for one in plan.members.groups.values()}
        held |= {one.ident: snapshot.members(one.ident) or frozenset() for one in gone}
        ended = sorted(
            f"{snapshot.name(ident)} in {one.name}" for one in plan.changes for ident in one.implied
        )
        ended += sorted(
            f"{snapshot.name(ident)} in {one.name}" for one in gone for ident in held[one.ident]
        )
        yield Count(
            "memberships_removed",
            ended,
            sum(len(some) for some in held.values()),
            "memberships would end",
        )
        for one in plan.changes:
            if one.implied:
                names = sorted(snapshot.name(ident) for ident in one.implied)
                yield Count(
                    "members_removed_per_group",
                    names,
                    len(held.get(one.ident, ())),
                    f"members would leave group '{one.name}'",
                )
        matched = [
            claim
            for claim in plan.claims.of("User")
            if claim.resource is not None and claim.wish.state == "present"
        ]
        yield Count(
            "identities_changed",
            sorted(one.name for one in users if _identity(one)),
            len(matched),
            "users would change their identity",
            active,
        )
        created = sorted(one.name for one in users if one.verb == "create")
        yield Count(
            "users_created",
            created,
            len([claim for claim in plan.claims.of("User") if claim.wish.creates]),
            "users would be created",
        )

    def _active(self, snapshot: Snapshot) -> int:
        ours = self.purge.in_scope(USER)
        return sum(
            1
            for one in snapshot.everything(USER)
            if boolean(one.get("active")) is not False and ours(one)
        )


def _users_removed(plan: Plan) -> list[str]:
    """The active users who are removed though no state of theirs, or of their team, says so."""
    return sorted(
        one.name
        for one in plan.changes
        if one.kind.name == "User"
        and one.verb in ("deactivate", "delete")
        and _implied(one, plan)
        and (one.before or {}).get("active") is not False
    )


def _implied(one: Change, plan: Plan) -> bool:
    claim = plan.claims.index.get((one.kind.name, "id", one.ident))
    return (
        one.reason in ("leaver", "purge")
        or one.reason == "stated"
        and claim is not None
        and claim.wish.state == "present"
    )


def _identity(one: Change) -> bool:
    """Whether an update changes a user name, an external id or a primary e-mail address that was there before."""
    before, after = one.before, one.after
    if before is None or after is None or one.verb not in ("update", "deactivate"):
        return False
    named = any(
        path in one.paths and before.get(path) and before.get(path) != after.get(path)
        for path in ("userName", "externalId")
    )
    return named or bool(
        "emails" in one.paths and _primary(before) and _primary(before) != _primary(after)
    )


def _primary(flat: Mapping[str, Any]) -> str:
    rows: Sequence[Mapping[str, Any]] = flat.get("emails") or ()
    return str(
        next(
            (row.get("value") for row in rows if row.get("primary")),
            rows[0].get("value") if len(rows) == 1 else "",
        )
        or ""
    )
