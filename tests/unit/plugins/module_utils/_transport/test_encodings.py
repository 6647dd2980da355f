# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""K2: where secrets stand inside of base64 and hexadecimal text."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.encodings import coded_spans
from hypothesis import given
from hypothesis import strategies as st

SECRET = b"canary-1"


def hexed(data: bytes) -> bytes:
    return data.hex().encode()


@given(st.binary(max_size=9), st.binary(max_size=9), st.booleans())
def test_k2_a_part_is_found_and_no_more_of_the_text(
    before: bytes, after: bytes, is_hex: bool
) -> None:
    encode = hexed if is_hex else base64.b64encode
    text = b"a: " + encode(before + SECRET + after)
    (start, end), *others = sorted(set(coded_spans(text, (SECRET,))))
    unit = 2 if is_hex else 4 / 3
    assert 3 + len(before) * unit - 1 <= start <= 3 + len(before) * unit
    assert end - start <= len(SECRET) * unit + 2 and not others


@pytest.mark.parametrize("outer", [base64.b64encode, base64.urlsafe_b64encode, hexed])
@pytest.mark.parametrize("inner", [base64.b64encode, base64.urlsafe_b64encode, hexed])
def test_k2_two_layers_are_taken_off(outer, inner) -> None:
    text = outer(b"x" + inner(b"ab" + SECRET + b"c") + b"yz")
    assert list(coded_spans(text, (SECRET,)))
    assert not list(coded_spans(text, (SECRET,), layers=1))


@pytest.mark.parametrize("blanks", [b"", b"  ", b"\t"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\\n", b"\\r\\n", b"%0A", b"%0d%0a"])
@pytest.mark.parametrize("width", [16, 64, 76])
def test_k2_code_is_found_wherever_it_is_wrapped_over_lines(
    width: int, end: bytes, blanks: bytes
) -> None:
    for before in range(0, 120, 7):
        code = base64.b64encode(b"." * before + SECRET + b"." * 90)
        lines = [blanks + code[one : one + width] for one in range(0, len(code), width)]
        text = b"the key is:" + end + (end.join(lines)) + end + b"end of the key"
        (start, stop), *others = sorted(set(coded_spans(text, (SECRET,))))
        shown = text[:start] + text[stop:]
        assert not list(coded_spans(shown, (SECRET,))) and not others
        assert stop - start <= 14 + len(end + blanks) and text[stop:].endswith(b"end of the key")


def test_k2_lines_of_code_that_became_one_line_are_found() -> None:
    code = base64.b64encode(b"x" * 40 + SECRET + b"x" * 40)
    for width in (16, 64, 76):
        lines = [code[one : one + width] for one in range(0, len(code), width)]
        assert list(coded_spans(b" ".join(lines), (SECRET,)))
    assert not list(coded_spans(b"a canary is not 1 of the users of this service", (SECRET,)))


def test_k2_code_in_lines_in_code_is_found() -> None:
    inner = base64.encodebytes(b"x" * 80 + SECRET + b"x" * 40)
    assert list(coded_spans(base64.b64encode(inner), (SECRET,)))
    assert list(coded_spans(base64.encodebytes(base64.encodebytes(inner)), (SECRET,)))


@pytest.mark.parametrize("text", [b"", SECRET, b"a" * 40, b"0" * 40, b"/" * 40])
def test_k2_other_texts_have_none(text: bytes) -> None:
    assert not list(coded_spans(text, (SECRET,)))
    assert not list(coded_spans(text, ()))
