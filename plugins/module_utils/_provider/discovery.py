# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service says of itself (RFC 7643 section 5, RFC 9865) as capabilities; each field read alone, none ever a reason to fail.

Knows the documents, not how they are read. Nothing here is trusted against a refusal or the option ``capabilities``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST_PAGE = 1000


def announced(config: Any) -> dict[str, Any]:
    """A ServiceProviderConfig → the capabilities that it announces in a form that can be believed."""
    found: dict[str, Any] = {}
    for name, capability in (("patch", "patch"), ("filter", "filters")):
        supported = _inner(config, name).get("supported")
        if isinstance(supported, bool):
            found[capability] = supported
    pagination = _inner(config, "pagination")
    sizes = [_inner(config, "filter").get("maxResults"), pagination.get("maxPageSize")]
    usable = [
        size for size in sizes if isinstance(size, int) and not isinstance(size, bool) and size > 0
    ]
    if usable:
        found["page_size"] = min(*usable, MOST_PAGE)
    if pagination.get("cursor") is True and (
        pagination.get("index") is False or pagination.get("defaultPaginationMethod") == "cursor"
    ):
        found["paging"] = "cursor"
    return found


def _inner(document: Any, name: str) -> Mapping[str, Any]:
    found = document.get(name) if isinstance(document, Mapping) else None
    return found if isinstance(found, Mapping) else {}
