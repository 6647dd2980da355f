# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where connection options come from.

The task, else the environment, and never half of each.
"""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    with_nulls,
    CONNECTION,
    FOR_ONE_ADDRESS,
    completed,
    connection_spec,
    from_variables,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError

ENVIRONMENT = {
    "SCIM_SERVER_URL": "https://env.example.com",
    "SCIM_TOKEN": "env-token",
    "SCIM_USERNAME": "env-user",
    "SCIM_PASSWORD": "env-password",
}
NAMES = ("server_url", "token", "auth_username", "auth_password")


def found(**params: Any) -> tuple[Any, ...]:
    options = completed(params, ENVIRONMENT)
    return tuple(options[name] for name in NAMES)


@pytest.mark.parametrize(
    "params, expected",
    [
        ({}, ("https://env.example.com", "env-token", "env-user", "env-password")),
        (
            {"server_url": "https://ENV.example.com:443/"},
            ("https://ENV.example.com:443/", "env-token", "env-user", "env-password"),
        ),
        ({"token": "task-token"}, ("https://env.example.com", "task-token", None, None)),
        ({"auth_username": "u", "auth_password": "p"}, ("https://env.example.com", None, "u", "p")),
        ({"auth_username": "u"}, ("https://env.example.com", None, "u", None)),
        ({"secret_headers": {"X-Key": "k"}}, ("https://env.example.com", None, None, None)),
        (
            {"secret_headers": {}},
            ("https://env.example.com", "env-token", "env-user", "env-password"),
        ),
        ({"client_cert": "/c"}, ("https://env.example.com", None, None, None)),
        (
            {"token": None, "server_url": None},
            ("https://env.example.com", "env-token", "env-user", "env-password"),
        ),
    ],
)
def test_credentials_in_the_task_disable_those_of_the_environment(
    params: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    """O20: the credentials of two places are never mixed."""
    assert found(**params) == expected


OTHER = "https://other.example.com"
ONE = {
    "token": "SCIM_TOKEN",
    "auth_username": "SCIM_USERNAME",
    "auth_password": "SCIM_PASSWORD",
    "oauth_token_url": "SCIM_OAUTH_TOKEN_URL",
    "oauth_client_id": "SCIM_OAUTH_CLIENT_ID",
    "oauth_client_secret": "SCIM_OAUTH_CLIENT_SECRET",
    "oauth_scopes": "SCIM_OAUTH_SCOPES",
}


def test_k1_the_environment_has_no_other_credentials() -> None:
    of_environment = {one.name: one.env for one in CONNECTION if one.env}
    assert {name: of_environment.get(name) for name in ONE} == ONE
    assert set(of_environment) & set(FOR_ONE_ADDRESS) == set(ONE)


@pytest.mark.parametrize("variable", ONE.values())
@pytest.mark.parametrize(
    "address", ["https://a.example.com", "https://a.example.com/v2/x", "http://A.example.com", "no"]
)
def test_k1_credentials_of_the_environment_are_for_its_address(variable: str, address: str) -> None:
    environment = {"SCIM_SERVER_URL": address, variable: "canary"}
    with pytest.raises(ScimError) as caught:
        completed({"server_url": OTHER}, environment)
    said = str(caught.value)
    assert variable in said and OTHER in said and "SCIM_SERVER_URL" in said
    assert "canary" not in said
    assert completed({"server_url": OTHER, "token": "mine"}, environment)["token"] == "mine"
    assert completed({"server_url": OTHER}, {variable: "canary"})["server_url"] == OTHER


@pytest.mark.parametrize(
    "mine",
    ["https://a.example.com/v2/", "HTTPS://A.example.com:443/v2", " https://a.example.com/v2"],
)
def test_k1_the_same_address_may_be_written_in_another_way(mine: str) -> None:
    environment = {"SCIM_SERVER_URL": "https://a.example.com/v2", "SCIM_TOKEN": "t"}
    assert completed({"server_url": mine}, environment)["token"] == "t"


@pytest.mark.parametrize("name", FOR_ONE_ADDRESS)
def test_k1_credentials_of_host_variables_are_for_their_address(name: str) -> None:
    values = {"scim_server_url": "https://a.example.com", f"scim_{name}": {"X-Key": "canary"}}
    with pytest.raises(ScimError) as caught:
        from_variables({"server_url": OTHER}, values, values.get)
    said = str(caught.value)
    assert f"scim_{name} belongs to https://a.example.com of scim_server_url" in said
    assert OTHER in said and "canary" not in said
    assert from_variables({"server_url": "https://A.example.com/"}, values, values.get)
    assert from_variables({}, values, values.get)
    del values["scim_server_url"]
    assert from_variables({"server_url": OTHER}, values, values.get) == {name: f"scim_{name}"}


def test_k1_other_options_of_host_variables_are_for_every_address() -> None:
    values = {"scim_server_url": "https://a.example.com", "scim_timeout": 3, "scim_token": "t"}
    args = {"server_url": OTHER, "token": "mine"}
    assert from_variables(args, values, values.get) == {"timeout": "scim_timeout"}


def test_k1_an_address_with_a_password_is_not_shown() -> None:
    environment = {"SCIM_SERVER_URL": "https://u:canary@a.example.com", "SCIM_TOKEN": "t"}
    with pytest.raises(ScimError, match="SCIM_TOKEN belongs to another address of SCIM") as caught:
        completed({"server_url": OTHER}, environment)
    assert "canary" not in str(caught.value)


def test_an_empty_variable_counts_as_omitted() -> None:
    assert completed({}, {"SCIM_TOKEN": "", "SCIM_SERVER_URL": ""})["token"] is None
    assert completed({}, {"SCIM_TOKEN": "", "SCIM_USERNAME": "u"})["auth_username"] == "u"


def test_s10_no_other_variable_is_read() -> None:
    """S10: of the environment."""

    class Spy(dict[str, str]):
        asked: set[str] = set()

        def get(self, name: str, default: Any = None) -> Any:
            self.asked.add(name)
            return default

    completed({}, Spy())
    assert all(name.startswith("SCIM_") for name in Spy.asked)


def test_host_variables_fill_what_the_task_leaves_open() -> None:
    """O20: nor are those of host variables with the task's."""
    values = {
        "scim_server_url": "https://host",
        "scim_token": "t",
        "scim_timeout": None,
        "scim_auth_username": "u",
    }
    assert from_variables({}, values, values.get) == {
        "server_url": "scim_server_url",
        "token": "scim_token",
        "auth_username": "scim_auth_username",
    }
    assert from_variables({"token": "x"}, values, values.get) == {"server_url": "scim_server_url"}
    assert from_variables({"server_url": "x"}, values, values.get) == {
        "token": "scim_token",
        "auth_username": "scim_auth_username",
    }
    assert not from_variables({"server_url": "x", "auth_password": "y"}, values, values.get)


