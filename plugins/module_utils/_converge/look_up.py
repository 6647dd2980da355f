# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking for what a creation made, or for what stands in its way; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from .._model.errors import ScimError
from .._model.key import Key
from .._model.schema import USER, top_path
from .._plan.change import Change
from .._plan.creations import NO_METHOD
from .._plan.questions import Reading, Resource
from .._plan.desired import searched
from .._plan.rewritten_names import is_alike, is_same_user
from .._plan.snapshot import Snapshot
from .._plan.targets import Match, left_out, match
from .._protocol.blame import blames_path, blames_value
from .effects import FORBIDDEN
from .patience import Patience, looks, looks_at_promise
from .read import look_again
from .service import Service
from .worker import Worker


MOST_NAMES = 3

NOT_LISTED = FORBIDDEN | NO_METHOD


def look(worker: Worker, change: Change, *, listing: bool = True) -> Resource | None:
    """Look every key and former name up once more. Return the resource that they find.

    A resource that gave up a name for this one in this run is none of it, even if reads still show
    the name. Raise ScimError if they find several, or one that ``match_by`` leaves out.
    """
    again = worker.looked_again = look_again(worker.service, change.desired, listing=listing)
    found = match(change.desired, again)
    if _gave_up(change, found):
        return None
    problem = found.problem
    if found.resource is None and not problem:
        problem = left_out(change.desired, again)
    if problem:
        raise ScimError(problem, doing=f"creating {change.text}")
    if found.resource is None:
        worker.list_lacked_it = worker.list_lacked_it or bool(again.listed(change.kind))
        return None
    key = Key(change.key.kind, str(found.resource["id"]))
    reading = Reading(
        kind=change.kind,
        resources=(found.resource,),
        members_shown=again.members(key) is not None,
        partial=again.is_partial(key),
    )
    worker.keep(reading)
    return found.resource


def _gave_up(change: Change, found: Match) -> bool:
    """Return whether what was found gave up its name for the change."""
    resource = found.resource
    if found.contradiction is not None:
        resource = found.contradiction.resource
    if resource is None:
        return False
    return Key(change.key.kind, str(resource["id"])) in change.waits_for


def look_patiently(
    worker: Worker, change: Change, patience: Patience | None = None
) -> Resource | None:
    """Look again and again while reads may lag behind writes.

    ``patience`` is how long a promise is waited for, None if nothing was promised. The first and
    the last look go beyond filters. Raise ScimError as ``look`` does, or if the run is interrupted.
    """
    found = None
    is_first = True
    service = worker.service
    for is_last in looks(service) if patience is None else looks_at_promise(service, patience):
        found = look(worker, change, listing=is_first or is_last)
        if found is not None:
            break
        is_first = False
    return found


def made_of(service: Service, changes: Mapping[int, Change]) -> frozenset[int]:
    """Return the numbers of creations that may have been made, looked up together.

    They are looked up again and again while reads may lag behind writes and some are not found.
    The first and the last look go beyond filters. Raise ScimError if that cannot be read.
    """
    found: set[int] = set()
    is_first = True
    for is_last in looks(service):
        left = {number: one for number, one in changes.items() if number not in found}
        if not left:
            break
        wanted = [one.desired for one in left.values()]
        again = look_again(service, *wanted, listing=is_first or is_last)
        found.update(number for number, one in left.items() if _is_shown(one, again))
        is_first = False
    return frozenset(found)


def _is_shown(change: Change, again: Snapshot) -> bool:
    """Return whether reads show a resource for a key, under that name or another."""
    found = match(change.desired, again)
    if found.resource is not None or found.problem or left_out(change.desired, again):
        return True
    return any(again.strangers(change.kind, *one) for one in searched(change.desired))


def is_listed_for(worker: Worker, change: Change, refusal: ScimError) -> bool:
    """Return whether a listing may explain a refused creation, once a run and type.

    A refusal that says nothing may mean that the resource exists. One that names an attribute, or
    says what is wrong, means that. Nor may refused credentials mean it, or a method that is not
    there.
    """
    kind = change.key.kind
    if refusal.status in NOT_LISTED:
        return False
    said = (refusal.detail, *refusal.lines)
    if refusal.scim_type or blames_path(None, "", said) or blames_value("", said):
        return False
    if kind in worker.run.looked_through or worker.run.snapshot.listed(change.kind):
        return False
    keys = {path for path, _value in change.desired.keys}
    words = " ".join(said).lower()
    for path in change.new:
        if path not in keys and top_path(path).rpartition(":")[2].lower() in words:
            return False
    worker.looked_through.add(kind)
    return True


def may_be_hidden(worker: Worker, change: Change) -> bool:
    """Return whether what the last look found may be older than the first write.

    Only a list shows it, and no whole list lacked it before.
    """
    again = worker.looked_again
    if again is None or again.listed(change.kind) is None:
        return False
    return not worker.list_lacked_it and not worker.run.snapshot.listed(change.kind)


def strangers_seen(worker: Worker, change: Change) -> list[Resource]:
    """Return what filters gave for the keys at the last look, under another name."""
    found: dict[str, Resource] = {}
    if worker.looked_again is not None:
        for path, value in searched(change.desired):
            for one in worker.looked_again.strangers(change.kind, path, value):
                found[str(one["id"])] = one
    return list(found.values())


def seen_alike(worker: Worker, change: Change) -> list[Resource]:
    """Return what the last look saw under a name that may be made of the wanted one."""
    path = change.kind.name_attribute
    wanted = str(change.new.get(path, ""))
    if worker.looked_again is None or not wanted:
        return []
    holds = is_same_user if change.key.kind == USER.name else is_alike
    found = []
    for one in worker.looked_again.everything(change.kind):
        name = one.get(path)
        if isinstance(name, str) and name and holds(wanted, name):
            found.append(one)
    return sorted(found, key=lambda one: f"'{one[path]}' (id {one['id']})")[:MOST_NAMES]
