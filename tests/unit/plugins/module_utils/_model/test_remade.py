# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which option explains what a service holds instead of a value (rows E1 and E3)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.remade import rewrite_of


def entries(*values: str, types: bool = True) -> list[dict[str, Any]]:
    return [
        {"value": one, **({"type": f"t{number}"} if types else {})}
        for number, one in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("path", "wanted", "before", "held", "form"),
    [
        ("title", "Clerk", None, "Kept", "User.title: opaque"),
        ("title", "Clerk", "Boss", "Kept", "User.title: opaque"),
        ("title", "Clerk", "KEPT clerk", "KEPT clerk", "User.title: opaque"),
        ("title", "Chief Clerk", "Boss", "chief-clerk", "User.title: slug"),
        ("title", "Assistant to him", "Assistant ", "Assistant ", "User.title: opaque"),
        ("emails", entries("a@x"), [], entries("b@x"), "User.emails.value: opaque"),
        ("phoneNumbers", entries("+41 1"), [], entries("411"), "User.phoneNumbers.value: e164"),
        ("phoneNumbers", entries("+41 1"), [], entries("412"), "User.phoneNumbers.value: opaque"),
        (
            "roles",
            entries("a", "b", types=False),
            [],
            entries("k-a", "k-b", types=False),
            "User.roles: opaque",
        ),
    ],
)
def test_a_value_that_is_neither_new_nor_old_was_made_by_the_service(
    path: str, wanted: Any, before: Any, held: Any, form: str
) -> None:
    assert rewrite_of("User", path, wanted, before, held) == form


@pytest.mark.parametrize(
    ("kind", "path", "wanted", "before", "held"),
    [
        ("User", "title", "Clerk", "Boss", "Boss"),
        ("User", "title", "Clerk", None, None),
        ("User", "title", None, "Boss", "Boss"),
        ("User", "userName", "ann", "anna", "anna"),
        ("User", "active", True, False, False),
        ("User", "emails", entries("a@x"), entries("b@x"), entries("b@x")),
        ("User", "emails", [], entries("b@x"), entries("b@x")),
        ("User", "urn:x:y:title", "Clerk", None, "Kept"),
        ("Device", "title", "Clerk", None, "Kept"),
    ],
)
def test_nothing_is_advised_where_nothing_new_is_held(
    kind: str, path: str, wanted: Any, before: Any, held: Any
) -> None:
    assert rewrite_of(kind, path, wanted, before, held) == ""
