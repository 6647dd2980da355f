# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service does with writes: users and a group come and go.

Writes only what it created itself. Knows no plan.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .._model.errors import ScimError
from .._model.flat import flatten
from .._model.rewriting import OPAQUE, agrees
from .._model.schema import GROUP, USER, ResourceType, split_path
from .._provider.abilities import (
    creates,
    deletes_users,
    has_groups,
    joins_at_creation,
    needed_at_creation,
    not_stored,
)
from .findings import FAILED, NOTE, WARNING
from .probe import Probe, reason_of
from .probe_changes import NO_VERB, probe_changes, probe_deactivation
from .probe_members import probe_changes_of_members
from .probe_reads import probe_filters, probe_paging
from .service import Answer, Resource

CREATED = frozenset({200, 201})
DOMAIN = "example.com"
EXTRAS = {"nickName": "Probe", "title": "Probe", "preferredLanguage": "en"}
DEMANDS = "look up in the documentation of the service which attributes it demands"


class Traces:
    """What the probe created and has not removed yet.

    ``demanded`` are the attributes that the service is known to demand of users.
    """

    def __init__(self, prefix: str, demanded: Iterable[str] = ()) -> None:
        self.prefix = f"{prefix}{secrets.token_hex(4)}"
        self.demanded = tuple(demanded)
        self.left: list[tuple[ResourceType, str, str]] = []

    @property
    def group_name(self) -> str:
        """Return the name of the group: one that a service may rewrite."""
        return f"{self.prefix} Group"

    def user(self, suffix: str) -> dict[str, Any]:
        """Return the body of a user with what most services demand."""
        name = f"{self.prefix}{suffix}@{DOMAIN}"
        body = {
            "schemas": [USER.schema],
            "userName": name,
            "externalId": f"{self.prefix}{suffix}",
            "displayName": f"Probe {suffix}",
            "name": {"givenName": "Probe", "familyName": self.prefix},
            "emails": [{"value": name, "type": "work", "primary": True}],
            "active": True,
        }
        for path in self.demanded:
            _complete(body, path, f"Aa1-{self.prefix}{suffix}")
        return body


def _complete(body: dict[str, Any], path: str, text: str) -> None:
    """Give a user an attribute that the service demands, unless it has it."""
    urn, name, sub = split_path(path)
    place = body
    if urn and urn != USER.schema:
        place = body.setdefault(urn, {})
        body["schemas"] = list(dict.fromkeys([*body["schemas"], urn]))
    if sub:
        place.setdefault(name, {}).setdefault(sub, text)
    else:
        place.setdefault(name, text)


def probe_writes(probe: Probe, prefix: str) -> list[str]:
    """Find what writing shows. Return the names of what could not be removed again.

    Raise ScimError if the service does not answer; what was created is removed even then.
    """
    traces = Traces(prefix, needed_at_creation(probe.service.capabilities, USER.name))
    try:
        _probe_all(probe, traces)
    finally:
        left = list(_removed(probe, traces))
    return left


def _probe_all(probe: Probe, traces: Traces) -> None:
    sent = {**traces.user(".1"), **EXTRAS}
    first = _created(probe, traces, USER, sent, "creating users")
    if first is None:
        return
    _kept(probe, first, sent)
    _repeated(probe, traces, first)
    probe_filters(probe, USER, first, str(sent["userName"]))
    second = _unusual(probe, traces)
    probe_paging(probe, USER)
    probe_changes(probe, first, sent)
    if second is not None:
        _grouped(probe, traces, first, second)
    probe_deactivation(probe, first)


def _created(
    probe: Probe, traces: Traces, kind: ResourceType, body: Mapping[str, Any], check: str
) -> Resource | None:
    """Create a resource and return it as the service shows it, None if it is refused."""
    answer = probe.ask("POST", kind.endpoint, body=body)
    name = str(body[kind.name_attribute])
    ident = _id_of(answer)
    if answer.status in CREATED and ident is not None:
        traces.left.append((kind, ident, name))
        probe.note(check, "allowed")
        return probe.read(kind, ident)
    if answer.status in NO_VERB - {404}:
        probe.note(check, reason_of(answer), status=WARNING, create={_types(kind): False})
        return None
    found = reason_of(answer) if answer.status not in CREATED else "the answer has no id"
    probe.note(check, found, status=FAILED, remedy=probe.remedy(answer.status, DEMANDS))
    return None


