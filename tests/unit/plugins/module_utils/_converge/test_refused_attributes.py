# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of which a part is refused: what is written, learnt and told."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    PAM,
    office,
    run_on,
    unshared,
    user_change,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
    answers,
    once,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

BOTH = user_change("u1", PAM, {**PAM, "title": "x", "nickName": "p"})


def refusing(path: str, status: int, scim_type: str = "") -> Any:
    """Return a fault that refuses a PATCH with an attribute."""

    def fault(_store: Faulty, method: str, _segments: Any, _query: Any, body: Any) -> Any:
        if method == "PATCH" and any(one["path"] == path for one in body["Operations"]):
            return Answer(status, {"detail": "no", "scimType": scim_type})
        return None

    return fault


@pytest.mark.parametrize("status", [400, 409, 422])
def test_e2_a_refused_attribute_is_told_and_the_rest_is_written(status: int) -> None:
    store = office(refusing("title", status))
    effects = unshared(run_on(store), BOTH)
    assert effects.failure is None and store["pam"]["nickName"] == "p"
    assert effects.done is not None and effects.done.refused == ("title",)
    assert effects.done.changed and effects.done.change.paths == ("nickName",)
    (note,) = effects.notes
    assert note.startswith("title of user 'pam' is not saved, since the service refuses it")


@pytest.mark.parametrize("scim_type, is_certain", [("invalidPath", True), ("invalidValue", False)])
def test_e2_only_an_unknown_path_is_certain(scim_type: str, is_certain: bool) -> None:
    effects = unshared(run_on(office(refusing("title", 400, scim_type))), BOTH)
    (lesson,) = [one for one in effects.lessons if "unsaved" in one.values]
    assert lesson.values == {"unsaved": ("title",)} and lesson.kind == "User"
    assert (lesson.proof is None) is is_certain


ONLY = user_change("u1", {"userName": "pam"}, {"userName": "pam", "title": "x", "nickName": "p"})


def test_e2_if_everything_is_refused_the_first_refusal_is_the_failure() -> None:
    effects = unshared(run_on(office(refusing("title", 400), refusing("nickName", 400))), ONLY)
    assert str(effects.failure) == "changing user 'pam': the service answered 400: no"
    assert effects.done is None and not effects.notes


def test_e2_if_what_differs_is_refused_the_rest_is_as_it_was_set() -> None:
    effects = unshared(run_on(office(refusing("title", 400), refusing("nickName", 400))), BOTH)
    assert effects.failure is None and len(effects.notes) == 2
    assert effects.done is not None and not effects.done.changed
    assert effects.done.refused == ("title", "nickName")


@pytest.mark.parametrize("detail, scim_type", [("is too long", ""), ("no", "invalidValue")])
def test_e2_a_wrong_value_is_a_failure_with_what_was_written(detail: str, scim_type: str) -> None:
    def fault(_store: Faulty, method: str, _segments: Any, _query: Any, body: Any) -> Any:
        if method == "PATCH" and any(one["path"] == "title" for one in body["Operations"]):
            return Answer(400, {"detail": detail, "scimType": scim_type})
        return None

    effects = unshared(run_on(office(fault)), BOTH)
    assert effects.failure is not None and detail in str(effects.failure)
    assert effects.done is not None and effects.done.failed and effects.done.operations


@pytest.mark.parametrize("status", [401, 403])
def test_e2_what_is_not_about_attributes_is_not_tried_in_parts(status: int) -> None:
    store = office(once("PATCH", "Users", answers(status), times=9))
    effects = unshared(run_on(store), BOTH)
    assert effects.failure is not None and [one for one, _kind in store.writes()] == []


def test_e2_one_attribute_with_a_refused_value_is_a_failure() -> None:
    change = user_change("u1", PAM, {**PAM, "title": "x"})
    effects = unshared(run_on(office(refusing("title", 400, "invalidValue"))), change)
    assert effects.failure is not None and effects.done is None
    effects = unshared(run_on(office(refusing("title", 400, "invalidPath"))), change)
    assert effects.done is not None and effects.done.refused == ("title",)
    assert not effects.done.changed and effects.done.change.verb == "keep"
