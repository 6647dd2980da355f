# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that may have members which they do not show; pure.

Leavers may be in them. A service that cuts members shows a round number of them. Knows no policy
and sends nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .._model.key import Key
from .._model.schema import GROUP, USER
from .._provider.abilities import (
    GROUPS_OF_USER,
    MEMBERS_OF_GROUP,
    finds_members,
    shows_all_members,
    takes_filters,
)
from .._provider.capabilities import Capabilities
from .filterable import cut
from .hidden_members import silent_groups
from .known_members import cuts_at, is_usual_limit
from .member_rows import direct_groups
from .memberships import Memberships
from .questions import Question
from .snapshot import Snapshot


def groups_in_doubt(
    memberships: Memberships, snapshot: Snapshot, capabilities: Capabilities
) -> tuple[Key, ...]:
    """Return the groups outside of the input that may have more members.

    A filter may find as many users as are shown.
    """
    if finds_members(capabilities):
        return ()
    found = []
    for key in sorted(snapshot.keys(GROUP)):
        shown = snapshot.members(key)
        if shown is None or memberships.of(key).current is not None:
            continue
        if may_have_more(shown, snapshot, capabilities):
            found.append(key)
    return () if _is_counted(found, snapshot) else tuple(found)


def may_have_more(shown: Collection[Key], snapshot: Snapshot, capabilities: Capabilities) -> bool:
    """Return whether a group may have more members than it shows, as far as is known.

    A service that shows more members of another group does not cut at their number. A capability
    may say that all are shown.
    """
    if finds_members(capabilities) or not is_usual_limit(len(shown)) or not cuts_at(shown):
        return False
    if shows_all_members(capabilities, len(shown)) is not None:
        return False
    return len(shown) >= snapshot.most_members


def _is_counted(groups: Collection[Key], snapshot: Snapshot) -> bool:
    """Return whether a filter finds as many users in groups as these show."""
    shown = frozenset[Key]().union(*(snapshot.seen_members(one) for one in groups))
    return snapshot.counts.get(_ids(groups)) == len(shown)


def _ids(groups: Iterable[Key]) -> tuple[str, ...]:
    return tuple(one.id for one in groups)


def are_hidden(groups: Iterable[Key], snapshot: Snapshot) -> bool:
    """Return whether a filter finds users in groups that show none."""
    return bool(snapshot.counts.get(_ids(groups)))


def is_told(user: Key, groups: Iterable[Key], snapshot: Snapshot) -> bool:
    """Return whether it is known if a user is in one of the groups in doubt.

    The user's own entry names groups, or the groups show the user, or a filter finds the groups
    that show the user and none of these.
    """
    if direct_groups(snapshot.get(user)):
        return True
    in_doubt = frozenset(one.id for one in groups)
    if not in_doubt.isdisjoint(_shown_in(user, snapshot)):
        return True
    found = snapshot.homes.get(user.id, frozenset())
    return in_doubt.isdisjoint(found) and are_homes(user, found, snapshot)


def are_homes(user: Key, found: Collection[str], snapshot: Snapshot) -> bool:
    """Return whether the groups found for a user prove the filter.

    Those that show the user must be among them.
    """
    shown = _shown_in(user, snapshot)
    return bool(shown) and shown.issubset(found)


def _shown_in(user: Key, snapshot: Snapshot) -> frozenset[str]:
    groups = snapshot.keys(GROUP)
    return frozenset(one.id for one in groups if user in snapshot.seen_members(one))


def count_question(
    leavers: Iterable[Key],
    memberships: Memberships,
    snapshot: Snapshot,
    capabilities: Capabilities,
) -> tuple[Question, ...]:
    """Return the question that may prove for all groups in doubt what they show.

    Where no group shows a member, it may prove that a few of them have some.
    """
    groups = groups_in_doubt(memberships, snapshot, capabilities)
    groups = groups or silent_groups(memberships, snapshot, capabilities)
    if not groups or all(is_told(one, groups, snapshot) for one in leavers):
        return ()
    ids = _ids(groups)
    is_asked = ids in snapshot.counts or any(snapshot.refusal(GROUP, one) for one in ids)
    if is_asked or not _can_count(ids, capabilities):
        return ()
    return (Question(kind=GROUP, ids=ids, counted=True, optional=True),)


def home_question(
    leavers: Iterable[Key],
    memberships: Memberships,
    snapshot: Snapshot,
    capabilities: Capabilities,
) -> tuple[Question, ...]:
    """Return the question which groups a filter finds for leavers.

    None where no group is in doubt. Each has a filter, since the answer to one for several would
    not say who is in a group. Those that no group shows are left out: nothing proves the filter.
    """
    groups = groups_in_doubt(memberships, snapshot, capabilities)
    if not groups or not takes_filters(capabilities, GROUP.name):
        return ()
    asked = []
    for one in leavers:
        is_asked = one.id in snapshot.homes or bool(snapshot.refusal(USER, one.id))
        is_open = snapshot.has(one) and not is_asked and not is_told(one, groups, snapshot)
        if is_open and _shown_in(one, snapshot) and _can_find(one, capabilities):
            asked.append(one.id)
    return (Question(kind=USER, ids=tuple(asked), homes=True, optional=True),) if asked else ()


def _can_find(user: Key, capabilities: Capabilities) -> bool:
    """Return whether a filter may find the groups of a user."""
    clause = (MEMBERS_OF_GROUP, user.id)
    return bool(cut(GROUP, [clause], capabilities.of(GROUP.name)))


def _can_count(ids: Collection[str], capabilities: Capabilities) -> bool:
    """Return whether a filter may find the users of all these groups."""
    if not takes_filters(capabilities, USER.name):
        return False
    clauses = tuple((GROUPS_OF_USER, one) for one in ids)
    return cut(USER, clauses, capabilities.of(USER.name)) == [clauses]
