# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets in texts of which some or all characters are escaped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.escapes import (
    escaped_spans,
    may_be_escaped,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.secret_forms import all_forms
from ansible_collections.identity.scim.plugins.module_utils._transport.text import is_distinct, mask
from hypothesis import given
from hypothesis import strategies as st


def each(form: str) -> Callable[[str], str]:
    """Write every byte of a text in a form."""
    return lambda text: "".join(form.format(one) for one in text.encode())


ESCAPED: dict[str, Callable[[str], str]] = {
    "URL": each("%{:02X}"),
    "url": each("%{:02x}"),
    "bytes": each("\\x{:02x}"),
    "bytes in JSON": each("\\\\x{:02x}"),
    "octal": each("\\{:03o}"),
    "JSON": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    "JSON in JSON": lambda text: "".join(f"\\\\u{ord(one):04X}" for one in text),
    "HTML": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "HTML in hex": lambda text: "".join(f"&#x{ord(one):x};" for one in text),
    "fingerprint": lambda text: ":".join(f"{one:02x}" for one in text.encode()),
    "C": lambda text: ", ".join(f"0x{one:02X}" for one in text.encode()),
    "dump": lambda text: " ".join(f"{one:02x}" for one in text.encode()),
    "repr": lambda text: repr(text.encode()),
    "repr of a text": ascii,
}
SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("Cc", "Cs")),
    min_size=8,
    max_size=24,
).filter(is_distinct)


@given(SECRETS, st.sampled_from(sorted(ESCAPED)), st.booleans())
def test_k2_an_escaped_secret_is_masked_and_the_sentence_stays(
    secret: str, form: str, inside: bool
) -> None:
    text = f"user=pam&pw={secret}&x=1" if inside else secret
    escaped = ESCAPED[form](text)
    masked = mask(f"the value {escaped} is not valid", all_forms([secret]))
    assert masked.startswith("the value ") and masked.endswith(" is not valid")
    assert "*****" in masked and ESCAPED[form](secret).strip("b'\"") not in masked


@pytest.mark.parametrize(
    "text",
    [
        "50% of 100%",
        "C:\\users\\ann",
        "2026-01-02 03:04:05",
        "00:11:22:33:44:55",
        "11-22-33-44-55-66-77-88-99",
        "550e8400-e29b-41d4-a716-446655440000",
        "&#65; &amp; &#x41;",
        "\\u0041\\ud800 %ff %zz \\377 &#9999999;",
    ],
)
def test_k2_other_texts_stay_as_they_are(text: str) -> None:
    assert mask(text, all_forms(["S3cr3t-value"])) == text


def test_a_span_is_that_of_the_escapes() -> None:
    text = "x %41%42c%64 y"
    assert may_be_escaped(text) and [*escaped_spans(text, [b"ABcd"])] == [(2, 12)]
    assert not may_be_escaped("no escapes here") and not [*escaped_spans(text, [])]
