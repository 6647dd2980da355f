"""What the demo says and asks on another service, and what that lacks.

Knows how to ask a service over HTTP, nothing of Ansible.
"""

from __future__ import annotations

import itertools
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_X500, uuid5

COMPANY = "Micheal Scott Paper Company"
FOUNDERS = {"mscott", "pbeesly", "rhoward"}
# What services demand of new users beyond that, as options. The combinations are tried in turn.
DEMANDED: tuple[dict[str, Any], ...] = (
    {"display_name": "{user_name}"},
    {"password": "Paper-{user_name}-2013!"},
    {
        "attributes": {
            "urn:ietf:params:scim:schemas:extension:Microsoft:Entra:2.0:User": {
                "mailNickname": "{user_name}"
            }
        }
    },
)
GROUP = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    "displayName": "Dunder Mifflin",
    "externalId": str(uuid5(NAMESPACE_X500, "cn=DunderMifflin,DC=dundermifflin,DC=com")),
}
MEDIA_TYPES = ("application/scim+json", "application/json")
WILL = """
On {url} the office story will, twice for each step and then once more as a whole:

  - create the users mscott, jhalpert, dschrute, pbeesly, rhoward, cminer and ten others,
    mscott first, to learn what the service demands of new users,
  - create the groups 'Dunder Mifflin' and 'Micheal Scott Paper Company' and change their members,
  - change the e-mail addresses of users, replace one user whole, and deactivate mscott,
  - delete both groups in the end. The sixteen users stay.

Users and groups of these names that exist there already are changed and deleted like its own.
It uses the token in DEMO_TOKEN and no other.
"""
EXAMPLE = '{"display_name": "{user_name}"}'
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
    """Return how one request is sent to a service, as that service takes it.

    Endpoints in small letters and another media type are learnt. Any answer but 404, also a
    refusal, shows that an endpoint is there. Loopback addresses never use a proxy.
    """
    is_near = url.startswith("http://127.")
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if is_near else []))
    learnt = {"media type": MEDIA_TYPES[0], "Users": "Users", "Groups": "Groups"}

    def once(method: str, path: str, body: Any) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/scim+json", "Authorization": f"Bearer {token}"}
        if data is not None:
            headers["Content-Type"] = learnt["media type"]
        for name in ("Users", "Groups"):
            path = re.sub(rf"^/{name}\b", f"/{learnt[name]}", path)
        asked = urllib.request.Request(f"{url}{path}", data=data, headers=headers, method=method)
        try:
            with opener.open(asked, timeout=60) as response:
                return response.status, _json(response.read())
        except urllib.error.HTTPError as refusal:
            return refusal.code, _json(refusal.read())

    def send(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        status, found = once(method, path, body)
        if status == 415 and learnt["media type"] == MEDIA_TYPES[0]:
            learnt["media type"] = MEDIA_TYPES[1]
            return send(method, path, body)
        name = re.match(r"/(Users|Groups)\b", path)
        if status == 404 and name and learnt[name[1]] == name[1]:
            learnt[name[1]] = name[1].lower()
            again, other = send(method, path, body)
            if again != 404:
                return again, other
            learnt[name[1]] = name[1]
        return status, found

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


def demands(send: Request, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the options that the service demands of new users beyond the story's.

    They are those of ``DEMO_DEMANDS``, or the first that let it take a user of the story. Raise
    Declined if it takes none, or no group.
    """
    chosen = environ.get("DEMO_DEMANDS", "").strip()
    found = _json(chosen.encode()) if chosen else {}
    if not isinstance(found, dict):
        raise Declined(f"DEMO_DEMANDS must be a JSON object, for example {EXAMPLE}.")
    status, body = send("POST", "/Groups", GROUP)
    if status in (404, 405, 501):
        reason = _reason(status, body)
        raise Declined(f"The service creates no groups ({reason}), and the story needs them.")
    return found or _demanded(send)


def story_user(first: str, last: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return a user as the story has it, as SCIM, with further options."""
    login = f"{first[0]}{last}".lower()
    more = json.loads(json.dumps(options).replace("{user_name}", login))
    raw = more.pop("attributes", {})
    names = {"display_name": "displayName"}
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", *raw],
        "userName": login,
        "externalId": str(uuid5(NAMESPACE_X500, f"uid={first}.{last},DC=dundermifflin,DC=com")),
        "name": {"formatted": f"{first} {last}", "familyName": last, "givenName": first},
        "emails": [
            {
                "value": f"{first}.{last}@dundermifflin.com".lower(),
                "type": "work",
                "primary": True,
            }
        ],
        "active": True,
        **raw,
        **{names.get(one, one): value for one, value in more.items()},
    }


def _demanded(send: Request) -> dict[str, Any]:
    refusals = []
    for size in range(len(DEMANDED) + 1):
        for chosen in itertools.combinations(DEMANDED, size):
            options = {name: value for one in chosen for name, value in one.items()}
            status, body = send("POST", "/Users", story_user("Micheal", "Scott", options))
            if status < 300 or status == 409:
                return options
            refusals.append(_reason(status, body))
    raise Declined(
        f"The service takes no user of the story ({refusals[0]}; with display_name, password and "
        f"mailNickname {refusals[-1]}). DEMO_DEMANDS adds options to each new user, for example "
        f"{EXAMPLE}."
    )


def _reason(status: int, body: Any) -> str:
    """Return what a refusal says, in printable characters."""
    said = str(body.get("detail") or "") if isinstance(body, dict) else ""
    shown = "".join(one if one.isprintable() else " " for one in said)[:200].strip()
    return f"{status}: {shown}" if shown else str(status)


def lacks(send: Request, demanded: Mapping[str, Any]) -> list[Lack]:
    """Return what the service lacks of what later steps use. The fourth step has run.

    ``demanded`` are the options that it demands of users.
    """
    found = []
    companies = _found(send, "/Groups", f'displayName eq "{COMPANY}"')
    if [one.get("displayName") for one in companies] != [COMPANY]:
        found.append(Lack("office_name_filter", "the filter 'displayName eq'"))
        companies = [one for one in listed(send, "/Groups") if one.get("displayName") == COMPANY]
    company = companies[0] if companies else {"id": ""}
    if not company.get("externalId"):
        found.append(Lack("office_group_ids", "external ids of groups"))
    members = _found(send, "/Users", f'groups.value eq "{company["id"]}"')
    if {str(one.get("userName")) for one in members} != FOUNDERS or len(members) != len(FOUNDERS):
        found.append(Lack("office_groups_filter", "members by the filter 'groups.value eq'"))
    if not _puts(send, story_user("Ryan", "Howard", demanded)):
        found.append(Lack("office_put", "PUT for users"))
    return found


def _found(send: Request, endpoint: str, condition: str) -> list[dict[str, Any]]:
    """Return what a filter finds, nothing if it is refused."""
    return list(listed(send, endpoint, condition))


def listed(send: Request, endpoint: str, condition: str = "") -> Iterator[dict[str, Any]]:
    """Yield all resources, or those that a filter finds.

    Only a second page is asked for by its index or cursor, since some services refuse that.
    """
    found, further = 0, ""
    while True:
        options = [f"filter={quote(condition)}"] if condition else []
        options += [further] if further else []
        path = f"{endpoint}?{'&'.join(options)}" if options else endpoint
        status, body = send("GET", path, None)
        page = body if status == 200 and isinstance(body, dict) else {}
        resources = page.get("Resources") or page.get("resources") or []
        yield from resources
        found += len(resources)
        further = f"startIndex={found + 1}"
        if page.get("nextCursor"):
            further = f"cursor={quote(page['nextCursor'], safe='')}"
        elif not resources or found >= page.get("totalResults", 0):
            return


def _puts(send: Request, user: Mapping[str, Any]) -> bool:
    """Return whether a user of the story can be replaced, by what it is in the story."""
    for one in listed(send, "/Users"):
        if {user["userName"], user["externalId"]} & {one.get("userName"), one.get("externalId")}:
            body = {**user, "id": one["id"]}
            return send("PUT", f"/Users/{quote(one['id'], safe='')}", body)[0] < 300
    return False
