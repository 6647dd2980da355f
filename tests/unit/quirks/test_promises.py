# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many writes that a service only promises (202) are waited for together."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.policy import Policy
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

WRITES = ("POST", "PATCH", "PUT", "DELETE")
NAMES = [f"n{number:02}" for number in range(20)]
GOES_ON = {"stop_on_error": False}
WAIT = 5.0
NOT_MADE = "the service answered 202 and has not made it within 5 seconds"


class Promising(Quirky):
    """A service that answers writes with 202 and makes each so many seconds later."""

    def __init__(self, after: float, kind: str = "") -> None:
        super().__init__(self.promise)
        self.after = after
        self.kind = kind
        self.due: list[tuple[float, Asked, Honest]] = []
        for name in NAMES:
            self.user(name)
            self.group(f"g{name}")

    def promise(self, _server: Quirky, asked: Asked, honest: Honest) -> Answer:
        for one in [one for one in self.due if one[0] <= self.waited]:
            self.due.remove(one)
            one[2](one[1])
        if asked.method not in WRITES or self.kind not in ("", asked.kind):
            return honest(asked)
        self.due.append((self.waited + self.after, asked, honest))
        return Answer(202)


KINDS: dict[str, dict[str, Any]] = {
    "update": {"users": [{"user_name": one, "title": "x"} for one in NAMES]},
    "PUT": {
        "users": [{"user_name": one, "title": "x", "update_method": "put"} for one in NAMES],
    },
    "creation": {"users": [{"user_name": f"new{one}"} for one in NAMES]},
    "deactivation": {"users": [{"user_name": one, "state": "inactive"} for one in NAMES]},
    "deletion": {"users": [{"user_name": one, "state": "absent"} for one in NAMES]},
    "members": {
        "groups": [{"display_name": f"g{one}", "members": {"add": [one]}} for one in NAMES],
    },
}


def each_kind(test: Any) -> Any:
    """Run a test with every kind of write, one at a time and several at once."""
    at_once = pytest.mark.parametrize("at_once", [1, 8])
    return pytest.mark.parametrize("kind", sorted(KINDS))(at_once(test))


@each_kind
def test_l16_twenty_promises_that_are_not_kept_wait_once(kind: str, at_once: int) -> None:
    server = Promising(after=99.0)
    found = run(server, at_once=at_once, wait=WAIT, **KINDS[kind])
    assert len(found.promised) == 20 and not found.failures and found.changed
    assert all(NOT_MADE in one for one in found.promised)
    assert server.waited <= WAIT


@each_kind
def test_l16_twenty_promises_that_are_kept_in_time_are_done(kind: str, at_once: int) -> None:
    server = Promising(after=3.0)
    found = run(server, at_once=at_once, wait=WAIT, **KINDS[kind])
    assert not found.promised and not found.failures
    assert len(found.done) == 20 and all(one.changed and not one.not_saved for one in found.done)
    assert server.waited <= WAIT and not server.due
    writes = sum(one.method in WRITES for one in server.asked)
    assert writes == 20 and len(found.operations) == 20
    server.forget()
    server.quirks.clear()
    assert not run(server, **KINDS[kind]).changed


def test_l16_what_depends_on_a_promise_follows_once_it_is_kept() -> None:
    teams = [{"name": "red", "members": [{"user_name": f"new{one}"} for one in NAMES]}]
    kept = Promising(after=3.0, kind="Users")
    kept.group("red")
    found = run(kept, policy=Policy(**GOES_ON), wait=WAIT, teams=teams)
    assert not found.promised and kept.members("red") == {f"new{one}" for one in NAMES}
    broken = Promising(after=99.0, kind="Users")
    broken.group("red")
    found = run(broken, policy=Policy(**GOES_ON), wait=WAIT, teams=teams)
    assert len(found.promised) == 20 and not broken.members("red")
