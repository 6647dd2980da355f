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
from collections.abc import Iterator, Mapping
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
ATTRIBUTES = ("path", "attribute", "attributename", "field", "property", "propertyname", "target")
PLACES = ("loc", "location", "pointer", "param", "parameter", "source", "name")
IGNORED = frozenset(
    "schemas schema status statuscode code errorcode type id instance timestamp date time lang "
    "language locale traceid requestid correlationid trackingid errorid uuid stack stacktrace "
    "trace exception scimtype help helplink moreinfo documentation documentationurl url link "
    "links meta path method version".split()
)
KNOWN = frozenset(one.name.lower() for kind in KINDS.values() for one in kind.attributes)
_SCIM_TYPE = "scimtype"
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_URN = re.compile(r"urn:[\w:.-]+:")


class _Place(NamedTuple):
    """Where in an answer something stands.

    ``attribute`` is what an error says that it is about, ``names`` are the names on the way, which
    may be an attribute. ``by_name``: they are.
    """

    attribute: str = ""
    names: str = ""
    by_name: bool = False
    depth: int = DEPTH

    def below(self, name: str) -> _Place:
        """Return the place of what an unknown name holds."""
        if _plain_name(name) in ("nonfielderrors", "all", ""):
            return self._replace(depth=self.depth - 1)
        is_inside = bool(self.names) and self.attribute == self.names
        is_attribute = self.by_name or is_inside or name.lower() in KNOWN
        names = ".".join(filter(None, (self.names, name)))
        attribute = names if is_attribute else self.attribute
        return self._replace(attribute=attribute, names=names, depth=self.depth - 1)


class Reason(NamedTuple):
    """One reason, and the attribute that it is about; "" if it names none."""

    attribute: str
    text: str

    def __str__(self) -> str:
        name = self.attribute.rpartition(".")[2]
        is_named = not name or name.lower() in self.text.lower()
        return self.text if is_named else f"{self.attribute}: {self.text}"


def reason_of(body: Any) -> str:
    """Return what an error response gives as its reasons, on one line.

    It is empty if there are none. The clearest come first, each once, without markup. It may be
    long.
    """
    found: dict[str, None] = {}
    length = 0
    for number, reason in enumerate(_reasons(body, _Place())):
        text = str(reason)
        if number >= MOST or length > ENOUGH:
            break
        found[text] = None
        length += len(text)
    *some, last = found or {"": None}
    return "; ".join([*(one.rstrip(".; ") for one in some), last])


def scim_type_of(body: Any, depth: int = DEPTH) -> str:
    """Return the outermost ``scimType`` of an error response, "" if there is none."""
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
            yield from _reasons(one, place._replace(depth=place.depth - 1))
    elif isinstance(value, Mapping):
        yield from _reasons_of_object(value, place)


def _reasons_of_object(value: Mapping[str, Any], place: _Place) -> Iterator[Reason]:
    """Yield the reasons in an object: by known names, else by others, else short ones."""
    about = place._replace(attribute=_attribute_of(value) or place.attribute, depth=place.depth - 1)
    is_empty = True
    ways = (
        _by_known_name(value, about),
        _in_wrappers(value, about),
        _by_attribute(value, place),
        _short(value, about),
    )
    for found in ways:
        if is_empty:
            for reason in found:
                is_empty = False
                yield reason


def _by_known_name(value: Mapping[str, Any], place: _Place) -> Iterator[Reason]:
    names = {_plain_name(name): name for name in value}
    for name in (*REASONS, *HOLDERS):
        inner = value.get(names.get(name, ""))
        if name in SHORT and not isinstance(_parsed(inner), (Mapping, list)):
            continue  # OAuth names only the kind of error here (RFC 6749 section 5.2)
        by_name = name in HOLDERS or name == "details"
        yield from _reasons(inner, place._replace(by_name=by_name))


def _in_wrappers(value: Mapping[str, Any], place: _Place) -> Iterator[Reason]:
    """Yield the reasons by known names that stand below names that say nothing."""
    for name, inner in list(value.items())[:MOST]:
        held = _parsed(inner)
        if _plain_name(name) in IGNORED and isinstance(held, Mapping) and not place.by_name:
            yield from _by_known_name(held, place)


def _by_attribute(value: Mapping[str, Any], place: _Place) -> Iterator[Reason]:
    """Yield the reasons below other names: those of attributes, or of a wrapper."""
    for name, inner in list(value.items())[:MOST]:
        plain = _plain_name(name)
        is_text = isinstance(inner, str)
        if plain in IGNORED and (is_text or not place.by_name):
            continue
        if plain in SHORT and is_text:
            continue
        below = place.below(str(name))
        if _has_text(_parsed(inner)) and not below.attribute:
            below = below._replace(attribute=below.names)
        yield from _reasons(inner, below)


def _has_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and str in map(type, value))


def _short(value: Mapping[str, Any], place: _Place) -> Iterator[Reason]:
    names = {_plain_name(name): name for name in value}
    for name in SHORT:
        yield from _reasons(value.get(names.get(name, "")), place)


def _attribute_of(value: Mapping[str, Any]) -> str:
    """Return the attribute that an error names beside its reason."""
    names = {_plain_name(name): name for name in value}
    for name in (*ATTRIBUTES, *PLACES):
        found = value.get(names.get(name, ""))
        if isinstance(found, Mapping):
            found = found.get("pointer") or found.get("parameter")
        elif name == "path" and str(found).startswith("/"):
            continue  # the address of the request
        if isinstance(found, list):
            found = ".".join(str(one) for one in found if one not in ("body", "query"))
        if isinstance(found, str) and found and not found.lower().startswith("http"):
            return _as_path(found)
    return ""


def _as_path(text: str) -> str:
    """Return where an error is as an attribute: also of a JSON pointer (RFC 6901)."""
    if "/" in text and not _URN.match(text):
        parts = text.lstrip("#/").split("/")
        text = ".".join(one for one in parts if one not in ("data", "attributes", "body"))
    return " ".join(without_markup(text).split())
