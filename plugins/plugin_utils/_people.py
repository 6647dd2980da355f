# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The people and groups of a service as hosts and groups of an inventory, as plain data that may be cached; knows no inventory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._ansible.output import printable
from ansible_collections.identity.scim.plugins.module_utils._ansible.reading import (
    expression,
    queried,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.read import answer, list_all
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.as_options import options_of
from ansible_collections.identity.scim.plugins.module_utils._model.flat import boolean
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
    ResourceType,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Question
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot

Resource = Mapping[str, Any]
Data = dict[str, Any]

# Who is called like the controller would change where playbooks run; such a person is no host.
CONTROLLER = frozenset({"localhost", "127.0.0.1", "::1"})
# Groups that every inventory has. Ansible takes a host of that name for the group wherever it is to be in one.
TAKEN = frozenset({"all", "ungrouped"})


def read_people(
    service: Service, options: Mapping[str, Any], sanitized: Callable[[str], str]
) -> Data:
    """What the service holds, within the options of the inventory plugin → {hosts, groups, notes}. Raises ScimError."""
    wanted = {
        kind: (options[f"{kind}_filter"], options[f"{kind}_query"]) for kind in ("user", "group")
    }
    tests = {
        kind: expression(query, f"{kind}_query") if query else lambda _one: True
        for kind, (_filter, query) in wanted.items()
    }
    every = _users(service, wanted["user"][0])
    users = [
        one
        for one in every
        if tests["user"](one) and (options["inactive"] or boolean(one.get("active")) is not False)
    ]
    snapshot = _groups(service, wanted["group"][0])
    groups = [one for one in snapshot.everything(GROUP) if tests["group"](one)]
    return arrange(users, groups, snapshot.members, options["hostname"], sanitized)


def _users(service: Service, condition: str | None) -> list[Resource]:
    return _listed(service, USER, condition)


def _listed(service: Service, kind: ResourceType, condition: str | None) -> list[Resource]:
    """All resources of a kind, or those that a filter is true for. A list that is not whole is an error: who is missing would seem to have left."""
    doing = f"listing {kind.name.lower()}s"
    found = service.search(kind, {"filter": condition} if condition else {}, doing=doing)
    if not found.whole:
        raise ScimError(
            f"the list is not complete: {len(found.resources)} of {found.total} came",
            doing=doing,
            hint="run again; somebody may be changing it",
        )
    return list(found.resources)


def _groups(service: Service, condition: str | None) -> Snapshot:
    """The groups with their members, as far as they can be read."""
    snapshot = Snapshot()
    if condition:
        snapshot.add(
            GROUP,
            _listed(service, GROUP, condition),
            members_asked=service.capabilities.get("members_read") == "inline",
        )
    else:
        list_all(service, snapshot, Question(kind=GROUP, members=True))
        if not snapshot.listed[GROUP.name]:
            raise ScimError(
                "the list of all groups is not complete",
                doing="listing groups",
                hint="run again; somebody may be changing it",
            )
    unread = tuple(
        str(one["id"])
        for one in snapshot.everything(GROUP)
        if snapshot.members(str(one["id"])) is None
    )
    if unread and service.capabilities.get("members_read") != "none":
        answer(service, snapshot, Question(kind=GROUP, ids=unread, members=True))
    return snapshot


def arrange(
    users: Sequence[Resource],
    groups: Sequence[Resource],
    members_of: Callable[[str], Iterable[str] | None],
    hostname: str,
    sanitized: Callable[[str], str],
) -> Data:
    """Users and groups → hosts with variables, and groups with variables, hosts and groups in them; sorted, so that it is stable.

    ``members_of`` gives the ids in a group, or None where they cannot be read. A group of which the inventory does not show
    every member says ``scim_team_membership: additive``: made a team of again, it must not lose those who are not shown.
    """
    notes: list[str] = []
    hosts = _hosts(users, hostname, notes)
    names = _group_names(groups, sanitized, frozenset(hosts.values()), notes)
    found = []
    for one in groups:
        ident = str(one["id"])
        if ident not in names:
            continue
        read = members_of(ident)
        inside = (
            set(read)
            if read is not None
            else {str(user["id"]) for user in users if ident in _group_ids(user)}
        )
        shown = {
            member for member in inside if member in hosts or member in names and member != ident
        }
        variables: Data = {"scim_team": True, "scim_team_name": one[GROUP.name_attribute]}
        if isinstance(one.get("externalId"), str) and one["externalId"].strip():
            variables["scim_team_external_id"] = one["externalId"]
        if read is None or shown != inside:
            variables["scim_team_membership"] = "additive"
        found.append(
            {
                "name": names[ident],
                "vars": variables,
                "hosts": sorted(hosts[member] for member in shown if member in hosts),
                "children": sorted(names[member] for member in shown if member not in hosts),
            }
        )
    by_id = {str(one["id"]): str(one.get("userName") or "") for one in users}
    rows = [
        {
            "name": hosts[str(one["id"])],
            "vars": options_of(USER, one, lambda ident: by_id.get(ident) or {"id": ident}),
        }
        for one in users
        if str(one["id"]) in hosts
    ]
    return {
        "hosts": sorted(rows, key=lambda row: row["name"]),
        "groups": sorted(found, key=lambda row: row["name"]),
        "notes": notes,
    }


def _group_ids(user: Resource) -> set[str]:
    rows = user.get("groups")
    return (
        {str(row.get("value")) for row in rows if isinstance(row, Mapping)}
        if isinstance(rows, list)
        else set()
    )


def _hosts(users: Sequence[Resource], hostname: str, notes: list[str]) -> dict[str, str]:
    """The host name of each user, by id. Two people who would be one host are an error, since their attributes would mix."""
    found: dict[str, str] = {}
    owner: dict[str, Resource] = {}
    for one in users:
        value = (
            queried(hostname, dict(one), "hostname") if hostname != USER.name_attribute else None
        )
        text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
        name = printable(text.strip() or str(one.get(USER.name_attribute) or "").strip())
        if not name:
            notes.append(f"the user with id '{one['id']}' has no user name and is left out")
        elif name.lower() in CONTROLLER:
            notes.append(
                f"the user '{name}' is called like the controller and is left out; choose another hostname"
            )
        elif name in TAKEN:
            notes.append(
                f"the user '{name}' is called like a group that every inventory has and is left out; choose another hostname"
            )
        elif name in owner:
            raise ScimError(
                f"the users '{owner[name].get('userName')}' and '{one.get('userName')}' would both be the host '{name}'",
                hint="set hostname to something that is different for everybody, for example userName",
            )
        else:
            owner[name] = one
            found[str(one["id"])] = name
    return found


def _group_names(
    groups: Sequence[Resource],
    sanitized: Callable[[str], str],
    hosts: frozenset[str],
    notes: list[str],
) -> dict[str, str]:
    """The inventory name of each group, by id. A name that another group or a host would have too gets a part of its own, always the same."""
    wanted: dict[str, str] = {}
    for one in groups:
        name = one.get(GROUP.name_attribute)
        if isinstance(name, str) and name.strip():
            wanted[str(one["id"])] = sanitized(printable(name.strip()))
        else:
            notes.append(f"the group with id '{one['id']}' has no display name and is left out")
    times: dict[str, int] = {}
    for name in wanted.values():
        times[name.lower()] = times.get(name.lower(), 0) + 1
    return {
        ident: name
        if times[name.lower()] == 1 and name not in TAKEN | hosts
        else f"{name}_{hashlib.sha256(ident.encode()).hexdigest()[:8]}"
        for ident, name in wanted.items()
    }
