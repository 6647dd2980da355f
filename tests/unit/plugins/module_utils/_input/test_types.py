# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the wrong type: one sentence with row and option, before Ansible converts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import CONNECTION
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.plugins.module_utils._input.options import (
    Option,
    argument_spec,
)
from ansible_collections.identity.scim.plugins.module_utils._input.types import (
    QUOTE,
    type_errors,
    without_nulls,
)


def wrong(module: str = "scim_user", **given: Any) -> list[str]:
    return type_errors((*CONNECTION, *TASKS[module].options), given)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"user_name": False}, f"user_name must be text, not false; {QUOTE}"),
        ({"user_name": True}, f"user_name must be text, not true; {QUOTE}"),
        ({"user_name": 83}, f"user_name must be text, not the number 83; {QUOTE}"),
        ({"user_name": 3.5}, f"user_name must be text, not the number 3.5; {QUOTE}"),
        ({"external_id": 12}, f"external_id must be text, not the number 12; {QUOTE}"),
        ({"user_name": ["ann"]}, "user_name must be text, not a list"),
        ({"user_name": {"a": "b"}}, "user_name must be text, not a dictionary"),
        ({"title": ["Boss"]}, "title must be text, not a list"),
        ({"title": {}}, "title must be text, not a dictionary"),
        ({"title": True}, f"title must be text, not true; {QUOTE}"),
        ({"title": 3.5}, f"title must be text, not the number 3.5; {QUOTE}"),
        ({"display_name": 5}, f"display_name must be text, not the number 5; {QUOTE}"),
        ({"active": "maybe"}, "active must be true or false, not text"),
        ({"active": 2}, "active must be true or false, not the number 2"),
        ({"active": []}, "active must be true or false, not a list"),
        ({"clear": True}, "clear must be a list of texts, not true"),
        ({"clear": 5}, "clear must be a list of texts, not the number 5"),
        ({"clear": {"title": 1}}, "clear must be a list of texts, not a dictionary"),
        ({"clear": ["title", None]}, "clear[1] is null; remove it, or set it"),
        ({"clear": ["title", True]}, f"clear[1] must be text, not true; {QUOTE}"),
        ({"attributes": 5}, "attributes must be a dictionary, not the number 5"),
        ({"attributes": []}, "attributes must be a dictionary, not a list"),
        (
            {"attributes": {"x": {"y": [1, 2**63]}}},
            f"attributes.x.y[1] is a number of more than 64 bits; {QUOTE}",
        ),
        (
            {"attributes": {"x": float("nan")}},
            f"attributes.x is nan, which is no number of JSON; {QUOTE}",
        ),
        (
            {"attributes": {True: "x"}},
            f"attributes has the key True, which is not text; {QUOTE}",
        ),
        (
            {"nick_name": 2**70},
            f"nick_name must be text, not a number of more than 64 bits; {QUOTE}",
        ),
        ({"title": -(2**70)}, f"title is a number of more than 64 bits; {QUOTE}"),
        ({"token": ["x"]}, "token must be text, not a list"),
        ({"server_url": True}, f"server_url must be text, not true; {QUOTE}"),
    ],
)
def test_k3_a_wrong_type_is_one_sentence_with_the_option(
    options: dict[str, Any], said: str
) -> None:
    assert wrong(**options) == [said]


@pytest.mark.parametrize(
    ("emails", "said"),
    [
        ("a@b.c", "emails must be a list of {value, type}, not 'a@b.c'"),
        ("a\x1bb", "emails must be a list of {value, type}, not text"),
        ("a" * 41, f"emails must be a list of {{value, type}}, not '{'a' * 40} …'"),
        ([None], "emails[0] is null; remove it, or set it"),
        (
            ["a@b.c"],
            "emails[0] must be a dictionary with value, type, primary, display, not text",
        ),
        ({"add": "a@b.c"}, "emails.add must be a list of dictionaries, not text"),
        ({"set": [{"value": False}]}, f"emails.set[0].value must be text, not false; {QUOTE}"),
    ],
)
def test_k3_entries_are_dictionaries(emails: Any, said: str) -> None:
    assert wrong(emails=emails) == [said]


