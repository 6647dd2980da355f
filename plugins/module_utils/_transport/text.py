# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that is checked before it is sent and made safe before it is shown.

Knows no HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from .._model.errors import MASK
from .candidates import Candidates
from .encodings import coded_spans
from .escapes import escaped_spans, may_be_escaped

# Words of sentences that may contain a shorter word, which may be a secret.
ORDINARY = frozenset(
    "accepted account accounts address addresses afterwards allowed already announced another "
    "answered answers anything application attribute attributes authenticate authentication "
    "authority authorization because behavior between capabilities capability certain "
    "certificate certificates changed changes changing character characters collection "
    "comparisons complete conflict connection contain contains control correct created "
    "creates creating creation credentials current deactivate deactivated deactivates "
    "deactivation decides defaults deleted deletes deleting dictionary different display "
    "documentation earlier encrypted endpoint endpoints enterprise entries environment "
    "errorcode evaluated exactly example exception exclusive existing expression extension "
    "external failure filtering filters forbidden formatted fragment further happens headers "
    "identifier identity ignored ignores inactive install instance instead interrupted "
    "invalid invalidvalue jmespath leavers letters listing looking machine managed manager "
    "manages managing matched maximum meanwhile measured members membership memberships "
    "missing modified nothing offboarded omitted onboarded operation options organization "
    "outside password passwords percentage permissions preferred present primary private "
    "profile protect protected reached reading redirects reference refusal refused removal "
    "removed removes removing replace replaced replaces request requested requests required "
    "resource resources response returned returns seconds section service services several "
    "skipped sorting statuscode stopped stripped support supported surrogate temporary "
    "thresholds together trusted tutorial unauthorized unchanged unknown unsaved updated "
    "updates username usernames variables verified version whether without written".split()
)
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
# A text of letters as in a sentence.
_PHRASE = re.compile(r"[A-Za-z]*[ ,.'-][A-Za-z ,.'-]*\Z")
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
    known = secrets if isinstance(secrets, tuple) else tuple(secrets)
    candidates = _candidates(known)
    for secret in known if candidates.may_be_in(text) else ():
        if not secret or secret not in text:
            continue
        if not is_distinct(secret):
            text = _masked_as_value(text, secret)
        elif secret.isalpha():
            text = _masked_in_words(text, secret)
        else:
            text = text.replace(secret, MASK)
    if candidates.may_be_coded_in(text):
        # One byte for each character, so that places are the same. Others are in no code.
        plain = text.encode("ascii", "replace")
        text = _masked_at(text, coded_spans(plain, _as_bytes(known)))
    if may_be_escaped(text):
        text = _masked_at(text, escaped_spans(text, _as_bytes(known)))
    return text


def _masked_at(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Mask the parts of a text that stand for a secret."""
    end = 0
    shown = ""
    for start, stop in sorted(spans):
        if start >= end:
            shown += text[end:start] + MASK
        end = max(end, stop)
    return shown + text[end:]


# Most calls are for the same tuple of secrets, which is not even hashed then.
_last: tuple[tuple[str, ...], Candidates] = ((), Candidates((), ()))


def _candidates(secrets: tuple[str, ...]) -> Candidates:
    """Return what says which texts hold none of the secrets."""
    global _last
    known, found = _last
    if known is not secrets:
        found = _candidates_of(secrets)
        _last = (secrets, found)
    return found


@lru_cache(maxsize=16)
def _candidates_of(secrets: tuple[str, ...]) -> Candidates:
    return Candidates(secrets, _as_bytes(secrets))


@lru_cache(maxsize=16)
def _as_bytes(secrets: tuple[str, ...]) -> tuple[bytes, ...]:
    """Return the secrets that may be masked anywhere as bytes, the shortest first."""
    found = [one.encode("utf-8", "surrogatepass") for one in secrets if is_distinct(one)]
    return tuple(sorted(found, key=len))


def _masked_in_words(text: str, secret: str) -> str:
    """Mask a secret of letters wherever it stands, but not inside of ordinary words."""

    def instead(found: re.Match[str]) -> str:
        word = found.group()
        if word != secret and word.lower() in ORDINARY:
            return word
        return word.replace(secret, MASK)

    return re.sub(rf"[^\W\d_]*{re.escape(secret)}[^\W\d_]*", instead, text)


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
    if _PHRASE.match(secret):
        words = re.findall("[a-z]+", secret.lower())
        return len(secret) >= _LONG and not COMMON.issuperset(words)
    return len(secret) >= _LONG or (len(secret) > _SHORT and not secret.isalnum())


def _masked_as_value(text: str, secret: str) -> str:
    """Mask a short secret: the whole text, a value in quotes or after a sign.

    From three characters on, one that is no common word is masked as a word too.
    """
    if text.strip() == secret.strip():
        return MASK
    word = re.escape(secret)
    if len(secret) >= _SHORT and not COMMON.issuperset(re.findall(r"\w+", secret.lower()) or [""]):
        return re.sub(rf"(?<![^\W_]){word}(?![^\W_])", MASK, text)
    quoted = rf"(?<=['\"`]){word}(?=['\"`])|(?<=[(<\[{{]){word}(?=[)>\]}}])"
    return re.sub(rf"{quoted}|(?<=[:=/@>]){word}(?![^\W_])", MASK, text)


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
