# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a PUT of a group may remove members that no answer shows.

Knows no attribute. Nothing is asked about a group that shows some members and no round number.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from .._model.errors import ScimError
from .._model.flat import values_at
from .._model.key import Key
from .._model.schema import GROUP
from .._plan.change import Change
from .._plan.desired import exact_list
from .._plan.known_members import cuts_at
from .._plan.replacement import is_unreadable
from .._plan.requests import replaces_members
from .._provider.abilities import is_cut_at, patches, shows_all_members
from .group_filters import users_in
from .whole_members import shows_more
from .worker import Worker


def rests_on_a_list(worker: Worker, change: Change) -> bool:
    """Return whether a PUT would rest on members that a list shows.

    It may show some of them only, any number. Then the group is read by its id first, which may
    show all of them.
    """
    if change.moves.current is None or _is_new(change):
        return False
    return replaces_members(change, worker.capabilities)


def without_loss(worker: Worker, change: Change) -> Change:
    """Return a change that removes no member unseen: by PATCH if there is one.

    Raise ScimError if a PUT is all that is left, and members may be in that no answer shows. An
    exact list of members says who is to be in.
    """
    if change.key.kind != GROUP.name or _is_new(change):
        return change
    if _shows_unreadable(worker, change) and patches(worker.capabilities, GROUP.name):
        worker.note(
            f"{change.text} shows a member without an id; it is changed by PATCH, since a PUT may "
            "be refused for that member or lose it"
        )
        return replace(change, desired=replace(change.desired, method="patch"))
    shown = change.moves.current
    if shown is not None and _is_whole(worker, change.key, shown):
        return change
    if patches(worker.capabilities, GROUP.name):
        return replace(change, desired=replace(change.desired, method="patch"))
    if shown is None or exact_list(change.desired.members) is not None:
        return change  # without any members the body of a PUT is refused
    raise _refusal(change, len(shown))


def as_asked(worker: Worker, change: Change) -> Change:
    """Return a change with the ``update_method`` of the task again."""
    method = worker.change.desired.method
    if change.desired.method == method:
        return change
    return replace(change, desired=replace(change.desired, method=method))


def _shows_unreadable(worker: Worker, change: Change) -> bool:
    """Return whether a group shows a member and not who that is."""
    rows = values_at(worker.resource(change.key) or {}, "members")
    return any(map(is_unreadable, rows))


def _is_new(change: Change) -> bool:
    """Return whether this run created the group, so that all members are known."""
    return change.key.id.startswith("bulkId:")


def _may_lack(shown: Set[Key]) -> bool:
    return not shown or cuts_at(shown)


def _is_whole(worker: Worker, group: Key, shown: Set[Key]) -> bool:
    """Return whether a group is proven to have no other members than it shows.

    A service that shows more members of another group does not cut at that number.
    """
    said = shows_all_members(worker.capabilities, len(shown))
    is_open = _may_lack(shown) or is_cut_at(worker.capabilities, len(shown))
    if said is not None or not is_open:
        return said is not False
    snapshot = worker.run.snapshot
    if snapshot.lacks_users(group, shown):
        return False
    if snapshot.most_members > len(shown):
        return True
    users = users_in(worker.service, group.id)
    if users:
        return users <= len(shown)
    return shows_more(worker.service, len(shown))


def _refusal(change: Change, number: int) -> ScimError:
    says = f"it shows {number} members, and may have others that the service does not show"
    setting = "members_limit: 0 if the service shows all members"
    if not number:
        says = "it shows no members, and no other group does, so it may have some"
        setting = "members_read: ask if the service shows members"
    return ScimError(
        f"{says}; there is no PATCH, and replacing the group by PUT would remove them",
        doing=f"changing {change.text}",
        hint=f"set all its members (members with set), or set in capabilities {setting}",
    )
