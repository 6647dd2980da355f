# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service does with writes: users and a group come and go.

Writes only what it created itself. Knows no plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._model.flat import flatten
from .._model.rewriting import OPAQUE, agrees
from .._model.schema import GROUP, USER, ResourceType
from .._provider.abilities import (
    cannot_come_back,
    creates,
    end_of_users,
    has_groups,
    joins_at_creation,
    needed_at_creation,
    not_stored,
)
from .findings import FAILED, NOTE, WARNING
from .probe import Probe, reason_of
from .probe_changes import probe_changes, probe_deactivation
from .probe_members import probe_changes_of_members
from .probe_reads import probe_filters, probe_paging
from .probe_traces import NO_VERB, Traces, removed
from .service import Answer, Resource

CREATED = frozenset({200, 201})
CERTAIN = 500  # a status below it says that nothing was created
EXTRAS = {"nickName": "Probe", "title": "Probe", "preferredLanguage": "en"}
DEMANDS = (
    "look up in the documentation of the service which attributes it demands, set them as "
    "capabilities: {required: [User.ATTRIBUTE]}, and probe again"
)
# What a service does with users instead of deleting them.
ENDINGS = {
    "inactive": "deactivates",
    "suspended": "suspends",
    "unlinked": "unlinks",
    "blocked": "blocks",
}
LASTING = "not tried, because deleted users cannot come back on this service: three would stay"
ALL_THE_SAME = (
    "probe a test tenant instead, or set capabilities: {irreversible: []} for this task to write "
    "all the same"
)
ASK = "ask the operators of the service, and let no run write there before"


def note_what_stays(probe: Probe) -> None:
    """Say what a probe with writes leaves where deleted users are known to stay.

    A probe that only reads says so too, so that it is known before anything is written.
    """
    way = ENDINGS.get(end_of_users(probe.service.capabilities))
    if way is None:
        return
    final = " for good" if cannot_come_back(probe.service.capabilities, USER.name) else ""
    probe.note(
        "writes",
        f"the service {way} deleted users{final}, so the users that a probe with writes creates "
        "are left there",
        status=NOTE,
        remedy="use probe: writes only where a few more of such users do no harm",
    )


def may_write(probe: Probe) -> bool:
    """Return whether a probe may write. Otherwise say why nothing is written.

    Users must be readable, and none may be left for good.
    """
    if cannot_come_back(probe.service.capabilities, USER.name):
        probe.note("writes", LASTING, status=NOTE, remedy=ALL_THE_SAME)
        return False
    if not any(one.about == "reading users" and one.status == FAILED for one in probe.findings):
        return True
    probe.note(
        "writes",
        "not tried, because users cannot be read",
        status=NOTE,
        remedy="do first what is said about reading users, then probe again",
    )
    return False


def probe_writes(probe: Probe, prefix: str) -> None:
    """Find what writing shows. What could not be removed again is in ``probe.left``.

    Raise ScimError if the service does not answer; what was created is removed even then.
    """
    traces = Traces(prefix, needed_at_creation(probe.service.capabilities, USER.name))
    try:
        _probe_all(probe, traces)
    finally:
        probe.left += removed(probe, traces)


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
    """Create a resource and return it as the service shows it, None if it is refused.

    What is shown must be what was created. Otherwise nothing is done with it.
    """
    answer = _posted(probe, traces, kind, body)
    ident = _id_of(answer)
    if answer.status in CREATED and ident is not None:
        held = probe.read(kind, ident)
        if held is not None and traces.owns(kind, held):
            traces.keep(kind, ident, str(body[kind.name_attribute]))
            probe.note(check, "allowed")
            return held
        found = "what was created cannot be read by its id"
        if held is not None:
            found = "the answer is another resource than the one that was to be created"
        probe.note(check, found, status=FAILED, remedy=ASK)
        return None
    if answer.status in NO_VERB - {404}:
        probe.note(check, reason_of(answer), status=WARNING, create={_types(kind): False})
        return None
    found = reason_of(answer) if answer.status not in CREATED else "the answer has no id"
    probe.note(check, found, status=FAILED, remedy=probe.remedy(answer.status, DEMANDS))
    return None


def _posted(probe: Probe, traces: Traces, kind: ResourceType, body: Mapping[str, Any]) -> Answer:
    """Send a creation. It may have made something unless it is refused."""
    begun = (kind, str(body[kind.name_attribute]))
    traces.begun.append(begun)
    answer = probe.ask("POST", kind.endpoint, body=body)
    if answer.status < CERTAIN and answer.status not in CREATED:
        traces.begun.remove(begun)
    return answer


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
    answer = _posted(probe, traces, USER, traces.user(".1"))
    ident = _id_of(answer)
    if answer.status not in CREATED:
        probe.note("equal names", f"refused, with {answer.status}")
    elif ident is not None and ident != first["id"]:
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


def _types(kind: ResourceType) -> str:
    return kind.endpoint.lower()
