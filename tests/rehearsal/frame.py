# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nearly all imitations have in common, written once.

Knows no service by name, and nothing of the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.attributes import Row, keeps
from ansible_collections.identity.scim.tests.rehearsal.lists import (
    Lists,
    discovery,
    lists,
    selects,
)
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import nowhere
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirk

CRUD = ("GET", "POST", "PATCH", "DELETE")
NO_DISCOVERY = nowhere("ServiceProviderConfig", "ResourceTypes", "Schemas")
# Filters with one comparison by ``eq``, and no other.
ONE_COMPARISON: Mapping[str, Any] = {"operators": ("eq",), "joins": ()}
# Options that services demand of new users. ``{user_name}`` stands for the user name.
AN_EMAIL = {"emails": [{"value": "{user_name}@example.com", "type": "work", "primary": True}]}
A_NAME = {"name": {"given_name": "{user_name}", "family_name": "Rehearsal"}}


def framed(
    *quirks: Quirk,
    shown: Quirk = selects,
    kept: Sequence[Callable[[Row], None]] = (),
    announced: Quirk | int = 0,
    config: Mapping[str, Any] | None = None,
    most: int = 100,
    **rules: Any,
) -> tuple[Quirk, ...]:
    """Return quirks of a service between those that nearly all services have, the outermost first.

    First it announces what it can do: pages of ``announced`` resources (``most`` if 0), and
    ``config``. Then come its own ``quirks``. Below them, it shows the attributes that are asked for
    (``shown``) and keeps of users what ``kept`` makes of them. It lists by the ``rules`` (Lists),
    at most ``most`` resources a page.
    """
    first = announced
    if isinstance(first, int):
        first = discovery(most=first or most, **(config or {}))
    users = [keeps("Users", one) for one in kept]
    return (first, *quirks, shown, *users, lists(Lists(most=most, **rules)))
