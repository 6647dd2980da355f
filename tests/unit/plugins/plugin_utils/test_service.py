# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plugin's connection options come from one level.

What it fails with is one sentence without secrets and without causes.
"""

from __future__ import annotations

import base64
import pathlib
import traceback
from typing import Any

import pytest
from ansible.errors import AnsibleLookupError

from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import CONNECTION
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.plugin_utils._service import (
    PluginRun,
    connection_options,
    refuse_wrong_types,
    variables_of_connection,
)

DEFAULTS = {option.name: (option.default, "default") for option in CONNECTION}


class Plugin:
    """Options with the place each comes from, as Ansible's plugins have them."""

    def __init__(self, **given: tuple[Any, str]) -> None:
        self.options = {**DEFAULTS, **given}

    def get_option_and_origin(self, name: str) -> tuple[Any, str]:
        return self.options[name]


@pytest.mark.parametrize(
    "given, expected",
    [
        (
            {
                "token": ("a", "Direct"),
                "auth_username": ("u", "var: scim_auth_username"),
                "auth_password": ("p", "env: SCIM_PASSWORD"),
            },
            {"token": "a"},
        ),
        (
            {
                "token": ("a", "env: SCIM_TOKEN"),
                "auth_username": ("u", "var: scim_auth_username"),
                "auth_password": ("p", "var: scim_auth_password"),
            },
            {"auth_username": "u", "auth_password": "p"},
        ),
        (
            {"token": ("a", "/etc/ansible.cfg"), "secret_headers": ({"X-Key": "k"}, "Direct")},
            {"secret_headers": {"X-Key": "k"}},
        ),
        ({"token": ("a", "/etc/ansible.cfg"), "secret_headers": ({}, "Direct")}, {"token": "a"}),
        (
            {"token": ("", "env: SCIM_TOKEN"), "auth_username": ("u", "/etc/ansible.cfg")},
            {"auth_username": "u"},
        ),
        (
            {"token": ("a", "env: SCIM_TOKEN"), "auth_username": ("u", "env: SCIM_USERNAME")},
            {"token": "a", "auth_username": "u"},
        ),
    ],
)
def test_credentials_come_from_the_first_level_that_sets_any(given: Any, expected: Any) -> None:
    found = connection_options(Plugin(**given), {})
    assert {
        name: found[name]
        for name in ("token", "auth_username", "auth_password", "secret_headers")
        if found[name]
    } == expected
    assert found["timeout"] == 30


@pytest.mark.parametrize("place", ["env: SCIM_TOKEN", "var: scim_token"])
@pytest.mark.parametrize("other", ["https://b.example.com", "https://a.example.com/"])
def test_k1_credentials_of_a_plugin_are_for_the_address_beside_them(
    place: str, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCIM_SERVER_URL", "https://a.example.com")
    variables = {"scim_server_url": "https://a.example.com"}
    plugin = Plugin(server_url=(other, "Direct"), token=("t", place))
    if other == "https://a.example.com/":
        assert connection_options(plugin, variables)["token"] == "t"
        return
    with pytest.raises(ScimError, match=f"{place[5:]} belongs to https://a.example.com"):
        connection_options(plugin, variables)
    monkeypatch.delenv("SCIM_SERVER_URL")
    assert connection_options(plugin, {})["token"] == "t"


@pytest.mark.parametrize("place", ["Direct", "var: scim_server_url", "env: SCIM_SERVER_URL"])
@pytest.mark.parametrize("beside", ["https://a.example.com ; ours", "https://b.example.com/", ""])
def test_k1_credentials_of_a_configuration_file_are_for_the_address_beside_them(
    place: str, beside: str, tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "ansible.cfg"
    file.write_text(f"[scim]\ntoken = %t\n{beside and f'server_url = {beside}'}\n")
    plugin = Plugin(server_url=("https://b.example.com", place), token=("%t", str(file)))
    if beside.startswith("https://a"):
        with pytest.raises(ScimError) as caught:
            connection_options(plugin, {})
        told = f"token in {file} belongs to https://a.example.com of server_url in {file}"
        assert str(caught.value).startswith(told) and "%t" not in str(caught.value)
        return
    assert connection_options(plugin, {})["token"] == "%t"


def test_variables_are_templated_and_others_are_not_looked_at() -> None:
    found = variables_of_connection(
        {"scim_token": "{{ x }}", "scim_timeout": None, "scim_team_name": "{{ never }}"},
        lambda value: f"made of {value}",
    )
    assert found == {"scim_token": "made of {{ x }}"}


@pytest.mark.parametrize(
    "fault",
    [
        ScimError("the service said s3cret-canary"),
        ScimError("bad option ['s3cret-canary']"),
        RuntimeError("s3cret-canary"),
        ScimError("it is " + base64.b64encode(b"s3cret-canary").decode()),
    ],
)
def test_errors_are_clean_and_have_no_cause(fault: Exception) -> None:
    """S7: of what was expected and (S2) of what was not."""
    run = PluginRun()
    run.hide("s3cret-canary", None, {"X": "other-canary"})
    with pytest.raises(AnsibleLookupError) as caught, run.failing_with(AnsibleLookupError):
        raise fault
    told = "".join(traceback.format_exception(caught.value))
    assert "canary" not in str(caught.value) and "s3cret" not in str(caught.value)
    assert (
        caught.value.__cause__ is None
        and caught.value.__suppress_context__
        and "During handling" not in told
    )
    assert isinstance(fault, ScimError) or "internal error (RuntimeError" in str(caught.value)


class Typed:
    """A plugin whose options have types."""

    option_definitions = {
        "filter": {"type": "str"},
        "attributes": {"type": "list", "elements": "str"},
        "limit": {"type": "int"},
        "validate_certs": {"type": "bool"},
        "secret_headers": {"type": "dict"},
        "anything": {},
        "special": {"type": "tmppath"},
    }


@pytest.mark.parametrize(
    ("given", "variables", "said"),
    [
        ({"filter": True}, {}, "filter must be text, not true; quote it, or add `| string`"),
        ({"attributes": [None]}, {}, "attributes[0] is null; remove it, or set it"),
        (
            {"attributes": [7]},
            {},
            "attributes[0] must be text, not the number 7; quote it, or add `| string`",
        ),
        ({"limit": "many"}, {}, "limit must be a whole number, not text"),
        ({"limit": 2**70}, {}, "limit is a number of more than 64 bits; set a smaller one"),
        ({"validate_certs": "ture"}, {}, "validate_certs must be true or false, not text"),
        ({}, {"scim_validate_certs": "no way"}, "scim_validate_certs must be true or false, not"),
        ({"secret_headers": ["canary"]}, {}, "secret_headers must be a dictionary, not a list"),
        ({"anything": []}, {}, "anything must be text, not a list"),
    ],
)
def test_k3_an_option_of_a_plugin_has_its_type(
    given: dict[str, Any], variables: dict[str, Any], said: str
) -> None:
    with pytest.raises(ScimError) as problem:
        refuse_wrong_types(Typed(), given, variables)
    assert str(problem.value).startswith(f"an option has an invalid value: {said}")
    assert "canary" not in str(problem.value)


@pytest.mark.parametrize(
    "given",
    [
        {"limit": "{{ most }}", "validate_certs": "{{ certain }}"},
        {"limit": "5", "validate_certs": "no", "attributes": "a,b", "special": 7},
        {"limit": None, "filter": None},
    ],
)
def test_k3_templates_and_what_ansible_converts_are_left_alone(given: dict[str, Any]) -> None:
    refuse_wrong_types(Typed(), given)
