# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first questions of a long roster are those of all its desired states."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.directory import directory_of
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.draft import draft
from ansible_collections.identity.scim.plugins.module_utils._plan.roster_questions import (
    roster_questions,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy, Scope
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Questions,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.desired_rows import DesiredRows
from ansible_collections.identity.scim.plugins.module_utils._plan.snapshot import Snapshot
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    overridden,
)

USERS: list[dict[str, Any]] = [
    {"user_name": "ann"},
    {"user_name": "bob", "external_id": "E1"},
    {"user_name": "zoé"},
    {"user_name": "eva", "match_by": ["email"], "emails": [{"value": "eva@x.org"}]},
]


def roster(**directory: Any) -> DesiredRows:
    found = directory_of({"membership": "exact", **directory})
    assert isinstance(found, DesiredRows)
    return found


@pytest.mark.parametrize(
    "directory",
    [
        {"users": USERS},
        {"users": USERS, "groups": [{"display_name": "G", "members": {"set": ["ann"]}}]},
        {"users": [*USERS, {"id": "u9", "user_name": "new"}]},
        {"users": USERS, "teams": [{"name": "T", "members": [{"user_name": "max"}]}]},
        {"users": USERS[:1], "groups": [{"id": "g1", "display_name": "G"}]},
    ],
)
@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(purge={"User": "inactive"}),
        Policy(purge={"Group": "absent"}),
        Policy(purge={"User": "absent", "Group": "absent"}),
    ],
)
def test_the_roster_questions_are_the_same(directory: dict[str, Any], policy: Policy) -> None:
    desired = list(roster(**directory))
    asked = draft(desired, Snapshot(), policy, Capabilities())
    found = roster_questions(roster(**directory), Snapshot(), policy, Capabilities())
    assert isinstance(asked, Questions)
    assert [one.kind for one in found.asked] == [one.kind for one in asked.asked]
    for one, other in zip(found.asked, asked.asked):
        assert sorted(one.clauses) == sorted(other.clauses)
        assert len(one.clauses) == len(other.clauses)
        assert (one.ids, one.members, one.whole) == (other.ids, other.members, other.whole)


def test_nothing_is_asked_once_users_are_listed() -> None:
    snapshot = Snapshot()
    snapshot.add(Reading(kind=USER, listed=True))
    assert roster_questions(roster(users=USERS), snapshot, Policy(), Capabilities()) == Questions()


def test_a_task_that_is_refused_asks_nothing() -> None:
    found = roster(users=USERS, groups=[{"display_name": "G"}])
    known = overridden({"groups": False})
    assert roster_questions(found, Snapshot(), Policy(), known) == Questions()


def test_a_mistake_in_the_policy_comes_before_any_question() -> None:
    policy = Policy(scope={"User": Scope(filter="userName eq")})
    with pytest.raises(ScimError):
        roster_questions(roster(users=USERS), Snapshot(), policy, Capabilities())
