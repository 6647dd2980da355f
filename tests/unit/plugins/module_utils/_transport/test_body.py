# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of bytes made into data: strict JSON, bounded decompression, and excerpts."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.body import (
    decompress,
    excerpt,
    parse_json,
    to_json,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import (
    TransportError,
)
from hypothesis import given
from hypothesis import strategies as st

JSON = "application/scim+json"
MIB = 1024 * 1024
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), inner)
    ),
    max_leaves=20,
)


def reason(data, media=JSON):
    with pytest.raises(TransportError) as error:
        parse_json(data, media)
    assert error.value.kind == "not_json"
    assert error.value.__context__ is None
    return error.value.reason


@given(VALUES)
def test_json_that_is_sent_can_be_read(value):
    assert parse_json(to_json(value), JSON) == value


BLANKS = st.text(" \t\r\n", max_size=2)
KEYS = st.sampled_from(("a", "b", 'x":', 'y" :', "\\", '\\":', ":"))


def written(value, draw):
    """Write a value as JSON with blanks anywhere; pairs are an object, which may repeat a key."""
    gap = draw(BLANKS)
    if isinstance(value, tuple):
        pairs = [f"{json.dumps(name)}{draw(BLANKS)}:{written(one, draw)}" for name, one in value]
        return f"{gap}{{{','.join(pairs)}{gap}}}"
    if isinstance(value, list):
        return f"{gap}[{','.join(written(one, draw) for one in value)}{gap}]"
    return gap + json.dumps(value)


def repeats(value):
    if isinstance(value, tuple):
        names = [name for name, _one in value]
        return len(names) != len(set(names)) or any(repeats(one) for _name, one in value)
    return isinstance(value, list) and any(map(repeats, value))


@given(
    st.recursive(
        KEYS | st.integers(0, 9),
        lambda inner: st.lists(inner) | st.lists(st.tuples(KEYS, inner), max_size=4).map(tuple),
        max_leaves=12,
    ),
    st.data(),
)
def test_a_key_that_occurs_twice_is_found_in_any_spelling(value, data):
    text = written(value, data.draw).encode()
    if repeats(value):
        assert "twice" in reason(text)
    else:
        assert parse_json(text, JSON) == json.loads(text)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"", None),
        (b" \r\n", None),
        (b'\xef\xbb\xbf{"a":1}', {"a": 1}),
        (b'{"a":"\\ud83d\\ude00"}', {"a": "\N{GRINNING FACE}"}),
        (
            b'{"a":"x\\ud800","b":["\\udfff"],"\\ud800":{"c":1}}',
            {"a": "x\ufffd", "b": ["\ufffd"], "\ufffd": {"c": 1}},
        ),
        (b'{"a":"\\\\ud800"}', {"a": "\\ud800"}),
        (b"[" * 100 + b"]" * 100, json.loads("[" * 100 + "]" * 100)),
        (b"1" * 300, int("1" * 300)),
    ],
)
def test_valid_json_is_read(data, value):
    assert parse_json(data, JSON) == value


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"[" * 100_000, "it is nested too deeply"),
        (b"[" * 100_000 + b"]" * 100_000, "it is nested too deeply"),
        (b"[" * 101 + b"]" * 101, "it is nested too deeply"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "it is nested too deeply"),
        (b'{"a":' + b"9" * 5000 + b"}", "a number is too long"),
        (b'{"a":NaN}', "NaN is not a JSON value"),
        (b"[Infinity]", "Infinity is not a JSON value"),
        (b"[-Infinity]", "-Infinity is not a JSON value"),
        (b"[1e999]", "a number is too long or too large"),
        (b'{"id":"a","id":"b"}', "the key 'id' occurs twice"),
        (b'{"\\u001b[2J":1,"\\u001b[2J":1}', "the key '[2J' occurs twice"),
        ('{"a":1}'.encode("utf-16"), "it is not UTF-8"),
        (b'{"a":"\xff"}', "it is not UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "it is not UTF-8"),
        (b'{"a":1', "Expecting ',' delimiter at character 7"),
        (b'{"a":1}x', "Extra data at character 8"),
    ],
)
def test_refused(data, expected):
    assert reason(data) == f"the answer is not valid JSON: {expected}"


def test_a_repeated_key_is_found_among_many():
    data = ("{" + ",".join(f'"k{number}":1' for number in range(100_000)) + ',"k99999":1}').encode()
    assert "'k99999'" in reason(data)  # looking at all pairs of keys would not end here


