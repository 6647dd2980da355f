# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lessons are proven, for one resource type and for all."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.evidence import Evidence
from ansible_collections.identity.scim.plugins.module_utils._plan.lessons import Lesson, Proof
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    overridden,
)


def no_patch(kind: str, ident: str, content: str = "") -> Lesson:
    proof = Proof(ident, content)
    return Lesson(source="an answer", values={"patch": False}, kind=kind, proof=proof)


def learnt(*lessons: Lesson, known: Capabilities = Capabilities()) -> Capabilities:
    evidence = Evidence()
    for lesson in lessons:
        known = evidence.weighed(lesson, known)
    return known


@pytest.mark.parametrize(
    "second, proven",
    [
        (no_patch("User", "u1", "x"), False),
        (no_patch("User", "u1", "y"), False),
        (no_patch("User", "u2", "x"), False),
        (no_patch("User", "u2", "y"), True),
        (no_patch("Group", "u2", "y"), False),
    ],
)
def test_e6_a_second_different_proof_is_due(second: Lesson, proven: bool) -> None:
    found = learnt(no_patch("User", "u1", "x"), second)
    assert found.of("User").patch is not proven
    assert found.of("Group").patch and found.patch


def test_e6_another_resource_is_another_proof_where_the_value_does_not_matter() -> None:
    assert learnt(no_patch("User", "u1"), no_patch("User", "u1")).of("User").patch
    assert not learnt(no_patch("User", "u1"), no_patch("User", "u2")).of("User").patch


def test_e6_users_and_groups_prove_it_for_all_types() -> None:
    proofs = [("1", "a"), ("2", "b")]
    lessons = [no_patch(kind, *proof) for kind in ("User", "Group") for proof in proofs]
    assert not learnt(*lessons).of("Devices").patch
    assert learnt(*lessons[:3]).of("Devices").patch


def test_e6_what_was_seen_to_work_is_never_proven_wrong() -> None:
    evidence = Evidence()
    evidence.deny("patch", False, "User")
    known = Capabilities()
    for number in range(4):
        known = evidence.weighed(no_patch("User", str(number), str(number)), known)
    assert known.of("User").patch


def test_e6_a_lesson_without_a_proof_is_certain() -> None:
    lesson = Lesson(source="an answer", values={"member_remove": "list"}, kind="Group")
    assert learnt(lesson).of("Group").member_remove == "list"
    assert learnt(lesson).member_remove == "filter"


def test_e6_an_option_stays() -> None:
    lessons = [no_patch("User", str(number), str(number)) for number in range(3)]
    assert learnt(*lessons, known=overridden({"patch": True})).of("User").patch


def test_e6_what_was_seen_to_be_wrong_is_known() -> None:
    evidence = Evidence()
    evidence.deny("patch", False, "User")
    assert evidence.is_denied("patch", False, "User")
    assert not evidence.is_denied("patch", False, "Group")
