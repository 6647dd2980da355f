# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value becomes one literal, whatever it holds.

What is no value is one sentence that does not show it.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.filter.quote import FilterModule

quote = FilterModule().filters()["quote"]


@pytest.mark.parametrize(
    "value, literal",
    [
        ("mscott", '"mscott"'),
        ('o"brien\\', '"o\\"brien\\\\"'),
        ("", '""'),
        ("a\nb", '"a\\nb"'),
        ("é ✓ 🎉", '"é ✓ 🎉"'),
        ("true", '"true"'),
        ('x" or userName pr or "', '"x\\" or userName pr or \\""'),
        (True, "true"),
        (None, "null"),
        (7, "7"),
        (1.5, "1.5"),
        (datetime.date(2026, 11, 24), '"2026-11-24"'),
    ],
)
def test_literals(value: Any, literal: str) -> None:
    assert quote(value) == literal


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    """P4: the filter that playbooks use."""
    assert json.loads(quote(text)) == text


@pytest.mark.parametrize(
    "value, sentence",
    [
        (["s3cret"], "not a list"),
        ({"s3cret": 1}, "not a dictionary"),
        ("s3cret\ud800", "half of a surrogate pair"),
        (float("nan"), "infinite numbers or NaN"),
    ],
)
def test_list_or_dictionary_is_refused(value: Any, sentence: str) -> None:
    with pytest.raises(AnsibleFilterError, match=sentence) as caught:
        quote(value)
    assert "s3cret" not in str(caught.value) and caught.value.__cause__ is None