def test_a_page_of_a_proxy_is_named():
    assert (
        reason(b"<html>Sign in", "text/html; charset=utf-8")
        == "the service answered text/html, not SCIM"
    )
    assert reason(b"<html>", "text/\x1b[2Jhtml") == "the service answered text/ [2jhtml, not SCIM"
    assert parse_json(b'{"a":1}', "text/plain") == {"a": 1}


@given(st.binary())
def test_any_bytes_are_data_or_a_clean_error(data):
    try:
        parse_json(data, JSON)
    except TransportError as error:
        assert error.kind == "not_json"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": "\ud800"}, {"a": object()}])
def test_value_that_json_cannot_represent_is_not_sent(value):
    with pytest.raises(TransportError) as error:
        to_json(value)
    assert error.value.kind == "settings"
    assert error.value.__context__ is None


def pieces(data, size=1000):
    return (data[start : start + size] for start in range(0, len(data), size))


@given(
    st.binary(max_size=5000),
    st.sampled_from(["", "identity", "gzip", "GZIP ", "deflate"]),
    st.integers(1, 999),
)
def test_unpacking_gives_what_was_packed(data, encoding, size):
    done = {"gzip": gzip.compress, "deflate": zlib.compress}.get(encoding.strip().lower(), bytes)(
        data
    )
    assert decompress(pieces(done, size), encoding, limit=5000) == (data, True)


def test_several_members_are_one_body():
    assert decompress(
        pieces(gzip.compress(b"a" * 70_000) + gzip.compress(b"b")), "gzip", limit=MIB
    ) == (b"a" * 70_000 + b"b", True)
    assert decompress([gzip.compress(b"a"), gzip.compress(b"b")], "gzip", limit=MIB) == (
        b"ab",
        True,
    )
    assert decompress([], "gzip", limit=MIB) == (b"", True)


def test_a_bomb_is_ended_at_the_limit():
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(MIB)) for _number in range(64)) + packer.flush()
    tracemalloc.start()
    try:
        data, whole = decompress(pieces(bomb, 64 * 1024), "gzip", limit=8 * MIB)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (len(data), whole) == (8 * MIB, False)
    assert peak < 20 * MIB


@pytest.mark.parametrize(
    ("data", "encoding", "kind"),
    [
        (gzip.compress(b"a" * 1000, mtime=0)[:-9], "gzip", "cut_short"),
        (b"no gzip", "gzip", "not_json"),
        (b"x", "br", "not_json"),
        (gzip.compress(b"a", mtime=0) + b"rubbish", "gzip", "not_json"),
    ],
)
def test_damaged_body_is_not_unpacked(data, encoding, kind):
    with pytest.raises(TransportError) as error:
        decompress([data], encoding, limit=MIB)
    assert error.value.kind == kind
    assert error.value.__context__ is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            b"<html><head><title>503 Busy</title><style>p {}</style></head>"
            b"<body><h1>Try &amp; wait</h1>",
            "503 Busy Try & wait",
        ),
        (b"a\x1b[2J\r\nb\x00\xffc", "a [2J b \ufffdc"),
        ("a\u202eb".encode(), "a b"),
        (b"", ""),
        (b"<script>evil()</script>x<!-- y -->", "x"),
        (b"x" * 300, "x" * 199 + "…"),
    ],
)
def test_excerpt(data, text):
    assert excerpt(data) == text


def test_an_excerpt_masks_secrets_also_as_html():
    assert excerpt(
        b"<p>pass&amp;word or pass&word " + b"x" * 150 + b" pass&amp;word", ("pass&word",)
    ).startswith("******** or ******** x")
    assert "pass" not in excerpt(b"x" * 195 + b" pass&amp;word", ("pass&word",))


@pytest.mark.parametrize("part", [b"<", b"<script ", b"<!--", b"&amp", b"\x1b"])
def test_an_excerpt_of_anything_is_short(part):
    assert len(excerpt(part * 300_000)) <= 200  # a pattern that backtracks would not end here


def test_the_names_of_all_objects_are_gathered() -> None:
    names: set[str] = set()
    parse_json(b'{"a": [{"b": {"c": 1}}, [[{"d": 2}]]]}', JSON, names=names)
    assert names == {"a", "b", "c", "d"}
