# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""N2, N3: whatever a service answers to a write, the run ends with what is true."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

NAMES = (
    "id",
    "ID",
    "userName",
    "displayName",
    "members",
    "meta",
    "schemas",
    "emails",
    "name",
    "active",
    "externalId",
    "groups",
    "status",
    "detail",
    "scimType",
    "Resources",
    "value",
    "title",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 10**20)
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.sampled_from(["u1", "g3", "ann", "red", "urn:ietf:params:scim:api:messages:2.0:Error"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=15,
)
STATUSES = (200, 201, 202, 203, 204, 207, 226, 300, 302, 304)
WRITES = ("POST", "PATCH", "PUT")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    body=JSON,
    over=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4) | st.none(),
    lacking=st.sets(st.sampled_from(NAMES), max_size=4),
    status=st.sampled_from(STATUSES),
    method=st.sampled_from(["patch", "put"]),
    is_done=st.booleans(),
)
def test_n3_any_answer_to_a_write_ends_its_resource_and_not_the_run(
    body: Any, over: Any, lacking: set[str], status: int, method: str, is_done: bool
) -> None:
    """``over`` is laid over the honest answer; without it ``body`` is the answer."""

    def odd(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method not in WRITES:
            return honest(asked)
        answer = honest(asked) if is_done else Answer(200, {})
        if answer.status >= 300:
            return answer
        if over is None or answer.body is None:
            return Answer(status, body)
        kept = {name: value for name, value in answer.body.items() if name not in lacking}
        return Answer(status, {**kept, **over})

    server = Quirky(odd, judged=False)
    for name in ("first", "bob"):
        server.user(name)
    server.group("blue", ["bob"])
    mail = {"type": "work", "value": "a@x.org"}
    found = run(
        server,
        policy=Policy(stop_on_error=False),
        users=[
            {"user_name": "ann", "title": "x", "emails": [mail], "roles": [{"value": "r"}]},
            {"user_name": "bob", "title": "y", "active": False, "update_method": method},
        ],
        groups=[
            {"display_name": "red", "members": {"set": ["ann"]}},
            {"display_name": "blue", "members": {"set": ["first"]}, "update_method": method},
        ],
    )
    assert all(str(one.error) for one in found.failures) and server.requests < 200
    assert server.names("Users") <= {"first", "bob", "ann"}
    if server.state() != _before():
        assert found.changed or found.failures


def _before() -> dict[str, Any]:
    server = Quirky()
    for name in ("first", "bob"):
        server.user(name)
    server.group("blue", ["bob"])
    return server.state()
