# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreign columns become options by expressions; a column that is not there is an error."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._input.mapping import (
    ColumnNames,
    MappedNames,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError, all_of

HEADER = ["Login", "Vorname", "E-Mail", "First Name", "Team", "Left"]
ROW = {
    "Login": "pam",
    "Vorname": "Pam",
    "E-Mail": "pam@x.org",
    "First Name": "Pamela",
    "Team": "Sales;Board",
}


@pytest.mark.parametrize(
    ("mapping", "row"),
    [
        ({"user_name": "Login"}, {"user_name": "pam"}),
        (
            {"userName": "Login", "name.givenName": "Vorname"},
            {"user_name": "pam", "name": {"given_name": "Pam"}},
        ),
        ({"name": {"given_name": "Vorname"}}, {"name": {"given_name": "Pam"}}),
        ({"emails.work": "E-Mail"}, {"emails": [{"type": "work", "value": "pam@x.org"}]}),
        ({"emails.work": '"E-Mail"'}, {"emails": [{"type": "work", "value": "pam@x.org"}]}),
        ({"display_name": "First Name"}, {"display_name": "Pamela"}),
        ({"display_name": "join(' ', [Vorname, `B.`])"}, {"display_name": "Pam B."}),
        ({"teams": "Team"}, {"teams": ["Sales", "Board"]}),
        ({"teams": "[Team]"}, {"teams": ["Sales;Board"]}),
        ({"title": "'Rep'"}, {"title": "Rep"}),
        ({"title": "Left"}, {}),
        ({"title": "Left || 'x'", "locale": None}, {"title": "x"}),
        ({"title": "''"}, {}),
        ({"state": "(Left == 'x') && 'inactive' || 'present'"}, {"state": "present"}),
    ],
)
def test_values_of_a_mapped_row(mapping: dict[str, Any], row: dict[str, Any]) -> None:
    mapped = MappedNames(mapping)
    assert not mapped.bind(HEADER)
    assert mapped.options(ROW) == row


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"usrname": "Login"}, "mapping.usrname: did you mean user_name?"),
        ({"user_name": "a["}, "mapping.user_name is not a valid JMESPath expression: "),
        ({"user_name": 7}, "mapping.user_name must be a column or a JMESPath expression"),
        ({"user_name": " "}, "mapping.user_name must be a column or a JMESPath expression"),
        ({"user_name": "x", "userName": "y"}, "mapping.userName and user_name set the same option"),
    ],
)
def test_b9_a_mistake_in_a_mapping_is_one_sentence(mapping: dict[str, Any], said: str) -> None:
    with pytest.raises(ScimError) as info:
        problems = MappedNames(mapping).bind(None)
        raise all_of(problems)
    assert str(info.value).startswith(said) and not info.value.lines


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("login", "mapping.user_name names the column login; did you mean Login?"),
        ("join('', [Login, Nachnahme])", "mapping.user_name names the column Nachnahme; "),
    ],
)
def test_o4_a_column_that_is_not_there_is_an_error(expression: str, said: str) -> None:
    (problem,) = MappedNames({"user_name": expression}).bind(HEADER)
    assert problem.startswith(said)


def test_an_expression_that_fails_on_a_row_names_no_value() -> None:
    mapped = MappedNames({"title": "join('', Login)"})
    assert not mapped.bind(HEADER)
    with pytest.raises(ScimError) as info:
        mapped.options(ROW)
    assert str(info.value).startswith("mapping.title ") and "pam" not in str(info.value)


def test_rows_without_a_header_have_any_names() -> None:
    mapped = MappedNames({"user_name": "account.login"})
    assert not mapped.bind(None)
    assert mapped.options({"account": {"login": "pam"}}) == {"user_name": "pam"}


@pytest.mark.parametrize(
    ("mapping", "rows", "said"),
    [
        ({"user_name": "login", "title": "Job"}, [{"login": "a", "job": "x"}], ["Job", "job"]),
        ({"user_name": "login", "title": "job.tile"}, [{"login": "a", "job": {}}], []),
        ({"user_name": "login", "title": "not_null(jobb, login)"}, [{"job": "x"}], ["jobb", "job"]),
        ({"user_name": "login", "title": "phone"}, [{"login": "a"}, {"login": "b"}], []),
        ({"user_name": "login", "title": "job"}, [{"login": "a"}, {"job": "x"}], []),
        ({"user_name": "login", "title": "logins"}, [{"login": "a"}], []),
    ],
)
def test_o4_a_name_that_no_row_has_and_that_is_nearly_another_one_is_misspelt(
    mapping: dict[str, str], rows: list[dict[str, Any]], said: list[str]
) -> None:
    """Rows may leave names out. What an expression uses already is not meant."""
    mapped = MappedNames(mapping)
    assert not mapped.bind(None)
    for row in rows:
        mapped.options(row)
    expected = []
    if said:
        text = f"mapping.title names {said[0]}, which no row has; did you mean {said[1]}?"
        expected = [text]
    assert mapped.misspelt() == expected


def test_names_of_columns_are_those_of_options() -> None:
    names = ColumnNames()
    assert names.bind(["user_name", "emails.work", "name.given_name", ""]) == []
    assert names.options({"user_name": "pam", "emails.work": "p@x.org"}) == {
        "user_name": "pam",
        "emails": [{"type": "work", "value": "p@x.org"}],
    }
    assert ColumnNames().bind(["mail", "name"]) == [
        "mail: did you mean emails.work?",
        "name is a dictionary; name its parts, such as name.formatted, name.family_name, "
        "name.given_name",
    ]
