# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other forms of a PATCH that was ignored, and attributes that are dropped."""

from __future__ import annotations

from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.changes import (
    PAM,
    office,
    run_on,
    unshared,
    user_change,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import (
    Faulty,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer

JIM = {"userName": "jim", "active": True}
TITLE = user_change("u1", PAM, {**PAM, "title": "x"})


def ignoring(op: str) -> Any:
    """Return a fault that ignores one operation and takes replacements for additions."""

    def fault(store: Faulty, method: str, segments: Any, query: Any, body: Any) -> Any:
        if method != "PATCH":
            return None
        if body["Operations"][0]["op"] in (op, "add"):
            return Answer(204)
        store.held["Users"][segments[1]]["title"] = body["Operations"][0]["value"]
        return Answer(204)

    return fault


def learnt(effects: Any) -> list[dict[str, Any]]:
    return [dict(one.values) for one in effects.lessons]


def test_e7_the_form_that_works_is_a_lesson() -> None:
    store = office(ignoring("add"))
    effects = unshared(run_on(store), TITLE)
    assert effects.done is not None and effects.done.changed and not effects.done.not_saved
    assert learnt(effects) == [{"patch_form": "replace"}]
    assert [one["body"]["Operations"][0]["op"] for one in effects.done.operations] == [
        "add",
        "replace",
    ]


def test_e7_a_form_that_does_not_work_is_tried_once() -> None:
    run = run_on(office(ignoring("replace")))
    effects = unshared(run, TITLE)
    assert effects.done is not None and not effects.done.changed
    assert effects.done.not_saved == effects.done.ignored == ("title",)
    assert learnt(effects) == [{"patch_form": "path"}, {"unsaved": ("title",)}]
    run.service.take(effects.lessons)
    again = unshared(run, user_change("u2", JIM, {**JIM, "title": "y"}))
    assert again.done is not None and again.done.unsent == ("title",)
    assert not again.done.operations and not again.done.changed


def test_e7_an_option_is_the_only_form() -> None:
    effects = unshared(run_on(office(ignoring("replace")), {"patch_form": "path"}), TITLE)
    assert effects.done is not None and len(effects.done.operations) == 1


def test_e1_what_others_hold_is_weighed() -> None:
    store = office(ignoring("replace"))
    store["jim"]["title"] = "held"
    effects = unshared(run_on(store), TITLE)
    (lesson,) = [one for one in effects.lessons if "unsaved" in one.values]
    assert lesson.proof is not None and lesson.proof.ident == "u1"
