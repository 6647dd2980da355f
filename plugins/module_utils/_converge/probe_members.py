# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How groups show their members, and how members join and leave.

A line for each check. Writes only to a group that the probe created. Knows no plan.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, get_args

from .._model.schema import GROUP, USER, ResourceType
from .._protocol.filters import any_of
from .._protocol.patch import join, leave, patch
from .._provider.abilities import GROUPS_OF_USER, MEMBERS_OF_GROUP, member_forms
from .._provider.choices import MemberAdd, MemberRemove
from .effects import DONE
from .findings import FAILED, NOTE, WARNING
from .probe import MISSING, Probe, reason_of
from .service import Answer, Resource

ADDS = get_args(MemberAdd)
REMOVES = get_args(MemberRemove)
ASKED = {"attributes": "displayName,members"}
# How many groups or users are tried, if none is known to have members.
FEW = 5


def probe_members(probe: Probe, group: Resource | None = None, member: str = "") -> None:
    """Say in which answers groups show their members.

    ``group`` is one that has the ``member``. Without it, groups of the first page are tried.
    """
    if _with_members(_listed(probe, group), group):
        probe.note("members", "lists show the members of groups")
    elif _with_members(_listed(probe, group, ASKED), group):
        probe.note("members", "lists show the members of groups if asked to", members_read="ask")
    elif _shown_by_id(probe, group):
        probe.note("members", "groups show members by their id only", members_read="get")
    elif _by_group(probe, group, member):
        found = "groups show no members, but users are found by their groups"
        probe.note("members", found, members_read="users_by_group")
    elif _by_member(probe, group, member):
        found = "groups show no members, but groups are found by their members"
        probe.note("members", found, members_read="groups_by_user")
    elif group is None:
        probe.note("members", "no group with members was seen", status=NOTE, remedy=MISSING)
    else:
        probe.note(
            "members",
            "the service shows no members of groups",
            status=WARNING,
            remedy="set the capability below; add and remove members by name, since complete "
            "lists are refused",
            members_read="none",
        )


def _listed(
    probe: Probe, group: Resource | None, query: Mapping[str, str] = MappingProxyType({})
) -> list[Resource]:
    """Return groups as a list shows them: the one that is meant, or a first page."""
    if group is not None:
        wanted = {"filter": any_of([("displayName", str(group.get("displayName")))])}
        rows = probe.rows(GROUP, {**wanted, **query}) or []
        if any(one.get("id") == group["id"] for one in rows):
            return rows
    return probe.rows(GROUP, query) or []


def _with_members(rows: Iterable[Resource], group: Resource | None) -> list[Resource]:
    found = [one for one in rows if one.get("members")]
    return [one for one in found if group is None or one.get("id") == group["id"]]


def _shown_by_id(probe: Probe, group: Resource | None) -> bool:
    idents = [str(group["id"])] if group is not None else _first(probe, GROUP)
    return any(_shown(probe, ident) for ident in idents)


def _first(probe: Probe, kind: ResourceType) -> list[str]:
    """Return the ids of a few resources of a type."""
    rows = probe.rows(kind, count=FEW) or []
    return [str(one["id"]) for one in rows[:FEW] if "id" in one]


def _by_group(probe: Probe, group: Resource | None, member: str) -> bool:
    """Return whether a filter on groups.value finds the users of a group."""
    if group is not None:
        return probe.finds(USER, member, (GROUPS_OF_USER, str(group["id"])))
    idents = dict.fromkeys((*_named_by_users(probe), *_first(probe, GROUP)))
    return _finds_some(probe, USER, GROUPS_OF_USER, idents)


def _by_member(probe: Probe, group: Resource | None, member: str) -> bool:
    """Return whether a filter on members.value finds the groups of a user."""
    if group is not None:
        return probe.finds(GROUP, str(group["id"]), (MEMBERS_OF_GROUP, member))
    return _finds_some(probe, GROUP, MEMBERS_OF_GROUP, _first(probe, USER))


def _named_by_users(probe: Probe) -> list[str]:
    """Return the id of a group that a user names (RFC 7643 section 4.1.2)."""
    for user in probe.rows(USER) or ():
        groups = user.get("groups")
        first = groups[0] if isinstance(groups, list) and groups else None
        if isinstance(first, Mapping) and isinstance(first.get("value"), str):
            return [first["value"]]
    return []


