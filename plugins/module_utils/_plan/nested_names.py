# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members that are named like users and are groups; pure.

Only what is said of a missing member rests on it, never who joins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .._model.schema import GROUP, USER
from .desired import Reference, folded
from .memberships import SHOWN
from .policy import Policy
from .questions import Question, Questions
from .snapshot import Snapshot
from .targets import Targets

NAME = GROUP.name_attribute


def group_question(
    missing: Iterable[Reference], snapshot: Snapshot, policy: Policy
) -> Questions | None:
    """Return the question whether missing members are groups, None if it is settled."""
    if policy.ignore_missing or snapshot.refusal(GROUP):
        return None
    unknown = [one for one in _names(missing) if not snapshot.knows(GROUP, NAME, one)]
    if not unknown:
        return None
    clauses = tuple((NAME, one) for one in unknown)
    return Questions(asked=(Question(kind=GROUP, clauses=clauses, optional=True),))


def names_of_groups(
    missing: Iterable[Reference], targets: Targets, snapshot: Snapshot
) -> Iterator[str]:
    """Yield the names of missing users that a group has.

    It may be on the service or in the input.
    """
    for name in _names(missing):
        in_input = targets.at((GROUP.name, NAME, folded(GROUP, NAME, name)))
        if in_input is not None or snapshot.shown(GROUP, NAME, name):
            yield name


def _names(missing: Iterable[Reference]) -> list[str]:
    """Return the first names of users that do not exist."""
    path = USER.name_attribute
    return [one.value for one in missing if (one.kind, one.path) == (USER.name, path)][:SHOWN]
