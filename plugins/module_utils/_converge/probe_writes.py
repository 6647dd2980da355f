# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service does with writes: users and a group come and go.

Writes only what it created itself. Knows no plan.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from .._model.errors import ScimError
from .._model.flat import flatten
from .._model.schema import GROUP, USER, ResourceType
from .._protocol.patch import join, leave, patch
from .findings import FAILED, NOTE, WARNING
from .probe import Probe, reason_of
from .probe_reads import probe_filters, probe_members
from .service import Answer, Resource

CREATED = frozenset({200, 201})
DONE = frozenset({200, 202, 204})
GONE = frozenset({404, 410})
NO_VERB = frozenset({404, 405, 501})
DOMAIN = "example.com"
EXTRAS = {"nickName": "Probe", "title": "Probe", "preferredLanguage": "en"}


class Traces:
    """What the probe created and has not removed yet."""

    def __init__(self, prefix: str) -> None:
        self.prefix = f"{prefix}{secrets.token_hex(4)}"
        self.left: list[tuple[ResourceType, str, str]] = []

    def user(self, suffix: str) -> dict[str, Any]:
        """Return the body of a user with what most services demand."""
        name = f"{self.prefix}{suffix}@{DOMAIN}"
        return {
            "schemas": [USER.schema],
            "userName": name,
            "externalId": f"{self.prefix}{suffix}",
            "displayName": f"Probe {suffix}",
            "name": {"givenName": "Probe", "familyName": self.prefix},
            "emails": [{"value": name, "type": "work", "primary": True}],
            "active": True,
        }


def probe_writes(probe: Probe, prefix: str) -> list[str]:
    """Find what writing shows. Return the names of what could not be removed again.

    Raise ScimError if the service does not answer; what was created is removed even then.
    """
    traces = Traces(prefix)
    try:
        _probe_all(probe, traces)
    finally:
        left = list(_removed(probe, traces))
    return left


def _probe_all(probe: Probe, traces: Traces) -> None:
    first = _created(probe, traces, USER, {**traces.user(".1"), **EXTRAS}, "creating users")
    if first is None:
        return
    _kept(probe, first, {**traces.user(".1"), **EXTRAS})
    _repeated(probe, traces, first)
    probe_filters(probe, USER, first)
    second = _unusual(probe, traces)
    _patched(probe, first)
    if second is not None:
        _grouped(probe, traces, first, second)
    _deactivated(probe, first)


def _created(
    probe: Probe, traces: Traces, kind: ResourceType, body: Mapping[str, Any], check: str
) -> Resource | None:
    """Create a resource and return it as the service shows it, None if it is refused."""
    answer = probe.ask("POST", kind.endpoint, body=body)
    name = str(body[kind.name_attribute])
    ident = _id_of(answer)
    if answer.status not in CREATED or ident is None:
        found = reason_of(answer) if answer.status not in CREATED else "the answer has no id"
        remedy = "give the token the right to write, and see which attributes the service demands"
        probe.note(check, found, status=FAILED, remedy=remedy)
        return None
    traces.left.append((kind, ident, name))
    probe.note(check, "allowed")
    return probe.read(kind, ident)


def _id_of(answer: Answer) -> str | None:
    ident = answer.body.get("id") if isinstance(answer.body, Mapping) else None
    return ident if isinstance(ident, str) and ident else None


def _kept(probe: Probe, held: Resource, sent: Mapping[str, Any]) -> None:
    """Say which attributes the service does not keep, or keeps in another form."""
    shown, wanted = flatten(USER, held), flatten(USER, sent)
    lost = [path for path in wanted if path not in shown]
    kept = wanted.keys() & shown.keys() - {"emails"}
    other = [path for path in wanted if path in kept and shown[path] != wanted[path]]
    if not _keeps_types(held):
        lost.append("emails.type")
    if lost:
        unsaved = [f"User.{path}" for path in lost]
        found = f"not kept: {', '.join(lost)}"
        probe.note("attributes", found, status=WARNING, unsaved=unsaved)
    if other:
        forms = {f"User.{path}": "opaque" for path in other}
        found = f"kept in another form: {', '.join(other)}"
        probe.note("attributes", found, status=WARNING, rewrite=forms)
    if not lost and not other:
        probe.note("attributes", "all that were sent are kept")


def _keeps_types(held: Resource) -> bool:
    """Return whether e-mails have their types, if there are any."""
    emails = held.get("emails") or []
    types = [one.get("type") for one in emails if isinstance(one, Mapping)]
    return not types or "work" in types


def _repeated(probe: Probe, traces: Traces, first: Resource) -> None:
    """Say whether the service lets a name repeat (RFC 7644 section 3.3)."""
    answer = probe.ask("POST", USER.endpoint, body=traces.user(".1"))
    ident = _id_of(answer)
    if answer.status not in CREATED:
        probe.note("equal names", f"refused, with {answer.status}")
    elif ident is not None and ident != first["id"]:
        traces.left.append((USER, ident, str(first["userName"])))
        probe.note(
            "equal names",
            "a second user of the same name was created",
            status=WARNING,
            remedy="give every user an external_id",
        )


def _unusual(probe: Probe, traces: Traces) -> Resource | None:
    """Create a user with an unusual name and say whether a filter finds it."""
    body = traces.user(".o'neil+2")
    second = _created(probe, traces, USER, body, "unusual names")
    if second is None:
        return _created(probe, traces, USER, traces.user(".2"), "creating users")
    found = probe.matches(USER, [("userName", str(second["userName"]))])
    if str(second["id"]) not in (found or ()):
        remedy = "nothing: such names are looked for in a listing"
        probe.note("unusual names", "a filter does not find them", status=NOTE, remedy=remedy)
    return second


