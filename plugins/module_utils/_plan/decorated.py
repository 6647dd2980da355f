# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that may be those of the input, with something added to names; pure.

Some services add the name of a user store: ``PRIMARY/developers``. Says that only where every group
of the service has such a name, and takes no group for another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .._model.rewriting import OPAQUE, line_to_paste
from .._model.schema import GROUP
from .desired import Desired, folded
from .questions import Resource
from .snapshot import Snapshot
from .targets import Targets

BEFORE = "/\\|:"
AFTER = "@"
NAME = GROUP.name_attribute


def decorated_problems(targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each new group that the service may have.

    A held group with another external id is another one.
    """
    for desired, held in _decorated(targets, snapshot, creates=True):
        line = ""
        if not snapshot.form(GROUP, NAME):
            paste = line_to_paste(GROUP, desired.name, str(held[0][NAME]))
            line = f"set {paste} if the service changes names, "
        advice = f"set id or previous_names to use it, {line}or choose another name"
        yield f"{_sentence(desired, held)}; {advice}"


def decorated_notes(targets: Targets, snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each other missing group that the service may have."""
    for desired, held in _decorated(targets, snapshot, creates=False):
        yield f"{_sentence(desired, held)}; that one is left unchanged"


def _sentence(desired: Desired, held: Sequence[Resource]) -> str:
    names = ", ".join(sorted(f"'{one[NAME]}' (id {one['id']})" for one in held))
    return desired.refused(
        f"the service has group {names}, and no group with a plain name, so that may be the same "
        "group"
    )


def _decorated(
    targets: Targets, snapshot: Snapshot, *, creates: bool
) -> Iterator[tuple[Desired, list[Resource]]]:
    """Yield missing groups that are to be created, or the others, and what is held.

    None if the service has a plain name, or is known to change names in another way. What a filter
    names is told already.
    """
    names: dict[str, list[Resource]] = {}
    if snapshot.listed(GROUP) and snapshot.form(GROUP, NAME) in ("", OPAQUE):
        names = _bare_names(snapshot)
    for target in targets.of(GROUP.name) if names else ():
        desired = target.desired
        is_told = bool(snapshot.strangers(GROUP, NAME, desired.name))
        if target.resource is not None or desired.may_create is not creates or is_told:
            continue
        held = names.get(folded(GROUP, NAME, desired.name), [])
        if "externalId" in dict(desired.keys):
            held = [one for one in held if not one.get("externalId")]
        if held:
            yield desired, held


def _bare_names(snapshot: Snapshot) -> dict[str, list[Resource]]:
    """Return groups by what is left of their names without what all have a sign for."""
    groups = [one for one in snapshot.everything(GROUP) if isinstance(one.get(NAME), str)]
    found: dict[str, list[Resource]] = {}
    for sign in BEFORE + AFTER:
        if not all(sign in one[NAME] for one in groups):
            continue
        for group in groups:
            parts = group[NAME].partition(sign) if sign == AFTER else group[NAME].rpartition(sign)
            bare = parts[0] if sign == AFTER else parts[2]
            found.setdefault(folded(GROUP, NAME, bare), []).append(group)
    return found