def _finds_some(probe: Probe, kind: ResourceType, path: str, values: Iterable[str]) -> bool:
    """Return whether a filter finds by one of the values, and by no unknown one.

    An answer that is empty proves nothing: what was asked for may have no members.
    """
    if any(probe.matches(kind, [(path, one)]) for one in values):
        return not probe.matches(kind, [(path, f"nobody-{secrets.token_hex(6)}")])
    return False


def probe_changes_of_members(probe: Probe, group: Resource, one: str, two: str) -> None:
    """Say in which forms members join and leave a group that was created with ``one``."""
    members = _GroupMembers(probe, group)
    form, answer = members.added(two)
    probe_members(probe, group, two)
    held = members.held(one, two)
    if held is None:
        found = "they cannot be read back, so nothing is known of how they are removed"
        remedy = "set verify: none, and look at the group after the first removal"
        probe.note("removing members", found, status=NOTE, remedy=remedy)
        return
    if two not in held:
        found = "accepted and not done" if answer.status in DONE else reason_of(answer)
        remedy = "see in the documentation of the service how members are added: member_add"
        probe.note("adding members", found, status=FAILED, remedy=remedy)
        return
    if one not in held:
        held = _joined_later(probe, members, one, two)
    if {one, two} <= held:
        capabilities = {"member_add": form} if form != ADDS[0] else {}
        probe.note("adding members", "adds to those that are in", **capabilities)
        _left(probe, members, one, two)


class _GroupMembers:
    """The members of the group that the probe created, however they can be read."""

    def __init__(self, probe: Probe, group: Resource) -> None:
        self._probe = probe
        self._ident = str(group["id"])
        self._add, self._remove = member_forms(probe.service.capabilities)

    @property
    def removes(self) -> tuple[str, ...]:
        """Return the forms in which a member may be removed, the known one first."""
        return tuple(dict.fromkeys((self._remove, *REMOVES)))

    def patch(self, operations: list[dict[str, Any]]) -> Answer:
        """Send a change of the members."""
        return self._probe.ask("PATCH", GROUP.endpoint, self._ident, body=patch(operations))

    def added(self, member: str) -> tuple[str, Answer]:
        """Add a member in the first form that is accepted. Return the form and its answer."""
        form, answer = self._add, self.patch(join([member], self._add))
        for other in ADDS:
            if answer.status in DONE:
                break
            if other != self._add:
                form, answer = other, self.patch(join([member], other))
        return form, answer

    def held(self, *among: str) -> frozenset[str] | None:
        """Return the ids of the members, or of those ``among`` that filters find.

        None if nothing shows any.
        """
        shown = _shown(self._probe, self._ident)
        if shown is not None:
            return shown
        in_group = (GROUPS_OF_USER, self._ident)
        found = {one for one in among if self._probe.finds(USER, one, in_group)}
        for one in among:
            if self._probe.finds(GROUP, self._ident, (MEMBERS_OF_GROUP, one)):
                found.add(one)
        return frozenset(found) or None


def _shown(probe: Probe, group: str) -> frozenset[str] | None:
    """Return the ids of the members that a group shows, None if it shows none."""
    for query in ({}, ASKED):
        members = (probe.read(GROUP, group, **query) or {}).get("members")
        if isinstance(members, list) and members:
            return frozenset(str(one.get("value")) for one in members if isinstance(one, Mapping))
    return None


def _joined_later(probe: Probe, members: _GroupMembers, one: str, two: str) -> frozenset[str]:
    """Add the member that the creation did not take. Return the members."""
    probe.note("creating groups", "members are not taken at creation", create_members=False)
    members.added(one)
    held = members.held(one, two) or frozenset()
    if two not in held:
        probe.note(
            "adding members",
            "adding one member removes the others",
            status=FAILED,
            remedy="the service loses members: do not manage groups there",
        )
    return held


def _left(probe: Probe, members: _GroupMembers, one: str, two: str) -> None:
    """Say in which form a member is removed, and that the other one stays."""
    for form in members.removes:
        answer = members.patch(leave([one], form))
        held = members.held(one, two) or frozenset()
        if one not in held and two in held:
            capabilities = {"member_remove": form} if form != REMOVES[0] else {}
            probe.note("removing members", f"works in the form {form}", **capabilities)
            return
        if two not in held:
            found = "removing one member removes the others"
            remedy = "the service loses members: do not remove any there"
            probe.note("removing members", found, status=FAILED, remedy=remedy)
            return
    found = "accepted and not done" if answer.status in DONE else reason_of(answer)
    remedy = "see in the documentation of the service how members are removed: member_remove"
    probe.note("removing members", found, status=FAILED, remedy=remedy)
