"""Knows how to run a table of module calls in one process and compare what they say and do; knows no module's meaning."""

from __future__ import annotations

import base64
import importlib
import json
import os
import re
import sys
import time
import traceback
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ansible.module_utils.testing import patch_module_args

# The folder that holds ansible_collections; ansible-test runs a copy of the targets some levels below it.
ROOT = next(
    folder.parent
    for folder in Path(__file__).resolve().parents
    if folder.name == "ansible_collections"
)
ID = re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
PORT = re.compile(r"(?<=127\.0\.0\.1:)\d{2,}")
NEVER_REACHED = ("status", "drop_request")
# Sent with every case that leaves the way to authenticate to this file, for the search for secrets.
SECRET_HEADER = 'k"ey\\+%46 header/=Tb3'
WAYS = {
    "token",
    "auth_username",
    "auth_password",
    "oauth_token_url",
    "client_cert",
    "secret_headers",
}

# Made once: each one reads the certificates of the machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, method: str = "GET", token: str = "", body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = json.dumps(body).encode() if body is not None else None
    with OPENER.open(
        urllib.request.Request(url, data, headers, method=method), timeout=30
    ) as answer:
        return json.loads(answer.read() or b"null")


def in_worker(code: Any, module: str, args: dict[str, Any]) -> None:
    """Print what the worker of Ansible returns for a module."""
    called = f"identity.scim.{module}"
    check = bool(args.get("_ansible_check_mode"))
    options = {name: value for name, value in args.items() if name != "_ansible_check_mode"}
    ran = code.Run(module=module, called=called, check=check, diff=True, folder=os.getcwd())
    print(json.dumps(code.run_in_worker(ran, options)))


def as_module(code: Any, module: str, args: dict[str, Any]) -> None:
    """Print what a module prints."""
    with patch_module_args(
        {**args, "_ansible_module_name": f"identity.scim.{module}", "_ansible_diff": True}
    ):
        code.main()


def call(module: str, args: dict[str, Any]) -> str:
    """One run of a module as Ansible runs it, in a child process → all that it printed: its result, and its arguments on ansible-core 2.19."""
    path, file = in_worker, "plugin_utils._in_worker"
    if os.environ.get("SCIM_IN_PROCESS") == "0":
        path, file = as_module, f"modules.{module}"
    # Imported before the fork, so once for all cases.
    code = importlib.import_module(f"ansible_collections.identity.scim.plugins.{file}")
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        try:
            path(code, module, args)
        except SystemExit:
            pass
        except BaseException:  # pylint: disable=broad-exception-caught
            print(json.dumps({"failed": True, "msg": traceback.format_exc()}))
        sys.stdout.flush()
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        output = pipe.read()
    os.waitpid(child, 0)
    return output


def secrets_in(value: Any, secret: bool = False) -> Iterator[str]:
    """The texts that a case states as secret, wherever they are."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from secrets_in(
                inner,
                secret
                or name
                in (
                    "token",
                    "auth_password",
                    "oauth_client_secret",
                    "password",
                    "secret_attributes",
                    "secret_headers",
                ),
            )
    elif isinstance(value, list):
        for inner in value:
            yield from secrets_in(inner, secret)
    elif secret and isinstance(value, str) and len(value) > 6:
        yield value


def leaks(output: str, args: dict[str, Any]) -> list[str]:
    """S1: what a module printed holds no secret of its, raw, in base64 or URL-encoded."""
    found = []
    for secret in set(secrets_in(args)):
        forms = {
            secret,
            quote(secret),
            quote(secret, safe=""),
            base64.b64encode(secret.encode()).decode().rstrip("="),
        }
        found += [
            f"showed {form!r}"
            for form in {*forms, *(json.dumps(one)[1:-1] for one in forms)}
            if form in output
        ]
    return found


def plain(text: str) -> str:
    return PORT.sub("PORT", ID.sub("ID", text))


def warning(given: Any) -> str:
    """The text of a warning, which is a dictionary since ansible-core 2.21."""
    if isinstance(given, dict):
        return str(given.get("msg") or (given.get("event") or {}).get("msg") or given)
    return str(given)


def part(expected: Any, found: Any) -> bool:
    """Whether ``found`` holds all that ``expected`` states; lists in full."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            part(value, found.get(key)) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(found) == len(expected)
            and all(map(part, expected, found))
        )
    return bool(plain(found) == expected) if isinstance(found, str) else bool(found == expected)


