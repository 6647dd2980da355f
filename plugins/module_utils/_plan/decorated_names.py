# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that may be those of the input, under a name made of theirs; pure.

Some services make slugs, others add the name of a user store: ``PRIMARY/developers``. Says that
only where every group of the service has such an addition, where no name of the service has what
was left out, or where that group has all members of the new one. Takes no group for another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .._model.key import Key
from .._model.rewriting import OPAQUE, line_to_paste, spellings
from .._model.schema import GROUP
from .desired import Desired, folded
from .memberships import Memberships
from .questions import Resource
from .rewritten_names import made_of
from .snapshot import Snapshot
from .targets import Target, Targets

BEFORE = "/\\|:"
AFTER = "@"
SLUG = "slug "
NAME = GROUP.name_attribute
NO_PLAIN_NAME = ", and no group with a plain name"
SAME_MEMBERS = " with these members"


def decorated_problems(
    targets: Targets, memberships: Memberships, snapshot: Snapshot
) -> Iterator[str]:
    """Yield a sentence for each new group that the service may have.

    A held group with another external id is another one.
    """
    bare = _bare_names(snapshot)
    every = bare or _bare_names(snapshot, among_others=True)
    told = set()
    for target, held in _decorated(targets, snapshot, every, creates=True):
        same = [one for one in held if _has_members(one, target.key, memberships, snapshot)]
        held = held if bare else same
        if held:
            told.add(target.key)
            why = NO_PLAIN_NAME if bare else SAME_MEMBERS
            yield _problem(target.desired, held, why, snapshot)
    groups = _by_name(targets, snapshot)
    for target in _missing(targets, snapshot, creates=True):
        if target.key not in told:
            yield from _rewritten(target, groups, memberships, snapshot)


def _rewritten(
    target: Target,
    groups: Mapping[str, Sequence[Resource]],
    memberships: Memberships,
    snapshot: Snapshot,
) -> Iterator[str]:
    """Yield a sentence if the service may have made a name of the new one."""
    made = made_of(target.desired.name, {name: len(held) for name, held in groups.items()})
    for name in sorted(made):
        held = _without_others(target.desired, groups[name])
        held = [one for one in held if _may_be(one, target.key, memberships, snapshot)]
        if held:
            yield _problem(target.desired, held, made[name], snapshot)
            return


def _problem(desired: Desired, held: Sequence[Resource], why: str, snapshot: Snapshot) -> str:
    line = ""
    if not snapshot.form(GROUP, NAME):
        paste = line_to_paste(GROUP, desired.name, str(held[0][NAME]))
        line = f"set {paste} if the service changes names, "
    advice = f"set id or previous_names to use it, {line}or choose another name"
    return f"{_sentence(desired, held, why)}; {advice}"


def decorated_notes(targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each other missing group that the service may have."""
    bare = _bare_names(snapshot)
    for target, held in _decorated(targets, snapshot, bare, creates=False):
        said = _sentence(target.desired, held, NO_PLAIN_NAME)
        yield f"{said}; that one is left unchanged"


def _sentence(desired: Desired, held: Sequence[Resource], why: str) -> str:
    names = ", ".join(sorted(f"'{one[NAME]}' (id {one['id']})" for one in held))
    return desired.refused(f"the service has group {names}{why}, so that may be the same group")


def _has_members(group: Resource, new: Key, memberships: Memberships, snapshot: Snapshot) -> bool:
    """Return whether a group shows all members of a new one, and there are any."""
    joins = memberships.of(new).joins
    shown = snapshot.seen_members(Key(GROUP.name, str(group["id"])))
    return bool(joins) and all(one in shown for one in joins)


def _may_be(group: Resource, new: Key, memberships: Memberships, snapshot: Snapshot) -> bool:
    """Return whether a group shows one of the members of a new one, or that has none."""
    joins = memberships.of(new).joins
    shown = snapshot.seen_members(Key(GROUP.name, str(group["id"])))
    return not joins or any(one in shown for one in joins)


def _decorated(
    targets: Targets,
    snapshot: Snapshot,
    names: Mapping[str, Sequence[Resource]],
    *,
    creates: bool,
) -> Iterator[tuple[Target, list[Resource]]]:
    """Yield missing groups that are to be created, or the others, and what is held.

    What a filter names is told already.
    """
    for target in _missing(targets, snapshot, creates=creates) if names else ():
        desired = target.desired
        held = [one for name in _forms(desired.name) for one in names.get(name, ())]
        held = _without_others(desired, held)
        if held:
            yield target, held


def _missing(targets: Targets, snapshot: Snapshot, *, creates: bool) -> Iterator[Target]:
    """Yield the groups that were not found: to be created, or the others."""
    for target in targets.of(GROUP.name):
        desired = target.desired
        is_told = bool(snapshot.strangers(GROUP, NAME, desired.name))
        if target.resource is None and desired.may_create is creates and not is_told:
            yield target


def _without_others(desired: Desired, held: Sequence[Resource]) -> list[Resource]:
    """Return groups but for those with another external id than the set one."""
    if "externalId" not in dict(desired.keys):
        return list(held)
    return [one for one in held if not one.get("externalId")]


def _by_name(targets: Targets, snapshot: Snapshot) -> dict[str, list[Resource]]:
    """Return all groups by their names, none where names change in a known way.

    Under its name, a group that another row is about is left out.
    """
    found: dict[str, list[Resource]] = {}
    if not snapshot.listed(GROUP) or snapshot.form(GROUP, NAME) not in ("", OPAQUE):
        return found
    every = (target.resource for target in targets.of(GROUP.name))
    taken = {one["id"] for one in every if one is not None}
    for group in snapshot.everything(GROUP):
        if isinstance(group.get(NAME), str):
            held = found.setdefault(group[NAME], [])
            held += [group] if group["id"] not in taken else []
    return found


def _forms(name: str) -> list[str]:
    """Return what a service may have made of a name, as ``_bare_names`` keeps it."""
    plain = folded(GROUP, NAME, name)
    return [plain, *(SLUG + one for one in spellings("slug", name) if one != plain)]


def _slugs(groups: Sequence[Resource]) -> dict[str, list[Resource]]:
    """Return groups by names that may be slugs of others."""
    found: dict[str, list[Resource]] = {}
    for group in groups:
        found.setdefault(SLUG + folded(GROUP, NAME, group[NAME]), []).append(group)
    return found


def _bare_names(snapshot: Snapshot, *, among_others: bool = False) -> dict[str, list[Resource]]:
    """Return groups by what is left of their names without what all have a sign for.

    ``among_others``: others may have plain names, and names may be slugs. None if the service is
    known to change names in another way.
    """
    if not snapshot.listed(GROUP) or snapshot.form(GROUP, NAME) not in ("", OPAQUE):
        return {}
    groups = [one for one in snapshot.everything(GROUP) if isinstance(one.get(NAME), str)]
    found = _slugs(groups) if among_others else {}
    for sign in BEFORE + AFTER:
        having = [one for one in groups if sign in one[NAME]]
        if len(having) < len(groups) and not among_others:
            continue
        for group in having:
            found.setdefault(folded(GROUP, NAME, _bare(group[NAME], sign)), []).append(group)
    return found


def _bare(name: str, sign: str) -> str:
    return str(name.partition(sign)[0] if sign == AFTER else name.rpartition(sign)[2])
