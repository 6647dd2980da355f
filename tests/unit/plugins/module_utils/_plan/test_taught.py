# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers to one question teach."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.lessons import Lesson
from ansible_collections.identity.scim.plugins.module_utils._plan.taught import Taught
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    overridden,
)

KNOWN = Capabilities()
FEWER = Lesson(source="a refusal", values={"filter_clauses": 5})


def learnt(taught: Taught) -> list[object]:
    return [one.values for one in taught.learnt]


def test_e9_a_number_of_comparisons_counts_as_one_until_several_are_accepted() -> None:
    taught = Taught(USER)
    taught.take_refusal(FEWER, 400, on_trial=False)
    assert taught.known(KNOWN).filter_clauses == 5 and learnt(taught) == [{"filter_clauses": 1}]
    taught.take_answer("a")
    assert learnt(taught) == [{"filter_clauses": 1}]
    taught.take_answer("ab")
    assert learnt(taught) == [{"filter_clauses": 5}]


@pytest.mark.parametrize("status", [413, 414, 431])
def test_a_filter_that_is_too_long_teaches_its_length_at_once(status: int) -> None:
    taught = Taught(USER)
    taught.take_refusal(FEWER, status, on_trial=False)
    assert learnt(taught) == [{"filter_clauses": 5}]


def test_what_is_on_trial_is_learnt_once_it_works() -> None:
    taught = Taught(USER)
    taught.take_refusal(FEWER, 414, on_trial=True)
    assert taught.known(KNOWN).filter_clauses == 5 and not taught.learnt
    taught.keep_trial()
    assert learnt(taught) == [{"filter_clauses": 5}]
    taught.take_refusal(FEWER, 414, on_trial=True)
    taught.learn("another refusal", filters=False)
    assert not taught.known(KNOWN).filters and learnt(taught)[1:] == [{"filters": False}]


def test_filters_that_are_ignored_are_an_error_where_the_option_sets_them() -> None:
    taught = Taught(USER)
    taught.take_ignored(KNOWN)
    assert learnt(taught) == [{"filters": False}]
    with pytest.raises(ScimError, match="looking up users: .* leave filters out of capabilities"):
        Taught(USER).take_ignored(overridden({"filters": True}))
