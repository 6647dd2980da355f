# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the forms of secrets: each is masked, the longest first."""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.secret_forms import (
    all_forms,
    forms,
    longest_first,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import (
    settings_from,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.options import (
    URL,
    authorization,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.text import is_distinct, mask
from hypothesis import given, settings
from hypothesis import strategies as st


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_every_form_of_a_password_is_to_be_masked(password):
    settings = settings_from({"server_url": URL, "auth_username": "pam", "auth_password": password})
    secrets = settings.secrets
    for form in (
        password,
        quote(password, safe=""),
        quote_plus(password),
        quote(password),
        json.dumps(password)[1:-1],
        base64.b64encode(f"pam:{password}".encode()).decode(),
        authorization(settings).removeprefix("Basic "),
    ):
        assert form in secrets
    assert list(map(len, secrets)) == sorted(map(len, secrets), reverse=True)
    assert "" not in secrets


def test_forms_of_several_secrets_come_once_and_longest_first():
    found = all_forms(["a", "", "long secret", "a"])
    assert len(found) == len(set(found))
    assert found[-1] == "a"
    assert {"long secret", "long%20secret", "long+secret", "bG9uZyBzZWNyZXQ="} <= set(found)


def test_url_encoding_in_lower_case_is_a_form_too():
    assert {"a%2Fb", "a%2fb"} <= set(forms("a/b"))


def test_longest_first():
    assert longest_first(["b", "aa", "a", "aa"]) == ("aa", "a", "b")


# Not a phrase of ordinary words such as "is empty", which is masked only where it stands as a value.
LONG = (
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=6, max_size=30)
    .filter(is_distinct)
    .filter(lambda secret: secret.strip("*"))  # only asterisks look as their mask does
)


@given(LONG, st.binary(max_size=7), st.binary(max_size=7), st.booleans())
def test_k2_a_secret_inside_of_base64_is_masked_wherever_it_stands(secret, before, after, url_safe):
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    raw = secret.encode()
    text = encode(before + raw + after).decode()
    masked = mask(text, all_forms([secret]))
    assert "*" in masked
    # What is left beside the mask are at most the characters that hold other bits too.
    left = len(masked.replace("*", "").rstrip("="))
    assert left * 6 <= (len(before) + len(after)) * 8 + 24


@given(LONG)
def test_k2_a_secret_is_masked_in_texts_that_are_encoded_twice(secret):
    secrets = all_forms([secret])
    for text in (
        quote(quote(secret, safe=""), safe=""),
        quote_plus(quote_plus(secret)),
        json.dumps(json.dumps(secret)),
        html.escape(secret),
        secret.encode().hex(),
        secret.encode().hex().upper(),
    ):
        assert mask(text, secrets).strip('\\"') == "********"


def php_json(text):
    return json.dumps(text)[1:-1].replace("/", "\\/")


LAYERS = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "url": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "json": lambda text: json.dumps(text)[1:-1],
    "slashes": php_json,
}
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=5)


def recovered(text, depth=2):
    """Return everything that may be read in a text after taking layers off."""
    yield text
    if not depth:
        return
    for run in re.findall(r"[A-Za-z0-9+/_-]{8,}", text):
        for skipped in range(4):
            chunk = run[skipped:].replace("-", "+").replace("_", "/")
            chunk = chunk[: len(chunk) // 4 * 4]
            data = base64.b64decode(chunk + "=" * (-len(chunk) % 4))
            yield from recovered(data.decode("utf-8", "replace"), depth - 1)
    for run in re.findall(r"[0-9a-fA-F]{8,}", text):
        data = bytes.fromhex(run[: len(run) // 2 * 2])
        yield from recovered(data.decode("utf-8", "replace"), depth - 1)
    yield from recovered(unquote_plus(text), depth - 1)


@pytest.mark.parametrize("outer", LAYERS)
@pytest.mark.parametrize("inner", LAYERS)
@settings(max_examples=25)
@given(LONG, TEXT, TEXT, TEXT, TEXT)
def test_k2_a_secret_is_masked_inside_of_any_two_layers(
    inner, outer, secret, before, after, first, last
):
    text = LAYERS[outer](first + LAYERS[inner](before + secret + after) + last)
    masked = mask(f"the answer was {text} (400)", all_forms([secret]))
    assert masked.startswith("the answer was ") and masked.endswith(" (400)")
    assert "********" in masked
    assert not any(secret in one for one in recovered(masked))


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_k2_three_layers_around_a_token(layer):
    token = "s3cret/Token+1=="
    text = token
    for name in ("base64", "url", layer):
        text = LAYERS[name](f"a:{text}")
    assert "********" in mask(text, all_forms([token]))


@pytest.mark.parametrize(
    "text",
    [
        "2819c223-7f76-453a-919d-413861904646",
        "https://scim.example.org/v2/Users/2819c223-7f76-453a-919d-413861904646",
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "the_quick_brown_fox_jumps_over_the_lazy_dog",
        'W/"a330bc54f0671c9"',
    ],
)
def test_k2_ordinary_texts_are_not_masked(text):
    assert mask(text, all_forms(["canary", "s3cret!", "hunter22"])) == text
