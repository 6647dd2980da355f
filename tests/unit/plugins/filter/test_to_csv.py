# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows as CSV: any value comes back as it was."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.filter.to_csv import FilterModule, to_csv

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))


@given(st.lists(st.fixed_dictionaries({"a": texts, "b": texts}), min_size=1))
def test_texts_come_back_as_they_were(rows: list[dict[str, str]]) -> None:
    text = to_csv(rows)
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == rows


def test_columns_null_lists_and_booleans() -> None:
    rows = [{"a": None, "b": True}, {"c": ["x", "y"], "a": 'say "hi", ok'}, {"c": {"ä": 1}}]
    assert to_csv(rows) == 'a,b,c\n,true,\n"say ""hi"", ok",,x;y\n,,"{""ä"": 1}"\n'
    assert to_csv(rows, columns=["b", "a"]).splitlines()[:2] == ["b,a", "true,"]
    assert to_csv([], columns=["a"]) == "a\n"
    assert FilterModule().filters()["to_csv"] is to_csv


@pytest.mark.parametrize("rows, columns", [("x", None), ([1], None), ({}, None), ([{}], "a")])
def test_anything_else_is_an_error(rows: Any, columns: Any) -> None:
    with pytest.raises(AnsibleFilterError):
        to_csv(rows, columns)
