# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JMESPath expressions of a task: what is wrong with one is a sentence. Reading by name: nobody is missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._ansible.reading import (
    expression,
    queried,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    Asked,
    Reply,
    Spell,
    hostile,
    people,
    run,
)

Honest = Callable[[], Reply]
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
        sentence.startswith("query is no valid JMESPath expression: ")
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
def test_b9_a_wrong_expression_quotes_nobody(text: str) -> None:
    with pytest.raises(ScimError, match="invalid type: expected") as info:
        queried(text, ROWS)
    assert "pam" not in str(info.value)


def test_b9_an_expression_that_is_a_test_is_looked_at_before_any_resource() -> None:
    assert expression("userName == 'pam'", "scope.users.query")(ROWS[0])
    with pytest.raises(ScimError, match="scope.users.query is no valid JMESPath expression"):
        expression("userName ===", "scope.users.query")


# who is read by name


def none_for_a_filter(asked: Asked, honest: Honest) -> Reply:
    return Reply(200, {"totalResults": 0, "Resources": []}) if "filter" in asked.query else honest()


def refused(asked: Asked, honest: Honest) -> Reply:
    return Reply(400, {"detail": "no filters"}) if "filter" in asked.query else honest()


def stranger(asked: Asked, honest: Honest) -> Reply:
    return (
        Reply(200, {"totalResults": 1, "Resources": [{"id": "u1", "userName": "toby"}]})
        if "filter" in asked.query
        else honest()
    )


@pytest.mark.parametrize(
    "lie, caps, reads",
    [
        (none_for_a_filter, {"filters": False}, 1),
        (none_for_a_filter, {"filter_case": "exact"}, 2),
        (refused, {}, 3),
        (stranger, {}, 2),
    ],
)
def test_a_name_is_found_by_a_listing_where_filters_are_none(
    lie: Spell, caps: dict[str, Any], reads: int
) -> None:
    with hostile(people("toby", "Pam"), lie) as service:
        said = run(service, "scim_user_info", user_name="pam", connection={"capabilities": caps})
        assert [one["userName"] for one in said.result["users"]] == [
            "Pam"
        ] and service.reads == reads
        assert (
            run(
                service, "scim_user_info", user_name="jim", connection={"capabilities": caps}
            ).result["users"]
            == []
        )


@pytest.mark.parametrize("caps", [{}, {"filters": False}])
def test_an_answer_that_is_not_complete_is_not_nobody(caps: dict[str, Any]) -> None:
    with hostile(
        people("pam"), lambda asked, honest: Reply(200, {"totalResults": 50, "Resources": []})
    ) as service:
        said = run(service, "scim_user_info", user_name="pam", connection={"capabilities": caps})
        assert (
            said.failure
            == "looking up user 'pam': the answer is not complete: 0 of 50 came; run again; somebody may be changing it"
        )


def heeding(asked: Asked, honest: Honest) -> Reply:
    """The store knows no excludedAttributes."""
    reply = honest()
    left_out = asked.query.get("excludedAttributes", "").split(",")
    rows = reply.body.get("Resources", [reply.body])
    for row in rows:
        for name in left_out:
            row.pop(name, None)
    return reply


@pytest.mark.parametrize(
    "by", [{"id": "u1"}, {"user_name": "pam"}, {"filter": 'userName eq "pam"'}]
)
def test_attributes_are_left_out_however_somebody_is_read(by: dict[str, str]) -> None:
    with hostile(people("pam", title="Painter", nickName="P"), heeding) as service:
        said = run(service, "scim_user_info", excluded_attributes=["userName", "title"], **by)
        (found,) = said.result["users"]
        assert found["nickName"] == "P" and not {"userName", "title"} & set(found), said.failure
