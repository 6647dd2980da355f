# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a resource is the one that a creation made, or that it met; pure.

Names prove nothing: some services change them. A resource is never taken for another one on the
strength of its id alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._model.flat import Flat, flatten
from .._model.merge import saved
from .._model.sameness import fold
from .._model.schema import GROUP, USER
from .change import Change
from .questions import Resource
from .requests import with_real_ids

# What many resources have in common, so that it tells none from another.
COMMON = frozenset({"active", "userType", "locale", "timezone", "preferredLanguage", "title"})

# What these say of a creation has a meaning of its own: the credentials, the size or the form of a
# request, too many of them.
OWN_MEANING = frozenset({401, 406, 413, 414, 415, 429, 431})
# These say that the service has no such request, so a listing is not worth it.
NO_METHOD = frozenset({405, 501})


def may_mean_duplicate(status: int) -> bool:
    """Return whether a refusal of a creation may mean that the resource exists.

    RFC 7644 section 3.3 wants 409. Services use any other status, not found included.
    """
    return 400 <= status < 600 and status not in OWN_MEANING


def is_of_another(change: Change, resource: Resource, ids: Mapping[str, str]) -> bool:
    """Return whether an answer to a creation is about something else.

    That is so if it says another type or another external id, if a new group already has members
    that were not sent, or if nothing of a user is as it was sent.
    """
    if _is_of_another_type(change, resource):
        return True
    now = flatten(change.kind, resource)
    sent = with_real_ids(change.new, ids)
    if _contradicts(change, "externalId", sent, now):
        return True
    if has_others(change, resource, ids):
        return True
    if change.key.kind == USER.name:
        return not any(_evidence(change, sent, now))
    return False


def _is_of_another_type(change: Change, resource: Resource) -> bool:
    meta = resource.get("meta")
    named = meta.get("resourceType") if isinstance(meta, Mapping) else None
    return isinstance(named, str) and named.lower() != change.kind.name.lower()


def _contradicts(change: Change, path: str, sent: Flat, now: Flat) -> bool:
    """Return whether both have a value, and not the same."""
    if not sent.get(path) or not now.get(path):
        return False
    return not saved(change.kind, path, sent[path], now)


def _evidence(change: Change, sent: Flat, now: Flat) -> Iterator[bool]:
    """Yield whether the name is alike, and whether each attribute is as it was sent."""
    name = change.kind.name_attribute
    mine, theirs = fold(str(sent.get(name, ""))), fold(str(now.get(name, "")))
    yield bool(mine and theirs) and (mine in theirs or theirs in mine)
    for path, value in sent.items():
        if path != name and path not in COMMON:
            yield value not in (None, [], {}) and saved(change.kind, path, value, now)


def _member_ids(resource: Resource) -> Iterator[str]:
    rows: Any = resource.get("members")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping):
            yield str(row.get("value"))


def is_as_sent(change: Change, resource: Resource, ids: Mapping[str, str]) -> bool:
    """Return whether a resource holds all that was sent, and no other member.

    Members that it lacks do not count: a creation may take them later.
    """
    now = flatten(change.kind, resource)
    sent = with_real_ids(change.new, ids)
    return all(_are_saved(change, sent, now)) and not has_others(change, resource, ids)


def has_others(change: Change, resource: Resource, ids: Mapping[str, str]) -> bool:
    """Return whether a group shows members that its creation did not send."""
    if change.key.kind != GROUP.name:
        return False
    sent = {ids.get(one.id, one.id) for one in change.joins}
    return not set(_member_ids(resource)) <= sent


def _are_saved(change: Change, sent: Flat, now: Flat) -> Iterator[bool]:
    """Yield whether each attribute is held as it was sent.

    The letters of the name do not count, and the name does not where the external id is the same.
    """
    name = change.kind.name_attribute
    is_found = bool(now.get("externalId")) and now.get("externalId") == sent.get("externalId")
    for path, value in sent.items():
        if path == name:
            yield is_found or fold(str(value)) == fold(str(now.get(name, "")))
        else:
            yield saved(change.kind, path, value, now)