def test_only_secrets_are_marked() -> None:
    spec = connection_spec()
    assert {name for name, one in spec.items() if one.get("no_log")} >= {"token", "auth_password"}
    assert {"server_url", "auth_username", "validate_certs", "headers", "capabilities"} <= {
        name for name, one in spec.items() if not one.get("no_log")
    }
    assert {
        name: spec[name].get("default")
        for name in (
            "validate_certs",
            "allow_http",
            "use_proxy",
            "timeout",
            "retries",
            "retry_max_wait",
            "consistency_wait",
            "concurrency",
        )
    } == {
        "validate_certs": True,
        "allow_http": False,
        "use_proxy": True,
        "timeout": 30,
        "retries": 5,
        "retry_max_wait": 120,
        "consistency_wait": 5,
        "concurrency": 8,
    }
    assert {one.env for one in CONNECTION if one.env} >= {
        "SCIM_SERVER_URL",
        "SCIM_TOKEN",
        "SCIM_USERNAME",
        "SCIM_PASSWORD",
    }


def test_an_omitted_number_of_retries_is_told_from_its_default() -> None:
    checked = {"retries": 5, "timeout": 30}
    assert with_nulls(checked, {}) == {"retries": None, "timeout": 30}
    assert with_nulls(checked, {"retries": None}) == {"retries": None, "timeout": 30}
    assert with_nulls(checked, {"retries": 5}) == checked
