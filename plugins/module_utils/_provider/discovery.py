# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capabilities from a ServiceProviderConfig (RFC 7643 section 5, RFC 9865).

Knows the document, not how it is read. Each part is read by itself, and none is a reason to fail.
A refusal, a profile and the option ``capabilities`` are trusted more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .other_services import INTEROP_VALUES

MOST_PAGE = 1000
# A larger bulk request is answered late, and all of it must be read again if it is not answered.
MOST_OPERATIONS = 1000
MOST_BYTES = 10_000_000
ANNOUNCED = {"patch": "patch", "filter": "filters", "etag": "etag"}


def announced(config: Any) -> dict[str, Any]:
    """Return the capabilities that a ServiceProviderConfig announces in a usable form."""
    found: dict[str, Any] = {}
    for name, capability in ANNOUNCED.items():
        supported = _inner(config, name).get("supported")
        if isinstance(supported, bool):
            found[capability] = supported
    pagination = _inner(config, "pagination")
    sizes = (
        _inner(config, "filter").get("maxresults"),
        pagination.get("maxpagesize"),
    )
    for size in sizes:
        if isinstance(size, int) and not isinstance(size, bool) and size > 0:
            found["page_size"] = min(size, found.get("page_size", MOST_PAGE))
    if pagination.get("cursor") is True:  # a deletion moves no page that a cursor begins
        found["paging"] = "cursor"
    return {**_conformant(config), **found, **_bulk(config)}


def _bulk(config: Any) -> dict[str, Any]:
    """Return the limits of bulk requests, if the service says whether it takes them."""
    said = _inner(config, "bulk")
    if said.get("supported") is not True:
        return {"bulk_operations": 0} if said.get("supported") is False else {}
    return {
        "bulk_operations": _limit(said.get("maxoperations"), 100, MOST_OPERATIONS),
        "bulk_size": _limit(said.get("maxpayloadsize"), 1_000_000, MOST_BYTES),
    }


def _limit(value: Any, usual: int, most: int) -> int:
    """Return a limit, the usual one if the service says none, and at most ``most``."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        return usual
    return min(value, most)


def _conformant(config: Any) -> dict[str, Any]:
    """Return what conformance to the interop profile means, if it is announced."""
    if _lower(config).get("interopprofileconformant") is not True:
        return {}
    return {name: value for name, (value, _source) in INTEROP_VALUES.items()}


def _inner(document: Any, name: str) -> Mapping[str, Any]:
    """Return the object under a name, empty if there is none.

    Names ignore case, so they are in lower case here (RFC 7643 section 2.1).
    """
    return _lower(_lower(document).get(name))


def _lower(document: Any) -> dict[str, Any]:
    if not isinstance(document, Mapping):
        return {}
    return {str(name).lower(): value for name, value in document.items()}
