# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath expressions of a task.

What is wrong with one is a sentence that quotes no data.
"""

from __future__ import annotations

import pytest
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._plan.expressions import (
    compiled,
    expression,
    queried,
)
from hypothesis import given
from hypothesis import strategies as st

ROWS = [{"id": "1", "userName": "pam", "emails": [{"value": "pam@example.com"}]}, {"id": "2"}]


@pytest.mark.parametrize(
    "text, said",
    [
        ("a ===", "Unknown token '=' at column 4"),
        ("a b", "Parse error at column 2"),
        ("nofunc(@)", "Unknown function: nofunc()"),
        ("(" * 3000 + "a" + ")" * 3000, "recursion depth"),
        ("", "Invalid JMESPath expression: cannot be empty"),
        ("sort_by(@, &userName)", "invalid type"),
        ("@[::0]", "slice step cannot be zero"),
        ("merge(@[0], `1`)", "not iterable"),
        ("ceil(`1e400`)", "infinity"),
        ("@[" + "9" * 5000 + "]", "4300 digits"),
    ],
)
def test_b9_a_wrong_expression_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(ScimError) as info:
        queried(text, ROWS)
    sentence = str(info.value)
    assert (
        sentence.startswith("query is not a valid JMESPath expression: ")
        and said in sentence
        and "\n" not in sentence
        and len(sentence) < 400
    )


@given(st.text("@.*[]{}()'`\"&|!=<>,:ab019-\\ \né\ud800", max_size=12))
def test_b9_any_text_has_a_value_or_is_one_sentence(text: str) -> None:
    try:
        queried(text, ROWS)
    except ScimError as fault:
        assert "\n" not in str(fault)


@pytest.mark.parametrize(
    "text",
    [
        "sum(@)",
        "avg(@)",
        "abs(@[0])",
        "join(',', @)",
        "sort(@)",
        "max_by(@, &emails)",
        "sort_by(@, &emails)",
        "length(`1`)",
        "keys(@[0].userName)",
    ],
)
def test_b9_a_wrong_expression_quotes_no_data(text: str) -> None:
    with pytest.raises(ScimError, match="invalid type: expected") as info:
        queried(text, ROWS)
    assert "pam" not in str(info.value)


def test_b9_an_expression_that_is_a_test_is_checked_before_any_resource() -> None:
    assert expression("userName == 'pam'", "scope.users.query")(ROWS[0])
    with pytest.raises(ScimError, match="scope.users.query is not a valid JMESPath expression"):
        expression("userName ===", "scope.users.query")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a", {"a"}),
        ("a.b", {"a"}),
        ("a[?b == 'x'].c", {"a"}),
        ("join(' ', [a, b])", {"a", "b"}),
        ("{x: a, y: b.c}", {"a", "b"}),
        ("a || b && !c", {"a", "b", "c"}),
        ("sort_by(a, &b)", {"a"}),
        ("a | b", {"a"}),
        ("a[0]", {"a"}),
        ("'a'", set()),
        ("@", set()),
    ],
)
def test_names_that_an_expression_looks_up_in_what_it_is_given(text: str, names: set[str]) -> None:
    value_of, found = compiled(text, "mapping.title")
    assert found == names
    assert callable(value_of)


def test_a_compiled_expression_names_its_option() -> None:
    assert compiled("a.b", "x")[0]({"a": {"b": 7}}) == 7
    with pytest.raises(ScimError, match="mapping.title is not a valid JMESPath expression: "):
        compiled("a[", "mapping.title")
    with pytest.raises(ScimError, match="mapping.title is not a valid JMESPath expression: "):
        compiled("join('', a)", "mapping.title")[0]({"a": "secret"})


def test_a_function_of_an_attribute_that_resources_have_is_no_mistake() -> None:
    test = expression("starts_with(displayName, 'office-')", "scope.groups.query")
    assert test({"displayName": "office-scranton"}) and not test({"displayName": "Sales"})
    with pytest.raises(ScimError, match="scope.groups.query is not a valid JMESPath expression"):
        test({})


@pytest.mark.parametrize("text", ["starts_with(`1`, 'x')", "starts_with(title)", "no_such(title)"])
def test_a_function_that_never_works_is_a_mistake_at_once(text: str) -> None:
    with pytest.raises(ScimError, match="is not a valid JMESPath expression"):
        expression(text, "scope.users.query")
