# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of write is pending as long as a service that answered 202 has not made it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.bulky import Bulky
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

WRITES = ("POST", "PATCH", "PUT", "DELETE")
QUICK = {"consistency_wait": 0.02}
NOT_MADE = "the service answered 202 and has not made it within 0.02 seconds"
FREE = {"max_removals": "none"}
LEFT = {"teams": [{"name": "red", "members": [{"user_name": "bob"}]}], "thresholds": FREE}


class Promising(Quirky):
    """A service that answers writes with 202, and makes them only where ``makes`` is set."""

    def __init__(self, body: Any = None) -> None:
        super().__init__(self.promise)
        self.makes = False
        for name in ("ann", "bob", "cid"):
            self.user(name)
        self.group("red", ["ann", "bob"])
        self.group("blue")
        self._body = body

    def promise(self, _server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method not in WRITES:
            return honest(asked)
        if self.makes:
            honest(asked)
        else:
            self.log.append((asked.method, asked.segments, asked.body))
        return Answer(202, self._body)


# The kind of a write: module, options, what is pending.
KINDS: dict[str, tuple[str, dict[str, Any], str]] = {
    "creation": ("scim_user", {"user_name": "zoe", "title": "x"}, "creating user 'zoe'"),
    "PATCH": ("scim_user", {"user_name": "ann", "title": "x"}, "changing user 'ann'"),
    "PUT": (
        "scim_user",
        {"user_name": "ann", "title": "x", "update_method": "put"},
        "changing user 'ann'",
    ),
    "deactivation": (
        "scim_user",
        {"user_name": "ann", "state": "inactive"},
        "deactivating user 'ann'",
    ),
    "deletion": ("scim_user", {"user_name": "ann", "state": "absent"}, "deleting user 'ann'"),
    "own groups": (
        "scim_user",
        {"user_name": "ann", "groups": {"set": ["blue", "red"]}},
        "changing group 'blue'",
    ),
    "new group": (
        "scim_group",
        {"display_name": "new", "members": {"set": ["ann"]}},
        "creating group 'new'",
    ),
    "members": (
        "scim_group",
        {"display_name": "red", "members": {"set": ["cid"]}},
        "changing group 'red'",
    ),
    "members by PUT": (
        "scim_group",
        {"display_name": "red", "members": {"set": ["cid"]}, "update_method": "put"},
        "changing group 'red'",
    ),
    "deleted group": (
        "scim_group",
        {"display_name": "red", "state": "absent"},
        "deleting group 'red'",
    ),
    "membership": (
        "scim_group_membership",
        {"group": "blue", "members": ["cid"]},
        "changing group 'blue'",
    ),
    "ended membership": (
        "scim_group_membership",
        {"group": "red", "members": ["ann"], "state": "absent"},
        "changing group 'red'",
    ),
    "any resource": (
        "scim_resource",
        {
            "endpoint": "Users",
            "match_by": ["userName"],
            "attributes": {"userName": "ann", "title": "x"},
        },
        "changing user 'ann'",
    ),
    "leaver": ("scim_directory", {**LEFT, "leavers": "inactive"}, "deactivating user 'ann'"),
    "deleted leaver": ("scim_directory", {**LEFT, "leavers": "absent"}, "deleting user 'ann'"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [None, {"id": "task-1"}], ids=["empty", "a task"])
def test_l16_a_write_that_is_promised_and_not_made_is_pending(kind: str, body: Any) -> None:
    """It is sent again by each run until it is made; then a run changes nothing."""
    module, options, doing = KINDS[kind]
    server = Promising(body)
    for _number in range(2):
        server.forget()
        with web.hostile(store=server) as service:
            said = web.run(service, module, connection=QUICK, **options)
        assert not said.failure and said.changed
        (pending,) = said.result["pending"]
        assert pending.startswith(f"{doing}: {NOT_MADE}; run again later")
        assert said.warnings == [pending] and not said.result["not_saved"]
        assert len(server.log) == 1, "nothing that depends on it is written"
    server.makes = True
    with web.hostile(store=server) as service:
        said = web.run(service, module, connection=QUICK, **options)
        assert not said.failure and said.changed and not said.result.get("pending")
        if "leaver" in kind:
            return
        server.forget()
        again = web.run(service, module, connection=QUICK, **options)
    assert not again.changed and not server.log


def test_l16_a_promised_secret_that_cannot_be_read_is_pending() -> None:
    server = Promising()
    with web.hostile(store=server) as service:
        said = web.run(
            service, "scim_user", user_name="ann", password="x1y2z3", update_password="always"
        )
    (pending,) = said.result["pending"]
    assert pending.startswith("changing user 'ann': the service answered 202, and no read shows")
    assert said.warnings == [pending] and said.changed and not said.failure


def test_l16_nothing_is_pending_that_an_attribute_of_the_same_request_shows() -> None:
    server = Promising()
    server.makes = True
    server["ann"]["password"] = "old"
    with web.hostile(store=server) as service:
        said = web.run(
            service,
            "scim_user",
            user_name="ann",
            title="x",
            password="x1y2z3",
            update_password="always",
        )
    assert said.changed and "pending" not in said.result and not said.warnings


def test_l16_a_promised_deletion_is_awaited_as_long_as_set() -> None:
    server = Promising()
    found = run(server, users=[{"user_name": "ann", "state": "absent"}], wait=5.0)
    assert len(found.promised) == 1 and server.waited == 5.0


# Bulk

OPTIONS = Policy(stop_on_error=False, bulk="always", leavers="inactive", thresholds={})
MANY = 24


class PromisingBulk(Bulky):
    """A service that answers a Bulk request, or each operation in it, with 202."""

    def __init__(self, as_a_whole: bool, makes: bool = False) -> None:
        super().__init__()
        self._as_a_whole, self._makes = as_a_whole, makes
        for number in range(MANY):
            self.user(f"p{number:02}", title="old")

    def _bulk(self, body: Any) -> Answer:
        answer = super()._bulk(body) if self._makes else Answer(200, {"Operations": []})
        if self._as_a_whole:
            return Answer(202)
        rows = []
        for one in body["Operations"]:
            row = {"method": one["method"], "bulkId": one.get("bulkId"), "status": "202"}
            if one["method"] != "POST":
                row["location"] = f"https://x/v2{one['path']}"
            rows.append(row)
        return replace(answer, body={"Operations": rows})


BULK = {
    "creation": [{"user_name": f"new{number:02}"} for number in range(MANY)],
    "PATCH": [{"user_name": f"p{number:02}", "title": "x"} for number in range(MANY)],
    "deactivation": [{"user_name": f"p{number:02}", "state": "inactive"} for number in range(MANY)],
    "deletion": [{"user_name": f"p{number:02}", "state": "absent"} for number in range(MANY)],
}


@pytest.mark.parametrize("kind", BULK)
@pytest.mark.parametrize("as_a_whole", [True, False])
def test_l16_writes_of_a_bulk_request_are_pending_one_by_one(kind: str, as_a_whole: bool) -> None:
    server = PromisingBulk(as_a_whole)
    found = run(server, policy=OPTIONS, users=BULK[kind], wait=0.5)
    assert server.writes().count(("POST", "Bulk")) >= 1
    assert not found.failures, [str(one.error) for one in found.failures][:2]
    single = len(server.singly)
    assert len(found.promised) == MANY - single and single <= 3


@pytest.mark.parametrize("kind", BULK)
@pytest.mark.parametrize("as_a_whole", [True, False])
def test_l16_promised_writes_of_a_bulk_request_that_are_made_are_done(
    kind: str, as_a_whole: bool
) -> None:
    server = PromisingBulk(as_a_whole, makes=True)
    found = run(server, policy=OPTIONS, users=BULK[kind], wait=0.5)
    assert server.writes().count(("POST", "Bulk")) >= 1
    assert not found.failures and not found.promised and found.changed
    server.log.clear()
    assert not run(server, policy=OPTIONS, users=BULK[kind], wait=0.5).changed
