# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a filter gives for a name of the input is not removed as if the input lacked it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
    altered,
    resources,
)


def shown_otherwise(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """The service holds ann, and shows ann@corp."""

    def other(body: Any) -> Any:
        for one in resources(body):
            if one.get("userName") == "ann":
                one["userName"] = "ann@corp"
        return body

    return altered(honest(asked), other) if asked.kind == "Users" else honest(asked)


def server() -> Quirky:
    made = Quirky(shown_otherwise)
    for name in ("ann", "bob", "eve", "joe", "sue"):
        made.user(name)
    made.group("staff", ["ann", "bob", "eve", "joe", "sue"])
    return made


REST = [{"user_name": one} for one in ("bob", "eve", "joe", "sue")]
TEXT = (
    "the service answers a filter for userName 'ann' with user 'ann@corp' (id u1), which would be "
)
NO_LIMITS: dict[str, Any] = {"thresholds": {}}


@pytest.mark.parametrize(
    ("directory", "policy", "done"),
    [
        (
            {"users": [{"user_name": "ann"}, *REST]},
            Policy(purge={"User": "inactive"}, **NO_LIMITS),
            "deactivated",
        ),
        (
            {"users": [{"user_name": "ann"}, *REST]},
            Policy(purge={"User": "absent"}, **NO_LIMITS),
            "deleted",
        ),
        (
            {"teams": [{"name": "staff", "members": [{"user_name": "ann"}, *REST]}]},
            Policy(leavers="inactive", **NO_LIMITS),
            "deactivated",
        ),
        (
            {"teams": [{"name": "staff", "members": [{"user_name": "ann"}, *REST]}]},
            Policy(leavers="keep", **NO_LIMITS),
            "removed from group 'staff'",
        ),
    ],
)
def test_d4_who_is_shown_under_another_name_is_not_removed(
    directory: dict[str, Any], policy: Policy, done: str
) -> None:
    service = server()
    with pytest.raises(ScimError) as problem:
        run(service, policy=policy, caps={"filter_clauses": 1}, **directory)
    assert f"{TEXT}{done} and may be the same user" in str(problem.value)
    assert not service.log


def test_d4_who_is_listed_too_or_leaves_by_name_is_no_stranger() -> None:
    service = server()
    users = [{"user_name": "ann@corp"}, *REST]
    policy = Policy(purge={"User": "inactive"}, **NO_LIMITS)
    assert not run(service, policy=policy, caps={"filter_clauses": 1}, users=users).changed