@pytest.mark.parametrize("value", [3.5, True, "Pam", ["Pam"], 7])
def test_k3_text_where_a_dictionary_belongs_names_its_parts(value: Any) -> None:
    (said,) = wrong(name=value)
    assert said.startswith("name must be a dictionary with formatted, family_name, given_name, ")


@pytest.mark.parametrize(
    ("directory", "begins"),
    [
        ({"users": "ann"}, "users must be a list of dictionaries, not text"),
        ({"users": {"user_name": "ann"}}, "users must be a list of dictionaries, not a dictionary"),
        ({"users": True}, "users must be a list of dictionaries, not true"),
        ({"purge": True, "users": []}, "purge must be a dictionary with users, groups, not true"),
        ({"protect": {"users": [True]}, "users": []}, "protect.users[0] must be text, not true"),
        ({"scope": "x", "users": []}, "scope must be a dictionary with users, groups, not text"),
        ({"leavers": False, "users": []}, "leavers must be text, not false; quote it"),
    ],
)
def test_k3_the_option_of_a_directory_is_named(directory: dict[str, Any], begins: str) -> None:
    (said,) = wrong("scim_directory", **directory)
    assert said.startswith(begins), said


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("scim_user", {"user_name": "no", "title": None, "id": 7}),
        ("scim_user", {"user_name": "a", "enterprise": {"employee_number": 17}}),
        ("scim_user", {"user_name": "a", "active": "yes", "clear": "title,nick_name"}),
        ("scim_user", {"user_name": "a", "name": '{"given_name": "x"}'}),
        ("scim_user", {"user_name": "a", "name": "given_name=x"}),
        ("scim_user", {"user_name": "a", "attributes": {"x": [1, 2.5, None, True]}}),
        ("scim_directory", {"users": [], "stop_after_failures": 5}),
        ("scim_directory", {"users": [], "thresholds": {"users_removed": 0.5}}),
        ("scim_user", {"user_name": "a", "timeout": 3.5, "retries": 2, "unknown": [1]}),
    ],
)
def test_k3_what_ansible_converts_without_loss_is_left_to_it(
    module: str, options: dict[str, Any]
) -> None:
    assert wrong(module, **options) == []


@pytest.mark.parametrize("module", TASKS)
@given(data=st.data())
def test_k3_any_type_for_any_option_is_a_sentence_or_valid_for_ansible(
    module: str, data: st.DataObject
) -> None:
    """Ansible itself ends with a traceback for some of them."""
    table = TASKS[module].options
    if not table:
        return
    some = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5),
        st.floats(allow_nan=False),
        st.just("x"),
        st.lists(st.one_of(st.none(), st.just("x"), st.just(3)), max_size=2),
        st.dictionaries(st.just("x"), st.just(3)),
    )
    option = data.draw(st.sampled_from(table))
    given_options = {option.name: data.draw(some)}
    found = type_errors(table, given_options)
    assert all(one.startswith(option.name) for one in found)
    if not found:
        validator = ArgumentSpecValidator(argument_spec(table))
        validator.validate({name: one for name, one in given_options.items() if one is not None})


def test_k3_no_sentence_shows_a_text() -> None:
    said = wrong(name="canary", secret_attributes="canary", password=["canary"])
    assert len(said) == 3 and "canary" not in str(said)


