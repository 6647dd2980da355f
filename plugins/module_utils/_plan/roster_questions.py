# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a long roster asks first, before its rows are made; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .._model.schema import USER
from .._provider.capabilities import Capabilities
from .desired_rows import DesiredRows, WaitingKeys
from .limits import groups_refused
from .matchers import Matchers
from .open_questions import for_groups, key_questions, purge_listings, wanted_of_groups
from .policy import Policy
from .questions import Question, Questions
from .snapshot import Snapshot


def roster_questions(
    roster: DesiredRows, snapshot: Snapshot, policy: Policy, capabilities: Capabilities
) -> Questions:
    """Return the first questions, the same as ``draft`` asks of all desired states.

    There are none if ``draft`` refuses the task at once, or if users were asked for already. Raise
    ScimError for a filter or expression of the policy with a mistake.
    """
    made = roster.made
    if snapshot.listed(USER) is not None or groups_refused(made, policy, capabilities):
        return Questions()
    Matchers(policy)
    asked = purge_listings(snapshot, policy)
    if not asked:
        asked = _with_users(key_questions(made, snapshot), roster.take_keys())
    wanted = wanted_of_groups(made, capabilities, policy)
    return Questions(asked=tuple(for_groups(one, wanted) for one in asked))


def _with_users(asked: Sequence[Question], clauses: WaitingKeys) -> list[Question]:
    """Return questions with the keys of users, which come after ids and before groups."""
    by_id = [one for one in asked if one.ids]
    users = Question(kind=USER, clauses=clauses)
    others = []
    for one in asked:
        if not one.ids and one.kind.name == USER.name:
            users = replace(one, clauses=clauses.plus(one.clauses), encloses=False)
        elif not one.ids:
            others.append(one)
    return [*by_id, users, *others]
