# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one entry of all modules.

Results are equal with and without AnsibleModule, always clean, and there is no exception.
"""

from __future__ import annotations

import gc
import json
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.testing import patch_module_args
from ansible_collections.identity.scim.plugins.module_utils._ansible import perform as performing
from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    connection_spec,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run
from ansible_collections.identity.scim.plugins.module_utils._ansible.perform import (
    COLLECTED_AFTER,
    Caller,
    Finished,
    collect_seldom,
    perform,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS, Task
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._input.options import checked_spec
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._report.report import Report
from ansible_collections.identity.scim.tests.unit.faults.hostile import (
    TOKEN,
    Hostile,
    hostile,
    people,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._ansible.examples import (
    EVERY_MODULE,
    PAM,
    TEAM,
)


def checked(name: str, **options: Any) -> dict[str, Any]:
    """Options as Ansible checks them."""
    spec = {**connection_spec(), **checked_spec(TASKS[name].options)}
    validated = ArgumentSpecValidator(spec).validate(json.loads(json.dumps(options)))
    assert not validated.error_messages, validated.error_messages
    params: dict[str, Any] = validated.validated_parameters
    return params


def performed(
    service: Hostile, name: str, *, check: bool = False, diff: bool = False, **options: Any
) -> Finished:
    """Perform a module against a service, with its credentials from the environment."""
    params = checked(name, server_url=service.url, use_proxy=False, retries=0, **options)
    return perform(name, params, {"SCIM_TOKEN": TOKEN}, check=check, diff=diff)


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    "name, options", [*EVERY_MODULE, ("scim_user", {"user_name": "pam", "title": ""})]
)
def test_results_are_equal_with_and_without_ansible_module(
    name: str,
    options: dict[str, Any],
    check: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    warned: list[str] = []
    monkeypatch.setattr(AnsibleModule, "warn", lambda _self, text: warned.append(text))
    with hostile(people("pam", "jim", title="x")) as service:
        finished = performed(service, name, check=check, diff=True, **options)
    with hostile(people("pam", "jim", title="x")) as service:
        flags = {"_ansible_check_mode": check, "_ansible_diff": True}
        base = {"server_url": service.url, "use_proxy": False, "retries": 0}
        with patch_module_args({**base, **options, **flags}), pytest.raises(SystemExit):
            run(name)
    printed = json.loads(capsys.readouterr().out)
    assert printed.pop("failed", False) is (finished.failure is not None)
    assert printed.pop("msg", None) == finished.failure
    assert warned == list(finished.warnings)
    for name_of_ansible in ("invocation", "exception", "warnings"):  # other tests' warnings
        printed.pop(name_of_ansible, None)
    for result in (printed, finished.result):
        result.get("summary", {}).pop("seconds", None)
    assert printed == json.loads(json.dumps(finished.result))


def test_check_mode_writes_nothing_and_says_what_would_be_done() -> None:
    with hostile(people("pam")) as service:
        finished = performed(service, "scim_user", check=True, **PAM)
        assert finished.result["changed"] and not service.writes and finished.failure is None
        assert finished.result["user"]["title"] == "Painter"


@pytest.mark.parametrize("diff", [False, True])
def test_a_diff_is_returned_only_if_asked_for(diff: bool) -> None:
    with hostile(people("pam")) as service:
        finished = performed(service, "scim_user", diff=diff, **PAM)
        assert ("diff" in finished.result) is diff
        assert not diff or finished.result["diff"]["after"] == {"title": "Painter"}


def test_several_diffs_are_a_list() -> None:
    with hostile(people("pam")) as service:
        finished = performed(service, "scim_directory", diff=True, teams=TEAM)
        assert [list(one) for one in finished.result["diff"]][0][0] == "before"


def test_wrong_options_are_a_failure_before_any_request() -> None:
    with hostile(people("pam")) as service:
        finished = performed(service, "scim_user", user_name="pam", title="")
        assert finished.failure is not None and finished.failure.startswith("title is an empty")
        assert finished.result == {"changed": False, "requests": 0} and not service.seen


def test_the_service_may_be_interrupted_before_the_first_request() -> None:
    def interrupt(service: Service) -> None:
        service.interrupted = True

    with hostile(people("pam")) as service:
        params = checked("scim_user", server_url=service.url, use_proxy=False, token=TOKEN, **PAM)
        caller = Caller(connected=interrupt)
        finished = perform("scim_user", params, {}, check=False, diff=False, caller=caller)
        assert finished.failure == "interrupted before anything was changed"
        assert not service.seen


def working(monkeypatch: pytest.MonkeyPatch, work: Any) -> Finished:
    monkeypatch.setitem(TASKS, "scim_user", Task(options=TASKS["scim_user"].options, work=work))
    url = "https://scim.example.com"
    params = checked("scim_user", server_url=url, token=" canary ", user_name="pam")
    return perform("scim_user", params, {}, check=False, diff=True)


def test_a_secret_in_a_result_is_masked_and_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    report = Report(
        result={"changed": True, "user": {"canary": ["my canary"]}},
        warnings=("the canary\n",),
        diff=({"before": "canary\x1b"},),
    )
    finished = working(monkeypatch, lambda *_task: report)
    assert "canary" not in json.dumps([finished.result, finished.warnings])
    assert finished.result["diff"] == {"before": "********\\x1b"}
    assert finished.warnings[1:] == ("the ********\\x0a", performing.SHOWN_SECRET)
    assert "canary" in finished.secrets and "canary" not in repr(finished)


@pytest.mark.parametrize(
    "error, said",
    [
        (ScimError("no canary"), "no ********"),
        (KeyError("canary"), "internal error (KeyError at test_perform.py:"),
    ],
)
def test_an_exception_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def work(*_task: Any) -> Report:
        raise error

    finished = working(monkeypatch, work)
    assert finished.failure is not None and finished.failure.startswith(said)
    assert finished.result == {"changed": False, "requests": 0} and not finished.warnings


def test_a_failed_report_keeps_its_result_and_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    report = Report(result={"changed": True}, warnings=("a note",), failure=ScimError("it broke"))
    finished = working(monkeypatch, lambda *_task: report)
    assert finished.failure == "it broke" and finished.result["changed"] is True
    assert finished.warnings == ("a note",)


def test_a_missing_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(performing, "REQUESTS_IMPORT_ERROR", "no requests")
    params = checked("scim_user", server_url="https://scim.example.com", token="secret", **PAM)
    finished = perform("scim_user", params, {}, check=False, diff=False)
    assert finished.failure is not None and "Python library (requests)" in finished.failure


def test_garbage_is_collected_seldom_and_still_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Any] = []
    monkeypatch.setattr(gc, "freeze", lambda: found.append("freeze"))
    monkeypatch.setattr(gc, "set_threshold", lambda *counts: found.append(counts))
    collect_seldom.__wrapped__()
    assert found == ["freeze", COLLECTED_AFTER] and gc.isenabled()
