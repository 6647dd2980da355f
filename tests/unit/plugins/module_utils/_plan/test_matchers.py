# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy compiled: scope, protection and ignored groups, judged on what the service holds."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    GROUP,
    USER,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.matchers import (
    Matchers,
    compiled,
    matches,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.policy import (
    Policy,
    Scope,
)

PAM: dict[str, Any] = {"id": "u1", "userName": "pam", "title": "Painter"}
RED: dict[str, Any] = {"id": "g1", "displayName": "Red team"}


@pytest.mark.parametrize(
    "globs, found",
    [
        (("red team",), True),
        (("RED *",), True),
        (("red",), False),
        (("blue", "*team"), True),
        (("[rb]ed team",), True),
        ((), False),
    ],
)
def test_names_match_globs_ignoring_case(globs: tuple[str, ...], found: bool) -> None:
    assert matches("Red team", globs) is found


@pytest.mark.parametrize(
    "entries, found",
    [
        (("pam",), True),
        (("P*",), True),
        (("jmespath:title == 'Painter'",), True),
        (("jim", "jmespath:title == 'Clerk'"), False),
        ((), False),
    ],
)
def test_users_are_protected_by_names_globs_and_expressions(
    entries: tuple[str, ...], found: bool
) -> None:
    matchers = Matchers(Policy(protected={"User": entries}))
    assert matchers.protects(USER, PAM) is found
    assert not matchers.protects(USER, None) and not matchers.protects(GROUP, RED)
    assert matchers.protects_any(USER) is bool(entries) and not matchers.protects_any(GROUP)


@pytest.mark.parametrize(
    "scope, found",
    [
        (Scope(), True),
        (Scope(filter='title eq "painter"'), True),
        (Scope(filter='title eq "clerk"'), False),
        (Scope(query="title == 'Painter'"), True),
        (Scope(filter='title eq "painter"', query="title == 'Clerk'"), False),
    ],
)
def test_a_resource_is_in_scope_if_filter_and_expression_hold(scope: Scope, found: bool) -> None:
    matchers = Matchers(Policy(scope={"User": scope}))
    assert matchers.in_scope(USER, PAM) is found and matchers.in_scope(GROUP, RED)


def test_groups_that_keep_no_leaver_active() -> None:
    matchers = Matchers(Policy(ignored_groups=("all *",)))
    assert matchers.ignores_group("All staff") and not matchers.ignores_group("staff")


def test_mistakes_in_a_policy_name_the_option() -> None:
    for policy, option in (
        (Policy(protected={"User": ("jmespath:a ===",)}), "protect.users"),
        (Policy(scope={"Group": Scope(query="a ===")}), "scope.groups.query"),
    ):
        with pytest.raises(ScimError, match=f"^{option} is not a valid JMESPath expression"):
            Matchers(policy)


def test_only_entries_that_begin_with_jmespath_are_compiled() -> None:
    (test,) = compiled(("pam", "jmespath:title == 'Painter'", "title == 'x'"), "protect.users")
    assert test(PAM) and not test(RED)


def test_account_of_the_credentials_is_kept_among_users_only() -> None:
    assert Matchers(Policy(knows_itself=True)).keeps_account(USER)
    assert not Matchers(Policy(knows_itself=True)).keeps_account(GROUP)
    assert not Matchers(Policy()).keeps_account(USER)
