"""What the demo says and asks on another service, and what that lacks.

Knows how to ask a service over HTTP, nothing of Ansible.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

COMPANY = "Dunder Mifflin"
FOUNDER = "mscott"
PEOPLE = 15
WILL = """
On {url} the office story will, twice for each step and then once more as a whole:

  - create the users mscott, jhalpert, dschrute, pbeesly, rhoward, cminer and ten others,
  - create the groups 'Dunder Mifflin' and 'Micheal Scott Paper Company' and change their members,
  - change the e-mail addresses of users, replace one user whole, and deactivate mscott,
  - delete both groups in the end. The sixteen users stay.

Users and groups of these names that exist there already are changed and deleted like its own.
It uses the token in DEMO_TOKEN and no other.
"""
QUESTION = "Go on? [y/N] "
NO_TERMINAL = (
    "DEMO_ON changes a service that is not the demo's own, and there is no terminal to ask at; "
    "set DEMO_YES=1 to run it there."
)
# A status and a body, of one request by method, path and body.
Request = Callable[[str, str, Any], tuple[int, Any]]


class Declined(Exception):
    """The story does not run there."""


@dataclass(frozen=True)
class Lack:
    """Something that a service lacks, and the variable of the playbook for it."""

    variable: str
    words: str


def consent(url: str, environ: Mapping[str, str], ask: Callable[[str], str] | None) -> None:
    """Say what will be done and ask. ``ask`` is None without a terminal.

    Raise Declined unless the answer is yes.
    """
    print(WILL.format(url=url), flush=True)
    if environ.get("DEMO_YES", "").strip() == "1":
        return
    if ask is None:
        raise Declined(NO_TERMINAL)
    if ask(QUESTION).strip().lower() not in ("y", "yes"):
        raise Declined("Nothing was sent.")


def requests_to(url: str, token: str) -> Request:
    """Return how one request is sent to a service.

    Loopback addresses never use a proxy.
    """
    is_near = url.startswith("http://127.")
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if is_near else []))

    def send(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/scim+json", "Authorization": f"Bearer {token}"}
        if data is not None:
            headers["Content-Type"] = "application/scim+json"
        asked = urllib.request.Request(f"{url}{path}", data=data, headers=headers, method=method)
        try:
            with opener.open(asked, timeout=60) as response:
                return response.status, _json(response.read())
        except urllib.error.HTTPError as refusal:
            return refusal.code, None

    return send


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def check_reachable(send: Request) -> None:
    """Raise Declined, before anything is written, if the story cannot begin there."""
    for endpoint, noun in (("/Users", "users"), ("/Groups", "groups")):
        status, _body = send("GET", f"{endpoint}?count=1", None)
        if status in (401, 403):
            raise Declined(f"The service refuses the token ({status}); check DEMO_TOKEN.")
        if status >= 400:
            raise Declined(
                f"The service does not list {noun} ({status}), and the story needs them. "
                "Check the URL; nothing was written."
            )


def lacks(send: Request) -> list[Lack]:
    """Return what the service lacks of what later steps use. The first step has run."""
    found = []
    companies = _found(send, "/Groups", f'displayName eq "{COMPANY}"')
    if [one.get("displayName") for one in companies] != [COMPANY]:
        found.append(Lack("office_name_filter", "the filter 'displayName eq'"))
        companies = [one for one in _listed(send, "/Groups") if one.get("displayName") == COMPANY]
    ident = companies[0]["id"] if companies else ""
    if len(_found(send, "/Users", f'groups.value eq "{ident}"')) != PEOPLE:
        found.append(Lack("office_groups_filter", "the filter 'groups.value eq'"))
    if not _puts(send):
        found.append(Lack("office_put", "PUT for users"))
    return found


def _found(send: Request, endpoint: str, condition: str) -> list[dict[str, Any]]:
    """Return what a filter finds, nothing if it is refused."""
    return list(_listed(send, endpoint, f"filter={quote(condition)}&"))


def _listed(send: Request, endpoint: str, condition: str = "") -> Iterable[dict[str, Any]]:
    found = 0
    while True:
        path = f"{endpoint}?{condition}startIndex={found + 1}&count=100"
        status, body = send("GET", path, None)
        page = body.get("Resources") if status == 200 and isinstance(body, dict) else None
        yield from page or []
        found += len(page or [])
        if not page or found >= body.get("totalResults", 0):
            return


def _puts(send: Request) -> bool:
    """Return whether a user of the story can be replaced, by what it holds."""
    for one in _listed(send, "/Users"):
        if one.get("userName") == FOUNDER:
            body = {name: value for name, value in one.items() if name not in ("meta", "groups")}
            return send("PUT", f"/Users/{quote(one['id'], safe='')}", body)[0] < 300
    return False
