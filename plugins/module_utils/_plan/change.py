# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One planned change and the plan, as data; knows no service.

Both can be applied, saved and reported by themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from .._model.flat import Flat
from .._model.key import Key, without
from .._model.merge import differing
from .._model.schema import ResourceType
from .desired import Desired, Reference, Secrets
from .questions import Resource

NO_SECRETS = Secrets()


@dataclass(frozen=True, kw_only=True, slots=True)
class MembershipChange:
    """The change of one group's members.

    ``current`` are its members, None if they could not be read. ``unlisted`` are the leaves that no
    input names, they follow from a complete list. ``given`` are members that leave because a team
    gave the group and they leave that team. ``names`` are the names of those that join or leave.
    ``spelling`` are the ids by which the group lists members, where these are not their own.
    """

    current: Set[Key] | None
    joins: tuple[Key, ...] = ()
    leaves: tuple[Key, ...] = ()
    unlisted: Set[Key] = frozenset()
    given: Set[Key] = frozenset()
    names: Mapping[Key, str] = field(default_factory=dict)
    spelling: Mapping[Key, str] = field(default_factory=dict)

    def listed(self, key: Key) -> str:
        """Return the id by which the group lists a member."""
        return self.spelling.get(key, key.id)

    @property
    def known(self) -> Set[Key]:
        """Return the current members, none if they could not be read."""
        return self.current or frozenset()

    @property
    def after(self) -> Set[Key]:
        """Return the members after the change."""
        if not (self.joins or self.leaves):
            return self.known
        return (self.known | frozenset(self.joins)) - frozenset(self.leaves)

    @property
    def further_leaves(self) -> tuple[Key, ...]:
        """Return the members that leave the group with a team that gave it."""
        return tuple(key for key in self.leaves if key in self.given)

    def without(
        self, *, joins: Collection[Key] = (), leaves: Collection[Key] = ()
    ) -> MembershipChange:
        """Return the change without some of the members that join, and that leave."""
        return replace(
            self,
            joins=without(self.joins, joins),
            leaves=without(self.leaves, leaves),
            unlisted=self.unlisted - frozenset(leaves),
        )

    @property
    def empties(self) -> bool:
        """Return whether the group loses its last member."""
        return bool(self.known and self.leaves and not self.after)


