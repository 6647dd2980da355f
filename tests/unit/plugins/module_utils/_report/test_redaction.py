# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""P10: results hold no secret in any form, and printed text no control character."""

from __future__ import annotations

import base64
import json
import unicodedata
from typing import Any
from urllib.parse import quote, quote_plus

from ansible_collections.identity.scim.plugins.module_utils._model.schema import USER
from ansible_collections.identity.scim.plugins.module_utils._plan.desired import Desired, Secrets
from ansible_collections.identity.scim.plugins.module_utils._model.errors import MASK
from ansible_collections.identity.scim.plugins.module_utils._report.redaction import (
    Redactor,
    strings_in,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.text import is_distinct
from hypothesis import given, settings
from hypothesis import strategies as st

# What is part of ordinary sentences is masked only where it stands as a value.
secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=20).filter(
    lambda one: one.strip() and "*" not in one and is_distinct(one)
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
URN = "urn:example:2.0:User"
FORMS = {
    "raw": lambda one: one,
    "quoted": lambda one: quote(one, safe=""),
    "path": quote,
    "form": quote_plus,
    "json": lambda one: json.dumps(one)[1:-1],
    "text": lambda one: json.dumps(one, ensure_ascii=False)[1:-1],
    "base64": lambda one: base64.b64encode(one.encode()).decode(),
    "base64url": lambda one: base64.urlsafe_b64encode(one.encode()).decode(),
    "unpadded": lambda one: base64.b64encode(one.encode()).decode().rstrip("="),
}


def hiding(*values: Any) -> Redactor:
    redactor = Redactor()
    redactor.hide(*values)
    return redactor


@settings(max_examples=150)
@given(
    st.lists(secrets, min_size=1, max_size=3, unique=True),
    texts,
    texts,
    st.sampled_from(tuple(FORMS)),
)
def test_p10_no_secret_in_any_form_and_no_control_character(
    every: list[str], before: str, after: str, form: str
) -> None:
    """P10: for any text around any form of a secret, in values and in keys."""
    redactor = hiding(*every)
    for secret in every:
        written = FORMS[form](secret)
        for text in (before + written + after, written * 2, written + FORMS["base64"](secret)):
            found = redactor.clean({"msg": [text, {text: text}]}, escape=True)
            shown = json.dumps(found, ensure_ascii=False)
            assert written not in found["msg"][0] and all(
                written not in key + value for key, value in found["msg"][1].items()
            )
            assert not [
                char for char in shown if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs")
            ]


@given(texts)
def test_without_secrets_a_result_is_as_it_was(text: str) -> None:
    assert Redactor().clean(
        {"user": [{"title": text, "n": 1, "x": None, "b": True}]}, escape=False
    ) == {"user": [{"title": text, "n": 1, "x": None, "b": True}]}


def test_the_longest_secret_is_masked_first() -> None:
    assert hiding("abc", "abcdef").clean("abcdef-abc", escape=False) == "********-********"


def test_secrets_of_every_shape_are_found() -> None:
    assert strings_in({"a": ["x", {"b": ("y", None, 3)}], "c": ""}) == {"x", "y"}


def test_s17_masked_value_is_noticed() -> None:
    """S17: whether a result holds a secret, so that there is a warning."""
    redactor = hiding("acme")
    assert redactor.holds({"user": {"id": "acme-123"}}) and redactor.holds([("x", {"y": ["acme"]})])
    assert not redactor.holds({"user": {"id": "123", "active": True}, "plan": []})


def test_a_key_that_was_shown_before_it_became_a_secret_is_masked() -> None:
    redactor = Redactor()
    row = {"canary-Key-1": "x", "\x1b": "y"}
    assert redactor.clean([row, row], escape=False) == [{"canary-Key-1": "x", "\\x1b": "y"}] * 2
    redactor.hide("canary-Key-1")
    assert redactor.clean(row, escape=False) == {MASK: "x", "\\x1b": "y"}


def test_blank_forms_are_not_hidden() -> None:
    redactor = Redactor()
    redactor.hide_forms(["", " ", "abc"])
    assert redactor.forms == ("abc",) and redactor.clean("a b abc", escape=False) == "a b ********"


def with_secret_paths() -> Redactor:
    redactor = Redactor()
    secrets = Secrets(attributes={"pin": "new", "vpn.key": "new", f"{URN}:badge": "new"})
    redactor.hide_paths([Desired(kind=USER, secrets=secrets)])
    return redactor


HELD = {"id": "1", "PIN": 1, "vpn": {"key": 2, "host": "h"}, URN: {"badge": 3}, "name": {}}


def test_secret_attributes_of_a_resource_are_left_out() -> None:
    assert with_secret_paths().without_secrets(HELD) == {
        "id": "1",
        "vpn": {"host": "h"},
        "name": {},
    }
    assert Redactor().without_secrets(HELD) == HELD


def test_secret_attributes_of_a_diff_are_masked() -> None:
    flat = {"title": "x", "pin": 1, "vpn.key": 2, f"{USER.schema}:pin": 3, "vpn": [{"key": 1}]}
    assert with_secret_paths().masked(flat) == {
        "title": "x",
        "pin": MASK,
        "vpn.key": MASK,
        f"{USER.schema}:pin": MASK,
        "vpn": [{"key": MASK}],
    }


def test_secret_attributes_of_requests_are_masked() -> None:
    redactor = with_secret_paths()
    put = {"method": "PUT", "path": "/Users/1", "body": HELD}
    assert redactor.masked_request(put)["body"] == {
        "id": "1",
        "PIN": MASK,
        "vpn": {"key": MASK, "host": "h"},
        URN: {"badge": MASK},
        "name": {},
    }
    rows = [
        {"op": "replace", "path": "pin", "value": 1},
        {"op": "add", "path": URN, "value": {"badge": 1, "floor": 2}},
        {"op": "remove", "path": "vpn.key"},
        {"op": "add", "value": {"vpn": {"key": 1}}},
    ]
    patch = {"method": "PATCH", "path": "/Users/1", "body": {"Operations": rows}}
    shown = redactor.masked_request(patch)["body"]["Operations"]
    assert shown[0]["value"] == MASK and shown[2] == rows[2]
    assert redactor.masked_request({"method": "DELETE"}) == {"method": "DELETE"}
