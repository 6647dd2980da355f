# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what leaves a module besides its result, and of what credentials say about themselves; knows no server."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run
from ansible_collections.identity.scim.plugins.module_utils._ansible.output import holds
from ansible_collections.identity.scim.plugins.module_utils._ansible.resources import user_wish
from ansible_collections.identity.scim.plugins.module_utils._converge.connect import account_of, forms_of
from ansible_collections.identity.scim.plugins.module_utils._model.problem import ScimError


def failed(capsys: pytest.CaptureFixture[str], module: str, **args: Any) -> dict[str, Any]:
    """The result of a module that fails before anything is sent."""
    with patch_module_args({**args, "_ansible_module_name": f"identity.scim.{module}"}), pytest.raises(SystemExit):
        run(module)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["failed"]
    return found


def test_s14_nothing_of_a_task_goes_to_the_log_of_the_system(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda _self, msg, log_args=None: logged.append(f"{msg} {log_args}"))
    said = failed(capsys, "scim_user", server_url="ftp://scim.example.com", token="canary", user_name="pbeesly", password="canary too")
    assert "server_url" in said["msg"]
    assert not [line for line in logged if "canary" in line or "pbeesly" in line]


def test_s2_s1_a_failure_before_anything_is_sent_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    said = failed(capsys, "scim_user", server_url="https://user:canary@scim.example.com", token="a canary", user_name="pbeesly")
    assert "canary" not in json.dumps(said) and said["requests"] == 0 and said["changed"] is False


def test_s17_a_masked_value_is_never_taken_for_an_id() -> None:
    with pytest.raises(ScimError, match="id holds \\*{8}, which stands for a secret that was masked in the result of another task"):
        user_wish({"id": "********-123", "title": "Boss"})
    assert holds({"user": {"id": "acme-123"}}, forms_of(["acme"]))
    assert not holds({"user": {"id": "123", "active": True}, "plan": []}, forms_of(["acme"]))


def jwt(claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{body}.x"


@pytest.mark.parametrize(("options", "names"), [
    ({"auth_username": "admin", "auth_password": "x"}, {"admin"}),
    ({"token": jwt({"sub": "svc-scim"})}, {"svc-scim"}),
    ({"token": jwt({"aud": "x"})}, set()), ({"token": jwt(["sub"])}, set()), ({"token": "a.b.c"}, set()), ({"token": "opaque"}, set()), ({}, set()),
], ids=["basic", "jwt", "jwt without sub", "no claims", "not base64", "opaque", "nothing"])
def test_o13_what_credentials_say_of_whose_they_are(options: dict[str, Any], names: set[str]) -> None:
    """O13: the user name of HTTP Basic, the sub of a JWT."""
    assert account_of(options) == names
