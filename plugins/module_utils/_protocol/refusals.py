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
    r"(constraint|violat|key|index)|\btaken\b|\bin use\b|uniqueness|"
    r"(name|user|group|e-?mail|mail|login|value|key|address|identifier|externalid) conflict|"
    r"conflict(s|ing)? (name|user|group|e-?mail|value|key|attribute)|"
    r"conflict(s|ing)? with (an?|the|one)? ?(other|another) (?!(client|request|process|update))",
    re.IGNORECASE,
)
# What says that a resource changed, or is being changed, whatever else stands beside it:
# "a newer version already exists".
_MEANWHILE = re.compile(
    r"version|revision|\be-?tag|if-?match|pre-?condition|concurren|optimistic|\bstale|outdated|"
    r"out of date|out of sync|mid-?air|simultaneous|serializ|deadlock|\brace\b|in progress|"
    r"(modified|changed|updated|edited|altered|touched|written|removed|deleted) "
    r"(by|since|in the mean|meanwhile|elsewhere|after|during|between)|"
    r"(has|have|had|was|were) (already |just )?(been )?(modified|changed|updated|edited|altered)|"
    r"being (modified|changed|updated|edited|processed|written|synced|synchroni|deleted|created|"
    r"provisioned)|another (request|transaction|operation|process|update|client|session|writer)",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(states?|status|busy|pending|transition|transaction|try again|retry|lock(ed|ing)?|"
    r"suspended|archived|frozen|read-?only)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
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
    return any(map(_is_duplicate, texts)) and not any(map(_is_meanwhile, texts))


def names_a_change(scim_type: str, *texts: str) -> bool:
    """Return whether a refusal is about a change meanwhile, or about a state."""
    if names_a_duplicate(scim_type, *texts):
        return False
    return any(_is_meanwhile(text) or _STATE.search(text) for text in texts)


def _is_duplicate(text: str) -> bool:
    return _DUPLICATE.search(_NOT_THERE.sub("", text)) is not None


def _is_meanwhile(text: str) -> bool:
    return _MEANWHILE.search(_QUOTED.sub("", text)) is not None


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
