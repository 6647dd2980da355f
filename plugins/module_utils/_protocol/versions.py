# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of resources (RFC 7644 section 3.14): what an answer says of them.

Knows no service and no request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .refusals import texts_of

ENTITY_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e]*"')
# What some services return: an entity tag without the quotes.
BARE = re.compile(r"[\x21\x23-\x7e]+")
LONGEST = 1024
DEMANDED = 428
FAILED = 412
# With these, services refuse a write without a version if they do not know 428.
OTHERWISE = frozenset({400, 403, 409, 422})
_DEMAND = re.compile(
    r"\bif-?match\b|\bpre-?conditions? (is|are|was|were)? ?(required|missing)", re.I
)


def version_of(body: Any, headers: Mapping[str, str] | None = None) -> str:
    """Return the entity tag of a resource, by its ``meta`` or the header ETag.

    One in quotes goes before a bare one. It is empty if the answer has none, or one that cannot be
    sent back.
    """
    meta = body.get("meta") if isinstance(body, Mapping) else None
    inside = meta.get("version") if isinstance(meta, Mapping) else None
    tags = (inside, (headers or {}).get("etag"))
    for form in (ENTITY_TAG, BARE):
        for tag in tags:
            if isinstance(tag, str) and len(tag) <= LONGEST and form.fullmatch(tag):
                return tag
    return ""


def demands_version(status: int, body: Any) -> bool:
    """Return whether a write that named no version was refused for that.

    RFC 6585 section 3. Some services answer 412, which nothing else can mean then, or another
    status with a text that names ``If-Match``.
    """
    if status in OTHERWISE:
        return any(_DEMAND.search(text) for text in texts_of(body))
    return status in (DEMANDED, FAILED)


def is_entity_tag(version: str) -> bool:
    """Return whether a version has the form of HTTP (RFC 9110 section 8.8.3)."""
    return ENTITY_TAG.fullmatch(version) is not None
