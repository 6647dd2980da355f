# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In which order changes are safe: joins, then deactivations and deletions of users, then leaves; knows nothing else of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import IntEnum

from .._model.merge import differing
from .._model.schema import top_path
from .change import Change


class Phase(IntEnum):
    """The steps of a plan. A mover joins before leaving; a leaver stays findable, as a member, until inactive or deleted."""

    CREATE_USER = 0
    UPDATE_USER = 1
    CREATE_GROUP = 2
    JOIN = 3
    DEACTIVATE = 4
    DELETE_USER = 5
    LEAVE = 6
    DELETE_GROUP = 7


def phase(one: Change) -> Phase:
    """The step in which a change happens."""
    user = one.kind.name == "User"
    if one.verb == "create":
        return Phase.CREATE_USER if user else Phase.CREATE_GROUP
    if one.verb == "delete":
        return Phase.DELETE_USER if user else Phase.DELETE_GROUP
    if user:
        return Phase.DEACTIVATE if one.verb == "deactivate" else Phase.UPDATE_USER
    return Phase.LEAVE if one.leaves and not one.joins and not one.paths else Phase.JOIN


def ordered(changes: Sequence[Change]) -> tuple[list[Change], list[str]]:
    """Changes → (the same in a safe order, sentences about what no order makes possible).

    A group that somebody joins and somebody leaves is two changes, unless it is the only one: one PATCH does both then.
    What is created comes after what it refers to; in a circle of managers, the manager follows in a change of its own.
    """
    steps = [step for one in changes for step in (_apart(one) if len(changes) > 1 else (one,))]
    first, later, problems = _by_reference([one for one in steps if one.verb == "create"])
    rest = [*(one for one in steps if one.verb != "create"), *later]
    found = [*first, *rest]
    rank = {id(one): number for number, one in enumerate(first)}
    found.sort(
        key=lambda one: (
            phase(one),
            rank.get(id(one), 0) if one.verb == "create" else 0,
            "" if one.verb == "create" else one.name,
        )
    )
    return found, problems


def _apart(one: Change) -> Iterator[Change]:
    if one.verb in ("create", "delete") or not one.leaves or not (one.joins or one.paths):
        yield one
        return
    yield replace(one, leaves=(), implied=frozenset())
    held = None if one.held is None else one.held | set(one.joins)
    yield replace(one, before=one.after, paths=(), joins=(), held=held, matched_by=one.matched_by)


def _by_reference(created: list[Change]) -> tuple[list[Change], list[Change], list[str]]:
    """Creations so that each comes after what it names; a circle of managers is cut, a circle of groups is a problem."""
    waiting = sorted(created, key=lambda one: (one.kind.name != "User", one.name))
    open_ids = {one.ident for one in waiting}
    done: list[Change] = []
    later: list[Change] = []
    problems: list[str] = []
    while waiting:
        ready = [one for one in waiting if not _names(one) & open_ids]
        if not ready:
            first = next((one for one in waiting if one.kind.name == "User"), None)
            if first is None:
                problems.append(
                    f"groups that are to be created contain each other: {', '.join(one.name for one in waiting[:10])}"
                )
                return done, later, problems
            cut, rest = _without_links(first, open_ids)
            waiting[waiting.index(first)] = cut
            later.append(rest)
            continue
        done += ready
        open_ids -= {one.ident for one in ready}
        waiting = [one for one in waiting if one.ident in open_ids]
    return done, later, problems


def _names(one: Change) -> set[str]:
    """The ids that a creation refers to: members and managers."""
    links = {
        str(value)
        for path, value in (one.after or {}).items()
        if one.kind.at(top_path(path)).references
    }
    return {*one.joins, *links}


def _without_links(one: Change, open_ids: set[str]) -> tuple[Change, Change]:
    after = one.after or {}
    plain = {
        path: value
        for path, value in after.items()
        if not (one.kind.at(top_path(path)).references and value in open_ids)
    }
    stated = {path: value for path, value in one.stated.items() if path in plain}
    cut = replace(one, after=plain, paths=differing(one.kind, {}, plain), stated=stated)
    return cut, replace(
        one,
        before=plain,
        paths=differing(one.kind, plain, after),
        joins=(),
        secrets=type(one.secrets)(),
    )
