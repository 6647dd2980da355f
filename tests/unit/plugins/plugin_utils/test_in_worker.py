# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of a module in the worker: the result is that of the module, and nothing is left behind."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.datatag import deprecate_value
from ansible.module_utils.testing import patch_module_args
from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run
from ansible_collections.identity.scim.plugins.plugin_utils._in_worker import (
    Run,
    plain,
    result_of,
    run_in_worker,
)
from ansible_collections.identity.scim.tests.unit.faults.hostile import TOKEN, hostile, people
from ansible_collections.identity.scim.tests.unit.imported import (
    DIRECTORIES,
    FAILURES,
    PROBES,
    READS,
    ROSTERS,
    WRITES,
    imported,
    imported_by_task,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._ansible.examples import (
    EVERY_MODULE,
    PAM,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    answer,
    served,
)

WRONG: list[tuple[str, dict[str, Any]]] = [
    ("scim_user", {"user_name": False}),
    ("scim_user", {"user_name": "pam", "passwrd": "canary"}),
    ("scim_user", {"user_name": "pam", "emails": ["canary"]}),
    ("scim_user", {"user_name": "pam", "state": "gone", "password": "gone"}),
    ("scim_user", {"user_name": "pam", "name": {"given": "P"}}),
    ("scim_user", {"user_name": "pam", "timeout": "soon"}),
    ("scim_user", {"user_name": "pam", "title": ""}),
    ("scim_group_membership", {"members": ["pam"]}),
    ("scim_group_membership", {"group": "red", "group_id": "1"}),
    ("scim_user_info", {"id": "1", "user_name": "pam"}),
    ("scim_directory", {}),
    ("scim_directory", {"purge": True, "users": []}),
    ("scim_directory", {"users": [{"user_name": "jim"}, None], "teams": [{"members": ["x"]}]}),
    ("scim_resource", {}),
]
# As they are, and with secrets.
RIGHT: list[tuple[str, dict[str, Any]]] = [
    *EVERY_MODULE,
    ("scim_user", {**PAM, "password": "canary-1"}),
    ("scim_user", {"user_name": "pam", "secret_headers": {"X-Tenant": "pam"}}),
]


def in_worker(module: str, args: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
    """The result of a module in this process, with diff mode on."""
    called = f"identity.scim.{module}"
    folder = os.path.dirname(__file__)
    return run_in_worker(
        Run(module=module, called=called, check=check, diff=True, folder=folder), args
    )


def as_module(
    capsys: pytest.CaptureFixture[str], module: str, args: dict[str, Any], *, check: bool
) -> dict[str, Any]:
    """The result that a module prints, with diff mode on."""
    flags = {
        "_ansible_check_mode": check,
        "_ansible_diff": True,
        "_ansible_module_name": f"identity.scim.{module}",
    }
    with patch_module_args({**args, **flags}), pytest.raises(SystemExit):
        run(module)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    for name in ("invocation", "exception", "warnings"):  # warnings of other tests too
        found.pop(name, None)
    return found


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(("module", "args"), [*RIGHT, *WRONG])
def test_the_result_is_that_of_the_module(
    module: str,
    args: dict[str, Any],
    check: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCIM_TOKEN", TOKEN)
    warned: list[str] = []
    monkeypatch.setattr(AnsibleModule, "warn", lambda _self, text: warned.append(text))
    results = []
    for is_module in (False, True):
        with hostile(people("pam", "jim", title="x")) as service:
            base = {"server_url": service.url, "use_proxy": False, "retries": 0}
            if is_module:
                results.append(as_module(capsys, module, {**base, **args}, check=check))
            else:
                results.append(in_worker(module, {**base, **args}, check=check))
        results[-1].get("summary", {}).pop("seconds", None)
    ours, theirs = results
    assert ours.pop("warnings", []) == warned
    assert ours == theirs
    assert TOKEN not in str(ours) and "canary" not in str(ours).replace("'canary'", "")


def test_a_wrong_option_sends_nothing() -> None:
    with hostile(people("pam")) as service:
        for module, args in WRONG:
            found = in_worker(module, {"server_url": service.url, "token": TOKEN, **args})
            assert found["failed"] and found.get("requests", 0) == 0, found
        assert not service.seen


@pytest.mark.parametrize(
    ("module", "args", "said"),
    [
        ("scim_user", {"username": "pam"}, "username: did you mean user_name?"),
        ("scim_directory", {"team": [{"name": "Sales"}]}, "team: did you mean teams?"),
        ("scim_user", {"shoe_size": 9}, "Unsupported parameters for "),
    ],
)
def test_k3_a_misspelt_option_is_named_before_ansible_lists_all(
    module: str, args: dict[str, Any], said: str
) -> None:
    found = in_worker(module, {"server_url": "http://127.0.0.1:9", "token": TOKEN, **args})
    assert found["msg"].startswith(said)


@pytest.mark.parametrize("secret", ["x", "st", "must", "7"])
def test_k2_a_short_secret_does_not_take_a_sentence_apart(secret: str) -> None:
    found = in_worker("scim_user", {"user_name": "pam", "token": [secret]})
    assert found["msg"] == "token must be text, not a list"
    found = in_worker("scim_user", {"user_name": "pam", "token": secret, "state": "gone"})
    assert found["msg"].startswith("value of state must be one of: present, ")


def test_a_null_suboption_is_no_choice() -> None:
    with hostile(people("pam")) as service:
        args = {"users": [{"user_name": "pam"}], "purge": {"users": None, "groups": None}}
        found = in_worker("scim_directory", {"server_url": service.url, "token": TOKEN, **args})
    assert not found.get("failed"), found


def test_a_result_holds_plain_values_only() -> None:
    with hostile(people("pam")) as service:
        tagged = deprecate_value("pam", "for this test", version="9.0.0")
        found = in_worker(
            "scim_user",
            {"server_url": service.url, "token": TOKEN, "user_name": tagged, "title": "y"},
        )
        assert found["changed"]
    for value in strings(found):
        assert type(value) is str  # pylint: disable=unidiomatic-typecheck


def strings(value: Any) -> list[Any]:
    """Every text in a value, keys included."""
    if isinstance(value, dict):
        return [*value, *(text for one in value.values() for text in strings(one))]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [value] if isinstance(value, str) else []


def test_options_lose_their_tags_and_keep_their_values() -> None:
    args = {"a": deprecate_value("x", "for this test", version="9.0.0"), "b": [1, None, True]}
    assert plain(args) == {"a": "x", "b": [1, None, True]}
    assert type(plain(args)["a"]) is str  # pylint: disable=unidiomatic-typecheck


def test_secrets_are_masked_as_a_module_masks_them() -> None:
    found = result_of(
        {"changed": True, "a": "my canary"}, "no canary", ("canary",), frozenset({"canary", "True"})
    )
    assert found["changed"] is True and found["failed"] is True
    assert "canary" not in str(found)


def test_relative_paths_begin_at_the_playbook(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing", encoding="utf-8")
    before = os.getcwd()
    args = {"server_url": "https://scim.example.com", "token": TOKEN, "ca_path": "ca.pem", **PAM}
    ran = Run(module="scim_user", called="x", check=False, diff=False, folder=str(tmp_path))
    assert "contains no certificate" in run_in_worker(ran, args)["msg"]
    assert os.getcwd() == before


def test_items_share_a_connection_and_nothing_else() -> None:
    """Each item counts its own requests, and asks for what it must know."""
    users = {"totalResults": 1, "Resources": [{"id": "1", "userName": "pam"}]}
    with served(answer(200, users)) as stub:
        args = {"server_url": stub.url, "token": TOKEN, "user_name": "pam"}
        assert [in_worker("scim_user", args)["requests"] for _item in range(50)] == [1] * 50
        assert stub.connections == 1 and len(stub.seen) == 50


def test_another_credential_has_another_connection() -> None:
    users = {"totalResults": 1, "Resources": [{"id": "1", "userName": "pam"}]}
    with served(answer(200, users)) as stub:
        for token in ("canary-1", "canary-2", "canary-1"):
            in_worker("scim_user", {"server_url": stub.url, "token": token, "user_name": "pam"})
        assert [one.connection for one in stub.seen] == [1, 2, 1]


@pytest.mark.parametrize(
    ("module", "others"),
    [("scim_user", (*READS, *PROBES, *ROSTERS)), ("scim_group_info", (*WRITES, *PROBES, *ROSTERS))],
)
def test_a_worker_finds_imported_what_its_module_needs(
    module: str, others: tuple[str, ...]
) -> None:
    """Ansible imports the action plugin before it forks: no worker compiles what writes again."""
    needed = imported(module, "module_utils._ansible.module")
    if not set(WRITES) & set(others):
        needed |= set(WRITES)
    found = imported("", f"action.{module}")
    assert needed - found == {"_ansible.module"} and not found & set(others)


@pytest.mark.parametrize("title", ["x", "y"])
def test_what_writes_is_imported_for_changes_only(title: str) -> None:
    others = {*READS, *PROBES, *ROSTERS, *DIRECTORIES, *FAILURES}
    with hostile(people("pam", title="x")) as service:
        args = {"server_url": service.url, "token": TOKEN, "user_name": "pam", "title": title}
        changed, found = imported_by_task("scim_user", args)
    assert changed is (title == "y")
    assert found & set(WRITES) == (set(WRITES) if changed else set())
    assert not found & others
