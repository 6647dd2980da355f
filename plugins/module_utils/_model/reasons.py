# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a service refused a request, wherever in a JSON answer it says so.

Besides SCIM's own form (RFC 7644 section 3.12) services use that of their framework: problem
details (RFC 9457), lists of errors, errors by attribute, JSON as text. Knows no HTTP.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

from .schema import KINDS

ENOUGH = 800
DEPTH = 100
MOST = 200
# What names a reason, the clearest first. Names are compared without case, ``_`` and ``-``.
REASONS = (
    "detail",
    "details",
    "message",
    "messages",
    "errormessage",
    "errordescription",
    "errorsummary",
    "description",
    "msg",
    "reason",
    "faultstring",
    "localizedmessage",
)
# What holds reasons by attribute, or one after the other.
HOLDERS = (
    "errors",
    "error",
    "invalidparams",
    "fielderrors",
    "fieldlist",
    "validationerrors",
    "modelstate",
    "violations",
    "innererror",
    "causes",
    "errorcauses",
    "cause",
)
# What says little by itself.
SHORT = ("error", "title", "reasonphrase", "summary")
# Names of a text in a reason that has more beside it.
TEXTS = ("value", "text", "content", "")
# What says it in a word for programs. It counts if nothing else does.
CODES = (
    "code",
    "errorcode",
    "reasoncode",
    "errortype",
    "statustext",
    "exception",
    "type",
    "kind",
    "rule",
    "constraint",
    "subcode",
    "status",
)
SAYS_NOTHING = frozenset(
    "error errors fail failed failure false about:blank none null ok okay success true".split()
)
ATTRIBUTES = (
    "path",
    "attribute",
    "attributename",
    "attributepath",
    "field",
    "fieldname",
    "property",
    "propertyname",
    "propertypath",
    "target",
    "attributes",
    "fields",
    "properties",
)
PLACES = ("loc", "location", "pointer", "param", "parameter", "source", "name", "key")
# Where in a request something stands, which is no attribute.
PARTS = frozenset("body query params headers cookies path request".split())
IGNORED = frozenset(
    "schemas schema status statuscode code errorcode type id instance timestamp date time lang "
    "language locale traceid requestid correlationid trackingid errorid uuid stack stacktrace "
    "trace exception scimtype help helplink moreinfo documentation documentationurl url link "
    "links meta path method version kind rule constraint subcode reasoncode errortype statustext "
    "success ok severity level domain rejectedvalue attemptedvalue invalidvalue "
    "objectname".split()
)
KNOWN = frozenset(one.name.lower() for kind in KINDS.values() for one in kind.attributes)
_TITLE = "title"
# What stands beside the title of an error.
PROBLEM = frozenset("status statuscode code errorcode type detail instance".split())
# Attributes of which an error may say something under a name that else is about the error.
_AMBIGUOUS = KNOWN - {"id", "schemas", "meta"}
_FROM_CODES = 100
_TO_CODES = 600
_SCIM_TYPE = "scimtype"
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_WORD_OF_PROGRAMS = re.compile(r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+\Z")
_URN = re.compile(r"urn:[\w:.-]+:")


class _Place(NamedTuple):
    """Where in an answer something stands.

    ``attribute`` is what an error says that it is about, ``names`` are the names on the way, which
    may be an attribute. ``by_name``: they are. ``is_one``: it is one of a list. ``codes``: a code
    counts although nothing says what it is about.
    """

    attribute: str = ""
    names: str = ""
    by_name: bool = False
    is_one: bool = False
    codes: bool = False
    depth: int = DEPTH

    def below(self, name: str) -> _Place:
        """Return the place of what an unknown name holds."""
        deeper = self._replace(is_one=False, depth=self.depth - 1)
        if _plain_name(name) in ("nonfielderrors", "all", ""):
            return deeper
        is_inside = bool(self.names) and self.attribute == self.names
        if name.lower() in KNOWN and not is_inside and not self.by_name:
            return deeper._replace(attribute=name, names=name)
        names = ".".join(filter(None, (self.names, name)))
        attribute = names if self.by_name or is_inside else self.attribute
        return deeper._replace(attribute=attribute, names=names)


class Reason(NamedTuple):
    """One reason, and the attribute that it is about; "" if it names none."""

    attribute: str
    text: str

    def __str__(self) -> str:
        name = self.attribute.rpartition(".")[2]
        is_named = not name or name.lower() in self.text.lower()
        return self.text if is_named else f"{self.attribute}: {self.text}"


def reason_of(body: Any) -> str:
    """Return what an error answer gives as its reasons, on one line.

    It is empty if there are none. The clearest come first, each once, without markup. It may be
    long.
    """
    found = _first(_reasons(body, _Place())) or _first(_reasons(body, _Place(codes=True)))
    *some, last = found or [""]
    return "; ".join([*(one.rstrip(".; ") for one in some), last])


def _first(reasons: Iterator[Reason]) -> list[str]:
    """Return the first reasons as texts, each once."""
    found: dict[str, None] = {}
    length = 0
    for number, reason in enumerate(reasons):
        text = str(reason)
        if number >= MOST or length > ENOUGH:
            break
        found[text] = None
        length += len(text)
    return list(found)


def scim_type_of(body: Any, depth: int = DEPTH) -> str:
    """Return the outermost ``scimType`` of an error answer, "" if there is none."""
    if depth == 0:
        return ""
    body = _parsed(body)
    inner: list[Any] = []
    if isinstance(body, Mapping):
        for name, value in body.items():
            if _plain_name(name) == _SCIM_TYPE and isinstance(value, str):
                return value
        inner = list(body.values())
    elif isinstance(body, list):
        inner = body[:MOST]
    for value in inner:
        found = scim_type_of(value, depth - 1)
        if found:
            return found
    return ""


def without_markup(text: str) -> str:
    """Return a text without HTML tags, with its references as characters."""
    return html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text)))


