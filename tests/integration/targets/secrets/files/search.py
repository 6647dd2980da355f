"""Knows how to run plays and inventories with secrets of odd characters, and to find them in all that was printed, written or seen of the processes.

Knows nothing of the modules.
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

HERE = Path(__file__).resolve().parent
# The folder that holds ansible_collections; ansible-test runs a copy of the targets some levels below it.
ROOT = next(folder.parent for folder in HERE.parents if folder.name == "ansible_collections")
PIN = "urn:example:secrets"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
SPEECH = "red \x1b[31m\rover\nbelow \x1b]52;c;YWJj\x07 \x9b31m \u202egone"
SECRETS = {
    "bad_token": "tök+n%41\\b~/=Zed4",
    "password": 'p"w\\d+%42 ümlaut/=Qy9',
    "pin": "s'c\\r+%43 ßecret<7>&Kx",
    "basic_password": 'b"s\\c+%44 pässwörd:Wv8',
    "client_secret": 'c"l\\i+%45 ent/=Jm2',
    "header": 'h"e\\a+%46 der/=Rt5',
    "misspelt": "m'i\\s+%47 spelt/=Kd6",
}
BASIC_USER = "adm ïn+"


def forms(secret: str) -> Iterator[str]:
    """Every form in which a secret could be printed.

    What Ansible prints is JSON once more, so that counts too.
    """
    raw = secret.encode()
    once = [
        secret,
        quote(raw, safe=""),
        quote(raw),
        quote_plus(raw),
        html.escape(secret),
        html.escape(secret, quote=False),
        repr(secret)[1:-1],
    ]
    once += [re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), one) for one in once[1:4]]
    once += [
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
    ]
    for one in once:
        for text in (one, json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1]):
            yield text
            yield json.dumps(text)[1:-1]
            yield json.dumps(text, ensure_ascii=False)[1:-1]


def ask(url: str, method: str, body: Any, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(
        urllib.request.Request(url, json.dumps(body).encode(), headers, method=method), timeout=30
    ) as answer:
        return json.loads(answer.read() or b"null")


def refusal(*told: str) -> dict[str, Any]:
    said = "; ".join(
        [
            "no:",
            *told,
            *(base64.b64encode(one.encode()).decode() for one in told),
            *(quote(one) for one in told),
        ]
    )
    return {"schemas": [ERROR], "status": "400", "scimType": "invalidValue", "detail": said}


def by_name(kind: str, name: str) -> dict[str, Any]:
    path = "userName" if kind == "Users" else "displayName"
    return {
        "method": "GET",
        "path_prefix": f"/{kind}?filter={path}%20eq%20%22{name}%22",
        "action": "status",
    }


def prepare(server: dict[str, str]) -> None:
    """What the service is to hold and to answer, in the order of the play."""
    password, pin, token, basic, client, header = (
        SECRETS[name]
        for name in ("password", "pin", "bad_token", "basic_password", "client_secret", "header")
    )
    pair = base64.b64encode(f"{BASIC_USER}:{basic}".encode()).decode()
    speaking = {
        "schemas": [USER],
        "userName": "speaking",
        "title": SPEECH,
        "displayName": SPEECH,
        "active": False,
    }
    ident = ask(f"{server['direct_url']}/Users", "POST", speaking, server["token"])["id"]
    other = ask(
        f"{server['direct_url']}/Users",
        "POST",
        {"schemas": [USER], "userName": SPEECH.replace("\n", " ")},
        server["token"],
    )["id"]
    members = [{"value": ident}, {"value": other}]
    ask(
        f"{server['direct_url']}/Groups",
        "POST",
        {"schemas": [GROUP], "displayName": "Loud", "members": members},
        server["token"],
    )
    ask(
        f"{server['direct_url']}/Groups",
        "POST",
        {"schemas": [GROUP], "displayName": SPEECH, "members": members},
        server["token"],
    )
    shown = {
        "schemas": [USER],
        "id": "shown",
        "userName": "shown",
        "title": "Clerk",
        "password": password,
    }
    found = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 1,
        "Resources": [shown],
    }
    echoed = {
        "schemas": [USER],
        "id": "echoed",
        "userName": "echoed",
        "password": password,
        "title": f"has {password} and {pin}",
        PIN: {"pin": pin},
        f"key-{pin}": "x",
        "active": True,
    }
    post = {"method": "POST", "path_prefix": "/Users", "action": "status"}
    page = f"<html><body>{html.escape(password)} and {html.escape(pin)}</body></html>"
    rules: list[dict[str, Any]] = [
        {**post, "skip": 1, "status": 201, "body": echoed},
        {**post, "skip": 1, "status": 400, "body": refusal(password, pin)},
        {**post, "skip": 1, "status": 400, "body": page, "content_type": "text/html"},
        {**by_name("Users", "shown"), "status": 200, "body": found, "times": 2},
        *(
            {
                **by_name(kind, "token"),
                "status": 401,
                "body": refusal(token, f"Bearer {token}"),
                "times": 9,
            }
            for kind in ("Users", "Groups")
        ),
        {**by_name("Users", "basic"), "status": 401, "body": refusal(basic, pair)},
        {**by_name("Users", "header"), "status": 403, "body": refusal(header)},
        *(
            {
                "method": "GET",
                "path_prefix": path,
                "action": "status",
                "status": 302,
                "headers": {"Location": f"http://elsewhere.example.com/{quote(token)}"},
                "times": 9,
            }
            for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas")
        ),
        {
            "method": "POST",
            "path_prefix": "/refusing/token",
            "action": "status",
            "status": 401,
            "content_type": "application/json",
            "times": 2,
            "body": {
                "error": "invalid_client",
                "error_description": f"{client} or {quote(client)} is wrong",
            },
        },
        {
            **post,
            "path_prefix": "/Groups",
            "status": 201,
            "body": {
                "schemas": [GROUP],
                "id": "listed",
                "displayName": "Listed",
                PIN: {"pin": pin},
            },
        },
        {**post, "skip": 2, "status": 400, "body": refusal(password, pin)},
        {
            **post,
            "skip": 3,
            "status": 400,
            "body": {"schemas": [ERROR], "detail": SPEECH, "scimType": SPEECH},
        },
    ]
    for rule in rules:
        ask(f"{server['recorder_url']}/fault", "POST", rule)


def printed(command: list[str], folder: Path, **more: str) -> tuple[int, str, set[str]]:
    """Run a command of Ansible → its exit code, all that it printed and wrote, and the command lines of all processes meanwhile."""
    log, report = folder / "log", folder / f"junit-{time.monotonic_ns()}"
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT),
        "ANSIBLE_LOG_PATH": str(log),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_FORCE_COLOR": "0",
        "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit",
        "JUNIT_OUTPUT_DIR": str(report),
        "ANSIBLE_PIPELINING": "false",
        **more,
    }  # as is Ansible's default, so that modules are seen by name
    log.unlink(missing_ok=True)
    seen: set[str] = set()
    end = time.monotonic() + 300
    with (folder / "output").open("w+b") as output:
        running = subprocess.Popen(
            command, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        while running.poll() is None:
            if time.monotonic() > end:
                running.kill()
            seen |= command_lines()
            time.sleep(0.02)
        output.seek(0)
        texts = [
            output.read(),
            log.read_bytes() if log.exists() else b"",
            *(one.read_bytes() for one in sorted(report.glob("*.xml"))),
        ]
    return (
        running.returncode,
        "".join(text.decode("utf-8", "surrogateescape") for text in texts),
        seen,
    )


def command_lines() -> set[str]:
    """What every process of this machine shows to everybody, but for the server of the test."""
    found = set()
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = one.read_bytes().replace(b"\0", b" ").decode("utf-8", "surrogateescape")
        except OSError:  # it has ended
            continue
        found |= {line} if "--ready-file" not in line else set()
    return found


def play(name: str, folder: Path, *flags: str, **more: str) -> tuple[int, str, set[str]]:
    return printed(
        [
            "ansible-playbook",
            *flags,
            str(HERE / name),
            "--extra-vars",
            f"secrets_file={folder / 'secrets.json'}",
        ],
        folder,
        **more,
    )


# Beside a run, this makes a defect: the library that sends raises an unexpected exception, with the whole request in it.
DEFECT = """
import requests.adapters
def send(self, request, **more):
    raise KeyError(dict(request.headers), request.body, request.url)
