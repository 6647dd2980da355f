# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a resource is named inside the collection; knows nothing else."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import NamedTuple

_UNUSABLE = re.compile("[/\\\\\x00-\x1f\x7f-\x9f\ufffd]")
OTHER_ENDPOINTS = frozenset({".", "..", ".search", "me"})


class Key(NamedTuple):
    """The identity of a resource: the name of its resource type and its id.

    ``id`` is the id on the service, or ``bulkId:NAME`` before the resource exists. An id alone
    names nothing: some services number users and groups alike.
    """

    kind: str
    id: str


def names_one_resource(ident: str) -> bool:
    """Return whether an id can stand in the address of a resource.

    Some texts would be another endpoint there: the type itself, its parent, its search (RFC 7644
    section 3.4.3) or the alias of the own account (section 3.11). Control characters cannot be
    sent, and U+FFFD stands for something that was not text, so it is not what the service has.
    """
    if not ident.strip() or _UNUSABLE.search(ident) is not None:
        return False
    return ident.strip().lower() not in OTHER_ENDPOINTS


def without(keys: Iterable[Key], excluded: Container[Key]) -> tuple[Key, ...]:
    """Return the keys that are not excluded, in order."""
    return tuple(one for one in keys if one not in excluded)
