# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imitations of SCIM servers that anyone can install, and of the service of the tutorial.

Written from measurements of the real servers. Knows nothing of the collection.
"""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.attributes import (
    drops,
    one_entry,
    refuses_paths,
    silent,
    unique,
    written_paths,
)
from ansible_collections.identity.scim.tests.rehearsal.frame import (
    NO_DISCOVERY,
    ONE_COMPARISON,
    framed,
)
from ansible_collections.identity.scim.tests.rehearsal.imitation import Imitation
from ansible_collections.identity.scim.tests.rehearsal.lists import (
    LIST,
    if_asked,
    never,
    other,
    refused,
    shows_members,
    without,
    without_attributes,
)
from ansible_collections.identity.scim.tests.rehearsal.members import (
    Members,
    created_without,
    members,
    only_users,
    put_ignores_members,
    unknown_members,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    GROUP_URN,
    USER_URN,
    Answer,
)
from ansible_collections.identity.scim.tests.unit.quirks.creates_quirks import (
    etags,
    names_may_repeat,
)
from ansible_collections.identity.scim.tests.unit.quirks.lists_quirks import (
    large_pages_refused,
    starts_over,
    total_of_page,
)
from ansible_collections.identity.scim.tests.unit.quirks.lookups_quirks import (
    one_comparison,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirky,
    altered,
    resources,
)
from ansible_collections.identity.scim.tests.unit.quirks.wire_quirks import (
    deactivates_instead,
    keeps_deleted_members,
)

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MOST_LOST = (
    *("nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale", "timezone"),
    *("phoneNumbers", "ims", "photos", "addresses", "entitlements", "roles", "x509Certificates"),
)
Row = dict[str, Any]


# --- the tutorial's service -----------------------------------------------------------------------


def second_mails(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show each e-mail address once more, as type ``other``; both are primary."""
    if asked.kind != "Users":
        return honest(asked)
    answer = honest(other(asked, _without_copies(asked.body)))

    def doubled(body: Any) -> Any:
        for one in resources(body):
            one["emails"] = [
                *one.get("emails", ()),
                *({**mail, "type": "other"} for mail in one.get("emails", ())),
            ]
            if not one["emails"]:
                del one["emails"]
        return body

    return altered(answer, doubled)


def _without_copies(body: Any) -> Any:
    body = copy.deepcopy(body)
    places = [body, *body.get("Operations", ())] if isinstance(body, dict) else []
    for place in places:
        for name in ("emails", "value") if place.get("path") == "emails" else ("emails",):
            if isinstance(place.get(name), list):
                mails = [one for one in place[name] if one.get("type") != "other"]
                place[name] = mails or place[name]
    return body


