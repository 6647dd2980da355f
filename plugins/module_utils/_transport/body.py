# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes of an answer made into data, within bounds.

Knows JSON (RFC 8259) and compression, not SCIM.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NoReturn

from .._model.errors import ScimError
from .._model.reasons import without_markup
from .errors import TransportError, settings_error
from .text import clean, mask

LIMIT = 64 * 1024 * 1024
ERROR_LIMIT = 1024 * 1024
_DEPTH = 100
_DIGITS = 300
_STEP = 64 * 1024
_SHOWN_MEDIA_TYPE = 100
_SHOWN_KEY = 40
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LOGIN = "check server_url, and whether a login page or a proxy is in between"
_BLANKS = b" \t\n\r"
_OUTER = frozenset({dict, list})
_PLAIN = ("", "identity")
_COMPRESSED = ("gzip", "x-gzip", "deflate")


def decompress(chunks: Iterable[bytes], encoding: str, *, limit: int) -> tuple[bytes, bool]:
    """Return at most ``limit`` bytes of a body, and whether that is all of it.

    ``encoding`` is its Content-Encoding. Memory stays near ``limit`` however much is sent. Raise
    ``cut_short`` or ``not_json`` for what cannot be decompressed.
    """
    parts, size = [], 0
    for part in _decoded(chunks, encoding.strip().lower()):
        parts.append(part[: limit - size])
        size += len(part)
        if size > limit:
            return b"".join(parts), False
    return b"".join(parts), True


def _decoded(chunks: Iterable[bytes], encoding: str) -> Iterable[bytes]:
    if encoding in _PLAIN:
        return chunks
    if encoding in _COMPRESSED:
        return _decompressed(chunks)
    return _unknown(chunks, encoding)


