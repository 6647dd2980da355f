# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that cannot be sent is named together with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._input.any_resource import (
    resource_desired,
)
from ansible_collections.identity.scim.plugins.module_utils._input.input_errors import is_address
from ansible_collections.identity.scim.plugins.module_utils._input.policy import policy_of
from ansible_collections.identity.scim.plugins.module_utils._input.resources import (
    group_desired,
    user_desired,
)
from ansible_collections.identity.scim.plugins.module_utils._input.teams import team_desired
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._input.wrong import (
    EMPTY,
    URN,
    user_errors,
)


@pytest.mark.parametrize(
    "params, said",
    [
        ({"title": ""}, f"title {EMPTY}"),
        ({"title": " \t"}, f"title {EMPTY}"),
        (
            {"user_name": ""},
            "user_name is an empty string; every user must have one, so omit it to keep the current value",
        ),
        ({"id": " "}, "id is an empty string; omit it"),
        ({"external_id": ""}, f"external_id {EMPTY}"),
        ({"name": {"given_name": ""}}, f"name.given_name {EMPTY}"),
        ({"enterprise": {"department": ""}}, f"enterprise.department {EMPTY}"),
        ({"password": ""}, f"password {EMPTY}"),
        ({"emails": [{"value": "", "type": "work"}]}, f"emails[0].value {EMPTY}"),
        (
            {"addresses": [{"postal_code": "", "locality": "Scranton"}]},
            f"addresses[0].postal_code {EMPTY}",
        ),
        ({"attributes": {URN: {"floor": ""}}}, f"attributes.{URN}:floor {EMPTY}"),
        ({"user_name": "a\nb"}, "user_name contains a control character"),
        ({"user_name": "a\x00b"}, "user_name contains a control character"),
        ({"external_id": "a\x7fb"}, "external_id contains a control character"),
        (
            {"user_name": "a\ud800"},
            "user_name contains half of a surrogate pair, which is not valid text",
        ),
        ({"title": "a\ud800"}, "title contains half of a surrogate pair, which is not valid text"),
        (
            {"user_name": "x" * 10_000},
            "user_name is 10000 characters long; at most 1000 are allowed",
        ),
    ],
)
def test_b10_text_that_cannot_be_sent_is_an_error(params: dict[str, Any], said: str) -> None:
    assert user_errors(**params) == [said]


@pytest.mark.parametrize(
    ("make", "options"),
    [
        ("user", {"id": "********-123", "title": "Boss"}),
        ("user", {"user_name": "********"}),
        ("user", {"user_name": "pam", "password": "********"}),
        ("user", {"user_name": "pam", "display_name": "********"}),
        ("user", {"user_name": "pam", "name": {"given_name": "********"}}),
        ("user", {"user_name": "pam", "emails": [{"value": "bob@********.com"}]}),
        ("user", {"user_name": "pam", "attributes": {"urn:x:y": {"z": "********"}}}),
        ("user", {"user_name": "pam", "groups": {"add": ["********"]}}),
        ("user", {"user_name": "pam", "enterprise": {"manager": {"id": "********"}}}),
        ("group", {"display_name": "Sales", "previous_names": ["********"]}),
        ("group", {"display_name": "Sales", "members": {"set": [{"email": "x@********"}]}}),
        ("resource", {"endpoint": "Users", "attributes": {"userName": "********"}}),
        ("team", {"name": "********", "members": []}),
        ("team", {"name": "Sales", "members": [{"user_name": "********"}]}),
        ("policy", {"protect": {"users": ["admin", "********"]}}),
        ("policy", {"leavers_except": ["********"]}),
        ("policy", {"leavers_ignore_groups": ["******** staff"]}),
    ],
)
def test_s17_a_masked_value_is_never_written_nor_looked_for(
    make: str, options: dict[str, Any]
) -> None:
    """S17: masked values are refused wherever they could be looked up or written."""
    resource = {
        "endpoint": "Users",
        "state": "present",
        "match_by": ["userName"],
        "multi_valued": "merge",
        "update_method": "auto",
        "update_password": "on_create",
    }
    makers: dict[str, Any] = {
        "user": user_desired,
        "group": group_desired,
        "team": lambda one: team_desired(one, "teams[0]", exact=True),
        "policy": policy_of,
        "resource": lambda one: resource_desired({**resource, **one}),
    }
    with pytest.raises(
        ScimError,
        match="contains \\*{8}, which stands for a secret masked in the result of another task",
    ):
        makers[make](options)


@pytest.mark.parametrize(
    "text",
    ["a@b", "a.b+c@x.org", "o'neil@x-y.example", "jörg@müller.de", "a..b@x.org", "1@2.3"],
)
def test_k3_an_e_mail_address_has_one_at_sign_between_two_parts(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@",
        "ann@",
        "@x.org",
        "ann@x@y.org",
        "ann smith@x.org",
        "ann@x .org",
        "ann@x.org, bob@x.org",
        "ann@x.org;bob@x.org",
        "<ann@x.org>",
        "Ann <ann@x.org>",
        "mailto:ann@x.org",
        "ann@.org",
        "ann@x..org",
        "ann@x.org.",
        "ann@-x.org",
        "ann@x.org\n",
        "ann@x.org/y",
        "ann@x.org?y=z",
        "ann@x#y",
    ],
)
def test_k3_other_texts_are_no_e_mail_address(text: str) -> None:
    assert not is_address(text)
