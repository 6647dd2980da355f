# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer says about a write that may not have been done; knows no HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._model.reasons import reason_of
from .._model.spelling import lower_names

ERROR = "urn:ietf:params:scim:api:messages:2.0:error"
DEPTH = 4
BAD_REQUEST = 400
# What only resources and lists have.
RESOURCE = frozenset(
    "username displayname externalid members meta resources totalresults emails groups".split()
)
# What says that something worked, and what says that it did not.
FLAGS = frozenset("success successful succeeded issuccess issuccessful ok".split())
FAILURES = frozenset(
    "error errors haserror haserrors iserror failed failure fault exception errorcode "
    "errormessage errordescription".split()
)
STATUSES = (
    "status",
    "statuscode",
    "httpstatus",
    "httpstatuscode",
    "httpcode",
    "code",
    "result",
    "outcome",
    "state",
    "type",
    "level",
    "severity",
)
FAILED = frozenset("error fail failed failure fatal denied rejected refused invalid".split())
# Names that errors have beside an id.
WORDS = (
    FLAGS
    | FAILURES
    | frozenset(
        "id message messages msg detail details description reason title code status statuscode "
        "type timestamp time path instance requestid traceid correlationid jsonrpc data "
        "result".split()
    )
)
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
# A service without PATCH need not say it with 405 or 501: "Cannot PATCH /Users/1" comes with 404.
_NO_PATCH = re.compile(
    r"cannot patch\b|\bpatch( (http|requests?|methods?|operations?|verb))* ?(is |are )?"
    r"(not |un|never )(yet |currently )?(supported|implemented|allowed|available|enabled)|"
    r"(does not|doesn't|do not) (support|implement|allow|offer) (http )?patch\b|"
    r"(unsupported|unknown|invalid) (http )?(method|verb)|"
    r"\b(method|verb)( 'patch'| patch)? (is )?not (supported|implemented|allowed)",
    re.IGNORECASE,
)
WRONG_MEDIA = frozenset({406, 415})
# Services that know neither of these statuses say it with another one.
_MEDIA = re.compile(
    r"(media|mime|content)[ -]?type|application/(scim\+)?json|\baccept(ed)? header|"
    r"not acceptable",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_NOT_THERE = re.compile(r"(not|n't|never|no longer) (yet )?(exist|be found)", re.IGNORECASE)


def says_error(body: Any) -> bool:
    """Return whether a body is an error message, whatever its HTTP status.

    RFC 7644 section 3.12. Some services answer 200 with it, or with one in the form of their
    framework: ``{"success": false}``, ``{"errors": […]}``. A resource or a list is none.
    """
    schemas = _schemas_of(body)
    if schemas - {ERROR}:
        return ERROR in schemas
    return _says_error(body, DEPTH)


def _says_error(body: Any, depth: int) -> bool:
    """Return whether a body is an error message, looking so many levels deep."""
    if depth == 0:
        return False
    if isinstance(body, list):
        return bool(body) and all(_says_error(one, depth - 1) for one in body)
    said = lower_names(body)
    if not said or _is_resource(said):
        return _has_schema(said, is_error=True)
    plain = {_plain(name): value for name, value in said.items()}
    if _has_schema(said, is_error=True) or _is_failed(plain) or _has_status(plain):
        return True
    return any(_says_error(one, depth - 1) for one in said.values() if isinstance(one, Mapping))


def what_it_says(body: Any) -> str:
    """Return the reasons in a body that is neither a resource nor a list, else ""."""
    if says_error(body):
        return reason_of(body)
    if _schemas_of(body):
        return ""
    said = lower_names(body)
    return reason_of(body) if said and not _is_resource(said) else ""


def _schemas_of(body: Any) -> set[str]:
    """Return the schemas that a body names in the usual way, in lower case.

    Most answers do, so that no other name of theirs is looked at.
    """
    schemas = body.get("schemas") if isinstance(body, dict) else None
    if not isinstance(schemas, list):
        return set()
    return {one.lower() for one in schemas if isinstance(one, str)}


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "")


def _has_schema(said: Mapping[str, Any], *, is_error: bool) -> bool:
    """Return whether a body names the schema of an error, or another one."""
    schemas = said.get("schemas")
    for one in schemas if isinstance(schemas, list) else [schemas]:
        if isinstance(one, str) and (one.lower() == ERROR) is is_error:
            return True
    return False


def _is_resource(said: Mapping[str, Any]) -> bool:
    """Return whether a body is a resource or a list, by what errors do not have.

    An error may have an id, of the request, beside other names of errors.
    """
    if _has_schema(said, is_error=False) or not RESOURCE.isdisjoint(said):
        return True
    if "id" not in said:
        return False
    plain = {_plain(name): value for name, value in said.items()}
    return not (plain.keys() <= WORDS and _is_failed(plain))


def _is_failed(plain: Mapping[str, Any]) -> bool:
    """Return whether a member of a body says that something failed."""
    for name, value in plain.items():
        text = value.strip().lower() if isinstance(value, str) else value
        if name in FLAGS and text in (False, "false", "no"):
            return True
        if name in FAILURES and text not in (None, False, "", "false", "none", [], {}, 0):
            return True
    return False


def _has_status(plain: Mapping[str, Any]) -> bool:
    """Return whether a member of a body is the status of an error."""
    if plain.get("scimtype"):
        return True
    for name in STATUSES:
        value = plain.get(name)
        if _is_refusal(value) or (isinstance(value, str) and value.strip().lower() in FAILED):
            return True
    return False


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


def names_a_media_type(status: int, body: Any) -> bool:
    """Return whether a request was refused for its media type, or that of its answer."""
    if status == BAD_REQUEST:
        return any(_MEDIA.search(text) for text in texts_of(body))
    return status in WRONG_MEDIA


def names_no_patch(body: Any) -> bool:
    """Return whether a refusal says that the service has no PATCH."""
    return any(_NO_PATCH.search(text) for text in texts_of(body))


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
