# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When refusals are about paths and not about attributes, and what is sent then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.pathless import (
    lacks_paths,
    paths_without_lists,
)
from ansible_collections.identity.scim.plugins.module_utils._converge.worker import Worker
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.change import Change
from ansible_collections.identity.scim.plugins.module_utils._plan.parts import parts
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    MAILS,
    PAM,
    office,
    run_on,
    user_change,
)

BOTH = user_change("u1", PAM, {**PAM, "title": "x", "active": False})
TITLE = user_change("u1", PAM, {**PAM, "title": "x"})


def lacks(change: Change, detail: str = "no", status: int = 400, **more: Any) -> bool:
    worker = Worker(run_on(office(), more), change)
    refusal = ScimError("no", status=status, detail=detail)
    return lacks_paths(worker, change, [(part, refusal) for part in parts(change)])


def test_e7_several_attributes_with_one_that_every_service_has() -> None:
    assert lacks(BOTH) and not lacks(TITLE)
    assert not lacks(user_change("u1", PAM, {**PAM, "title": "x", "nickName": "p"}))
    assert not lacks(user_change("u1", PAM, {**PAM, "active": False}))


def test_e7_one_attribute_if_the_service_says_so() -> None:
    assert lacks(TITLE, "path is not supported")
    assert not lacks(TITLE, "no such attribute")


@pytest.mark.parametrize(
    "more",
    [
        {"status": 403},
        {"status": 503},
        {"detail": "the value is not valid"},
        {"patch_form": "path"},
        {"patch_form": "object"},
        {"patch": False},
    ],
)
def test_e7_no_other_form_is_left_or_likely(more: Mapping[str, Any]) -> None:
    assert not lacks(BOTH, **more)


def test_e7_a_service_that_accepted_a_patch_of_the_type_takes_paths() -> None:
    run = run_on(office())
    run.service.evidence.deny("patch", False, "User")
    refusal = ScimError("no", status=400)
    refused = [(part, refusal) for part in parts(BOTH)]
    assert not lacks_paths(Worker(run, BOTH), BOTH, refused)


def test_e7_lists_and_removals_need_a_path() -> None:
    change = user_change(
        "u1", {**PAM, "title": "x"}, {**PAM, "active": False, "emails": MAILS, "nickName": "p"}
    )
    assert set(paths_without_lists(change)) == {"active", "nickName"}
