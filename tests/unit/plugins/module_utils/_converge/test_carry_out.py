# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One change and its effects.

Nothing that changes share is written before they are merged.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.plugins.module_utils._plan.change import MembershipChange
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    MAILS,
    PAM,
    group_change,
    office,
    run_on,
    unshared,
    user_change,
    users,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    once,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer


def test_a_failure_leaves_what_was_created_and_read() -> None:
    store = office(once("PATCH", "Groups", answers(403), times=9))
    membership = MembershipChange(current=frozenset(), joins=users("u1", "u2"))
    change = group_change("bulkId:blue", "blue", None, membership)
    effects = unshared(run_on(store, {"create_members": False}), change)
    assert effects.failure is not None and effects.failure.status == 403
    assert effects.created == {"bulkId:blue": "g4"} and effects.readings


def test_the_one_entry_that_a_service_keeps_is_written_alone() -> None:
    def keeps_first(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method != "PATCH":
            return None
        found = store.really(method, segments, query, body)
        store["pam"]["emails"] = store["pam"]["emails"][-1:]
        return Answer(200, {**found.body, "emails": store["pam"]["emails"]})

    store = office(keeps_first)
    effects = unshared(run_on(store), user_change("u1", PAM, {**PAM, "emails": MAILS}))
    assert [dict(one.values) for one in effects.lessons] == [{"single": ("emails",)}]
    assert store["pam"]["emails"] == MAILS[:1] and effects.done is not None
    assert effects.done.changed and effects.done.not_saved == ("emails",)
    assert len(effects.done.operations) == 2


def test_an_option_that_denies_a_single_entry_is_left_alone() -> None:
    def keeps_first(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method != "PATCH":
            return None
        store.really(method, segments, query, body)
        store["pam"]["emails"] = MAILS[1:]
        return Answer(200, store["pam"])

    store = office(keeps_first)
    change = user_change("u1", PAM, {**PAM, "emails": MAILS})
    effects = unshared(run_on(store, {"single": []}), change)
    assert effects.lessons == () and store.writes() == [("PATCH", "Users")]
    assert effects.done is not None and effects.done.not_saved == ("emails",)
