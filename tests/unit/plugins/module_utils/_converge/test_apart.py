# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An id that is read again because it came under two names."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.apart import told_apart
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import Question
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import overridden
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    once,
)


def asked(store: Faulty, *names: str) -> Question:
    return Question(kind=USER, ids=(store.id_of("bob"),), names=names)


def test_n6_who_was_renamed_is_one_user_and_takes_two_requests() -> None:
    store = Faulty()
    store.user("bob")
    reading = told_apart(Service(store, overridden({})), asked(store, "ann", "bob"))
    assert reading.told_apart == (store.id_of("bob"), False)
    assert [one["userName"] for one in reading.resources] == ["bob"] and store.requests == 2


def test_n6_who_is_gone_is_one_user() -> None:
    store = Faulty()
    store.user("bob")
    question = asked(store, "ann", "bob")
    del store.held["Users"][question.ids[0]]
    reading = told_apart(Service(store, overridden({})), question)
    assert reading.told_apart == (question.ids[0], False) and not reading.resources


@pytest.mark.parametrize("status", (400, 403, 405, 500, 501))
def test_n6_what_is_refused_counts_as_two_users(status: int) -> None:
    store = Faulty(once("GET", "Users", answers(status)))
    store.user("bob")
    assert told_apart(Service(store, overridden({})), asked(store, "ann", "bob")).told_apart == (
        "u1",
        True,
    )


@pytest.mark.parametrize("status", (401, 503))
def test_n6_what_may_be_answered_later_is_a_failure(status: int) -> None:
    store = Faulty(once("GET", "Users", answers(status)))
    store.user("bob")
    with pytest.raises(ScimError):
        told_apart(Service(store, overridden({})), asked(store, "ann", "bob"))
