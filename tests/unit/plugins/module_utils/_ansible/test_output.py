# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""P10: what leaves holds no secret in any form, and what is printed raw no control character."""

from __future__ import annotations

import base64
import json
import unicodedata
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._ansible.module import (
    internal,
    secrets_of,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.output import (
    clean,
    printable,
    secrets_in,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.plugins.module_utils._converge.connect import forms_of

secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=20).filter(
    lambda one: one.strip() and "*" not in one
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
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
    known = forms_of(every)
    for secret in every:
        written = FORMS[form](secret)
        for text in (before + written + after, written * 2, written + FORMS["base64"](secret)):
            found = clean({"msg": [text, {text: text}]}, known, escape=True)
            shown = json.dumps(found, ensure_ascii=False)
            assert written not in found["msg"][0] and all(
                written not in key + value for key, value in found["msg"][1].items()
            )
            assert not [
                char for char in shown if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs")
            ]


@given(texts)
def test_without_secrets_a_result_is_as_it_was(text: str) -> None:
    assert clean({"user": [{"title": text, "n": 1, "x": None, "b": True}]}, (), escape=False) == {
        "user": [{"title": text, "n": 1, "x": None, "b": True}]
    }


@pytest.mark.parametrize(
    "text, shown",
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2028", "\\u2028"),
        ("\x9b", "\\x9b"),
        ("\U000e0001", "\\U000e0001"),
        ("\ud800", "\\ud800"),
        ("👩\u200d💻 Zoë 漢", "👩\u200d💻 Zoë 漢"),
        ("\\x1b", "\\x1b"),
    ],
)
def test_m10_what_would_move_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_the_longest_secret_is_masked_first() -> None:
    assert clean("abcdef-abc", forms_of(["abc", "abcdef"]), escape=False) == "********-********"


def test_secrets_of_every_shape_are_found() -> None:
    assert secrets_in({"a": ["x", {"b": ("y", None, 3)}], "c": ""}) == {"x", "y"}


def test_secret_options_are_found_wherever_they_are() -> None:
    params: dict[str, Any] = {
        "users": [
            {
                "user_name": "pam",
                "password": "one",
                "secret_attributes": {"urn:x:y": {"pin": "two"}},
            },
            {"password": None},
        ],
        "teams": [{"members": [{"password": "three"}]}, {"members": None}],
        "groups": [{"secret_attributes": {"key": "four"}}],
    }
    assert secrets_of(TASKS["scim_directory"].options, params) == {"one", "two", "three", "four"}
    assert secrets_of(
        TASKS["scim_user"].options,
        {"user_name": "pam", "password": "one", "update_password": "always"},
    ) == {"one"}


def test_s2_a_defect_is_told_without_what_it_says() -> None:
    """S2: the sentence about a defect."""
    said = ""
    try:
        raise KeyError("Bearer canary")
    except KeyError as fault:
        said = internal(fault)
    assert "canary" not in said
    assert said.startswith("internal error (KeyError at test_output.py:") and said.endswith(
        "; this is a defect of identity.scim, please report it"
    )