def _plain_name(name: Any) -> str:
    return str(name).lower().replace("_", "").replace("-", "")


def _parsed(value: Any) -> Any:
    """Return JSON that was written as a text, any other value as it is."""
    if not isinstance(value, str) or value.strip()[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _reasons(value: Any, place: _Place) -> Iterator[Reason]:
    """Yield the reasons in a value."""
    value = _parsed(value)
    if place.depth == 0:
        return
    if isinstance(value, str):
        text = " ".join(without_markup(value).split())
        if text:
            yield Reason(place.attribute, text)
    elif isinstance(value, list):
        for one in value[:MOST]:
            yield from _reasons(one, place._replace(is_one=True, depth=place.depth - 1))
    elif isinstance(value, Mapping):
        yield from _reasons_of_object(value, place)


def _reasons_of_object(value: Mapping[str, Any], place: _Place) -> Iterator[Reason]:
    """Yield the reasons in an object: by known names, else by others, else short ones."""
    names = {_plain_name(name): str(name) for name in value}
    by_attribute = _is_by_attribute(names, place)
    giver, attribute = ("", "") if by_attribute else _attribute_of(value, names)
    inside = place._replace(by_name=place.by_name or by_attribute)
    if by_attribute and not (place.by_name or place.attribute):
        inside = inside._replace(names="")
    about = place._replace(attribute=attribute or place.attribute, depth=place.depth - 1)
    is_empty = True
    ways: tuple[Iterator[Reason], ...] = (
        _by_known_name(value, about),
        _in_wrappers(value, about),
        _after_code(value, _by_attribute(value, inside, giver, about), about),
        _short(value, about),
        _in_wrappers(value, about, is_short=True),
        _codes(value, about),
    )
    if _is_resource(names):
        ways = ways[:1]
    for found in ways:
        if is_empty:
            for reason in found:
                is_empty = False
                yield reason


def _is_resource(names: Container[str]) -> bool:
    """Return whether an object is a resource or a list of some, which is no refusal."""
    is_list = "resources" in names and "totalresults" in names
    return is_list or ("id" in names and ("username" in names or "displayname" in names))


def _is_by_attribute(names: Mapping[str, str], place: _Place) -> bool:
    """Return whether all names in an object are attributes, with a reason each.

    ``title`` may also be that of the error itself, at the top or in a list.
    """
    if not all(name.lower() in _AMBIGUOUS for name in names.values()):
        return False
    is_title = list(names) == [_TITLE]
    return bool(names) and not (is_title and (place.is_one or place.depth == DEPTH))


def _by_known_name(value: Mapping[str, Any], place: _Place) -> Iterator[Reason]:
    names = {_plain_name(name): name for name in value}
    for name in (*REASONS, *HOLDERS):
        inner = value.get(names.get(name, ""))
        if name in SHORT and not isinstance(_parsed(inner), (Mapping, list)):
            continue  # OAuth names only the kind of error here (RFC 6749 section 5.2)
        if name in REASONS:
            inner = _text_alone(inner)
        by_name = name in HOLDERS or name == "details"
        above = place.names if place.attribute else ""
        yield from _reasons(inner, place._replace(by_name=by_name, names=above, is_one=False))


def _text_alone(value: Any) -> Any:
    """Return the text of a reason that has its language or its form beside it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if _plain_name(name).lstrip("#$@") in TEXTS and isinstance(inner, str):
                return inner
    return value


def _after_code(
    value: Mapping[str, Any], reasons: Iterator[Reason], place: _Place
) -> Iterator[Reason]:
    """Yield reasons, after a word for programs if they are about no attribute.

    ``missing_scope`` says more than what is ``needed``.
    """
    names = {_plain_name(name): name for name in value}
    code = value.get(names.get("error", ""))
    for number, reason in enumerate(reasons):
        is_known = reason.attribute.partition(".")[0].lower() in KNOWN
        if number == 0 and not is_known and _WORD_OF_PROGRAMS.match(str(code)):
            yield from _reasons(code, place)
        yield reason


def _in_wrappers(
    value: Mapping[str, Any], place: _Place, *, is_short: bool = False
) -> Iterator[Reason]:
    """Yield the reasons by known names, or short ones, below names that say nothing."""
    for name, inner in list(value.items())[:MOST]:
        held = _parsed(inner)
        if _plain_name(name) in IGNORED and isinstance(held, Mapping) and not place.by_name:
            yield from (_short if is_short else _by_known_name)(held, place)


def _by_attribute(
    value: Mapping[str, Any], place: _Place, giver: str, about: _Place
) -> Iterator[Reason]:
    """Yield the reasons below other names: those of attributes, or of a wrapper.

    ``giver`` is the name under which the error says which attribute it is ``about``.
    """
    is_problem = not PROBLEM.isdisjoint(map(_plain_name, value))
    for name, inner in list(value.items())[:MOST]:
        if name == giver or _is_about_error(str(name), inner, place, is_problem=is_problem):
            continue
        below = place.below(str(name))
        is_attribute = str(name).lower() in KNOWN
        if giver and not is_attribute:
            below = below._replace(attribute=about.attribute)
        elif _has_text(_parsed(inner)) and not below.attribute:
            below = below._replace(attribute=below.names)
        yield from _reasons(inner, below)


def _is_about_error(name: str, inner: Any, place: _Place, *, is_problem: bool) -> bool:
    """Return whether a name is about an error and no reason, or a short one.

    ``is_problem``: the title beside it is that of the error (RFC 9457).
    """
    plain = _plain_name(name)
    is_text = isinstance(inner, str)
    if place.by_name and name.lower() in _AMBIGUOUS and plain not in SHORT:
        return False
    if plain in IGNORED:
        return is_text or not place.by_name
    is_attribute = plain == _TITLE and place.by_name and not (is_problem or place.is_one)
    return plain in SHORT and is_text and not is_attribute


def _has_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and str in map(type, value))


def _short(value: Mapping[str, Any], place: _Place) -> Iterator[Reason]:
    names = {_plain_name(name): name for name in value}
    for name in SHORT:
        yield from _reasons(value.get(names.get(name, "")), place)


def _codes(value: Mapping[str, Any], place: _Place) -> Iterator[Reason]:
    """Yield the first code of an object that tells more than the status of HTTP."""
    if not (place.codes or place.attribute):
        return
    names = {_plain_name(name): name for name in value}
    for plain in CODES:
        name = names.get(plain, "")
        text = _code(plain, name, value.get(name))
        if text:
            yield from _reasons(text, place)
            return


def _code(plain: str, name: str, code: Any) -> str:
    """Return a code as text, a number with its name, empty if it is none."""
    if isinstance(code, bool) or not isinstance(code, (str, int)):
        return ""
    text = str(code).strip()
    if not text.lstrip("-").isdecimal():
        return "" if text.lower() in SAYS_NOTHING else text
    is_status = plain == "status" or _FROM_CODES <= abs(int(text[:9])) < _TO_CODES
    return "" if is_status else f"{name} {text}"


def _attribute_of(value: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    """Return the name under which an error gives an attribute, and that attribute."""
    for plain in (*ATTRIBUTES, *PLACES):
        name = names.get(plain, "")
        found = _named(plain, value.get(name))
        if found and not found.lower().startswith("http"):
            return name, _as_path(found)
    return "", ""


def _named(plain: str, found: Any) -> str:
    """Return the attribute that stands below a name, empty if it is none."""
    found = _as_text(plain, found)
    if not isinstance(found, str):
        return ""
    is_request = plain == "path" and found.startswith("/")
    is_sentence = plain in ("name", "key") and " " in found
    if plain in PLACES and found.lower() in PARTS:
        return ""
    return "" if is_request or is_sentence else found


def _as_text(plain: str, found: Any) -> Any:
    """Return where an error is as text, if it is an object or a list of names."""
    if isinstance(found, Mapping):
        found = found.get("pointer") or found.get("parameter")
    if isinstance(found, list) and plain != "name" and _has_text(found):
        return ".".join(str(one) for one in found if one not in ("body", "query"))
    return found


def _as_path(text: str) -> str:
    """Return where an error is as an attribute: also of a JSON pointer (RFC 6901)."""
    if "/" in text and not _URN.match(text):
        parts = text.lstrip("#/").split("/")
        text = ".".join(one for one in parts if one not in ("data", "attributes", "body"))
    return " ".join(without_markup(text).split())
