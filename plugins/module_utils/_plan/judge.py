# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a plan may be carried out: protection and thresholds.

A plan is judged before the first write. Knows no request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._model.flat import boolean
from .._model.key import Key
from .._model.schema import GROUP, USER
from .change import Change
from .matchers import Matchers
from .memberships import SHOWN, Memberships
from .policy import Policy
from .questions import Question, Questions
from .snapshot import Snapshot
from .targets import Targets

NEEDS_USERS = ("users_removed", "identities_changed")


class Count(NamedTuple):
    """What a plan does of one kind of threshold.

    ``names`` are the resources or memberships, out of ``total``. ``noun`` says what happens to
    them. ``kind_size`` is how many of the kind the service has, where ``total`` are only those of
    the input.
    """

    threshold: str
    names: Sequence[str]
    total: int
    noun: str
    kind_size: int | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the changes of a task, given in order.

    ``targets`` are in the states that departures gave them.
    """

    changes: Sequence[Change]
    targets: Targets
    memberships: Memberships
    snapshot: Snapshot
    policy: Policy
    matchers: Matchers

    def question(self) -> Questions | None:
        """Return what must still be known before the plan can be judged, None if nothing.

        That is the number of active users where it decides, the account of the credentials before
        the first removal of a user, and the names of users that a refusal would call by their ids.
        """
        users_listed = self.snapshot.listed(USER) is not None
        every_user = Questions(asked=(Question(kind=USER),))
        if not users_listed and self._depends_on_users():
            return every_user
        if self.policy.knows_itself and not self.snapshot.account_asked and self._removes_users():
            return Questions(account=True)
        if not users_listed and self._has_unknown_names():
            return every_user if any(self.refusals()) else None
        return None

    def refusals(self) -> Iterator[str]:
        """Yield every sentence that forbids the plan."""
        for change in self.changes:
            yield from self._protected(change)
            yield from self._protected_members(change)
        for count in self._counts():
            if self._is_exceeded(count):
                yield self._refusal(count)

    def notes(self) -> Iterator[str]:
        """Yield what must be said about the account of the credentials."""
        if not (self.policy.knows_itself and self._removes_users()):
            return
        if not self.snapshot.account and not self.matchers.protects_any(USER):
            yield (
                "the account of these credentials is not known; if it is a user of this service, "
                "add it to protect.users"
            )

    def _removes_users(self) -> bool:
        return any(
            one.key.kind == USER.name and one.verb in ("deactivate", "delete")
            for one in self.changes
        )

    def _depends_on_users(self) -> bool:
        counts = (one for one in self._counts() if one.threshold in NEEDS_USERS)
        return any(self._is_exceeded(one) for one in counts)

    def _has_unknown_names(self) -> bool:
        """Return whether users that leave, or lose, a group are known by their ids only."""
        keys: set[Key] = set()
        for change in self.changes:
            if change.membership is not None:
                keys |= change.membership.unlisted
            if change.key.kind == GROUP.name and change.verb == "delete":
                keys |= self.snapshot.members(change.key) or frozenset()
        return any(self.snapshot.get(key) is None for key in keys)

    def _is_own(self, user: Mapping[str, Any] | None) -> bool:
        return self.policy.knows_itself and self.snapshot.is_account(user)

    def _protected(self, change: Change) -> Iterator[str]:
        done = {"deactivate": "deactivated", "delete": "deleted"}.get(change.verb)
        if done is None:
            return
        resource = self.snapshot.get(change.key)
        if self.matchers.protects(change.kind, resource):
            yield f"{change.text} is protected and would be {done}"
        elif change.key.kind == USER.name and self._is_own(resource):
            yield f"{change.text} is the account of these credentials and would be {done}"

    def _protected_members(self, change: Change) -> Iterator[str]:
        for key in change.leaves:
            user = self.snapshot.get(key) if key.kind == USER.name else None
            text = f"user '{self.snapshot.name(key)}'"
            if self.matchers.protects(USER, user):
                yield f"{text} is protected and would be removed from {change.text}"
            elif self._is_own(user):
                yield (
                    f"{text} is the account of these credentials and would be removed from "
                    f"{change.text}"
                )

    def _is_exceeded(self, count: Count) -> bool:
        limit = self.policy.thresholds.get(count.threshold)
        if limit is None:
            return False
        return limit.exceeded(len(count.names), count.total, count.kind_size)

    def _refusal(self, count: Count) -> str:
        number = len(count.names)
        limit = self.policy.thresholds[count.threshold]
        shown = ", ".join(count.names[:SHOWN])
        more = ", …" if number > SHOWN else ""
        return (
            f"{count.threshold}: {number} of {count.total} {count.noun} (limit {limit}): "
            f"{shown}{more}; to allow it set thresholds.{count.threshold} to {number}"
        )

    def _counts(self) -> Iterator[Count]:
        """Yield what the plan does of each kind of threshold, in the order of THRESHOLDS.

        Without thresholds there is nothing to count.
        """
        if not self.policy.thresholds:
            return
        users = [one for one in self.changes if one.key.kind == USER.name]
        active = self._active_users()
        removed = sorted(one.name for one in users if self._is_removed(one))
        noun = "active users would be deactivated or deleted"
        yield Count("users_removed", removed, active, noun)
        deleted = [one for one in self.changes if _is_purged_group(one)]
        groups = [
            one for one in self.snapshot.everything(GROUP) if self.matchers.in_scope(GROUP, one)
        ]
        names = sorted(one.name for one in deleted)
        yield Count("groups_removed", names, len(groups), "groups would be deleted")
        yield from self._membership_counts(deleted)
        yield from self._identity_counts(users, active)

    def _identity_counts(self, users: Sequence[Change], active: int) -> Iterator[Count]:
        renamed = sorted(one.name for one in users if _changes_identity(one))
        matched = self._matched_users()
        noun = "users would change their identity"
        yield Count("identities_changed", renamed, matched, noun, active)
        created = sorted(one.name for one in users if one.verb == "create")
        asked = [one for one in self.targets.of(USER.name) if one.desired.creates]
        yield Count("users_created", created, len(asked), "users would be created")

    def _membership_counts(self, deleted: Sequence[Change]) -> Iterator[Count]:
        sizes: dict[Key, int] = {}
        for key, membership in self.memberships.changes.items():
            sizes[key] = len(membership.current or ())
        ended: list[str] = []
        for change in self.changes:
            ended += self._endings(change, _unlisted(change))
        for change in deleted:
            members = self.snapshot.members(change.key) or frozenset()
            sizes[change.key] = len(members)
            ended += self._endings(change, members)
        noun = "memberships would end"
        yield Count("memberships_removed", sorted(ended), sum(sizes.values()), noun)
        for change in self.changes:
            unlisted = _unlisted(change)
            if unlisted:
                names = sorted(map(self.snapshot.name, unlisted))
                noun = f"members would leave group '{change.name}'"
                size = sizes.get(change.key, 0)
                yield Count("members_removed_per_group", names, size, noun)

    def _endings(self, change: Change, members: frozenset[Key]) -> list[str]:
        return [f"{self.snapshot.name(key)} in {change.name}" for key in members]

    def _active_users(self) -> int:
        count = 0
        for one in self.snapshot.everything(USER):
            if boolean(one.get("active")) is not False and self.matchers.in_scope(USER, one):
                count += 1
        return count

    def _matched_users(self) -> int:
        count = 0
        for target in self.targets.of(USER.name):
            if target.resource is not None and target.desired.state == "present":
                count += 1
        return count

    def _is_removed(self, change: Change) -> bool:
        """Return whether an active user is removed without being asked for.

        Neither the user's state nor that of the team says so.
        """
        if change.verb not in ("deactivate", "delete"):
            return False
        if (change.before or {}).get("active") is False:
            return False
        if change.reason == "stated":
            target = self.targets.get(change.key)
            return target is not None and target.desired.state == "present"
        return change.reason in ("leaver", "purge")


def _unlisted(change: Change) -> frozenset[Key]:
    return change.membership.unlisted if change.membership is not None else frozenset()


def _is_purged_group(change: Change) -> bool:
    return change.key.kind == GROUP.name and change.verb == "delete" and change.reason == "purge"


def _changes_identity(change: Change) -> bool:
    """Return whether an update changes what identifies a user.

    That is the user name, the external id or the primary e-mail address, if it was there before.
    """
    before, after = change.before, change.after
    if before is None or after is None or change.verb not in ("update", "deactivate"):
        return False
    for path in ("userName", "externalId"):
        if path in change.paths and before.get(path) and before[path] != after.get(path):
            return True
    primary = _primary(before)
    return "emails" in change.paths and bool(primary) and primary != _primary(after)


def _primary(flat: Mapping[str, Any]) -> str:
    """Return the primary e-mail address; a single one counts as primary."""
    entries: Sequence[Mapping[str, Any]] = flat.get("emails") or ()
    for entry in entries:
        if entry.get("primary"):
            return str(entry.get("value") or "")
    return str(entries[0].get("value") or "") if len(entries) == 1 else ""