@pytest.mark.parametrize(
    "emails, said",
    [
        ("a@b.c", ["emails must be a list of {value, type}, not 'a@b.c'"]),
        ({"add": "a@b.c"}, ["emails.add must be a list of dictionaries, not text"]),
        ({"set": [None]}, ["emails.set[0] is null; remove it, or set it"]),
        (
            [{"value": 3.5}],
            ["emails[0].value must be text, not the number 3.5; quote it, or add `| string`"],
        ),
        ({"add": [{"value": "a@b.c"}], "remove": None}, []),
    ],
)
def test_k3_entries_are_checked_in_lists_and_in_dictionaries(emails: Any, said: list[str]) -> None:
    assert wrong(emails=emails) == said


TOO_LARGE = 2**70
SMALLER = "is a number of more than 64 bits; set a smaller one"


@pytest.mark.parametrize(
    ("module", "options", "said"),
    [
        ("scim_user_info", {"page_size": TOO_LARGE}, f"page_size {SMALLER}"),
        ("scim_user_info", {"limit": -TOO_LARGE}, f"limit {SMALLER}"),
        ("scim_user_info", {"limit": str(TOO_LARGE)}, f"limit {SMALLER}"),
        ("scim_user", {"timeout": TOO_LARGE}, f"timeout {SMALLER}"),
        ("scim_user_info", {"limit": "9" * 400}, f"limit {SMALLER}"),
        ("scim_user", {"timeout": "1e30"}, f"timeout {SMALLER}"),
        ("scim_user", {"timeout": float("nan")}, "timeout must be a number, not nan"),
        ("scim_user_info", {"limit": "nan"}, "limit must be a number, not nan"),
        ("scim_user", {"retries": True}, "retries must be a number, not true"),
        ("scim_user", {"retries": [5]}, "retries must be a number, not a list"),
        ("scim_user", {"timeout": 10**400}, f"timeout {SMALLER}"),
        ("scim_user", {"timeout": "inf"}, f"timeout {SMALLER}"),
        ("scim_user", {"timeout": "soon"}, "timeout must be a number, not text"),
        ("scim_user_info", {"limit": ""}, "limit must be a whole number, not text"),
        ("scim_user_info", {"limit": "1,000"}, "limit must be a whole number, not text"),
        (
            "scim_user_info",
            {"page_size": 3.5},
            "page_size must be a whole number, not the number 3.5",
        ),
        (
            "scim_user_info",
            {"page_size": "3.5"},
            "page_size must be a whole number, not the number 3.5",
        ),
        ("scim_directory", {"stop_after_failures": TOO_LARGE}, f"stop_after_failures {SMALLER}"),
        (
            "scim_directory",
            {"thresholds": {"max_removals": TOO_LARGE}},
            f"thresholds.max_removals {SMALLER}",
        ),
    ],
)
def test_k3_a_number_that_is_too_large_is_one_sentence(
    module: str, options: dict[str, Any], said: str
) -> None:
    assert wrong(module, **options) == [said]


def test_k3_a_null_suboption_counts_as_omitted() -> None:
    table = TASKS["scim_directory"].options
    given: dict[str, Any] = {
        "purge": {"users": None, "groups": "absent"},
        "scope": {"users": {"filter": None}},
    }
    found = without_nulls(table, given)
    assert found == {"purge": {"groups": "absent"}, "scope": {"users": {}}}
    assert given["purge"]["users"] is None


def _every_option(table: Iterable[Option], above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the path of each option that has a type, those of dictionaries and rows too."""
    for option in table:
        path = (*above, option.name)
        if option.type != "raw" or option.options:
            yield path
        if option.type == "dict" or option.elements == "dict":
            yield from _every_option(option.options, path)


@pytest.mark.parametrize("module", TASKS)
@pytest.mark.parametrize("value", [TOO_LARGE, -TOO_LARGE])
def test_k3_a_number_past_64_bits_is_refused_in_every_option(module: str, value: int) -> None:
    for path in _every_option((*CONNECTION, *TASKS[module].options), ()):
        given_options: Any = value
        for name in reversed(path):
            given_options = {name: given_options}
        said = wrong(module, **given_options)
        assert len(said) == 1 and said[0].startswith(path[0]), path