def _unknown(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Raise for the first chunk: a body without any is fine in every encoding."""
    for _chunk in chunks:
        raise TransportError(
            kind="not_json",
            reason=f"the answer is compressed as '{clean(encoding, 40)}', which was not requested",
            hint=_LOGIN,
        )
    yield b""


def _decompressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield gzip and zlib decompressed, at most ``_STEP`` bytes at a time.

    A body may have several members one after the other.
    """
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
                data = decoder.unconsumed_tail
                if decoder.eof:
                    data = decoder.unused_data
    except zlib.error:
        pass
    else:
        if begun and not decoder.eof:
            raise TransportError(kind="cut_short", reason="the answer was cut short")
        return
    # Raised outside of the except clause, so that no other error is the context of this one.
    raise TransportError(kind="not_json", reason="the compressed answer is damaged", hint=_LOGIN)


def parse_json(
    data: bytes, media_type: str, expected: str = "SCIM", names: set[str] | None = None
) -> Any:
    """Return the JSON in ``data``, or None if there is only white space.

    ``media_type`` is the Content-Type of the answer, ``expected`` what it should be, for the
    error. ``names`` takes the keys of all objects. This is stricter than ``json.loads``: UTF-8
    only, no key twice, no NaN or Infinity, bounded depth and length of numbers. Half surrogate
    pairs become U+FFFD, since Ansible could not pass them on. Raise ``not_json``.
    """
    if not data.strip():
        return None
    try:
        return _parsed(data, set() if names is None else names)
    except _InvalidJsonError as error:
        reason = f"the answer is not valid JSON: {error}"
    media_type = _shown_media_type(media_type)
    if media_type and "json" not in media_type:
        reason = f"the service answered {media_type}, not {expected}"
    raise TransportError(kind="not_json", reason=reason, hint=_LOGIN)


def _shown_media_type(media_type: str) -> str:
    if len(media_type) > _SHOWN_MEDIA_TYPE:
        return "something else"
    return clean(media_type.partition(";")[0]).lower()


class _InvalidJsonError(ScimError):
    """What is wrong with a JSON text, in words."""


def _parsed(data: bytes, names: set[str]) -> Any:
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, parse_int=_integer, parse_float=_number, parse_constant=_constant)
        if _keys_of(value, names) != _keys_in(data):
            json.loads(text, object_pairs_hook=_object)
    except UnicodeDecodeError:
        raise _InvalidJsonError("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        message = error.msg.removesuffix(" at")
        raise _InvalidJsonError(f"{message} at character {error.pos + 1}") from None
    except RecursionError:
        raise _InvalidJsonError("it is nested too deeply") from None
    if "\\" in text and _SURROGATE_ESCAPE.search(text):
        return _without_surrogates(value)
    return value


def strictly(text: str) -> Any:
    """Return the JSON in a part of an answer, read as strictly as a whole one.

    Raise ScimError or ValueError.
    """
    return _parsed(text.encode("utf-8"), set())


def decoder_of_rows() -> Callable[[str, int], tuple[Any, int]]:
    """Return what reads one value of a text as strictly, and says where it ends.

    It raises ScimError, ValueError, or an error of recursion.
    """
    decoder = json.JSONDecoder(
        object_pairs_hook=_object,
        parse_int=_integer,
        parse_float=_number,
        parse_constant=_constant,
    )

    def decode(text: str, at: int) -> tuple[Any, int]:
        value, end = decoder.raw_decode(text, at)
        # A row is two levels below its list.
        _keys_of([[value]], set())
        if "\\" in text and _SURROGATE_ESCAPE.search(text, at, end):
            value = _without_surrogates(value)
        return value, end

    return decode


def _keys_in(data: bytes) -> int:
    """Return how many keys the objects of a JSON text have, or more.

    In a text within it, an escaped quote may stand before a colon too.
    """
    return data.translate(None, _BLANKS).count(b'":')


def _keys_of(value: Any, names: set[str]) -> int:
    """Return how many keys the objects of a value have, and gather their ``names``.

    Walks level by level, not by recursion: the depth is measured too. Raise an error if the value
    is nested too deeply.
    """
    level, depth, keys = [value], 0, 0
    while level:
        depth += 1
        if depth > _DEPTH:
            raise _InvalidJsonError("it is nested too deeply")
        inner: list[Any] = []
        for outer in level:
            if outer.__class__ is dict:
                keys += len(outer)
                names.update(outer)
                inner += outer.values()
            elif outer.__class__ is list:
                inner += outer
        level = [one for one in inner if one.__class__ in _OUTER]
    return keys


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _InvalidJsonError(_repeated_key(pairs))
    return found


def _repeated_key(pairs: list[tuple[str, Any]]) -> str:
    """Return which key occurs twice, in words.

    A long key is not shown, not even in part: what is cut off a secret cannot be recognised and
    masked any more.
    """
    seen: set[str] = set()
    for name, _value in pairs:
        if name in seen and len(name) <= _SHOWN_KEY:
            return f"the key '{clean(name)}' occurs twice"
        if name in seen:
            break
        seen.add(name)
    return "a key occurs twice"


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise _InvalidJsonError("a number is too long")
    return int(text)


def _number(text: str) -> float:
    value = math.inf
    if len(text) <= _DIGITS:
        value = float(text)
    if not math.isfinite(value):
        raise _InvalidJsonError("a number is too long or too large")
    return value


def _constant(text: str) -> NoReturn:
    raise _InvalidJsonError(f"{text} is not a JSON value")


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(inner) for inner in value]
    if isinstance(value, dict):
        return {
            _without_surrogates(name): _without_surrogates(inner) for name, inner in value.items()
        }
    return value


def excerpt(data: bytes, secrets: Sequence[str] = ()) -> str:
    """Return the beginning of a body that is not JSON, as text to show.

    It has no tags and is one line of at most 200 characters. ``secrets`` are masked as they came
    and as HTML escapes them, before anything is cut.
    """
    text = mask(data[:32768].decode("utf-8", "replace"), secrets)[:16384]
    return clean(mask(without_markup(text), secrets))


def to_json(body: Any) -> bytes:
    """Return ``body`` as the JSON to send, in UTF-8.

    Raise a ``settings`` error for what JSON cannot represent.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8")
    except UnicodeEncodeError:
        reason = "a value contains half of a surrogate pair, which is not a character"
    except (ValueError, TypeError, RecursionError):
        reason = (
            "a value cannot be written as JSON"
            " (a number that is not finite, or data nested too deeply)"
        )
    raise settings_error(reason, "check the attributes")