def _id_of(answer: Answer) -> str | None:
    ident = answer.body.get("id") if isinstance(answer.body, Mapping) else None
    return ident if isinstance(ident, str) and ident else None


def _kept(probe: Probe, held: Resource, sent: Mapping[str, Any]) -> None:
    """Say which attributes the service does not keep, or keeps in another form."""
    shown, wanted = flatten(USER, held), flatten(USER, sent)
    wanted.pop("password", None)  # it is never shown (RFC 7643 section 4.1.1)
    lost = [path for path in wanted if path not in shown]
    known = not_stored(probe.service.capabilities, USER.name, at_creation=True)
    kept = wanted.keys() & shown.keys() - {"emails", *known}
    other = [path for path in wanted if path in kept and shown[path] != wanted[path]]
    if not _keeps_types(held):
        lost.append("emails.type")
    if lost:
        unsaved = [f"User.{path}" for path in lost]
        found = f"not kept: {', '.join(lost)}"
        probe.note("attributes", found, status=WARNING, unsaved=unsaved)
    if other:
        forms = {f"User.{path}": _form(wanted[path], shown[path]) for path in other}
        found = f"kept in another form: {', '.join(other)}"
        probe.note("attributes", found, status=WARNING, rewrite=forms)
    if not lost and not other:
        probe.note("attributes", "all that were sent are kept")


def _form(wanted: Any, held: Any) -> str:
    """Return how a service has rewritten a value, in the words of ``rewrite``."""
    if isinstance(wanted, str) and isinstance(held, str):
        if wanted.lower() == held:
            return "lower"
        if held == held.lower() and agrees("slug", wanted, held):
            return "slug"
    return OPAQUE


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
    names = (str(second.get("userName")), str(body["userName"]))
    if not any(probe.finds(USER, str(second["id"]), ("userName", name)) for name in names):
        remedy = "nothing: such names are looked for in a listing"
        probe.note("unusual names", "a filter does not find them", status=NOTE, remedy=remedy)
    return second


def _grouped(probe: Probe, traces: Traces, first: Resource, second: Resource) -> None:
    """Say what can be done with a group and its members."""
    known = probe.service.capabilities
    if not has_groups(known) or _has_none(probe):
        return
    if not creates(known, GROUP.name):
        found = "the service does not create groups"
        probe.note("creating groups", found, status=NOTE, create={_types(GROUP): False})
        return
    one, two = str(first["id"]), str(second["id"])
    group = _created_group(probe, traces, one)
    if group is not None:
        _note_name(probe, traces.group_name, str(group.get("displayName")))
        probe_filters(probe, GROUP, group, traces.group_name)
        probe_changes_of_members(probe, group, one, two)


def _note_name(probe: Probe, wanted: str, held: str) -> None:
    """Say how the service has rewritten the name of a group."""
    if held != wanted:
        found = f"displayName is kept in another form: {held}"
        forms = {"Group.displayName": _form(wanted, held)}
        probe.note("creating groups", found, status=WARNING, rewrite=forms)


def _has_none(probe: Probe) -> bool:
    """Return whether the probe found that there are no groups."""
    return any(one.denies_groups for one in probe.findings)


def _created_group(probe: Probe, traces: Traces, member: str) -> Resource | None:
    """Create a group with a member, or without it if that is refused."""
    check = "creating groups"
    body = {
        "schemas": [GROUP.schema],
        "displayName": traces.group_name,
        "externalId": traces.prefix,
    }
    if not joins_at_creation(probe.service.capabilities):
        return _created(probe, traces, GROUP, body, check)
    group = _created(probe, traces, GROUP, {**body, "members": [{"value": member}]}, check)
    is_refused = any(one.about == check and one.status == FAILED for one in probe.findings)
    if group is not None or not is_refused:
        return group
    before = probe.findings
    probe.forget(check)
    group = _created(probe, traces, GROUP, body, check)
    if group is None:
        probe.findings = before
        return None
    found = "a group with members is refused, and one without is not"
    probe.note(check, found, status=WARNING, create_members=False)
    return group


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
            is_known = not deletes_users(probe.service.capabilities)
            way = {} if is_known else {"delete_user": "inactive"}
            probe.note(check, "deactivates the user", status=WARNING, **way)
        else:
            probe.note(check, reason_of(answer), status=FAILED, remedy="remove it yourself")


def _types(kind: ResourceType) -> str:
    return kind.endpoint.lower()
