# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that only a connection refuses, and the account of the credentials.

Knows no server.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any, cast

import pytest

from ansible_collections.identity.scim.plugins.module_utils._converge.connect import (
    account_of,
    all_forms,
    connect,
)
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError


def test_a_socks_proxy_without_its_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.delitem(sys.modules, "urllib3.contrib.socks", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "socks5h://127.0.0.1:9")
    options: dict[str, Any] = {
        "server_url": "https://scim.example.com/v2",
        "token": "t",
        "use_proxy": True,
    }
    with pytest.raises(
        ScimError, match="for a SOCKS proxy install PySocks, or set use_proxy: false"
    ):
        connect(options, user_agent="test/1", read_only=True)


def jwt(claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{body}.x"


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"auth_username": "admin", "auth_password": "x"}, {"admin"}),
        ({"token": jwt({"sub": "svc-scim"})}, {"svc-scim"}),
        ({"token": jwt({"aud": "x"})}, set()),
        ({"token": jwt(["sub"])}, set()),
        ({"token": "a.b.c"}, set()),
        ({"token": "opaque"}, set()),
        ({}, set()),
    ],
    ids=["basic", "jwt", "jwt without sub", "no claims", "not base64", "opaque", "nothing"],
)
def test_o13_account_is_read_from_the_credentials(options: dict[str, Any], names: set[str]) -> None:
    """O13: the user name of HTTP Basic, the sub of a JWT."""
    assert account_of(options) == names


def test_a_connection_sends_nothing_and_returns_what_to_mask() -> None:
    options = {"server_url": "https://scim.example.com/v2", "token": "s3cret", "use_proxy": False}
    service, secrets, notes = connect(options, user_agent="test/1", read_only=True)
    assert service.session.requests == 0 and notes == () and "s3cret" in secrets
    assert set(all_forms(["s3cret"])) <= set(secrets)


@pytest.mark.parametrize("wrong", [{"server_url": "ftp://x"}, {"capabilities": {"teleport": True}}])
def test_an_option_that_cannot_be_used_is_one_sentence(wrong: dict[str, Any]) -> None:
    options = {"server_url": "https://scim.example.com/v2", "token": "t", "use_proxy": False}
    with pytest.raises(ScimError):
        connect({**options, **wrong}, user_agent="test/1", read_only=True)


@pytest.mark.parametrize(("options", "seconds"), [({}, 5.0), ({"consistency_wait": 0.5}, 0.5)])
def test_a_service_knows_how_long_to_wait_for_lagging_reads(
    options: dict[str, Any], seconds: float
) -> None:
    known = {"server_url": "https://scim.example.com/v2", "token": "t", "use_proxy": False}
    service, _secrets, _notes = connect({**known, **options}, user_agent="test/1", read_only=True)
    assert service.consistency_wait == seconds


@pytest.mark.parametrize(
    ("options", "most"),
    [
        ({}, 8),
        ({"concurrency": 20}, 20),
        ({"concurrency": 20, "capabilities": {"in_flight": 30}}, 20),
        ({"concurrency": 20, "capabilities": {"in_flight": 2}}, 2),
        ({"concurrency": 3}, 3),
        ({"service_provider": "aws"}, 5),
    ],
    ids=["default", "no limit is known", "higher limit", "lower limit", "fewer", "profile"],
)
def test_concurrency_is_the_smaller_of_the_option_and_in_flight(
    options: dict[str, Any], most: int
) -> None:
    known = {"server_url": "https://scim.example.com/v2", "token": "t", "use_proxy": False}
    service, _secrets, _notes = connect({**known, **options}, user_agent="test/1", read_only=True)
    assert service.concurrency == most
    assert service.viewed_with(service.capabilities).concurrency == most


@pytest.mark.parametrize(
    ("stated", "pauses", "burst"),
    [
        ({"service_provider": "slack"}, [1 / 16, 1 / 3], 20),
        ({"service_provider": "miro"}, [1 / 6, 1 / 3], 1),
        ({"capabilities": {"write_rate": 5}}, [0, 1 / 5], 1),
        ({"capabilities": {"write_rate": 5, "write_burst": 9}}, [0, 1 / 5], 9),
        ({}, [0, 0], 1),
    ],
)
def test_the_session_keeps_to_the_rates_of_the_service(
    stated: dict[str, Any], pauses: list[float], burst: int
) -> None:
    """Reads and writes have limits of their own. Nothing is sent."""
    options = {"server_url": "https://scim.example.com/v2", "token": "t", **stated}
    service, *_rest = connect(options, user_agent="test/1", read_only=False)
    session = cast(Any, service.session)
    assert session.rate == (1 / pauses[0] if pauses[0] else 0)
    assert session._client._pacing.writes == pytest.approx(1 / pauses[1] if pauses[1] else 0)
    assert session._client._pacing.burst == burst
