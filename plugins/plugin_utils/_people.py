# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups as hosts and groups, as plain data that may be cached.

Knows no inventory.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._converge.survey import (
    list_groups_with_members,
    list_whole,
)
from ansible_collections.identity.scim.plugins.module_utils._model.as_options import options_of
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.flat import boolean
from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.expressions import (
    expression,
    queried,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Reading
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import key_of
from ansible_collections.identity.scim.plugins.module_utils._report.printable import printable

Resource = Mapping[str, Any]
Data = dict[str, Any]
MembersOf = Callable[[Key], Iterable[Key] | None]

# A host named like the controller would change where playbooks run, so such a user is no host.
CONTROLLER = frozenset({"localhost", "127.0.0.1", "::1"})
# Every inventory has these groups. Ansible takes a host of such a name for the group.
TAKEN = frozenset({"all", "ungrouped"})


def read_people(
    service: Service, options: Mapping[str, Any], sanitized: Callable[[str], str]
) -> Data:
    """Return {hosts, groups, notes} within the options of the inventory plugin.

    Raise ScimError. A list that is not whole is an error: users that it lacks would seem to have
    left.
    """
    is_wanted_user = _test(options["user_query"], "user_query")
    is_wanted_group = _test(options["group_query"], "group_query")
    condition = options["user_filter"]
    found, odd_users = list_whole(service, USER, {"filter": condition} if condition else {})
    users = []
    for one in found.resources:
        is_shown = options["inactive"] or boolean(one.get("active")) is not False
        if is_wanted_user(one) and is_shown:
            users.append(one)
    snapshot = list_groups_with_members(service, options["group_filter"])
    # A member without a type is a user if there is one of its id.
    snapshot.add(Reading(kind=USER, resources=found.resources, notes=odd_users))
    groups = [one for one in snapshot.everything(GROUP) if is_wanted_group(one)]
    arranged = arrange(users, groups, snapshot.members, options["hostname"], sanitized)
    return {**arranged, "notes": [*arranged["notes"], *snapshot.notes]}


def _test(query: str | None, option: str) -> Callable[[Resource], bool]:
    return expression(query, option) if query else lambda _one: True


def arrange(
    users: Sequence[Resource],
    groups: Sequence[Resource],
    members_of: MembersOf,
    hostname: str,
    sanitized: Callable[[str], str],
) -> Data:
    """Return users as hosts, and groups with the hosts and groups in them.

    Both have variables. All is sorted, so that it is stable. ``members_of`` returns the members of
    a group, None if they cannot be read.
    """
    notes: list[str] = []
    hosts = _host_names(users, hostname, notes)
    names = _group_names(groups, sanitized, frozenset(hosts.values()), notes)
    group_rows = []
    for one in groups:
        key = key_of(GROUP, one)
        if key in names:
            read = members_of(key)
            members = set(_members_by_user(users, key) if read is None else read)
            row = _group_row(one, members, hosts, names)
            if read is None:
                row["vars"]["scim_team_membership"] = "additive"
            group_rows.append(row)
    return {
        "hosts": sorted(_host_rows(users, hosts), key=lambda row: row["name"]),
        "groups": sorted(group_rows, key=lambda row: row["name"]),
        "notes": notes,
    }


def _host_rows(users: Sequence[Resource], hosts: Mapping[Key, str]) -> list[Data]:
    by_id = {str(one["id"]): str(one.get("userName") or "") for one in users}
    rows = []
    for one in users:
        name = hosts.get(key_of(USER, one))
        if name is not None:
            options = options_of(USER, one, lambda ident: by_id.get(ident) or {"id": ident})
            rows.append({"name": name, "vars": options})
    return rows


def _group_row(
    group: Resource, members: set[Key], hosts: Mapping[Key, str], names: Mapping[Key, str]
) -> Data:
    """Return one group with its variables, hosts and groups.

    If the inventory does not show every member, the group says ``scim_team_membership: additive``:
    as a team, it must not lose the others.
    """
    key = key_of(GROUP, group)
    inside = {one for one in members if one in names and one != key}
    people = {one for one in members if one in hosts}
    variables: Data = {"scim_team": True, "scim_team_name": group[GROUP.name_attribute]}
    external_id = group.get("externalId")
    if isinstance(external_id, str) and external_id.strip():
        variables["scim_team_external_id"] = external_id
    if members - inside - people:
        variables["scim_team_membership"] = "additive"
    return {
        "name": names[key],
        "vars": variables,
        "hosts": sorted(hosts[one] for one in people),
        "children": sorted(names[one] for one in inside),
    }


def _members_by_user(users: Sequence[Resource], group: Key) -> list[Key]:
    """Return the users that say they are in a group (RFC 7643 section 4.1.2)."""
    return [key_of(USER, one) for one in users if group.id in _group_ids(one)]


def _group_ids(user: Resource) -> set[str]:
    rows = user.get("groups")
    if not isinstance(rows, list):
        return set()
    return {str(row.get("value")) for row in rows if isinstance(row, Mapping)}


def _host_names(users: Sequence[Resource], hostname: str, notes: list[str]) -> dict[Key, str]:
    """Return the host name of each user.

    Two users with one name are an error, because their attributes would mix.
    """
    found: dict[Key, str] = {}
    owner: dict[str, Resource] = {}
    for one in users:
        name = _host_name(one, hostname)
        problem = _unusable(one, name)
        if problem:
            notes.append(problem)
            continue
        if name in owner:
            first, second = owner[name].get("userName"), one.get("userName")
            raise ScimError(
                f"the users '{first}' and '{second}' would both be the host '{name}'",
                hint="set hostname to a value that is unique for each user, for example userName",
            )
        owner[name] = one
        found[key_of(USER, one)] = name
    return found


def _host_name(user: Resource, hostname: str) -> str:
    """Return the value of the expression ``hostname``, else the user name."""
    value = user.get(USER.name_attribute)
    if hostname != USER.name_attribute:
        found = queried(hostname, dict(user), "hostname")
        if isinstance(found, (str, int)) and not isinstance(found, bool) and str(found).strip():
            value = found
    return printable(str(value or "").strip())


def _unusable(user: Resource, name: str) -> str:
    """Return why a name cannot be that of a host."""
    advice = "and is left out; choose another hostname"
    if not name:
        return f"the user with id '{user['id']}' has no user name and is left out"
    if name.lower() in CONTROLLER:
        return f"the user '{name}' is named like the controller {advice}"
    if name in TAKEN:
        return f"the user '{name}' is named like a group that every inventory has {advice}"
    return ""


def _group_names(
    groups: Sequence[Resource],
    sanitized: Callable[[str], str],
    hosts: frozenset[str],
    notes: list[str],
) -> dict[Key, str]:
    """Return the inventory name of each group.

    A name that another group or a host has too gets an ending of its own, which is always the same.
    """
    wanted: dict[Key, str] = {}
    for one in groups:
        name = one.get(GROUP.name_attribute)
        if isinstance(name, str) and name.strip():
            wanted[key_of(GROUP, one)] = sanitized(printable(name.strip()))
        else:
            notes.append(f"the group with id '{one['id']}' has no display name and is left out")
    times = Counter(name.lower() for name in wanted.values())
    found = {}
    for key, name in wanted.items():
        is_taken = times[name.lower()] > 1 or name in TAKEN or name in hosts
        found[key] = f"{name}_{_ending(key)}" if is_taken else name
    return found


def _ending(key: Key) -> str:
    return hashlib.sha256(key.id.encode()).hexdigest()[:8]