requests.adapters.HTTPAdapter.send = send
"""
TOLD = "internal error (KeyError at sitecustomize.py:4); this is a defect of identity.scim, please report it"


def main_play(server: dict[str, str], folder: Path) -> Iterator[str]:
    code, output, seen = play("play.yml", folder, "-vvvv", "--diff")
    yield from [f"ended with {code}:\n{output[-3000:]}"] if code else []
    # As many tasks failed as say so, and the others did not.
    failing = len(
        re.findall(
            r"- name: .*, failed$", (HERE / "play.yml").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    if f"ignored={failing} " not in output:
        yield (
            f"not {failing} tasks failed: "
            + "; ".join(re.findall(r"PLAY RECAP.*\n(.*)", output)[:1])
            + "\n"
            + "\n".join(re.findall(r"TASK \[.*|^fatal: .*", output, re.MULTILINE))
        )
    if (
        "a secret of this lookup is part of what it returns for Users, and is masked there"
        not in output
    ):
        yield "S17: a lookup masked what it gives and did not say so"
    yield from causes_in(output)
    yield from found_in(output, server)
    # S13: the lines of the modules are among those that were looked at.
    as_module = os.environ.get("SCIM_IN_PROCESS") == "0"
    if as_module and not any("AnsiballZ_scim_user" in line for line in seen):
        yield "no module was seen among the processes"
    yield from found_in("\n".join(seen), server, "a command line: ")


def defects(server: dict[str, str], folder: Path) -> Iterator[str]:
    """S2: a defect in a module, in a lookup and in an inventory, by whichever way they run, where Ansible shows tracebacks too."""
    (folder / "sitecustomize.py").write_text(DEFECT, encoding="utf-8")
    more = {
        "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]).rstrip(
            os.pathsep
        ),
        "ANSIBLE_DISPLAY_TRACEBACK": "always",
    }
    _code, output, _seen = play("defect.yml", folder, "-vvvv", **more)
    if (
        "ignored=4 " not in output
        or len(set(re.findall(r"TASK \[(.*)\] \*", output))) != 4
        or output.count(TOLD) < 8
    ):
        yield f"the defect was not told:\n{output[-3000:]}"
    yield from found_in(output, server, "a defect: ")
    yield from inventories(server, folder, {"defect": ({}, TOLD)}, **more)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "refused": ({}, "listing users: the service answered 401: no:; ********"),
    "nobody": ({"server_url": "http://127.0.0.1:1/v2"}, "listing users: "),
    "unsendable": ({"token": SECRETS["password"]}, "token contains quotes"),
    "list": ({"token": [SECRETS["bad_token"]]}, "invalid value"),
    "unknown": ({"tokn": SECRETS["bad_token"]}, "there is no option tokn"),
    "address": (
        {"server_url": f"http://pam:{quote(SECRETS['basic_password'])}@127.0.0.1/v2"},
        "server_url contains a user name or password",
    ),
    "oauth": (
        {"token": None, "oauth_client_id": "pam", "oauth_client_secret": SECRETS["client_secret"]},
        "invalid_client: ******** is wrong",
    ),
}


def inventories(
    server: dict[str, str],
    folder: Path,
    failing: Mapping[str, tuple[dict[str, Any], str]],
    **more: str,
) -> Iterator[str]:
    """S7: inventories that fail say so in one sentence each, without what caused it and without a secret."""
    common = {
        "plugin": "identity.scim.people",
        "server_url": server["url"],
        "token": SECRETS["bad_token"],
        "retries": 0,
    }
    for name, (options, _says) in failing.items():
        given = {
            **common,
            **options,
            **({"oauth_token_url": f"{server['url']}/refusing/token"} if name == "oauth" else {}),
        }
        (folder / f"{name}.scim.yml").write_text(json.dumps(given), encoding="utf-8")
    sources = [f"--inventory={folder / name}.scim.yml" for name in failing]
    _code, output, _seen = printed(
        ["ansible-inventory", "-vvvv", *sources, "--list"],
        folder,
        ANSIBLE_INVENTORY_ENABLED="auto",
        **more,
    )
    for name, (_options, says) in failing.items():
        if not any(
            says in part
            for part in re.findall(
                rf"source '[^']*/{name}\.scim\.yml'(.*?)\bas an inventory source",
                " ".join(output.split()),
            )
        ):
            yield f"inventory {name} did not say '{says}': {output[-3000:]}"
    yield from [] if "ANSIBLE_DISPLAY_TRACEBACK" in more else causes_in(output)
    yield from found_in(output, server, "an inventory: ")


def causes_in(output: str) -> Iterator[str]:
    """What no failure is to tell besides its sentence."""
    for found in re.finditer(
        "requests.exceptions|urllib3|HTTPConnection|Traceback|During handling|direct cause", output
    ):
        yield f"what caused a failure was told: {output[max(0, found.start() - 500) : found.end() + 500]}"


def refused_inventories(server: dict[str, str], folder: Path) -> Iterator[str]:
    token, client = SECRETS["bad_token"], SECRETS["client_secret"]
    for rule in (
        {
            "method": "POST",
            "path_prefix": "/refusing/token",
            "status": 400,
            "times": 2,
            "content_type": "application/json",
            "body": {"error": "invalid_client", "error_description": f"{client} is wrong"},
        },
        {
            "method": "GET",
            "path_prefix": "/Users?startIndex",
            "status": 401,
            "body": refusal(token, f"Bearer {token}"),
        },
    ):
        ask(f"{server['recorder_url']}/fault", "POST", {**rule, "action": "status"})
    yield from inventories(server, folder, REFUSED)


def misspelt(server: dict[str, str], folder: Path) -> Iterator[str]:
    """S5: a secret in a misspelt option is not shown."""
    _code, output, _seen = play("misspelt.yml", folder, "-vvvv")
    if "passwrd" not in output:
        yield f"the misspelt option was not named:\n{output[-3000:]}"
    yield from found_in(output, server, "misspelt: ")


def found_in(output: str, server: dict[str, str], where: str = "") -> Iterator[str]:
    pair = f"{BASIC_USER}:{SECRETS['basic_password']}"
    for name, secret in {**SECRETS, "good_token": server["token"], "basic_pair": pair}.items():
        for form in sorted(set(forms(secret))):
            at = output.find(form)
            if at >= 0:
                yield f"{where}{name} as {form!r}: {output[max(0, at - 300) : at + 100]!r}"
    # Results are data: Ansible prints them as JSON, which escapes only what is below the space.
    told = re.sub(r'^(?=\s*("|&quot;)|.*INFO\| *").*$', "", output, flags=re.MULTILINE)
    for found in [
        *re.finditer("[\x00-\x08\x0b-\x1f\x7f]", output),
        *re.finditer("[\x80-\x9f\u202a-\u202e\u2066-\u2069]", told),
    ]:
        yield f"{where}control character {found.group()!r}: {found.string[max(0, found.start() - 200) : found.end() + 100]!r}"


def main() -> int:
    server = json.load(sys.stdin)
    folder = Path(server["folder"])
    prepare(server)
    (folder / "secrets.json").write_text(
        json.dumps(
            {
                **SECRETS,
                "basic_user": BASIC_USER,
                "good_token": server["token"],
                "server_url": server["url"],
                "roster": [
                    {
                        "name": "Role",
                        "members": [{"user_name": "roled", "password": SECRETS["password"]}],
                    }
                ],
            }
        ),
        encoding="utf-8",
    )
    wrong = [
        one
        for part in (main_play, refused_inventories, misspelt, defects)
        for one in part(server, folder)
    ]
    print(*wrong[:30] or ["nothing found"], sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
