# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that is checked before it is sent and made safe before it is shown.

Knows no HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from .._model.errors import MASK

_LONG = 6
_SHORT = 3
# Short words that the sentences of this collection contain.
COMMON = frozenset(
    "a about add added again all allow an and any are as asks at be been body but by came "
    "check could did does done each email empty error exist fix for found from full gone "
    "group has have holds host hours id input into is it its job keep know known list "
    "local made match more must name named names need needs new next no none not of on one "
    "only or other out page path proxy raise read run said same saved says scim see send "
    "sent set sets shown so still task team teams than that the them there they this time "
    "title to token true try type until url user users value was were which with would "
    "write wrong you false none null".split()
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
# Control characters, lone surrogates, and the invisible characters that reorder or hide text
# in a terminal.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb]+"
)


def clean(text: str, limit: int = 200) -> str:
    """Return ``text`` on one line of at most ``limit`` characters, safe to show.

    Control characters and invisible characters are replaced by spaces.
    """
    line = " ".join(_UNSAFE.sub(" ", text).split())
    if len(line) > limit:
        return line[: limit - 1] + "…"
    return line


def mask(text: str, secrets: Iterable[str]) -> str:
    """Return ``text`` with every secret replaced by asterisks.

    List the longest secret first where one contains another. A secret that occurs in ordinary text
    is masked only where it stands as a value, so that a sentence stays readable.
    """
    for secret in secrets:
        if not secret or secret not in text:
            continue
        if is_distinct(secret):
            text = text.replace(secret, MASK)
        else:
            text = _masked_as_value(text, secret)
    return text


def masked(value: Any, secrets: Sequence[str]) -> Any:
    """Return JSON with every secret masked, so that a part of it may be shown."""
    if isinstance(value, str):
        return mask(value, secrets)
    if isinstance(value, list):
        return [masked(one, secrets) for one in value]
    if isinstance(value, dict):
        return {mask(name, secrets): masked(one, secrets) for name, one in value.items()}
    return value


def is_distinct(secret: str) -> bool:
    """Return whether a secret is so long or unusual that no other text contains it."""
    return len(secret) >= _LONG or (len(secret) > _SHORT and not secret.isalnum())


def _masked_as_value(text: str, secret: str) -> str:
    """Mask a short secret: the whole text, a value in quotes or after a sign.

    From three characters on, one that is no common word is masked as a word too.
    """
    if text.strip() == secret.strip():
        return MASK
    word = re.escape(secret)
    if len(secret) >= _SHORT and secret.lower() not in COMMON:
        return re.sub(rf"(?<![^\W_]){word}(?![^\W_])", MASK, text)
    return re.sub(rf"(?<=['\"`:=/@(<>\[{{]){word}(?![^\W_])", MASK, text)


def has_control_character(text: str) -> bool:
    """Return whether ``text`` contains a line end or another control character."""
    return _CONTROL.search(text) is not None


def can_encode(text: str, encoding: str) -> bool:
    """Return whether ``encoding`` can represent ``text``.

    The exception holds the text, which may be secret. It ends here, so that it never becomes the
    context of another error.
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
