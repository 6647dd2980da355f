# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The globs, filters and expressions of a policy, compiled; knows no request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import filterfalse
from typing import NamedTuple

from .._model.flat import boolean
from .._model.sameness import fold
from .._model.schema import KINDS, USER, ResourceType
from .archive import Archive
from .expressions import Test, expression
from .policy import Policy, Scope
from .questions import Resource

EXPRESSION = "jmespath:"
OPTIONS = {"User": "users", "Group": "groups"}


def matches(name: str, globs: Iterable[str]) -> bool:
    """Return whether a name is one of the names or globs, ignoring case."""
    return any(fnmatchcase(fold(name), fold(glob)) for glob in globs)


class Headcount(NamedTuple):
    """How many users are managed, and how many of these are active."""

    in_scope: int
    active: int


class Matchers:
    """What a policy says about resources and group names.

    Raise ScimError for a filter or expression with a mistake.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._globs: dict[str, tuple[str, ...]] = {}
        self._protecting: dict[str, tuple[Test, ...]] = {}
        self._scope: dict[str, tuple[Test, ...]] = {}
        for kind in KINDS.values():
            option = OPTIONS[kind.name]
            entries = policy.protected.get(kind.name, ())
            self._protecting[kind.name] = compiled(entries, f"protect.{option}")
            self._globs[kind.name] = tuple(filterfalse(_is_expression, entries))
            scope = policy.scope.get(kind.name, Scope())
            self._scope[kind.name] = tuple(_scope_tests(scope, kind, f"scope.{option}"))

    def in_scope(self, kind: ResourceType, resource: Resource) -> bool:
        """Return whether a resource is managed at all."""
        return all(test(resource) for test in self._scope.get(kind.name, ()))

    def settled(self, archive: Archive) -> Headcount:
        """Return how many of the settled users are managed, and how many active."""
        if not self._scope[USER.name]:
            return Headcount(len(archive), archive.active())
        in_scope = active = 0
        for user in archive.resources():
            if self.in_scope(USER, user):
                in_scope += 1
                active += boolean(user.get("active")) is not False
        return Headcount(in_scope, active)

    def protects(self, kind: ResourceType, resource: Resource | None) -> bool:
        """Return whether a resource is protected, judged on what the service holds of it."""
        if resource is None:
            return False
        name = str(resource.get(kind.name_attribute) or "")
        if matches(name, self._globs.get(kind.name, ())):
            return True
        return any(test(resource) for test in self._protecting.get(kind.name, ()))

    def protects_any(self, kind: ResourceType) -> bool:
        """Return whether the policy protects anything of a kind."""
        return bool(self._policy.protected.get(kind.name))

    def keeps_account(self, kind: ResourceType) -> bool:
        """Return whether the account of the credentials stays, if it is of that kind."""
        return kind.name == USER.name and self._policy.knows_itself

    def ignores_group(self, name: str) -> bool:
        """Return whether a group does not keep a leaver active."""
        return matches(name, self._policy.ignored_groups)


def compiled(entries: Sequence[str], option: str) -> tuple[Test, ...]:
    """Return the entries that begin with ``jmespath:`` as tests."""
    found = []
    for entry in filter(_is_expression, entries):
        found.append(expression(entry.removeprefix(EXPRESSION), option))
    return tuple(found)


def _is_expression(entry: str) -> bool:
    return entry.startswith(EXPRESSION)


def _scope_tests(scope: Scope, kind: ResourceType, option: str) -> list[Test]:
    tests: list[Test] = []
    if scope.filter:
        from .scope import condition

        tests.append(condition(scope.filter, kind))
    if scope.query:
        tests.append(expression(scope.query, f"{option}.query"))
    return tests