def text_removals(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer 200 to a removal whose value is a text, and remove no one."""
    if asked.method != "PATCH" or asked.kind != "Groups":
        return honest(asked)

    def is_text(one: Row) -> bool:
        return one["op"] == "remove" and isinstance(one.get("value"), str)

    return without(is_text, server, asked, honest)


def names_members(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show the user name of a member as its ``display``."""

    def named(body: Any) -> Any:
        for one in resources(body):
            for row in one.get("members", ()):
                held = server.held["Users"].get(row["value"], {})
                row["display"] = held.get("userName", "")
        return body

    answer = honest(asked)
    return altered(answer, named) if asked.kind == "Groups" else answer


def adds_members(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show the members beside everything else if ``attributes`` names them."""
    return honest(asked.without("attributes"))


SCIMDEV = Imitation(
    name="scimdev",
    title="api.scim.dev",
    quirks=framed(
        second_mails,
        shows_members(if_asked),
        names_members,
        text_removals,
        created_without,
        announced=100,
        shown=adds_members,
        kept=(drops("displayName"),),
        most=1000,
    ),
)


# --- servers to install ---------------------------------------------------------------------------

SCIM2_SERVER = Imitation(
    name="scim2-server",
    title="scim2-server 0.8.3",
    base="/v2",
    quirks=framed(
        members(Members(removes=("filter",), replaces=True)),
        etags,
        silent("Users", "Groups"),
        keeps_deleted_members,
        names_may_repeat,
        config={"etag": {"supported": True}},
        most=1000,
        page=1000,
        no_groups=True,
    ),
)


def doubles(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Let a member join once more (scimmy)."""
    held = server.held["Groups"].get(asked.segments[-1])
    before = list((held or {}).get("members", ()))
    answer = honest(asked)
    if asked.kind != "Groups" or asked.method != "PATCH" or answer.status >= 300:
        return answer
    again = []
    for one in asked.body["Operations"]:
        if one["op"] == "add" and one.get("path") == "members":
            again += [row for row in one["value"] if row in before]
    if again:
        server.held["Groups"][asked.segments[-1]]["members"] += again
    return answer


SCIMMY = Imitation(
    name="scimmy",
    title="scimmy-routers 1.3.2",
    base="/scim",
    quirks=framed(
        doubles,
        refuses_paths("Users", "emails.value"),
        starts_over,
        announced=200,
        config={"etag": {"supported": True}},
        most=100_000,
        page=20,
        minds_case=True,
    ),
)


def django_patch(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Know few forms of a PATCH (django-scim2)."""
    if asked.method != "PATCH":
        return honest(asked)
    for one in asked.body["Operations"]:
        path = one.get("path") or ""
        if not _django_knows(asked.kind, one, path):
            return refused(501, f"{one['op']} {path} is not implemented")
        if path == "members" and not isinstance(one.get("value"), list):
            if one["op"] == "remove":
                return Answer(200, copy.deepcopy(server.held["Groups"][asked.segments[-1]]))
            return refused(500, "an error")
    return honest(asked)


def _django_knows(kind: str, one: Row, path: str) -> bool:
    if kind == "Groups":
        return path == "members" and one["op"] in ("add", "remove")
    known = ("userName", "name.givenName", "name.familyName", "active", "emails")
    return path in known and (one["op"] == "replace" or (one["op"] == "add" and path != "emails"))


def django_user(one: Row) -> None:
    """Keep a user as django-scim2 does: one e-mail without a type, and few attributes."""
    drops("emails.type", ENTERPRISE, *MOST_LOST)(one)
    one_entry("emails")(one)
    name = one.get("name", {})
    one["displayName"] = f"{name.get('givenName', '')} {name.get('familyName', '')}".strip()
    one.setdefault("active", True)
    one["schemas"] = [urn for urn in one["schemas"] if ":core:" in urn]


def external_id_by_put(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Clear an external id that a PUT does not name: it is an empty text (django-scim2)."""
    answer = honest(asked)
    if asked.method == "PUT" and answer.status == 200 and "externalId" not in asked.body:
        return altered(answer, lambda body: {**body, "externalId": ""})
    return answer


def general_schemas(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Show the Schemas of RFC 7643 section 8.7, whatever is kept (django-scim2)."""
    if asked.method != "GET" or asked.kind != "Schemas":
        return honest(asked)
    parts = [{"name": name} for name in ("value", "display", "type", "primary")]
    many = [
        {"name": name, "multiValued": True, "subAttributes": parts}
        for name in ("emails", "phoneNumbers", "ims", "photos", "addresses")
    ]
    user = [{"name": "userName"}, {"name": "displayName"}, {"name": "title"}, *many]
    rows: list[Row] = [
        {"id": USER_URN, "attributes": user},
        {"id": GROUP_URN, "attributes": [{"name": "displayName"}, {"name": "members"}]},
        {"id": ENTERPRISE, "attributes": [{"name": "department"}]},
    ]
    return Answer(200, {"schemas": [LIST], "totalResults": len(rows), "Resources": rows})


DJANGO_SCIM2 = Imitation(
    name="django-scim2",
    title="django-scim2 0.23.0",
    alike=True,
    quirks=framed(
        general_schemas,
        external_id_by_put,
        django_patch,
        unknown_members(500),
        created_without,
        put_ignores_members,
        announced=50,
        shown=without_attributes,
        kept=(django_user,),
        most=100_000,
        filters={"Users": ("userName", "name.givenName", "name.familyName"), "Groups": ()},
        unknown="empty",
        most_clauses=10,
        clauses_status=500,
        page=50,
        from_zero=400,
    ),
)


def own_users(one: Row) -> None:
    """Keep a user as django-scim2-server does."""
    drops("emails.type", "displayName", *MOST_LOST)(one)
    one_entry("emails")(one)
    one.setdefault("active", True)


def ignores_paths(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer 200 to a PATCH of attributes that are not kept; refuse extensions."""
    known = ("userName", "name", "emails", "active", "externalId", "displayName", "members")
    if asked.method in ("POST", "PUT") and any(name.startswith("urn:") for name in asked.body):
        return refused(400, "there is no such schema")
    if asked.method != "PATCH":
        return honest(asked)

    def is_unknown(one: Row) -> bool:
        return not set(written_paths(other(asked, {"Operations": [one]}))) <= set(known)

    return without(is_unknown, server, asked, honest)


def html_for_duplicates(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer 500 to a second group of a name (django-scim2-server)."""
    answer = honest(asked)
    if answer.status == 409 and asked.kind == "Groups":
        return refused(500, "Server Error (500)")
    return answer


DJANGO_SCIM2_SERVER = Imitation(
    name="django-scim2-server",
    title="django-scim2-server 1.1.0",
    quirks=framed(
        html_for_duplicates,
        large_pages_refused(1000),
        members(Members(replaces=True)),
        deactivates_instead,
        ignores_paths,
        announced=200,
        shown=without_attributes,
        kept=(own_users,),
        most=1000,
        filters={
            "Users": ("userName", "externalId", "emails.value", "active"),
            "Groups": ("displayName", "externalId"),
        },
        from_zero=400,
    ),
)


def an_address(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Demand an e-mail address, which the user name may be (better-auth)."""
    if asked.method == "POST" and asked.kind == "Users":
        if not asked.body.get("emails") and "@" not in asked.body.get("userName", ""):
            return refused(400, "an e-mail address is required", "invalidValue")
    return honest(asked)


def invents_names(one: Row) -> None:
    """Keep a display name and a formatted name for users that have none (better-auth)."""
    drops("nickName", "profileUrl", "ims", "photos", "x509Certificates")(one)
    name = one.setdefault("name", {})
    parts = [name.get("givenName", ""), name.get("familyName", "")]
    name.setdefault("formatted", " ".join(filter(None, parts)) or one["userName"])
    one.setdefault("displayName", name["formatted"])
    one.setdefault("emails", [{"value": one["userName"], "primary": True}])


BLAMED = (400, "One or more Group members are invalid", "invalidValue")


def misleading(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Blame the members for a request with too many of them (better-auth)."""
    answer = honest(asked)
    if answer.status == 400 and "members are changed" in str(answer.body.get("detail")):
        return refused(*BLAMED)
    return answer


BETTER_AUTH = Imitation(
    name="better-auth",
    title="@better-auth/scim 1.7.5",
    base="/api/auth/scim/v2",
    quirks=framed(
        misleading,
        members(Members(most=100, replaces=True)),
        only_users(*BLAMED),
        unique("Users", "emails.value"),
        an_address,
        one_comparison(),
        kept=(invents_names,),
        filters={
            "Users": ("userName", "externalId", "emails.value"),
            "Groups": ("displayName", "externalId"),
        },
        **ONE_COMPARISON,
    ),
)


def answers_deletions(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer 200 with what was deleted (Polis)."""
    held = copy.deepcopy(server.held.get(asked.kind, {}).get(asked.segments[-1]))
    answer = honest(asked)
    return Answer(200, held) if asked.method == "DELETE" and answer.status == 204 else answer


def finds_by_one(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Take the value of a filter for an address or a name, whatever the attribute (Polis)."""
    path = {"Users": "emails.value", "Groups": "displayName"}.get(asked.kind, "")
    _named, operator, value = asked.query.get("filter", "").partition(" eq ")
    return honest(asked.asking(filter=f"{path} eq {value}") if operator else asked)


POLIS = Imitation(
    name="polis",
    title="Ory Polis 26.2.0",
    base="/api/scim/v2.0/rehearsal",
    quirks=framed(
        answers_deletions,
        finds_by_one,
        unique("Users", "emails.value"),
        shows_members(never, empty=True),
        total_of_page(50, "Users"),
        total_of_page(50, "Groups"),
        announced=NO_DISCOVERY,
        shown=without_attributes,
        most=50,
        **ONE_COMPARISON,
        minds_case=True,
        page=50,
    ),
)
BITWARDEN = Imitation(
    name="bitwarden",
    title="Bitwarden",
    base="/scim/v2/rehearsal",
    quirks=framed(put_ignores_members, announced=NO_DISCOVERY),
)


def filter_removals_do_nothing(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer 200 to the removal by a condition, and remove no one (WSO2 #7040)."""
    if asked.method != "PATCH" or asked.kind != "Groups":
        return honest(asked)

    def has_condition(one: Row) -> bool:
        return one["op"] == "remove" and (one.get("path") or "").startswith("members[")

    return without(has_condition, server, asked, honest)


def errs_at_members(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer 500 to an addition of a member that is in the group (WSO2 #8589)."""
    if asked.method == "PATCH" and asked.kind == "Groups":
        held = server.held["Groups"].get(asked.segments[-1], {})
        there = {row["value"] for row in held.get("members", ())}
        for one in asked.body["Operations"]:
            if one["op"] == "add" and one.get("path") == "members":
                if there & {row["value"] for row in one["value"]}:
                    return refused(500, "an internal error")
    return honest(asked)


WSO2 = Imitation(
    name="wso2",
    title="WSO2 Identity Server",
    base="/scim2",
    quirks=framed(errs_at_members, filter_removals_do_nothing, announced=200, most=1000),
)

SERVERS = (
    SCIMDEV,
    SCIM2_SERVER,
    SCIMMY,
    DJANGO_SCIM2,
    DJANGO_SCIM2_SERVER,
    BETTER_AUTH,
    POLIS,
    BITWARDEN,
    WSO2,
)
