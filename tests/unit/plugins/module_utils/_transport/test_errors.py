# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the error of the transport.

One family with ScimError, and safe to show.
"""

from __future__ import annotations

import unicodedata

import pytest
from ansible_collections.identity.scim.plugins.module_utils._model.errors import (
    ScimError,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import (
    TransportError,
    settings_error,
)
from hypothesis import given
from hypothesis import strategies as st

REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"


@given(st.text(), st.text())
def test_shown_text_has_no_control_character(text, other):
    error = TransportError(kind="x", reason=text, hint=other)
    for shown in (error.reason, error.hint, str(error)):
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
        assert not set(shown) & set(REORDERING)


@pytest.mark.parametrize(
    ("hint", "sentence"),
    [("", "it broke"), ("look again", "it broke; look again")],
)
def test_transport_error_is_a_scim_error_with_its_parts(hint, sentence):
    error = TransportError(kind="reset", reason="it broke", hint=hint, status=200, sent=True)
    assert isinstance(error, ScimError)
    assert (error.kind, error.reason, error.hint) == ("reset", "it broke", hint)
    assert (error.status, error.sent, str(error)) == (200, True, sentence)


def test_settings_error_was_never_sent():
    error = settings_error("token is empty", "set it")
    assert (error.kind, error.sent, str(error)) == ("settings", False, "token is empty; set it")
