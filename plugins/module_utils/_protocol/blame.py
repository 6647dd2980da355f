# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a refused attribute is refused for: itself or its value; knows no HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .refusals import names_a_duplicate

NOT_IMPLEMENTED = 501
# RFC 7644 section 3.12: a service does not know a path, whatever the value. "mutability" is
# neither: it knows the attribute, and may take another value at creation.
OF_PATH = frozenset({"invalidpath", "notarget"})
OF_VALUE = frozenset({"invalidvalue"})
OF_NEITHER = frozenset({"mutability"})

_NOUN = r"(attribute|property|field|path|parameter|target|member|key)s?"
_VALUE = re.compile(
    r"too (long|short|large|small|big|many characters)|\b(max|min)(imum|imal)?\b|\blength\b|"
    r"exceed|\bcharacters?\b|\bletters\b|\bdigits?\b|out of range|malformed|\bformat|\bpattern\b|"
    r"\bregex|at (most|least) \d|(longer|shorter|greater|less|larger|smaller) than|"
    r"\bvalues?\b.{0,40}(invalid|not|wrong|illegal|bad|unexpected|incorrect|outside|must|too)|"
    r"(invalid|wrong|illegal|bad|incorrect|unexpected|unknown|unsupported) ((data|attribute|"
    r"field|property|string|\w+'s?) )?(values?|types?|e-?mail|phone|number|date|time|url|uri|"
    r"locale|language|country|currency|boolean|integer|string|enum)\b|"
    r"not an? (valid|legal|well-formed|allowed|accepted)|must (match|be one of|be in|begin|start|"
    r"end|contain|not contain)|\bone of\b|expected an? |blank|empty|\brequired\b|\bnull\b",
    re.IGNORECASE,
)
_PATH = re.compile(
    rf"(unknown|unsupported|unrecogni[sz]ed|undefined|unexpected|invalid|no such|illegal|extra|"
    rf"additional|unmapped|custom) ((scim|patch|core|user|group|resource|operation|schema) )?"
    rf"{_NOUN}\b(?!'?s? (value|type|format|length))|"
    rf"{_NOUN}\b.{{0,80}}(\bnot (been )?(supported|known|defined|found|recogni[sz]ed|implemented|"
    rf"exist|mapped|part of)|unsupported|unknown|unrecogni[sz]ed|undefined|n't (exist|supported))|"
    r"not (yet )?(supported|implemented)|unsupported",
    re.IGNORECASE,
)
_NO_PATH = re.compile(
    r"\bpaths?\b.{0,20}\b(not|never) (yet )?(supported|allowed|implemented|accepted|permitted)|"
    r"\bpaths?\b.{0,20}\b(unsupported|must (not be|be (empty|absent|omitted)))|"
    r"unexpected ((property|field|key|member) )?path\b|without (a |any )?path",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")


def blames_path(status: int | None, scim_type: str, texts: Iterable[str]) -> bool:
    """Return whether a service does not know an attribute, whatever its value."""
    if status == NOT_IMPLEMENTED or scim_type.lower() in OF_PATH:
        return True
    if scim_type.lower() in OF_VALUE | OF_NEITHER or _is_of_value(texts):
        return False
    return any(_PATH.search(one) for one in map(_unquoted, texts))


def blames_value(scim_type: str, texts: Iterable[str]) -> bool:
    """Return whether a value is wrong or taken, so that the attribute is known."""
    if scim_type.lower() in OF_PATH | OF_NEITHER:
        return False
    return scim_type.lower() in OF_VALUE or names_a_value(scim_type, texts)


def names_no_path(texts: Iterable[str]) -> bool:
    """Return whether the words of a refusal are about any path of a PATCH.

    Words about the path of one attribute may be the same, so they prove nothing.
    """
    return any(_NO_PATH.search(one) for one in texts)


def names_a_value(scim_type: str, texts: Iterable[str]) -> bool:
    """Return whether the words of a refusal are about a value.

    ``invalidValue`` without such words is no proof: some services say it of unknown attributes.
    """
    return names_a_duplicate(scim_type, *texts) or _is_of_value(texts)


def _is_of_value(texts: Iterable[str]) -> bool:
    return any(_VALUE.search(one) for one in map(_unquoted, texts))


def _unquoted(text: str) -> str:
    """Return a text without what it quotes, which may be the value."""
    return _QUOTED.sub("", text)
