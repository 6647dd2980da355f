# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""New users and leavers of a run that may be the same person; pure.

Knows no request. Only leavers that no input names are looked at. What is suspected is left out of
the plan on both sides, never decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from .._model.flat import flatten
from .._model.key import Key
from .._model.pairing import wanted_entries
from .._model.schema import ENTERPRISE_URN, USER
from .change import Rename
from .departures import Departures, is_set_by_input, leaving_users
from .desired import EMAIL, Desired, folded
from .memberships import Memberships
from .snapshot import Snapshot
from .targets import Target, Targets

NUMBER = f"{ENTERPRISE_URN}:employeeNumber"
DEPARTMENT = f"{ENTERPRISE_URN}:department"
GIVEN_NAME = "name.givenName"
# What makes two users one person: a tuple of values that are equal, and how a sentence calls it.
Mark = tuple[str, ...]


def find_renames(
    targets: Targets, memberships: Memberships, departures: Departures, snapshot: Snapshot
) -> tuple[Rename, ...]:
    """Return each pair of a new row and a leaver that may be the same person.

    They have an e-mail address or the employee number in common, or given name and department.
    ``targets`` are those of the input, before departures. Leavers count whether or not the policy
    deactivates them, and so do users that are purged.
    """
    rows = [one for one in targets.of(USER.name) if one.resource is None]
    rows = [one for one in rows if one.desired.may_create]
    if not rows:
        return ()
    held: dict[Mark, list[Key]] = {}
    for key in _leavers(targets, memberships, departures, snapshot):
        for mark in _held_marks(key, snapshot):
            held.setdefault(mark, []).append(key)
    found = []
    for row in rows:
        same: dict[Key, dict[str, None]] = {}
        for mark in _wanted_marks(row.desired):
            for key in held.get(mark, ()):
                same.setdefault(key, {})[mark[0]] = None
        for key in sorted(same):
            found.append(_rename(row, key, tuple(same[key]), snapshot))
    return tuple(found)


def _rename(row: Target, leaver: Key, same: tuple[str, ...], snapshot: Snapshot) -> Rename:
    return Rename(
        row=row.key,
        leaver=leaver,
        new=row.desired.name,
        old=snapshot.name(leaver),
        place=row.desired.place,
        same=same,
    )


def _leavers(
    targets: Targets, memberships: Memberships, departures: Departures, snapshot: Snapshot
) -> Iterator[Key]:
    """Yield the users that go, or leave every team, although no input says so of them."""
    found = dict.fromkeys(
        key
        for key, reason in leaving_users(targets, memberships, snapshot).items()
        if reason == "leaver" and not is_set_by_input(targets.get(key))
    )
    for key in departures.every:
        if key.kind == USER.name and departures.purged(key):
            found[key] = None
    yield from found


def _held_marks(key: Key, snapshot: Snapshot) -> Iterator[Mark]:
    resource = snapshot.get(key)
    if resource is not None:
        held = flatten(USER, resource)
        yield from _marks(held, held.get("emails") or ())


def _wanted_marks(desired: Desired) -> Iterator[Mark]:
    attributes = desired.content.attributes
    yield from _marks(attributes, wanted_entries(attributes.get("emails")))


def _marks(attributes: Mapping[str, object], emails: Iterable[object]) -> Iterator[Mark]:
    """Yield what identifies a person, in the form in which it is compared."""
    for entry in emails:
        if isinstance(entry, Mapping) and entry.get("value"):
            yield "e-mail address", folded(USER, EMAIL, str(entry["value"]).strip())
    number = _compared(attributes, NUMBER)
    if number:
        yield "employee number", number
    given, department = _compared(attributes, GIVEN_NAME), _compared(attributes, DEPARTMENT)
    if given and department:
        yield "given name and department", given, department


def _compared(attributes: Mapping[str, object], path: str) -> str:
    value = attributes.get(path)
    return "" if value is None else folded(USER, path, str(value).strip())


def leave_out(
    renames: Iterable[Rename], targets: Targets, memberships: Memberships, departures: Departures
) -> tuple[Targets, Memberships, Departures]:
    """Return a plan's stages without both users of each pair.

    The row is not created and joins nothing, and nothing of the leaver changes. So a second run
    finds both as they were.
    """
    keys = frozenset(key for one in renames for key in (one.row, one.leaver))
    if not keys:
        return targets, memberships, departures
    changes = {
        key: change.without(joins=keys, leaves=keys) for key, change in memberships.changes.items()
    }
    left = replace(
        departures,
        every={key: one for key, one in departures.every.items() if key not in keys},
        still={key: groups for key, groups in departures.still.items() if key not in keys},
    )
    return replace(targets, withheld=keys), replace(memberships, changes=changes), left
