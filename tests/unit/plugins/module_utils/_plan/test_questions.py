# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions and readings as data."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Questions,
    Reading,
)


def test_a_question_without_ids_and_clauses_asks_for_everything() -> None:
    assert Question(kind=USER).everything
    assert not Question(kind=USER, ids=("u1",)).everything
    assert not Question(kind=USER, clauses=(("userName", "pam"),)).everything


def test_questions_and_readings_say_nothing_unless_set() -> None:
    assert Questions() == Questions(asked=(), account=False, schemas=False)
    reading = Reading(kind=GROUP)
    assert reading.listed is None and reading.total is None and not reading.answered
    assert not reading.members_shown and not reading.partial
