# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes of an answer made into data, within bounds; knows JSON (RFC 8259) and compression, neither sockets nor SCIM."""

from __future__ import annotations

import html
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

from .errors import TransportError
from .text import clean, mask

LIMIT = 64 * 1024 * 1024
ERROR_LIMIT = 1024 * 1024
_DEPTH = 100
_DIGITS = 300
_STEP = 64 * 1024
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_LOGIN = "is server_url right, and is there a login page or a proxy in between?"
_PLAIN = ("", "identity")
_PACKED = ("gzip", "x-gzip", "deflate")


def gathered(chunks: Iterable[bytes], encoding: str, *, limit: int) -> tuple[bytes, bool]:
    """The chunks of a body, unpacked and joined → (at most ``limit`` bytes, whether that is all of it).

    Memory stays near ``limit`` whatever is sent. Raises ``cut_short`` and ``not_json`` for what cannot be unpacked.
    """
    encoding = encoding.strip().lower()
    if encoding not in _PLAIN:
        chunks = _unpacked(chunks) if encoding in _PACKED else _unknown(chunks, encoding)
    parts, size = [], 0
    for part in chunks:
        parts.append(part[: limit - size])
        size += len(part)
        if size > limit:
            return b"".join(parts), False
    return b"".join(parts), True


def _unknown(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    for _chunk in chunks:
        raise TransportError(
            kind="not_json",
            reason=f"the answer is packed as '{clean(encoding, 40)}', which was not asked for",
            hint=_LOGIN,
        )
    yield b""


def _unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """gzip and zlib, also in several members, never more than ``_STEP`` bytes at a time."""
    decoder, begun = zlib.decompressobj(47), False
    try:
        for chunk in chunks:
            data, part = chunk, b""
            while data or len(part) == _STEP:
                if decoder.eof:
                    decoder = zlib.decompressobj(47)
                begun = True
                part = decoder.decompress(data, _STEP)
                yield part
                data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    except zlib.error:
        pass
    else:
        if begun and not decoder.eof:
            raise TransportError(kind="cut_short", reason="the answer was cut short")
        return
    raise TransportError(kind="not_json", reason="the answer is packed wrongly", hint=_LOGIN)


def parsed(data: bytes, media: str, what: str = "SCIM") -> Any:
    """The JSON in ``data``, or None where there is only white space. ``media``: what the answer calls itself; ``what``: what it should be.

    Stricter than ``json.loads``: UTF-8 only, no key twice, no NaN or Infinity, bounded depth and length of numbers.
    Half surrogate pairs become U+FFFD, since Ansible could not pass them on. Raises ``not_json``.
    """
    if not data.strip():
        return None
    try:
        value = _parsed(data)
    except _Wrong as wrong:
        reason = str(wrong)
    else:
        return value
    media = clean(media.partition(";")[0]).lower() if len(media) <= 100 else "something else"
    if media and "json" not in media:
        raise TransportError(
            kind="not_json", reason=f"the service answered {media}, not {what}", hint=_LOGIN
        )
    raise TransportError(
        kind="not_json", reason=f"the answer is not valid JSON: {reason}", hint=_LOGIN
    )


class _Wrong(Exception):
    """What is wrong with a JSON text, in words."""


def _parsed(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except UnicodeDecodeError:
        raise _Wrong("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise _Wrong(f"{error.msg.removesuffix(' at')} at character {error.pos + 1}") from None
    except RecursionError:
        raise _Wrong("it is nested too deeply") from None
    _measure(value)
    return _whole_text(value) if _SURROGATE_ESCAPE.search(text) else value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _value in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        # Never a part of it: what is cut off can no longer be recognised as a secret.
        raise _Wrong(
            f"the key '{clean(twice)}' is there twice"
            if len(twice) <= 40
            else "a key is there twice"
        )
    return found


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise _Wrong("a number is too long")
    return int(text)


def _number(text: str) -> float:
    value = float(text) if len(text) <= _DIGITS else math.inf
    if not math.isfinite(value):
        raise _Wrong("a number is too long or too large")
    return value


def _constant(text: str) -> NoReturn:
    raise _Wrong(f"{text} is not a JSON value")


def _measure(value: Any) -> None:
    """Level by level, not by recursion: the depth is what is being measured."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > _DEPTH:
            raise _Wrong("it is nested too deeply")
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]


def _whole_text(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole_text(inner) for inner in value]
    if isinstance(value, dict):
        return {_whole_text(name): _whole_text(inner) for name, inner in value.items()}
    return value


def excerpt(data: bytes, secrets: Sequence[str] = ()) -> str:
    """The beginning of a body that is no JSON as a person would read it: no tags, one line, 200 characters at most.

    ``secrets`` are masked as they came and as HTML escapes them, before anything is cut.
    """
    text = mask(data[:32768].decode("utf-8", "replace"), secrets)[:16384]
    return clean(mask(html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text))), secrets))


def packed(body: Any) -> bytes:
    """``body`` as the JSON to be sent, UTF-8. Raises ``settings`` for what JSON cannot say."""
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
            "utf-8"
        )
    except UnicodeEncodeError:
        reason = "a value holds half of a surrogate pair, which is not a character"
    except (ValueError, TypeError, RecursionError):
        reason = "a value cannot be written as JSON (a number that is not finite, or data nested too deeply)"
    raise TransportError(kind="settings", reason=reason, hint="check the attributes")
