# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a plan may be carried out: protection and thresholds.

A plan is judged before the first write. Knows no request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._model.flat import boolean
from .._model.key import Key
from .._model.schema import GROUP, USER, ResourceType
from .change import Change
from .matchers import Matchers
from .memberships import SHOWN, Memberships
from .policy import Policy
from .questions import Question, Questions
from .snapshot import Snapshot
from .targets import Targets

REMOVED = {"deactivate": "deactivated", "delete": "deleted"}
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

    ``targets`` are in the states that departures gave them. ``removes_inactive``: the service
    removes users that are deactivated, so that each counts. ``obscured`` are the paths of which it
    shows other values of inactive users.
    """

    changes: Sequence[Change]
    targets: Targets
    memberships: Memberships
    snapshot: Snapshot
    policy: Policy
    matchers: Matchers
    removes_inactive: bool = False
    obscured: frozenset[str] = frozenset()

    def question(self) -> Questions | None:
        """Return what must still be known before the plan can be judged, None if nothing.

        That is the number of active users where it decides, the account of the credentials before
        the first removal of a user, and the names of users that a refusal would call by their ids.
        """
        users_listed = self.snapshot.listed(USER) is not None
        is_refused = bool(self.snapshot.refusal(USER))
        if not users_listed and self._depends_on_users():
            # Leavers keep their accounts if it is refused. What still depends on it then fails.
            return Questions(asked=(Question(kind=USER, optional=not is_refused),))
        if not self.snapshot.account_asked and self._may_remove_account():
            return Questions(account=True)
        if users_listed or is_refused:
            return None
        if self._has_unknown_names() and any(self.refusals()):
            return Questions(asked=(Question(kind=USER, optional=True),))
        return None

    def refusals(self) -> Iterator[str]:
        """Yield every sentence that forbids the plan."""
        for change in self.changes:
            yield from self._protected(change)
        for count in self._counts():
            if self._is_exceeded(count):
                yield self._refusal(count)

    def notes(self) -> Iterator[str]:
        """Yield what must be said about the account of the credentials."""
        is_safe = bool(self.snapshot.account) or self.matchers.protects_any(USER)
        if not is_safe and self._may_remove_account():
            yield (
                "the account of these credentials is not known; if it is a user of this service, "
                "add it to protect.users"
            )

    def _may_remove_account(self) -> bool:
        """Return whether users are removed and the account of the credentials must stay."""
        if not self.policy.knows_itself:
            return False
        for change in self.changes:
            if change.key.kind == USER.name and change.verb in REMOVED:
                return True
        return False

    def _depends_on_users(self) -> bool:
        for count in self._counts():
            if count.threshold in NEEDS_USERS and self._is_exceeded(count):
                return True
        return False

    def _has_unknown_names(self) -> bool:
        """Return whether users that leave, or lose, a group are known by their ids only."""
        keys: set[Key] = set()
        for change in self.changes:
            keys |= change.moves.unlisted
            if change.key.kind == GROUP.name and change.verb == "delete":
                keys |= self._members(change.key)
        return not all(map(self.snapshot.has, keys))

    def _members(self, group: Key) -> Set[Key]:
        return self.snapshot.members(group) or frozenset()

    def _protected(self, change: Change) -> Iterator[str]:
        """Yield a sentence for each protected resource that is removed, also from a group."""
        if change.verb in REMOVED:
            done = REMOVED[change.verb]
            yield from self._guarded(change.kind, change.key, change.text, done)
        for key in change.leaves:
            if key.kind == USER.name:
                text = f"user '{self.snapshot.name(key)}'"
                yield from self._guarded(USER, key, text, f"removed from {change.text}")

    def _guarded(self, kind: ResourceType, key: Key, text: str, done: str) -> Iterator[str]:
        resource = self.snapshot.get(key)
        if self.matchers.protects(kind, resource):
            yield f"{text} is protected and would be {done}"
        elif self.matchers.keeps_account(kind) and self.snapshot.is_account(resource):
            yield f"{text} is the account of these credentials and would be {done}"

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
        active = self._active_users()
        removed = self._names(self._is_removed)
        noun = "active users would be deactivated or deleted"
        yield Count("users_removed", removed, active, noun)
        purged = self._names(_is_purged_group)
        groups = sum(1 for one in self.snapshot.opened(GROUP) if self.matchers.in_scope(GROUP, one))
        yield Count("groups_removed", purged, groups, "groups would be deleted")
        yield from self._membership_counts()
        yield from self._identity_counts(active)

    def _names(self, test: Callable[[Change], bool]) -> list[str]:
        """Return the names of the changes for which a test holds, sorted."""
        found: dict[Key, str] = {}
        for change in self.changes:
            if test(change):
                found[change.key] = change.name
        return sorted(found.values())

    def _identity_counts(self, active: int) -> Iterator[Count]:
        matched = creatable = self.targets.unchanged_users
        for target in self.targets.of(USER.name):
            if target.resource is not None and target.desired.state == "present":
                matched += 1
            if target.desired.creates:
                creatable += 1
        renamed = self._names(self._changes_identity)
        noun = "users would change their identity"
        yield Count("identities_changed", renamed, matched, noun, active)
        created = self._names(_creates_user)
        yield Count("users_created", created, creatable, "users would be created")

    def _changes_identity(self, change: Change) -> bool:
        """Return whether an update changes what identifies a user.

        That is the user name, the external id or the primary e-mail address, if it was there
        before. What the service obscures of an inactive user shows nothing.
        """
        if change.key.kind != USER.name or change.verb not in ("update", "deactivate"):
            return False
        unknown = self.obscured if change.old.get("active") is False else frozenset[str]()
        changed = set(change.paths) - unknown
        for path in ("userName", "externalId"):
            if path in changed and change.old.get(path):
                return True
        if "emails" not in changed:
            return False
        primary = _primary(change.old)
        return primary not in ("", _primary(change.new))

    def _membership_counts(self) -> Iterator[Count]:
        sizes: dict[Key, int] = {}
        for key, membership in self.memberships.changes.items():
            sizes[key] = len(membership.known)
        every: list[str] = []
        of_groups = []
        for change in self.changes:
            ended = change.moves.unlisted
            if ended:
                names = sorted(map(self.snapshot.name, ended))
                noun = f"members would leave group '{change.name}'"
                size = sizes.get(change.key, 0)
                of_groups.append(Count("members_removed_per_group", names, size, noun))
            if _is_purged_group(change):
                ended = self._members(change.key)
                sizes[change.key] = len(ended)
            for key in ended:
                every.append(f"{self.snapshot.name(key)} in {change.name}")
        total = sum(sizes.values())
        yield Count("memberships_removed", sorted(every), total, "memberships would end")
        yield from of_groups

    def _active_users(self) -> int:
        settled = self.matchers.settled(self.snapshot.archive)
        count = settled.active
        for user in self.snapshot.opened(USER):
            if self.matchers.in_scope(USER, user) and boolean(user.get("active")) is not False:
                count += 1
        return count

    def _is_removed(self, change: Change) -> bool:
        """Return whether an active user is removed without being asked for.

        Neither the user's state nor that of the team says so.
        """
        if change.key.kind != USER.name or change.verb not in REMOVED:
            return False
        if change.old.get("active") is False:
            return False
        if self.removes_inactive and change.verb == "deactivate":
            return True
        if change.reason == "stated":
            target = self.targets.get(change.key)
            return target is not None and target.desired.state == "present"
        return change.reason in ("leaver", "purge")


def _is_purged_group(change: Change) -> bool:
    if change.key.kind != GROUP.name or change.verb != "delete":
        return False
    return change.reason == "purge"


def _creates_user(change: Change) -> bool:
    return change.key.kind == USER.name and change.verb == "create"


def _primary(flat: Mapping[str, Any]) -> str:
    """Return the primary e-mail address; a single one counts as primary."""
    entries: Sequence[Mapping[str, Any]] = flat.get("emails") or ()
    for entry in entries:
        if len(entries) == 1 or entry.get("primary"):
            return str(entry.get("value") or "")
    return ""
