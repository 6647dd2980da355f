"""Knows how to run play.yml with secrets of odd characters and to find them in what was printed; knows nothing of the modules."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
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
}
BASIC_USER = "adm ïn+"


def forms(secret: str) -> Iterator[str]:
    """Every form in which a secret could be printed. What Ansible prints is JSON once more, so that counts too."""
    raw = secret.encode()
    once = [secret, quote(raw, safe=""), quote(raw), quote_plus(raw), html.escape(secret), html.escape(secret, quote=False), repr(secret)[1:-1]]
    once += [re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), one) for one in once[1:4]]
    once += [base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")]
    for one in once:
        for text in (one, json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1]):
            yield text
            yield json.dumps(text)[1:-1]
            yield json.dumps(text, ensure_ascii=False)[1:-1]


def ask(url: str, method: str, body: Any, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, json.dumps(body).encode(), headers, method=method), timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def refusal(*told: str) -> dict[str, Any]:
    said = "; ".join(["no:", *told, *(base64.b64encode(one.encode()).decode() for one in told), *(quote(one) for one in told)])
    return {"schemas": [ERROR], "status": "400", "scimType": "invalidValue", "detail": said}


def by_name(kind: str, name: str) -> dict[str, Any]:
    path = "userName" if kind == "Users" else "displayName"
    return {"method": "GET", "path_prefix": f"/{kind}?filter={path}%20eq%20%22{name}%22", "action": "status"}


def prepare(server: dict[str, str]) -> None:
    """What the service is to hold and to answer, in the order of the play."""
    password, pin, token, basic = (SECRETS[name] for name in ("password", "pin", "bad_token", "basic_password"))
    pair = base64.b64encode(f"{BASIC_USER}:{basic}".encode()).decode()
    speaking = {"schemas": [USER], "userName": "speaking", "title": SPEECH, "displayName": SPEECH, "active": False}
    ident = ask(f"{server['direct_url']}/Users", "POST", speaking, server["token"])["id"]
    other = ask(f"{server['direct_url']}/Users", "POST", {"schemas": [USER], "userName": SPEECH.replace("\n", " ")}, server["token"])["id"]
    members = [{"value": ident}, {"value": other}]
    ask(f"{server['direct_url']}/Groups", "POST", {"schemas": [GROUP], "displayName": "Loud", "members": members}, server["token"])
    ask(f"{server['direct_url']}/Groups", "POST", {"schemas": [GROUP], "displayName": SPEECH, "members": members}, server["token"])
    shown = {"schemas": [USER], "id": "shown", "userName": "shown", "title": "Clerk", "password": password}
    found = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 1, "Resources": [shown]}
    echoed = {"schemas": [USER], "id": "echoed", "userName": "echoed", "password": password, "title": f"has {password} and {pin}",
              PIN: {"pin": pin}, f"key-{pin}": "x", "active": True}
    post = {"method": "POST", "path_prefix": "/Users", "action": "status"}
    page = f"<html><body>{html.escape(password)} and {html.escape(pin)}</body></html>"
    rules: list[dict[str, Any]] = [
        {**post, "skip": 1, "status": 201, "body": echoed},
        {**post, "skip": 1, "status": 400, "body": refusal(password, pin)},
        {**post, "skip": 1, "status": 400, "body": page, "content_type": "text/html"},
        {**by_name("Users", "shown"), "status": 200, "body": found, "times": 2},
        *({**by_name(kind, "token"), "status": 401, "body": refusal(token, f"Bearer {token}"), "times": 9} for kind in ("Users", "Groups")),
        {**by_name("Users", "basic"), "status": 401, "body": refusal(basic, pair)},
        {**post, "path_prefix": "/Groups", "status": 201, "body": {"schemas": [GROUP], "id": "listed", "displayName": "Listed", PIN: {"pin": pin}}},
        {**post, "skip": 2, "status": 400, "body": refusal(password, pin)},
        {**post, "skip": 3, "status": 400, "body": {"schemas": [ERROR], "detail": SPEECH, "scimType": SPEECH}},
    ]
    for rule in rules:
        ask(f"{server['recorder_url']}/fault", "POST", rule)


def run(server: dict[str, str], folder: Path) -> tuple[int, bytes]:
    """Run the play → its exit code, and all that it printed."""
    (folder / "secrets.json").write_text(json.dumps({
        **SECRETS, "basic_user": BASIC_USER, "good_token": server["token"], "server_url": server["url"],
        "roster": [{"name": "Role", "members": [{"user_name": "roled", "password": SECRETS["password"]}]}],
    }), encoding="utf-8")
    log = folder / "log"
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT), "ANSIBLE_LOG_PATH": str(log), "ANSIBLE_NOCOLOR": "1",
                   "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false", "ANSIBLE_FORCE_COLOR": "0"}
    command = ["ansible-playbook", "-vvvv", "--diff", str(HERE / "play.yml"), "--extra-vars", f"secrets_file={folder / 'secrets.json'}"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300)
    return done.returncode, done.stdout + log.read_bytes()


def found_in(output: str, server: dict[str, str]) -> Iterator[str]:
    pair = f"{BASIC_USER}:{SECRETS['basic_password']}"
    for name, secret in {**SECRETS, "good_token": server["token"], "basic_pair": pair}.items():
        for form in sorted(set(forms(secret))):
            at = output.find(form)
            if at >= 0:
                yield f"{name} as {form!r}: {output[max(0, at - 300):at + 100]!r}"
    # Results are data: Ansible prints them as JSON, which escapes only what is below the space.
    told = re.sub(r'^(?=\s*"|.*INFO\| *").*$', "", output, flags=re.MULTILINE)
    for found in [*re.finditer("[\x00-\x08\x0b-\x1f\x7f]", output), *re.finditer("[\x80-\x9f\u202a-\u202e\u2066-\u2069]", told)]:
        yield f"control character {found.group()!r}: {found.string[max(0, found.start() - 200):found.end() + 100]!r}"


def main() -> int:
    server = json.load(sys.stdin)
    folder = Path(server["folder"])
    prepare(server)
    code, printed = run(server, folder)
    output = printed.decode("utf-8", "surrogateescape")
    wrong = [f"ended with {code}:\n{output[-3000:]}"] if code else []
    # As many tasks failed as say so, and the others did not.
    play = (HERE / "play.yml").read_text(encoding="utf-8")
    failing = len(re.findall(r"- name: .*, failed$", play, re.MULTILINE))
    if f"ignored={failing} " not in output:
        wrong.append(f"not {failing} tasks failed: " + "; ".join(re.findall(r"PLAY RECAP.*\n(.*)", output)[:1]) + "\n"
                     + "\n".join(re.findall(r"TASK \[.*|^fatal: .*", output, re.MULTILINE)))
    wrong += found_in(output, server)
    print(*wrong[:30] or ["nothing found"], sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