def _patched(probe: Probe, user: Resource) -> None:
    """Say whether PATCH and PUT change users (RFC 7644 section 3.5)."""
    ident = str(user["id"])
    name = {"op": "replace", "path": "name.familyName", "value": "Patched"}
    answer = probe.ask("PATCH", USER.endpoint, ident, body=patch([name]))
    held = probe.read(USER, ident) or {}
    if answer.status in DONE and flatten(USER, held).get("name.familyName") == "Patched":
        probe.note("PATCH of users", "changes what it names")
    else:
        found = "accepted and not done" if answer.status in DONE else reason_of(answer)
        probe.note("PATCH of users", found, status=WARNING, patch={"users": False})
    body = {**(probe.read(USER, ident) or user), "displayName": "Replaced"}
    body = {name: value for name, value in body.items() if name not in ("meta", "groups")}
    answer = probe.ask("PUT", USER.endpoint, ident, body=body)
    if answer.status in DONE:
        probe.note("PUT of users", "accepted")
    else:
        probe.note("PUT of users", reason_of(answer), status=NOTE, put={"users": False})


def _grouped(probe: Probe, traces: Traces, first: Resource, second: Resource) -> None:
    """Say how members join and leave a group."""
    one, two = str(first["id"]), str(second["id"])
    body = {
        "schemas": [GROUP.schema],
        "displayName": traces.prefix,
        "externalId": traces.prefix,
        "members": [{"value": one}],
    }
    group = _created(probe, traces, GROUP, body, "creating groups")
    if group is None:
        return
    ident = str(group["id"])
    probe_filters(probe, GROUP, group)
    answer = _member_patch(probe, ident, join([two]))
    probe_members(probe, ident, two)
    held = _members(probe, ident)
    if held is None:
        remedy = "members cannot be read back, so nothing more is known"
        probe.note("members", "the group shows none", status=NOTE, remedy=remedy)
        return
    if two not in held:
        found = "accepted and not done" if answer.status in DONE else reason_of(answer)
        probe.note("adding members", found, status=FAILED, remedy="see the page of the service")
    if one not in held:
        held = _joined_later(probe, ident, one, two)
    if {one, two} <= held:
        probe.note("adding members", "adds to those that are in")
        _left(probe, ident, one, two)


def _joined_later(probe: Probe, group: str, one: str, two: str) -> frozenset[str]:
    """Add the member that the creation did not take. Return the members."""
    probe.note("creating groups", "members are not taken at creation", create_members=False)
    _member_patch(probe, group, join([one]))
    held = _members(probe, group) or frozenset()
    if two not in held:
        probe.note(
            "adding members",
            "adding one member removes the others",
            status=FAILED,
            remedy="the service loses members: do not manage groups there",
        )
    return held


def _left(probe: Probe, group: str, one: str, two: str) -> None:
    """Say in which form a member is removed, and that the other one stays."""
    for form in ("filter", "list"):
        answer = _member_patch(probe, group, leave([one], form))
        held = _members(probe, group) or frozenset()
        if one not in held and two in held:
            capabilities = {"member_remove": form} if form == "list" else {}
            probe.note("removing members", f"works in the form {form}", **capabilities)
            return
        if two not in held:
            found = "removing one member removes the others"
            remedy = "the service loses members: do not remove any there"
            probe.note("removing members", found, status=FAILED, remedy=remedy)
            return
    found = "accepted and not done" if answer.status in DONE else reason_of(answer)
    remedy = "see the capability member_remove"
    probe.note("removing members", found, status=FAILED, remedy=remedy)


def _member_patch(probe: Probe, group: str, operations: list[dict[str, Any]]) -> Answer:
    return probe.ask("PATCH", GROUP.endpoint, group, body=patch(operations))


def _members(probe: Probe, group: str) -> frozenset[str] | None:
    """Return the ids of the members that a group shows, None if it shows none."""
    for query in ({}, {"attributes": "displayName,members"}):
        members = (probe.read(GROUP, group, **query) or {}).get("members")
        if isinstance(members, list) and members:
            return frozenset(str(one.get("value")) for one in members if isinstance(one, Mapping))
    return None


def _deactivated(probe: Probe, user: Resource) -> None:
    """Say whether users can be deactivated."""
    ident = str(user["id"])
    off = {"op": "replace", "path": "active", "value": False}
    answer = probe.ask("PATCH", USER.endpoint, ident, body=patch([off]))
    held = probe.read(USER, ident)
    if held is None:
        found = "a deactivated user is not shown any more"
        probe.note("deactivation", found, status=WARNING, inactive="removed")
    elif held.get("active") is False:
        probe.note("deactivation", "works")
    else:
        found = "accepted and not done" if answer.status in DONE else reason_of(answer)
        remedy = "leavers stay active there: use state: absent"
        probe.note("deactivation", found, status=FAILED, remedy=remedy)


def _removed(probe: Probe, traces: Traces) -> Iterator[str]:
    """Remove what was created, the last first. Yield the names of what is left."""
    for kind, ident, name in reversed(traces.left):
        try:
            answer = probe.ask("DELETE", kind.endpoint, ident)
            held = probe.read(kind, ident)
        except ScimError:
            yield name
            continue
        check = f"deleting {kind.endpoint.lower()}"
        if held is None:
            probe.note(check, "works")
            continue
        yield name
        if answer.status in NO_VERB:
            probe.note(check, reason_of(answer), status=WARNING, delete={_types(kind): False})
        elif kind is USER and held.get("active") is False:
            probe.note(check, "deactivates the user", status=WARNING, delete_user="inactive")
        else:
            probe.note(check, reason_of(answer), status=FAILED, remedy="remove it yourself")


def _types(kind: ResourceType) -> str:
    return kind.endpoint.lower()