def held(server: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        one
        for kind in ("Users", "Groups")
        for one in ask(f"{server['direct_url']}/{kind}", token=server["token"]).get("Resources")
        or []
    ]


def judge(case: dict[str, Any], server: dict[str, Any]) -> list[str]:
    """Run one case → what is not as it should be.

    ``server["held"]`` is what it held after the case before.
    """
    before = server["held"]
    for fault in case.get("faults") or []:
        ask(f"{server['recorder_url']}/fault", "POST", body=fault)
    ask(f"{server['recorder_url']}/take")
    started = time.monotonic()
    args = {
        "server_url": server["url"],
        "token": server["token"],
        "retries": 0,
        "timeout": 10,
        **case["args"],
    }
    if not WAYS & set(case["args"]):
        args["secret_headers"] = {"X-Canary": SECRET_HEADER}
    output = call(case["module"], args)
    result: dict[str, Any] = json.loads(output)
    seconds = time.monotonic() - started
    counts = ask(f"{server['recorder_url']}/take")
    after = server["held"] = held(server)
    if case.get("faults"):
        ask(f"{server['recorder_url']}/fault", "DELETE")

    wrong = leaks(output, args)
    said = plain(result.get("msg", "")) if result.get("failed") else ""
    says = case.get("says") or ""
    if not (said.startswith(says[:-1]) if says.endswith("…") else said == says):
        wrong.append(f"said: {said}\n     not: {says or '(no failure)'}")
    if counts["faults"]:
        wrong.append(f"did not meet {counts['faults']} of its faults")
    if "says" in case and "sends" not in case:
        reached = [
            one["method"]
            for one in counts["entries"]
            if one["write"] and one.get("fault") not in NEVER_REACHED
        ]
        wrong += [f"wrote: {reached}"] if reached else []
        wrong += ["changed what the server holds"] if before != after else []
        wrong += ["reported a change"] if result.get("changed") else []
    for key, value in (case.get("gives") or {}).items():
        if not part(value, result.get(key)):
            wrong.append(
                f"gave {key}: {json.dumps(result.get(key))}\n     not: {json.dumps(value)}"
            )
    if (
        "warns" in case
        and [plain(warning(one)) for one in result.get("warnings") or []] != case["warns"]
    ):
        wrong.append(
            f"warned: {json.dumps(result.get('warnings') or [])}\n     not: {json.dumps(case['warns'])}"
        )
    if "sends" in case and counts["by_method"] != case["sends"]:
        wrong.append(
            f"sent: {json.dumps([[one['method'], one['path'], one['status']] for one in counts['entries']])}\n     not: {case['sends']}"
        )
    for name, value in (case.get("holds") or {}).items():
        found = [one for one in after if name in (one.get("userName"), one.get("displayName"))]
        if len(found) != (value is not None) or not part(value or {}, found[0] if found else {}):
            wrong.append(f"then held {name}: {json.dumps(found)}\n     not: {json.dumps(value)}")
    least, most = case.get("lasts") or (0, 60)
    if not least <= seconds <= most:
        wrong.append(f"took {seconds:.1f} seconds, not {least} to {most}")
    return wrong


def main() -> int:
    server = json.load(sys.stdin)
    sys.path.insert(0, str(ROOT))
    server["held"] = held(server)
    failed = 0
    for case in server["cases"]:
        wrong = judge(case, server)
        if wrong:
            failed += 1
            print(f"{case['name']}:", *wrong, sep="\n  - ", file=sys.stderr)
    print(
        f"{len(server['cases']) - failed} cases as expected" + (f", {failed} not" if failed else "")
    )
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
