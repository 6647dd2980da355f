# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that a service shows in a form of its own; pure, sends nothing.

Says which of them a filter must be asked for, and whether a resource has another name than it is to
have. Knows no form: only filters tell two such names apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .._model.flat import boolean
from .._model.rewriting import OPAQUE, spellings
from .._provider.abilities import obscured_paths, takes_filters
from .._provider.capabilities import Capabilities
from .desired import Clause, former_names
from .questions import Question
from .snapshot import Snapshot
from .value_index import values
from .targets import Target, Targets

HYPHEN = "-"


def name_questions(
    targets: Targets, snapshot: Snapshot, capabilities: Capabilities
) -> tuple[Question, ...]:
    """Return the filters by which the service tells if resources have their names.

    They are asked for resources that another key found, if the shown name looks like a former one,
    or like another one than it is to be.
    """
    found = []
    for kind in {one.desired.kind.name: one.desired.kind for one in targets.every}.values():
        if snapshot.form(kind, kind.name_attribute) != OPAQUE:
            continue
        if not takes_filters(capabilities, kind.name):
            continue
        clauses: dict[Clause, None] = {}
        for target in targets.of(kind.name):
            clauses.update(dict.fromkeys(_to_ask(target, snapshot, capabilities)))
        if clauses:
            found.append(Question(kind=kind, clauses=tuple(clauses), by_filter=True, alone=True))
    return tuple(found)


def is_renamed(target: Target, snapshot: Snapshot, capabilities: Capabilities) -> bool:
    """Return whether a resource has a former name, and not the one that is set.

    Filters prove both, so once it has the new name no run writes it again.
    """
    if not _lacks_name(target, snapshot, capabilities):
        return False
    return any(_has(target, one, snapshot) for one in former_names(target.desired))


def may_be_renamed(target: Target, snapshot: Snapshot, capabilities: Capabilities) -> bool:
    """Return whether no filter finds a resource, by its new name or a former one.

    A rename might be written in each run then.
    """
    if not _lacks_name(target, snapshot, capabilities):
        return False
    return not is_renamed(target, snapshot, capabilities)


def _lacks_name(target: Target, snapshot: Snapshot, capabilities: Capabilities) -> bool:
    """Return whether a filter for the name that is set does not find the resource."""
    wanted = _wanted(target, snapshot, capabilities)
    if wanted is None or not snapshot.asked_alone(target.desired.kind, *wanted):
        return False
    return not _has(target, wanted, snapshot)


def _wanted(target: Target, snapshot: Snapshot, capabilities: Capabilities) -> Clause | None:
    """Return the name that a resource is to have, as a key.

    None if the service shows it as it is, does not show it, or takes it at creation only.
    """
    desired, kind = target.desired, target.desired.kind
    path = kind.name_attribute
    name = desired.content.attributes.get(path)
    if target.resource is None or desired.state == "absent" or not isinstance(name, str):
        return None
    if snapshot.form(kind, path) != OPAQUE or path in desired.content.create_only:
        return None
    is_off = boolean(target.resource.get("active")) is False
    if is_off and path in obscured_paths(capabilities, kind.name):
        return None
    return path, name


def _to_ask(target: Target, snapshot: Snapshot, capabilities: Capabilities) -> Iterator[Clause]:
    """Yield the names of a resource that a filter was not asked for."""
    wanted = _wanted(target, snapshot, capabilities)
    if wanted is None or _has(target, wanted, snapshot):
        return
    former = list(former_names(target.desired))
    shown = values(target.resource or {}, wanted[0])
    looks_old = any(_looks_like(name, shown) for _path, name in former)
    if _looks_like(wanted[1], shown) and not looks_old:
        return
    kind = target.desired.kind
    for clause in (wanted, *former):
        if not snapshot.asked_alone(kind, *clause):
            yield clause


def _has(target: Target, name: Clause, snapshot: Snapshot) -> bool:
    """Return whether a resource is known by a name."""
    found = snapshot.find(target.desired.kind, *name)
    return any(str(one["id"]) == target.key.id for one in found)


def _looks_like(name: str, shown: Iterable[str]) -> bool:
    """Return whether a shown name has all words of a name, or its part before ``@``."""
    for part in (name, name.partition("@")[0]):
        for words in spellings("slug", part):
            if any(f"{HYPHEN}{words}{HYPHEN}" in _hyphened(one) for one in shown):
                return True
    return False


def _hyphened(name: str) -> str:
    words = next(iter(spellings("slug", name)), "")
    return f"{HYPHEN}{words}{HYPHEN}"
