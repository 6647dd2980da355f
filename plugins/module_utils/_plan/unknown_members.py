# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members that a group lists by ids which the run does not know; pure.

Some services list a member by another id than the user has: in other letters, or in braces.
Nothing here takes one id for another. It says what to look up and what to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from .._model.key import Key
from .._model.schema import GROUP, USER
from .desired import Clause
from .filterable import is_unusual
from .memberships import SHOWN, Memberships
from .questions import Resource
from .snapshot import Snapshot
from .targets import Targets

MOST_KNOWN = 2
AROUND = re.compile(r"[\s{}\"'-]+")


def suspects(named: Iterable[Key], members: Iterable[Key]) -> list[str]:
    """Return the ids of members that may be named users under another id.

    That is a reason to look them up, and nothing more.
    """
    wanted = {bare(one.id) for one in named if one.kind == USER.name}
    if not wanted:
        return []
    return [one.id for one in sorted(members) if bare(one.id) in wanted]


def bare(ident: str) -> str:
    """Return an id without what services put around it.

    That is the case of letters, braces, dashes, or an address.
    """
    last = re.split(r"[/:]", ident.strip().rstrip("/"))[-1]
    return AROUND.sub("", last).casefold().lstrip("0")


def spelt_otherwise(ids: Iterable[str], resources: Iterable[Resource]) -> dict[str, str]:
    """Return the own id of each id that came in other letters, from one resource only."""
    own: dict[str, set[str]] = {}
    for resource in resources:
        ident = str(resource["id"])
        own.setdefault(ident.casefold(), set()).add(ident)
    found = {}
    for ident in ids:
        others = own.get(ident.casefold(), set())
        if len(others) == 1 and ident not in others:
            found[ident] = min(others)
    return found


def unread_suspects(memberships: Memberships, snapshot: Snapshot) -> Iterator[str]:
    """Yield the ids of members that may be a user whom the input names for that group."""
    for group, named in memberships.named.items():
        members = snapshot.members(group) or frozenset()
        lacking = named - members
        if lacking:
            yield from suspects(lacking, (one for one in members if is_unknown(one, snapshot)))


class KnownIds(NamedTuple):
    """Up to two comparisons that hold for known users, by their ids.

    ``listed``: groups list at least one of these users by that id.
    """

    proofs: tuple[Clause, ...]
    listed: bool


def known_ids(unknown: Iterable[str], groups: Iterable[Key], snapshot: Snapshot) -> KnownIds:
    """Return ids of known users by which a filter on unknown ids is proven.

    Members of the groups come first: they show that groups list users by their own ids. None has an
    unknown id in other letters, which the filter may find too.
    """
    looked_for = {one.casefold() for one in unknown}
    listed = _usable(_members_with_own_ids(groups, snapshot), looked_for)
    others: tuple[str, ...] = ()
    if len(listed) < MOST_KNOWN:
        users = (str(one["id"]) for one in snapshot.each(USER))
        others = _usable(users, {*looked_for, *(one.casefold() for one in listed)})
    proofs = tuple(("id", one) for one in (*listed, *others)[:MOST_KNOWN])
    return KnownIds(proofs, bool(listed))


def known_groups(unknown: Iterable[str], snapshot: Snapshot) -> tuple[Clause, ...]:
    """Return two comparisons that hold for known groups, none if fewer are known."""
    looked_for = {one.casefold() for one in unknown}
    found = _usable((one.id for one in sorted(snapshot.keys(GROUP))), looked_for)
    return tuple(("id", one) for one in found) if len(found) == MOST_KNOWN else ()


def _usable(ids: Iterable[str], others: Container[str]) -> tuple[str, ...]:
    """Return the first ids that any filter finds and that are none of ``others``."""
    found: dict[str, None] = {}
    for ident in ids:
        is_plain = not is_unusual(("id", ident)) and not ident.startswith("bulkId:")
        if is_plain and ident.casefold() not in others:
            found[ident] = None
        if len(found) == MOST_KNOWN:
            break
    return tuple(found)


def _members_with_own_ids(groups: Iterable[Key], snapshot: Snapshot) -> Iterator[str]:
    """Yield the ids of known users that are members of groups under just these ids."""
    for group in groups:
        listed_otherwise = snapshot.listed_as(group)
        for key in sorted(snapshot.seen_members(group)):
            if key.kind == USER.name and snapshot.has(key) and key not in listed_otherwise:
                yield key.id


class Unattributed(NamedTuple):
    """Members of a group that would leave unnamed and that no user is known to be.

    ``missing`` are existing users that are to be in and that the group does not seem to have.
    """

    group: Key
    unknown: tuple[Key, ...]
    missing: tuple[Key, ...]


def unattributed(memberships: Memberships, snapshot: Snapshot) -> Iterator[Unattributed]:
    """Yield the groups in which an unnamed leave may remove a user who is to be in."""
    for group, change in memberships.changes.items():
        missing = tuple(one for one in change.joins if _may_be_listed(one))
        unknown = tuple(one for one in change.leaves if one in change.unlisted)
        unknown = tuple(one for one in unknown if is_unknown(one, snapshot))
        if missing and unknown:
            yield Unattributed(group, unknown, missing)


def _may_be_listed(key: Key) -> bool:
    """Return whether a group may list a user already: one that exists."""
    return key.kind == USER.name and not key.id.startswith("bulkId:")


def is_unknown(key: Key, snapshot: Snapshot) -> bool:
    """Return whether a member is none of the users and groups that were read."""
    return key.kind == USER.name and not snapshot.has(key)


def refused_leaves(memberships: Memberships, targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each group in which it is not certain who leaves."""
    yield from _doubts(memberships, targets, snapshot, leaving=True)
    for group, unknown, missing in unattributed(memberships, snapshot):
        ids = ", ".join(sorted(one.id for one in unknown)[:SHOWN])
        names = ", ".join(sorted(targets.name(one, snapshot) for one in missing)[:SHOWN])
        yield (
            f"group '{targets.name(group, snapshot)}' has members that no user of the service "
            f"has as id ({ids}), and seems to lack {names}; they may be the same users, so no "
            "member is removed. If they are what deleted users left behind, remove them by id "
            "(for example with scim_group_membership, state absent, members with id) and run again"
        )


def doubtful_joins(memberships: Memberships, targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each group in which users that join may be already."""
    yield from _doubts(memberships, targets, snapshot, leaving=False)


def _doubts(
    memberships: Memberships, targets: Targets, snapshot: Snapshot, *, leaving: bool
) -> Iterator[str]:
    """Yield a sentence for each group that may list a named user by an unknown id."""
    for group, named in memberships.named.items():
        members = snapshot.members(group) or frozenset()
        joins = frozenset(memberships.of(group).joins)
        lacking = sorted(named - members - joins if leaving else joins)
        if not lacking:
            continue
        unknown = [one for one in members if is_unknown(one, snapshot)]
        users = [one for one in lacking if suspects([one], unknown)]
        if not users:
            continue
        ids = ", ".join(suspects(users, unknown)[:SHOWN])
        names = ", ".join(sorted(targets.name(one, snapshot) for one in users)[:SHOWN])
        what = "leave" if leaving else "join"
        yield (
            f"group '{targets.name(group, snapshot)}' has members that no user of the service has "
            f"as id ({ids}); they may be {names}, to {what}; compare the ids, and name such a "
            "member by its id in the group"
        )
