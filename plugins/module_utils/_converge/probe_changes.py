# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How users are changed: a line for each check.

Writes only to a user that the probe created. Knows no plan.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from .._model.flat import flatten
from .._model.schema import USER
from .._protocol.answers import error
from .._protocol.patch import patch
from .effects import DONE
from .findings import FAILED, NOTE, WARNING
from .probe import Probe, reason_of
from .probe_traces import NO_VERB
from .service import Answer, Resource

MUTABILITY = "mutability"


def probe_changes(probe: Probe, user: Resource, sent: Mapping[str, Any]) -> None:
    """Say which attributes PATCH and PUT change (RFC 7644 section 3.5).

    ``sent`` is what the user was created with.
    """
    now = copy.deepcopy(dict(sent))
    _patched(probe, user, now)
    _replaced(probe, str(user["id"]), now)


def _patched(probe: Probe, user: Resource, now: dict[str, Any]) -> None:
    """Change some attributes by PATCH, one after another. ``now`` has what was taken."""
    fixed: list[str] = []
    changed: list[str] = []
    refused: dict[str, Answer] = {}
    for path, value in _values(now):
        if path not in flatten(USER, user):
            continue  # the service does not keep it
        answer, is_done = _changed(probe, str(user["id"]), path, value)
        if is_done:
            changed.append(path)
            _put(now, path, value)
        elif answer.status in DONE or error(answer.body)[1] == MUTABILITY:
            fixed.append(path)
        else:
            refused[path] = answer
    _tell(probe, changed, fixed, refused)


def _tell(
    probe: Probe, changed: list[str], fixed: list[str], refused: Mapping[str, Answer]
) -> None:
    """Say which attributes PATCH changes, ignores and refuses."""
    check = "PATCH of users"
    has_no_verb = all(one.status in NO_VERB for one in refused.values())
    if refused and has_no_verb and not changed and not fixed:
        reason = reason_of(next(iter(refused.values())))
        probe.note(check, reason, status=WARNING, patch={"users": False})
        return
    if changed:
        probe.note(check, f"changes {', '.join(changed)}")
    if fixed:
        paths = [f"User.{path}" for path in fixed]
        found = f"does not change what is set already: {', '.join(fixed)}"
        probe.note(check, found, status=WARNING, fixed=paths)
    for path, answer in refused.items():
        remedy = "set update_method: put, or leave the attribute out"
        found = f"{path} is refused: {reason_of(answer)}"
        probe.note(check, found, status=WARNING, remedy=remedy)


def _values(now: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what is changed: paths with other values than those of now.

    They begin as those of now, by which the user is known again.
    """
    family, (local, _at, domain) = now["name"]["familyName"], now["userName"].partition("@")
    name = f"{local}.new@{domain}"
    yield "name.familyName", f"{family} New"
    yield "displayName", f"{now['displayName']} New"
    yield "emails", [{"value": name, "type": "work", "primary": True}]
    yield "userName", name


def _changed(probe: Probe, ident: str, path: str, value: Any) -> tuple[Answer, bool]:
    """Return the answer to a change of one attribute, and whether it was made.

    What the service holds may be another form of the value.
    """
    before = flatten(USER, probe.read(USER, ident) or {})
    operation = {"op": "replace", "path": path, "value": value}
    answer = probe.ask("PATCH", USER.endpoint, ident, body=patch([operation]))
    after = flatten(USER, probe.read(USER, ident) or {})
    return answer, answer.status in DONE and before.get(path) != after.get(path)


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path of a resource."""
    name, _dot, sub = path.partition(".")
    if sub:
        body[name] = {**body.get(name, {}), sub: value}
    else:
        body[name] = value


def _replaced(probe: Probe, ident: str, now: Mapping[str, Any]) -> None:
    """Say whether users are replaced by PUT (RFC 7644 section 3.5.1)."""
    answer = probe.ask("PUT", USER.endpoint, ident, body={**now, "id": ident})
    if answer.status in DONE:
        probe.note("PUT of users", "accepted")
    elif answer.status in NO_VERB:
        probe.note("PUT of users", reason_of(answer), status=NOTE, put={"users": False})
    else:
        remedy = "leave update_method as it is, or set it to patch"
        probe.note("PUT of users", reason_of(answer), status=NOTE, remedy=remedy)


def probe_deactivation(probe: Probe, user: Resource) -> None:
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
