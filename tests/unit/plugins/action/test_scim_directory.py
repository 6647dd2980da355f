# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what the action plugin says at -v and of what it leaves out.

What it does is tested by the integration target connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.action.scim_directory import (
    FREE,
    redacted,
    sources,
    without_nulls,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import CONNECTION
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.plugins.module_utils._input.options import Option


@pytest.mark.parametrize(
    ("args", "filled", "said"),
    [
        (
            {"server_url": "canary", "token": "canary"},
            {},
            "server_url from the task or its module_defaults; token from the task or its module_defaults",
        ),
        (
            {"token": None},
            {
                "server_url": "scim_server_url",
                "auth_username": "scim_auth_username",
                "auth_password": "scim_auth_password",
            },
            "server_url from the host variable scim_server_url; credentials from the host variables scim_auth_username, scim_auth_password",
        ),
        (
            {"secret_headers": {}},
            {"timeout": "scim_timeout"},
            "server_url from the environment; credentials from the environment",
        ),
    ],
)
def test_o20_where_the_credentials_come_from_is_said_and_not_what_they_are(
    args: dict[str, Any], filled: dict[str, str], said: str
) -> None:
    """O20: option, host variable or environment, in words."""
    assert sources(args, filled) == f"identity.scim: {said}"


def test_text_at_v_passes_the_redactor_with_every_secret_of_the_connection() -> None:
    args = {"token": "canary-1", "secret_headers": {"X-Key": "canary-2"}, "timeout": 30}
    text = redacted("canary-1 \x1b[2J canary-2 dG9rZW4= Y2FuYXJ5LTE=", args)
    assert text == "******** \\x1b[2J ******** dG9rZW4= ********"


def dictionaries(options: Iterable[Option]) -> Iterator[str]:
    """The options, at any depth, that are dictionaries without keys of ours."""
    for option in options:
        if option.type == "dict" and not option.options:
            yield option.name
        yield from dictionaries(option.options)


def test_null_counts_as_omitted_except_in_free_dictionaries() -> None:
    """At any depth; where it is a value of SCIM it stays."""
    given = {
        "server_url": "x",
        "timeout": None,
        "purge": {"users": None, "groups": "absent"},
        "attributes": {"x": None},
        "teams": [
            {
                "name": "T",
                "state": None,
                "members": [
                    {
                        "user_name": "pam",
                        "id": None,
                        "emails": [{"value": "p@x", "primary": None}],
                        "secret_attributes": {"y": None},
                    },
                    None,
                ],
            }
        ],
    }
    assert without_nulls(given) == {
        "server_url": "x",
        "purge": {"groups": "absent"},
        "attributes": {"x": None},
        "teams": [
            {
                "name": "T",
                "members": [
                    {
                        "user_name": "pam",
                        "emails": [{"value": "p@x"}],
                        "secret_attributes": {"y": None},
                    },
                    None,
                ],
            }
        ],
    }
    assert (
        set(
            dictionaries(
                [*CONNECTION, *(option for task in TASKS.values() for option in task.options)]
            )
        )
        == FREE
    )
