# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs that groups do not show who is in them; pure.

They show no members at all, or other ids. Such a group may have any leaver. Knows no policy and
sends nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set

from .._model.errors import first_of
from .._model.key import Key
from .._model.schema import GROUP, USER
from .._provider.abilities import finds_members, shows_all_members
from .._provider.capabilities import Capabilities
from .known_members import SHOWS_ANY
from .memberships import SHOWN, Memberships
from .snapshot import Snapshot
from .targets import Targets
from .unknown_members import bare, is_unknown

NONE_SHOWN = f"no group of the service shows a member ({SHOWS_ANY})"


def hides_members(snapshot: Snapshot, capabilities: Capabilities) -> bool:
    """Return whether no group shows a member, and nothing proves that there are none.

    Users that name their groups tell who is in them, and a capability may say that groups do.
    """
    if finds_members(capabilities) or shows_all_members(capabilities, 0):
        return False
    if snapshot.most_members:
        return False
    return not any(snapshot.is_named_by_users(one) for one in snapshot.keys(GROUP))


def silent_groups(
    memberships: Memberships, snapshot: Snapshot, capabilities: Capabilities
) -> tuple[Key, ...]:
    """Return a group that leavers are to leave, if no group at all shows a member.

    A filter may find users in it. None if there is no group outside of the input.
    """
    if not hides_members(snapshot, capabilities):
        return ()
    groups = sorted(snapshot.keys(GROUP))
    ours = [key for key in groups if memberships.of(key).current is not None]
    return tuple(ours[:1]) if len(ours) < len(groups) else ()


def listed_otherwise(
    leavers: Collection[Key], groups: Iterable[tuple[str, Set[Key]]], snapshot: Snapshot
) -> dict[Key, str]:
    """Return why leavers may be in groups that list them by other ids.

    Groups are given as (name, members). Nothing here takes one id for another.
    """
    wanted = {bare(one.id): one for one in leavers}
    found: dict[Key, str] = {}
    for name, members in groups:
        for one in sorted(members) if wanted else ():
            leaver = wanted.get(bare(one.id)) if one.kind == USER.name else None
            if leaver is None or leaver in members or not is_unknown(one, snapshot):
                continue
            found.setdefault(
                leaver,
                f"{name} has members that no user of the service has as id ({one.id}), and they "
                "may be these users",
            )
    return found


def unseen_leaves(
    memberships: Memberships, targets: Targets, snapshot: Snapshot, capabilities: Capabilities
) -> Iterator[str]:
    """Yield a sentence about users that are to leave where none is shown.

    It would come in each run, also where the groups are empty, so it is no warning.
    """
    if not hides_members(snapshot, capabilities):
        return
    names = set()
    for group, named in memberships.named.items():
        joins = frozenset(memberships.of(group).joins)
        leaving = any(one not in joins and snapshot.has(one) for one in named)
        exists = snapshot.get(group) is not None and not group.id.startswith("bulkId:")
        if leaving and exists:
            names.add(f"'{targets.name(group, snapshot)}'")
    if names:
        yield (
            "no group that was read shows a member, so users that are to leave may still be in "
            f"these: {first_of(sorted(names), SHOWN)}; {SHOWS_ANY}"
        )
