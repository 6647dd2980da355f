# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What leaves a module besides its result; knows no server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS, Task
from ansible_collections.identity.scim.plugins.module_utils._report.report import Report


def failed(capsys: pytest.CaptureFixture[str], module: str, **args: Any) -> dict[str, Any]:
    """The result of a module that fails before anything is sent."""
    with (
        patch_module_args({**args, "_ansible_module_name": f"identity.scim.{module}"}),
        pytest.raises(SystemExit),
    ):
        run(module)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["failed"]
    return found


def test_s14_nothing_of_a_task_goes_to_the_log_of_the_system(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S14: neither the arguments nor what the task warns of."""
    logged: list[str] = []
    monkeypatch.setattr(
        AnsibleModule, "log", lambda _self, msg, log_args=None: logged.append(f"{msg} {log_args}")
    )
    said = failed(
        capsys,
        "scim_user",
        server_url="ftp://scim.example.com",
        token="canary",
        user_name="pbeesly",
        password="canary too",
    )
    assert "server_url" in said["msg"]
    assert not [line for line in logged if "canary" in line or "pbeesly" in line]


def test_s2_a_defect_in_the_work_is_one_clean_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S2: an exception that holds the request ends the module with a sentence."""

    def work(*_task: Any) -> dict[str, Any]:
        raise KeyError({"Authorization": "Bearer canary", "X-Key": "from the service: canary"})

    monkeypatch.setitem(TASKS, "scim_user", Task(options=TASKS["scim_user"].options, work=work))
    said = failed(
        capsys,
        "scim_user",
        server_url="https://scim.example.com",
        token="another",
        user_name="pbeesly",
    )
    assert said["msg"].startswith(
        "internal error (KeyError at test_module.py:"
    ) and "canary" not in json.dumps(said)


def test_s14_writes_and_warnings_of_a_task_go_to_no_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S14: a task that succeeds, with a person in its result and in a warning."""
    logged: list[str] = []
    monkeypatch.setattr(
        AnsibleModule, "log", lambda _self, msg, log_args=None: logged.append(f"{msg} {log_args}")
    )
    report = Report(
        result={"changed": True, "user": {"userName": "pbeesly"}},
        warnings=("the user 'pbeesly' is inactive",),
    )
    monkeypatch.setitem(
        TASKS, "scim_user", Task(options=TASKS["scim_user"].options, work=lambda *_task: report)
    )
    with (
        patch_module_args(
            {"server_url": "https://scim.example.com", "token": "canary", "user_name": "pbeesly"}
        ),
        pytest.raises(SystemExit),
    ):
        run("scim_user")
    assert "pbeesly" in capsys.readouterr().out and not [
        line for line in logged if "canary" in line or "pbeesly" in line
    ]


@pytest.mark.parametrize(
    "args",
    [
        {"user_name": "pam", "passwrd": "canary"},
        {"user_name": "pam", "attributes": {"password": "canary"}},
        {"user_name": "pam", "emails": ["canary"]},
        {"user_name": "pam", "state": "gone", "password": "canary"},
    ],
)
def test_s4_s5_arguments_that_are_refused_are_not_shown(
    capsys: pytest.CaptureFixture[str], args: dict[str, Any]
) -> None:
    """S4, S5: ansible-core before 2.21 shows the arguments of what failed, masked as far as it had read them."""
    said = failed(
        capsys,
        "scim_user",
        server_url="https://scim.example.com",
        token="canary too",
        _ansible_inject_invocation=True,
        **args,
    )
    assert "canary" not in json.dumps(
        {**said, "msg": said["msg"].replace("'canary'", "") if "emails" in args else said["msg"]}
    )


def test_s2_s1_a_failure_before_anything_is_sent_is_clean(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """S1, S2: an address that holds a password."""
    said = failed(
        capsys,
        "scim_user",
        server_url="https://user:canary@scim.example.com",
        token="a canary",
        user_name="pbeesly",
    )
    assert "canary" not in json.dumps(said) and said["requests"] == 0 and said["changed"] is False
