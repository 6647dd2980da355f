# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a fact about a service is kept, and whether it is there.

A place is ``value CAPABILITY``, ``address``, ``token TEXT`` or ``limit TEXT`` of its profile,
``test NAME``, or ``page TEXT`` of the list of services without a profile.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import PROFILES

UNIT = Path(__file__).resolve().parents[1]
README = UNIT.parents[1] / "docs/services/README.md"


def names_of_tests() -> set[str]:
    """Return the names of all unit tests."""
    found = set()
    for file in UNIT.rglob("test_*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found |= {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    return found


def holds(service: str, place: str, tests: set[str]) -> bool:
    """Return whether a fact is where it is said to be."""
    how, _space, what = place.partition(" ")
    if how == "test":
        return what in tests
    if how == "page":
        return what in " ".join(README.read_text(encoding="utf-8").split())
    profile = PROFILES[service]
    if how == "value":
        return what in profile.values
    if how == "address":
        return bool(profile.addresses)
    if how == "token":
        return any(what in getattr(profile.token, one.name).text for one in fields(profile.token))
    return how == "limit" and what in " ".join(profile.limits)


def unbound(table: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the facts of a table that are not where it says they are."""
    tests = names_of_tests()
    lacking = []
    for service, facts in table.items():
        for fact, place in facts.items():
            if not holds(service, place, tests):
                lacking.append(f"{service}: {fact}: {place}")
    return lacking
