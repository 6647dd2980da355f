# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a refused attribute is refused for."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._protocol.blame import (
    blames_path,
    blames_value,
    names_a_value,
    names_no_path,
)

OF_PATH = [
    "Unknown attribute: nickName",
    "Attribute nickName is not supported",
    "unsupported path",
    "Invalid attribute: nickName",
    "No such field nickName",
    "Extra field: nickName",
    'Unrecognized field "nickName" (class User)',
    "property nickName does not exist on type User",
    "Patching nickName is not implemented",
]
OF_VALUE = [
    "nickName: too long",
    "must be at most 9 characters",
    "Invalid value for nickName",
    "Invalid attribute value 'x'",
    "nickName must not exceed 64 characters",
    "value of attribute nickName is not valid",
    "nickName is not a valid locale",
    "invalid email address",
    "nickName does not match the pattern",
    "nickName must be one of a, b",
    "Unsupported locale",
    "nickName is already in use",
    "expected a string",
]
UNCLEAR = [
    "title is read-only",
    "",
    "no",
    "Bad Request",
    "cannot process the request",
    "nickName",
    "invalid request",
]


@pytest.mark.parametrize("text", OF_PATH)
def test_e2_words_about_an_attribute(text: str) -> None:
    assert blames_path(400, "", [text]) and not blames_value("", [text])


@pytest.mark.parametrize("text", OF_VALUE)
def test_e2_words_about_a_value(text: str) -> None:
    assert blames_value("", [text]) and not blames_path(400, "", [text])
    assert names_a_value("", [text])


@pytest.mark.parametrize("text", UNCLEAR)
def test_e2_words_that_say_neither(text: str) -> None:
    assert not blames_value("", [text]) and not blames_path(400, "", [text])


def test_e2_a_value_that_is_quoted_has_no_say() -> None:
    assert not blames_value("", ["refused: 'the maximum length of a format'"])
    assert not blames_path(400, "", ['refused: "read-only"'])


@pytest.mark.parametrize("scim_type", ["invalidPath", "noTarget"])
def test_e2_the_type_of_an_error_counts_before_its_words(scim_type: str) -> None:
    assert blames_path(400, scim_type, ["bad value"]) and not blames_value(scim_type, ["bad value"])


def test_e2_an_invalid_value_is_one_though_its_words_say_otherwise() -> None:
    assert blames_value("invalidValue", ["Unknown attribute"])
    assert not blames_path(400, "invalidValue", ["Unknown attribute"])
    assert not names_a_value("invalidValue", ["no"])


def test_e2_not_implemented_is_about_the_attribute() -> None:
    assert blames_path(501, "", ["no"]) and not blames_path(400, "", ["no"])


@pytest.mark.parametrize(
    "text, expected",
    [
        ("path is not supported", True),
        ("The path attribute is not allowed", True),
        ("Paths are not yet supported", True),
        ("path must be empty", True),
        ("unexpected property path", True),
        ("use an operation without a path", True),
        ("no such attribute", False),
        ("invalid path: title", False),
        ("unsupported path", False),
        ("the pathology is not supported", False),
        ("title is not supported", False),
    ],
)
def test_e7_words_about_any_path(text: str, expected: bool) -> None:
    assert names_no_path([text]) is expected
