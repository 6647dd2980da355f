# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Oddities of lists, pages, members and names, each as a switch of the quirk server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
    altered,
)


def renamed(letters: Callable[[str], str], only: frozenset[str] = frozenset()) -> Quirk:
    """Answer with attribute names in other letters than the schema's (RFC 7643 section 2.1).

    Seen: `Id` and `Members` of services written in C#, `resources` of Entra.
    """

    def other(value: Any) -> Any:
        if isinstance(value, Mapping):
            found = {}
            for name, inner in value.items():
                found[letters(name) if not only or name in only else name] = other(inner)
            return found
        if isinstance(value, list):
            return [other(one) for one in value]
        return value

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        return altered(honest(asked), other)

    return quirk