NO_MEMBERS = MembershipChange(current=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What happens to one resource.

    ``desired`` is what was asked, resolved for this resource: links are ids in its attributes, and
    what the service does not keep is left out, so that the same change can be made of the resource
    as it is read again. ``before`` and ``after`` are flat and None if the resource does not exist.
    ``frees`` are the paths whose old value another change takes, ``waits_for`` the resources that
    must have given up a value before. ``received`` is the resource as the service answered it,
    which is where a PUT starts from. ``complete``: it holds every attribute. ``membership`` is None
    for anything but a group. ``reason`` is ``stated``, ``leaver``, ``offboarded`` or ``purge``.
    ``paths`` are the paths at which ``before`` and ``after`` differ; they follow from those two.
    """

    key: Key
    name: str
    desired: Desired
    before: Flat | None
    after: Flat | None
    received: Resource | None = None
    frees: tuple[str, ...] = ()
    waits_for: frozenset[Key] = frozenset()
    complete: bool = True
    membership: MembershipChange | None = None
    reason: str = "stated"
    paths: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        paths: tuple[str, ...] = ()
        if self.after is not None:
            paths = differing(self.kind, self.old, self.after)
        object.__setattr__(self, "paths", paths)

    @property
    def kind(self) -> ResourceType:
        """Return the resource type."""
        return self.desired.kind

    @property
    def secrets(self) -> Secrets:
        """Return the secrets that this change sends.

        They are sent at creation, or always if the input says so.
        """
        if self.after is None:
            return NO_SECRETS
        if self.before is None or self.desired.secrets.always:
            return self.desired.secrets
        return NO_SECRETS

    @property
    def old(self) -> Flat:
        """Return the attributes before, none if the resource does not exist yet."""
        return self.before or {}

    @property
    def new(self) -> Flat:
        """Return the attributes after, none if the resource is deleted."""
        return self.after or {}

    @property
    def moves(self) -> MembershipChange:
        """Return the membership change, an empty one for anything but a group."""
        return self.membership or NO_MEMBERS

    @property
    def joins(self) -> tuple[Key, ...]:
        """Return the members that join."""
        return self.moves.joins

    @property
    def leaves(self) -> tuple[Key, ...]:
        """Return the members that leave."""
        return self.moves.leaves

    @property
    def verb(self) -> str:
        """Return ``create``, ``update``, ``deactivate``, ``delete`` or ``keep``."""
        if self.before is None:
            return "keep" if self.after is None else "create"
        if self.after is None:
            return "delete"
        if not (self.paths or self.joins or self.leaves or self.secrets.attributes):
            return "keep"
        if "active" in self.paths and self.after.get("active") is False:
            return "deactivate"
        return "update"

    @property
    def size(self) -> int:
        """Return how much there is to do: attributes and members that change."""
        return len(self.paths) + len(self.joins) + len(self.leaves)

    @property
    def text(self) -> str:
        """Return the resource in words: ``user 'mscott'``."""
        return f"{self.key.kind.lower()} '{self.name}'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One resource that the task is about, changed or not.

    ``matched_by`` is the path of the key that found it, None if it is new or unknown. ``exists`` is
    False before it is created. ``membership`` is None unless the task manages its members.
    ``unmanaged`` are members that no input names. ``may_have_more``: nothing that is known proves
    that the members which the group showed are all.
    """

    key: Key
    matched_by: str | None
    exists: bool
    membership: MembershipChange | None = None
    unmanaged: Set[Key] = frozenset()
    may_have_more: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """References to resources that do not exist.

    ``needed`` are to be somewhere, ``removed`` are named in a removal only. ``members`` are those
    of both that are named as a member or a group. ``groups`` are names of users among them that no
    user has, and a group. ``ended``: a user that is removed only may have ended by its
    deactivation.
    """

    needed: tuple[Reference, ...] = ()
    removed: tuple[Reference, ...] = ()
    members: tuple[Reference, ...] = ()
    groups: tuple[str, ...] = ()
    ended: bool = False

    @property
    def every(self) -> tuple[Reference, ...]:
        """Return all of them."""
        return self.needed + self.removed

    @property
    def hints(self) -> tuple[str, ...]:
        """Return sentences about names of groups, and one about ended users."""
        found = [f"'{one}' is a group, so name it as {{group: {one}}}" for one in self.groups]
        if self.ended:
            found.append(
                "this service removes users that are deactivated, and their memberships with "
                "them; remove the entries of such users"
            )
        return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rename:
    """A row that would be created, and a leaver that has the same marks.

    ``place`` is where the row was written, ``same`` says what is equal.
    """

    row: Key
    leaver: Key
    new: str
    old: str
    place: str
    same: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return what was left out, why, and how to settle it."""
        at = f" ({self.place})" if self.place else ""
        return (
            f"probable rename: user '{self.new}'{at} would be created and user '{self.old}' "
            f"leaves, and both have the same {', '.join(self.same)}; both were left as they are. "
            f"If this is one person, set previous_user_names: [{self.old}] for '{self.new}'; "
            f"if not, list '{self.old}' with state: inactive"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Everything that a run does, and what was found on the way.

    The changes of one step are independent of each other; a step comes after the one before it.
    Unchanged resources are counted by kind. ``not_saved`` are paths that are set and that the
    service is known not to keep, by the key of the resource. ``unsure_names`` are resources of
    which this is the name, because nothing shows whether they have it. ``refusals`` are sentences
    that forbid every write, ``forbidden`` those of them that thresholds and protection give,
    ``missing_refusals`` those that check mode only warns about. ``unmanaged``
    are member names by group name, ``still_member`` group names by user name. ``scope`` counts what
    a purge looked at. ``emptied`` are names of groups that lose their last member. ``renames`` are
    pairs of users that were left out because they may be one person. ``remarks`` are worth knowing
    and no warnings, since every run has them. ``unseen_leaves`` are such sentences about members
    that no answer shows.
    """

    steps: tuple[tuple[Change, ...], ...] = ()
    subjects: tuple[Subject, ...] = ()
    unchanged: Counter[str] = field(default_factory=Counter)
    not_saved: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    unsure_names: frozenset[Key] = frozenset()
    refusals: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    missing_refusals: tuple[str, ...] = ()
    missing: Missing = Missing()
    notes: tuple[str, ...] = ()
    unmanaged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    still_member: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scope: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    emptied: tuple[str, ...] = ()
    renames: tuple[Rename, ...] = ()
    remarks: tuple[str, ...] = ()
    unseen_leaves: tuple[str, ...] = ()

    @property
    def changes(self) -> Iterator[Change]:
        """Yield every change in order."""
        for step in self.steps:
            yield from step

    @property
    def size(self) -> int:
        """Return the number of changes."""
        return sum(len(step) for step in self.steps)
