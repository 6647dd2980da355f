# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer says about a write that may not have been done; knows no HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._model.spelling import lower_names

ERROR = "urn:ietf:params:scim:api:messages:2.0:error"
# Services say "taken" in many ways, and not only with 409: 400, 422, 500 with the text of a
# database.
_DUPLICATE = re.compile(
    r"already|\bexist(s|ing)\b|duplicat|\b(not|non|must be|be) ?-?unique|unique.{0,40}"
    r"(constraint|violat|key|index)|\btaken\b|\bin use\b|conflict|uniqueness",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(r"(not|n't|never|no longer) (yet )?(exist|be found)", re.IGNORECASE)


def says_error(body: Any) -> bool:
    """Return whether a body is an error message, whatever its HTTP status.

    RFC 7644 section 3.12.
    Some services answer 200 with it.
    """
    said = lower_names(body)
    if "id" in said:
        return False
    schemas = said.get("schemas")
    for one in schemas if isinstance(schemas, list) else [schemas]:
        if isinstance(one, str) and one.lower() == ERROR:
            return True
    return "scimtype" in said or _is_refusal(said.get("status"))


def _is_refusal(status: Any) -> bool:
    if isinstance(status, bool) or not isinstance(status, (int, str)):
        return False
    return str(status).isdecimal() and 400 <= int(str(status)[:4]) < 600


def names_a_duplicate(scim_type: str, *texts: str) -> bool:
    """Return whether a refusal says that a value is taken, in whatever words."""
    if scim_type.lower() == "uniqueness":
        return True
    for text in texts:
        if _DUPLICATE.search(_NOT_THERE.sub("", text)):
            return True
    return False


def texts_of(body: Any, depth: int = 6) -> Iterator[str]:
    """Yield every text in a body, at most ``depth`` levels deep."""
    if isinstance(body, str):
        yield body
    elif depth > 0 and isinstance(body, Mapping):
        for inner in body.values():
            yield from texts_of(inner, depth - 1)
    elif depth > 0 and isinstance(body, list):
        for inner in body:
            yield from texts_of(inner, depth - 1)
