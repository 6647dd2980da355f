# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""D5: looking for what a creation made, by every key and with patience."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.look_up import (
    look,
    look_patiently,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.worker import Worker
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    office,
    run_on,
    user_change,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

NEW = {"userName": "new"}


def worker_on(store: Faulty, wait: float = 5.0) -> Worker:
    run = run_on(store)
    run.service.consistency_wait = wait
    return Worker(run, user_change("bulkId:new", None, NEW))


def test_what_is_there_is_found_at_the_first_look() -> None:
    store = office()
    worker = worker_on(store)
    store.user("new")
    store.requests = 0
    found = look_patiently(worker, worker.change)
    assert found is not None and found["id"] == "u4"
    assert (store.requests, store.waited) == (1, 0)


def test_reads_that_lag_are_awaited() -> None:
    store = office()
    worker = worker_on(store)

    def late(self: Faulty, method: str, segments: Any, *_more: Any) -> Answer | None:
        if method == "GET" and self.waited < 2:
            return Answer(200, {"totalResults": 0, "Resources": []})
        return None

    store.user("new")
    store.faults = [late]
    found = look_patiently(worker, worker.change)
    assert found is not None and 2 <= store.waited < 5


@pytest.mark.parametrize("most", [0.0, 3.0])
def test_what_is_not_there_is_looked_for_no_longer_than_set(most: float) -> None:
    store = office()
    worker = worker_on(store, most)
    assert look_patiently(worker, worker.change) is None
    assert store.waited == pytest.approx(most)


def test_keys_that_find_several_users_are_no_guess() -> None:
    store = office()
    worker = worker_on(store)
    store.user("new")
    store.held["Users"]["u9"] = {**store["new"], "id": "u9"}
    with pytest.raises(ScimError, match="userName 'new' matches 2 users"):
        look(worker, worker.change)
