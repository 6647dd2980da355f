# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a probe creates, how it is known again, and that it is removed.

Deletes nothing but what the probe created itself. Knows no check.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from .._model.errors import ScimError
from .._model.flat import flatten
from .._model.schema import GROUP, USER, ResourceType, split_path
from .._protocol.filters import any_of, literal
from .._provider.abilities import deletes_users, has_groups
from .effects import DONE
from .findings import FAILED, WARNING
from .probe import Probe, reason_of
from .removals import is_inactive
from .service import Answer, Resource

DOMAIN = "example.com"
NO_VERB = frozenset({404, 405, 501})
SUFFIX = r"[0-9a-f]{8}"
PAGE = 100
# Attributes of which at least one is kept as it was sent.
MARKED = ("userName", "displayName", "externalId", "name.familyName")


class Traces:
    """What the probe created and has not removed yet.

    ``demanded`` are the attributes that the service is known to demand of users. ``left`` are
    types, ids and names. ``begun`` are types and names of creations without an answer that says
    how they ended.
    """

    def __init__(self, prefix: str, demanded: Iterable[str] = ()) -> None:
        self.prefix = f"{prefix}{secrets.token_hex(4)}"
        self.demanded = tuple(demanded)
        self.left: list[tuple[ResourceType, str, str]] = []
        self.begun: list[tuple[ResourceType, str]] = []

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
            "displayName": f"{self.prefix} {suffix}",
            "name": {"givenName": "Probe", "familyName": self.prefix},
            "emails": [{"value": name, "type": "work", "primary": True}],
            "active": True,
        }
        for path in self.demanded:
            _complete(body, path, f"Aa1-{self.prefix}{suffix}")
        return body

    def keep(self, kind: ResourceType, ident: str, name: str) -> None:
        """Note that a creation has ended, and made this resource."""
        self.begun.remove((kind, name))
        self.left.append((kind, ident, name))

    def owns(self, kind: ResourceType, held: Resource) -> bool:
        """Return whether a resource was created by this probe.

        Its names begin with the random prefix, in whatever form the service keeps them.
        """
        shown = flatten(kind, held)
        wanted = _plain(self.prefix)
        return any(_plain(str(shown.get(path, ""))).startswith(wanted) for path in MARKED)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


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


def removed(probe: Probe, traces: Traces) -> Iterator[str]:
    """Remove what was created, the last first.

    Yield the names of what is or may be left.
    """
    yield from _looked_up(probe, traces)
    for kind, ident, name in reversed(traces.left):
        answer: Answer | None = None
        try:
            with suppress(ScimError):  # an answer that is lost may be one of success
                answer = probe.ask("DELETE", kind.endpoint, ident)
            held = probe.read(kind, ident)
        except ScimError:
            yield f"{name} (id {ident})"
            continue
        if held is None:
            probe.note(_deleting(kind), "works")
            continue
        yield f"{held.get(kind.name_attribute, name)} (id {ident})"
        if answer is not None:
            _note_left(probe, kind, answer, held)


def _deleting(kind: ResourceType) -> str:
    return f"deleting {kind.endpoint.lower()}"


def _note_left(probe: Probe, kind: ResourceType, answer: Answer, held: Resource) -> None:
    """Say why a resource is still there."""
    if answer.status in NO_VERB:
        types = kind.endpoint.lower()
        probe.note(_deleting(kind), reason_of(answer), status=WARNING, delete={types: False})
    elif kind is USER and held.get("active") is False:
        is_known = not deletes_users(probe.service.capabilities)
        way = {} if is_known else {"delete_user": "inactive"}
        probe.note(_deleting(kind), "deactivates the user", status=WARNING, **way)
    else:
        found = "accepted and not done" if answer.status in DONE else reason_of(answer)
        probe.note(_deleting(kind), found, status=FAILED, remedy="remove it yourself")


def _looked_up(probe: Probe, traces: Traces) -> Iterator[str]:
    """Look for what creations without an answer made.

    Yield the names that cannot be looked up.
    """
    known = {ident for _kind, ident, _name in traces.left}
    for kind, name in traces.begun:
        try:
            rows = probe.rows(kind, {"filter": any_of([(kind.name_attribute, name)])})
            if not rows:
                rows = probe.rows(kind, count=PAGE)
        except ScimError:
            rows = None
        if rows is None:
            yield name
        for one in rows or ():
            ident = str(one.get("id") or "")
            if ident and ident not in known and traces.owns(kind, one):
                known.add(ident)
                traces.left.append((kind, ident, name))


def probe_earlier(probe: Probe, prefix: str) -> None:
    """Name what an earlier probe left that did not come to its end.

    Raise ScimError if the service does not answer.
    """
    found: list[str] = []
    for kind in (USER, GROUP):
        if kind is USER or has_groups(probe.service.capabilities):
            found += _left_by_others(probe, kind, prefix)
    if found:
        probe.note(
            "earlier probes",
            f"left on the service: {', '.join(found)}",
            status=WARNING,
            remedy="if no other probe runs, remove them by scim_user or scim_group with "
            "state: absent",
        )


def _left_by_others(probe: Probe, kind: ResourceType, prefix: str) -> Iterator[str]:
    """Yield the names of resources that a probe with this prefix created."""
    path = kind.name_attribute
    rows = probe.rows(kind, {"filter": f"{path} sw {literal(prefix)}"}) or probe.rows(
        kind, count=PAGE
    )
    is_kept = not deletes_users(probe.service.capabilities)
    for one in rows or ():
        name = str(one.get(path, ""))
        if not re.match(re.escape(prefix) + SUFFIX, name, re.IGNORECASE):
            continue
        if not (kind is USER and is_kept and is_inactive(one)):
            yield name
