# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One row: every error at once, and values as Ansible would convert them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.options import argument_spec
from ansible_collections.identity.scim.plugins.module_utils._input.resource_options import (
    GROUP_ITEM,
    USER_ITEM,
)
from ansible_collections.identity.scim.plugins.module_utils._input.resources import (
    group_desired,
    user_desired,
)
from ansible_collections.identity.scim.plugins.module_utils._input.row_checks import (
    Read,
    RowReader,
    wrong_options,
)

DEEP: Any = "x"
for _level in range(40):
    DEEP = [DEEP]


def read(row: Any, *, group: bool = False) -> Read:
    """A row, read without the quick check."""
    options, meaning = (GROUP_ITEM, group_desired) if group else (USER_ITEM, user_desired)
    noun = "a group" if group else "a user"
    reader = RowReader(noun, options, meaning, is_plain=lambda one: False, secrets=[])
    return reader.read(row)


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ({"username": "ann"}, ("username: did you mean user_name?",)),
        (
            {"user_name": "ann", "name": {"givenname": "Ann"}},
            ("name.givenname: did you mean name.given_name?",),
        ),
        (
            {"user_name": "ann", "shoe_size": "7", "emails": "a@b.c"},
            (
                "shoe_size is not an option of a user; remove it",
                "emails must be a list of {value, type}, not 'a@b.c'",
            ),
        ),
        ({"user_name": "ann", "name": "Ann"}, ("name must be a dictionary with formatted, ",)),
        ({"user_name": "ann", "name": "given_name=Ann"}, ("name must be a dictionary with ",)),
        ({"user_name": 7}, ("user_name must be text, not the number 7; ",)),
        (
            {"user_name": "ann", "state": "gone"},
            ("state must be one of present, inactive, absent",),
        ),
        ({"user_name": "a", "match_by": ["name"]}, ("match_by must be one of id, external_id, ",)),
        (
            {"user_name": "ann", "groups": {"set": [], "add": ["x"]}},
            ("groups has set together with add or remove; set is the complete list",),
        ),
        ({"title": "Boss"}, ("user has no key to find it by; set one of ",)),
        ({"user_name": "ann", "title": " "}, ("title is an empty string; ",)),
        (
            {"user_name": "ann", "emails": [{"value": "ann"}]},
            ("emails[0].value must be an e-mail",),
        ),
        ({"user_name": "ann", "attributes": {"x": 2**64}}, ("attributes.x is a number of more ",)),
        ({"user_name": "ann", "attributes": {"x": float("inf")}}, ("attributes.x is inf, which ",)),
        ({"user_name": "ann", 7: "x"}, ("7 is a key that is not text; quote it",)),
    ],
)
def test_everything_wrong_with_a_row_is_said_at_once(
    row: dict[str, Any], problems: tuple[str, ...]
) -> None:
    found = read(row)
    assert len(found.problems) == len(problems), found
    for said, begins in zip(found.problems, problems):
        assert said.startswith(begins), said


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (None, "is null; remove it, or set its options"),
        ("ann", "must be a dictionary of options, not text"),
        (["ann"], "must be a dictionary of options, not a list"),
        (7, "must be a dictionary of options, not the number 7"),
        ({"user_name": "ann", "attributes": {"x": DEEP}}, "is nested too deeply"),
    ],
)
def test_what_is_no_row_is_one_sentence(row: Any, problem: str) -> None:
    assert read(row).problem == problem and not read(row).problems


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({"user_name": "a", "title": None}, {"user_name": "a"}),
        ({"user_name": "a", "active": "no"}, {"user_name": "a", "active": False}),
        ({"user_name": "a", "active": 1}, {"user_name": "a", "active": True}),
        ({"user_name": "a", "id": 7}, {"user_name": "a", "id": "7"}),
        (
            {"user_name": "a", "enterprise": {"employee_number": 7, "division": None}},
            {"user_name": "a", "enterprise": {"employee_number": "7"}},
        ),
        (
            {"user_name": "a", "clear": "title, locale"},
            {"user_name": "a", "clear": ["title", "locale"]},
        ),
        (
            {"user_name": "a", "attributes": {"x": [1, None, 2.5]}},
            {"user_name": "a", "attributes": {"x": [1, None, 2.5]}},
        ),
    ],
)
def test_a_row_is_kept_as_ansible_would_convert_it(
    row: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert read(row) == Read(row=kept)


def test_a_group_is_read_by_its_own_table() -> None:
    assert read({"displayname": "x"}, group=True).problems == (
        "displayname: did you mean display_name?",
    )
    assert not read({"display_name": "x", "members": {"add": ["a"]}}, group=True).problems


def test_every_secret_of_a_row_is_noted_also_if_it_is_wrong() -> None:
    secrets: list[Any] = []
    reader = RowReader(
        "a user", USER_ITEM, user_desired, is_plain=lambda one: False, secrets=secrets
    )
    reader.read({"username": "a", "password": "canary", "secret_attributes": {"pin": "1234"}})
    assert secrets == ["canary", {"pin": "1234"}]


@pytest.mark.parametrize(
    ("given_options", "said"),
    [
        ({"username": "ann"}, ["username: did you mean user_name?"]),
        ({"name": {"first_name": "Ann"}}, ["name.first_name: did you mean name.given_name?"]),
        ({"shoe_size": 9, "_ansible_titel": True, 7: "x"}, []),
        (
            {"titel": "Boss", "active": "maybe"},
            ["titel: did you mean title?", "active must be true or false, not text"],
        ),
        ({"user_name": "ann", "name": {"given_name": "Ann"}, "title": None}, []),
    ],
)
def test_k3_misspelt_options_are_named_and_others_left_to_ansible(
    given_options: dict[Any, Any], said: list[str]
) -> None:
    assert wrong_options(USER_ITEM, given_options) == said


TEXTS = st.sampled_from(["ann", "yes", "7", "a@b.c", "Ann B."])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "title": TEXTS | st.integers(0, 99),
    "active": st.sampled_from([True, False, "yes", "off", 1, 0]),
    "enterprise": st.dictionaries(
        st.sampled_from(["department", "employee_number"]), TEXTS | st.integers(0, 9)
    ),
    "state": st.sampled_from(["present", "absent"]),
    "clear": st.lists(st.sampled_from(["locale", "timezone"]), max_size=2) | st.just("locale"),
    "attributes": st.dictionaries(st.just("urn:example:2.0:User:badge"), TEXTS | st.integers()),
}


@given(st.fixed_dictionaries({"user_name": TEXTS}, optional=VALUES))
def test_any_valid_row_means_what_it_means_to_ansible(row: dict[str, Any]) -> None:
    validated = ArgumentSpecValidator(argument_spec(USER_ITEM)).validate(row)
    assert not validated.error_messages
    found = read(row)
    assert user_desired(found.row) == user_desired(validated.validated_parameters)
