# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that can only mean that nothing was found; knows no request.

RFC 7644 section 3.4.2 wants 200 and a list without resources. Services answer otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .answers import error

GONE = frozenset({404, 410})
NOTHING = GONE | {204}
ENVELOPE = frozenset(
    {
        "schemas",
        "totalresults",
        "itemsperpage",
        "startindex",
        "resources",
        "nextcursor",
        "previouscursor",
    }
)


def means_nothing(status: int, body: Any, text: str = "") -> bool:
    """Return whether the answer to a filter can only mean that it found nothing.

    ``text`` is the start of an answer that is no JSON. An empty list of SCIM is none of these
    answers. They come from a wrong address as well, so they prove nothing where the endpoint is not
    known to exist.
    """
    if status in NOTHING:
        return True
    if status == 400:
        return error(body).scim_type.lower() == "notarget"
    if status != 200 or text:
        return False
    if not body:
        return body in (None, [], {})
    said = _lower_names(body)
    if said.get("totalresults") is not None or said.get("resources") is not None:
        return False
    return is_empty_list(body) or _is_not_found(said)


def is_empty_list(body: Any) -> bool:
    """Return whether a body is the envelope of a list, and nothing is in it."""
    said = _lower_names(body)
    if not said or not said.keys() <= ENVELOPE:
        return False
    return not said.get("resources") and said.get("totalresults") in (None, 0, "0")


def is_list(body: Any) -> bool:
    """Return whether a body is a list of SCIM, so that its endpoint exists."""
    said = _lower_names(body)
    has_total = said.get("totalresults") is not None
    return has_total or isinstance(said.get("resources"), list) or is_empty_list(body)


def _is_not_found(said: Mapping[str, Any]) -> bool:
    """Return whether a body is an error that says 404 (RFC 7644 section 3.12)."""
    return "id" not in said and str(said.get("status")) in {str(one) for one in GONE}


def _lower_names(body: Any) -> dict[str, Any]:
    if not isinstance(body, Mapping):
        return {}
    return {str(name).lower(): value for name, value in body.items()}
