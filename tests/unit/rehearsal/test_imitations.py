# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imitations accept, drop, refuse and limit what is documented of their services."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import names
from ansible_collections.identity.scim.tests.rehearsal.imitations import (
    IMITATIONS,
    MAILNICKNAME,
    imitation_named,
)
from ansible_collections.identity.scim.tests.rehearsal.serve import Served, serving
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import (
    GROUP_URN,
    USER_URN,
    Answer,
)

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Client:
    """Sends requests to an imitation without HTTP."""

    def __init__(self, name: str) -> None:
        imitation = imitation_named(name)
        self.served = Served(imitation, imitation.store(), "all", "reads")
        self.store = self.served.store

    def ask(self, method: str, path: str, body: Any = None, token: str = "all") -> Answer:
        imitation = self.served.imitation
        kind, _slash, rest = path.partition("/")
        kind, mark, query = kind.partition("?")
        target = imitation.endpoints.get(kind, kind)
        target = f"{imitation.base}/{target}{mark}{query}" + (f"/{rest}" if rest else "")
        headers = {
            "Authorization": f"Bearer {token}",
            "User-Agent": "test",
            "Content-Type": imitation.media_type,
        }
        data = b"" if body is None else json.dumps(body).encode()
        return self.served.answer(method, target, headers, data)

    def find(self, kind: str, condition: str, **query: str) -> Answer:
        return self.ask("GET", f"{kind}?{urllib.parse.urlencode({'filter': condition, **query})}")

    def patch(self, path: str, *operations: dict[str, Any]) -> Answer:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    def group(self, name: str, *members: str, **more: Any) -> Answer:
        rows = [{"value": one} for one in members]
        body = {"schemas": [GROUP_URN], "displayName": name, **more}
        return self.ask("POST", "Groups", {**body, "members": rows} if rows else body)

    def user(self, user_name: str, **more: Any) -> Answer:
        body = {"schemas": [USER_URN], "userName": user_name, **more}
        return self.ask("POST", "Users", body)

    def users(self, number: int) -> list[str]:
        return [self.store.user(f"u{one}") for one in range(number)]


def add(*members: str) -> dict[str, Any]:
    return {"op": "add", "path": "members", "value": [{"value": one} for one in members]}


def remove(*members: str) -> dict[str, Any]:
    return {"op": "remove", "path": "members", "value": [{"value": one} for one in members]}


def remove_by_filter(member: str) -> dict[str, Any]:
    return {"op": "remove", "path": f'members[value eq "{member}"]'}


MAIL = [{"value": "ann@example.com", "type": "work", "primary": True}]

# --- all ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IMITATIONS)
def test_reading_token_reads_and_writes_nothing(name: str) -> None:
    client = Client(name)
    assert client.ask("GET", "Users", token="reads").status == 200
    assert client.ask("POST", "Users", {}, token="reads").status == 403
    assert client.ask("GET", "Users", token="other").status == 401
    assert not client.store.log


@pytest.mark.parametrize("name", IMITATIONS)
def test_service_provider_config_is_at_its_address(name: str) -> None:
    found = Client(name).ask("GET", "ServiceProviderConfig")
    if name in ("polis", "bitwarden"):
        assert found.status == 404
    else:
        assert found.status == 200 and found.body["patch"]["supported"] is True


def test_every_profile_has_an_imitation() -> None:
    assert set(names()) == set(IMITATIONS)


def test_every_imitation_is_played() -> None:
    """Three in the quick test, all in the matrix."""
    path = Path(__file__).parents[2] / "integration/targets/imitations/vars/main.yml"
    played = yaml.safe_load(path.read_text(encoding="utf-8"))
    quick, others = played["imitations_quick"], played["imitations_others"]
    assert len(quick) == 3 and sorted(quick + others) == sorted(IMITATIONS)


def test_unknown_name_is_one_sentence_with_all_names() -> None:
    with pytest.raises(ValueError) as refused:
        imitation_named("slak")
    assert "'slak'; did you mean 'slack'?; SERVICE must be one of: atlassian, " in str(
        refused.value
    )


def test_imitation_answers_over_http_below_its_base() -> None:
    with serving(IMITATIONS["salesforce"]) as served:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        headers = {"Authorization": f"Bearer {served.token}"}
        config = f"{served.url}/ServiceProviderConfigs"
        with opener.open(urllib.request.Request(config, headers=headers)) as answer:
            assert json.load(answer)["filter"] == {"supported": True, "maxResults": 200}
        usual = f"{served.url}/ServiceProviderConfig"
        with pytest.raises(urllib.error.HTTPError) as refused:
            opener.open(urllib.request.Request(usual, headers=headers))
        assert refused.value.code == 404
    assert served.url.endswith("/services/scim/v2")


def test_rate_answers_429_when_it_is_set() -> None:
    client = Client("slack")
    client.served.rate = 0.001
    assert client.ask("GET", "Users").status == 200
    refused = client.ask("GET", "Users")
    assert refused.status == 429 and refused.headers["Retry-After"] == "1"


# --- AWS ----------------------------------------------------------------------------------------


def test_aws_shows_no_members_and_finds_users_by_group() -> None:
    client = Client("aws")
    ann, bob = client.users(2)
    group = client.group("staff", ann).body
    assert group["members"] == [] and client.store.members("staff") == {"u0"}
    assert client.ask("GET", f"Groups/{group['id']}").body["members"] == []
    found = client.find("Users", f'groups.value eq "{group["id"]}"', cursor="")
    assert [one["id"] for one in found.body["Resources"]] == [ann]
    both = client.find("Groups", f'id eq "{group["id"]}" and members.value eq "{bob}"')
    assert both.body["Resources"] == []
    assert client.find("Users", 'userName eq "u0" or userName eq "u1"').status == 400


def test_aws_refuses_more_than_100_members_without_scim_type() -> None:
    client = Client("aws")
    people = client.users(101)
    refused = client.group("staff", *people)
    assert refused.status == 400 and "scimType" not in refused.body
    assert refused.body["schema"] == refused.body["schemas"] and refused.body["status"] == "400"
    group = client.group("staff", *people[:100]).body
    assert client.patch(f"Groups/{group['id']}", add(people[100])).status == 200
    assert client.patch(f"Groups/{group['id']}", remove(*people)).status == 400
    assert client.patch(f"Groups/{group['id']}", remove(*people[:100])).status == 200
    everything = {"op": "remove", "path": "members"}
    assert client.patch(f"Groups/{group['id']}", everything).status == 400
    instead = {**add(*people[:2]), "op": "replace"}
    assert client.patch(f"Groups/{group['id']}", instead).status == 400
    assert client.store.members("staff") == {"u100"}


def test_aws_takes_no_operation_without_a_path() -> None:
    client = Client("aws")
    (ann,) = client.users(1)
    two = {"op": "replace", "value": {"title": "Boss", "nickName": "A"}}
    assert client.patch(f"Users/{ann}", two).status == 400
    assert client.patch(f"Users/{ann}", {"op": "replace", "value": {"title": "X"}}).status == 200
    group = client.group("staff").body
    other = {"op": "replace", "path": "members.display", "value": "x"}
    assert client.patch(f"Groups/{group['id']}", {**other, "path": "title"}).status == 400


def test_aws_pages_by_cursor_and_shows_50_without_one() -> None:
    client = Client("aws")
    client.users(120)
    assert len(client.ask("GET", "Users").body["Resources"]) == 50
    assert client.ask("GET", "Users?startIndex=1").status == 400
    first = client.ask("GET", "Users?cursor=&count=100").body
    assert len(first["Resources"]) == first["itemsPerPage"] == 100
    last = client.ask("GET", f"Users?cursor={first['nextCursor']}&count=100").body
    assert len(last["Resources"]) == 20 and "nextCursor" not in last


def test_aws_has_no_put_of_groups_and_one_entry_in_lists() -> None:
    client = Client("aws")
    group = client.group("staff").body
    assert client.ask("PUT", f"Groups/{group['id']}", group).status == 405
    two = [*MAIL, {"value": "a@example.com", "type": "home"}]
    named: Any = {"displayName": "Ann", "name": {"givenName": "Ann", "familyName": "A"}}
    assert client.user("ann", emails=MAIL).status == 400
    assert client.user("ann", emails=two, **named).status == 400
    photos = [{"value": "https://example.com/p"}]
    ann = client.user("ann", emails=MAIL, photos=photos, **named).body
    assert "photos" not in ann and ann["emails"] == MAIL
    gone = {"op": "remove", "path": "userName"}
    assert client.patch(f"Users/{ann['id']}", gone).status == 400


# --- Entra --------------------------------------------------------------------------------------


def test_entra_takes_20_members_or_one_removal_in_one_request() -> None:
    client = Client("entra")
    people = client.users(21)
    group = f"Groups/{client.group('staff').body['id']}"
    assert client.patch(group, add(*people)).status == 400
    assert client.patch(group, add(people[0]), add(people[1])).status == 400
    assert client.patch(group, add(*people[:20])).status == 204
    assert client.patch(group, remove(*people[:2])).status == 400
    assert client.patch(group, remove_by_filter(people[0]), add(people[20])).status == 400
    assert client.patch(group, remove_by_filter(people[0])).status == 204
    assert client.patch(group, remove(people[1])).status == 204
    rename = {"op": "replace", "path": "displayName", "value": "crew"}
    assert client.patch(group, rename, add(people[0])).status == 400
    assert len(client.store.members("staff")) == 18


def test_entra_demands_seven_attributes_and_writes_small_letters() -> None:
    client = Client("entra")
    assert client.user("ann").status == 400
    whole = {
        "schemas": [USER_URN, MAILNICKNAME],
        "password": "secret-1",
        "displayName": "Ann",
        "active": True,
        "name": {"givenName": "Ann", "familyName": "A"},
        MAILNICKNAME: {"mailNickname": "ann"},
    }
    made = client.user("ann", **whole)
    assert made.status == 201 and "password" not in made.body
    found = client.find("Users", 'userName eq "ann"', cursor="").body
    assert "Resources" not in found and len(found["resources"]) == 1
    assert "totalResults" not in found
    replaced = {**whole, "userName": "ann"}
    assert client.ask("PUT", f"Users/{made.body['id']}", replaced).status == 405


# --- others -------------------------------------------------------------------------------------


def test_sentry_removes_the_first_of_a_list_and_names_are_slugs() -> None:
    client = Client("sentry")
    ann, bob = client.users(2)
    made = client.group("Dev Team", ann)
    assert made.body["displayName"] == "dev-team" and "members" not in made.body
    taken = client.group("Dev  Team")
    assert taken.status == 409 and "non_field_errors" in taken.body
    group = f"Groups/{made.body['id']}"
    assert client.patch(group, add(ann, bob)).status == 204
    assert client.patch(group, remove(ann, bob)).status == 204
    assert client.store.members("dev-team") == {"u1"}
    assert client.patch(group, add("nobody")).status == 404
    assert client.ask("PUT", group, made.body).status == 405
    assert client.find("Users", 'userName eq "a,b"').status == 400
    assert client.find("Users", 'externalId eq "1"').status == 400


def test_keycloak_finds_nothing_by_an_unmapped_attribute() -> None:
    client = Client("keycloak")
    (ann,) = client.users(1)
    found = client.find("Users", f'id eq "{ann}"')
    assert found.status == 200 and found.body["totalResults"] == 0
    assert client.group("staff", ann).status == 400
    group = f"Groups/{client.group('staff', externalId='1').body['id']}"
    many = [remove_by_filter(f"u{one}") for one in range(101)]
    assert client.patch(group, *many).body["scimType"] == "tooMany"
    other = {"op": "replace", "path": "externalId", "value": "2"}
    assert client.patch(group, other).status == 400
    assert client.patch(group, add(ann)).status == 200
    assert "members" not in client.ask("GET", group).body
    assert client.ask("GET", f"{group}?attributes=members").body["members"] == [{"value": ann}]


def test_keycloak_names_indirect_groups_of_users() -> None:
    client = Client("keycloak")
    (ann,) = client.users(1)
    inner = client.store.group("inner", ["u0"])
    outer = client.store.group("outer", ["inner"])
    assert client.ask("GET", f"Users/{ann}").body["groups"] == [
        {"value": inner, "type": "direct"},
        {"value": outer, "type": "indirect"},
    ]


def test_databricks_ignores_new_names_and_mails() -> None:
    client = Client("databricks")
    made = client.user("ann", emails=MAIL, externalId="1").body
    assert "externalId" not in made
    new = {"op": "replace", "path": "userName", "value": "anna"}
    answer = client.patch(f"Users/{made['id']}", new)
    assert answer.status == 200 and answer.body["userName"] == "ann"
    null = {"op": "replace", "path": "displayName", "value": None}
    assert client.patch(f"Users/{made['id']}", null).status == 400
    group = client.group("staff", made["id"]).body
    listed = client.ask("GET", "Groups").body["Resources"]
    assert "members" not in listed[0]
    assert client.ask("GET", f"Groups/{group['id']}").body["members"] == [{"value": made["id"]}]


def test_slack_deactivates_and_keeps_the_address() -> None:
    client = Client("slack")
    made = client.user("ann", emails=MAIL).body
    assert client.ask("DELETE", f"Users/{made['id']}").status == 204
    assert client.ask("GET", f"Users/{made['id']}").body["active"] is False
    assert client.user("ann2", emails=MAIL).status == 409
    client.users(12)
    assert len(client.ask("GET", "Users").body["Resources"]) == 10


def test_github_obscures_inactive_users() -> None:
    client = Client("github")
    made = client.user("Ann.Smith", active=True, emails=MAIL).body
    assert made["userName"] == "ann-smith_rehearsal"
    off = {"op": "replace", "path": "active", "value": False}
    shown = client.patch(f"Users/{made['id']}", off).body
    assert shown["userName"] != made["userName"] and shown["emails"] != MAIL
    found = client.find("Users", 'userName eq "Ann.Smith"').body["Resources"]
    assert [one["id"] for one in found] == [made["id"]]


def test_salesforce_takes_members_wrapped_and_deletes_no_user() -> None:
    client = Client("salesforce")
    (ann,) = client.users(1)
    group = f"Groups/{client.group('staff').body['id']}"
    assert client.patch(group, add(ann)).status == 400
    inside = {"op": "add", "path": "members", "value": {"members": [{"value": ann}]}}
    assert client.patch(group, inside).status == 200
    assert client.store.members("staff") == {"u0"}
    assert client.patch(group, {**inside, "op": "remove"}).status == 200
    assert not client.store.members("staff")
    assert client.ask("DELETE", f"Users/{ann}").status == 405


def test_gitlab_knows_users_by_their_external_id() -> None:
    client = Client("gitlab")
    assert client.user("ann").status == 400
    name = {"givenName": "Ann", "formatted": "Ann A"}
    made = client.user("ann", externalId="77", emails=MAIL, name=name).body
    assert made["id"] == "77" and made["name.formatted"] == "Ann A"
    assert client.find("Users", 'id eq "77"').body["totalResults"] == 1
    assert client.find("Users", 'userName eq "ann"').status == 400
    assert client.ask("GET", "Groups").status == 404


def test_snowflake_lists_an_account_that_does_not_exist() -> None:
    client = Client("snowflake")
    client.users(3)
    listed = client.ask("GET", "Users").body["Resources"]
    assert [one["userName"] for one in listed] == ["synthesis_user"]
    assert client.find("Users", 'userName eq "u1"').body["totalResults"] == 1
    assert client.find("Users", 'externalId eq "1"').body["totalResults"] == 0


def test_hcp_refuses_its_own_names_and_more_than_1000_members() -> None:
    client = Client("hcp")
    assert client.group("owners").status == 409
    people = client.users(1001)
    assert client.group("staff", *people).status == 413
    group = client.group("staff", *people[:1000]).body
    assert client.patch(f"Groups/{group['id']}", add(people[1000])).status == 413
    put = {"schemas": [GROUP_URN], "id": group["id"], "displayName": "crew"}
    assert client.ask("PUT", f"Groups/{group['id']}", put).status == 200
    assert len(client.store.members("crew")) == 1000
    assert client.ask("DELETE", "Groups/none").status == 204


def test_newrelic_keeps_seven_attributes_and_removes_by_list() -> None:
    client = Client("newrelic")
    assert client.user("ann", emails=MAIL).status == 400
    made = client.user("ann", emails=MAIL, active=True, title="Boss", nickName="A").body
    assert not {"title", "nickName"} & set(made)
    group = f"Groups/{client.group('staff', made['id']).body['id']}"
    assert client.patch(group, remove_by_filter(made["id"])).status == 400
    assert client.patch(group, remove(made["id"])).status == 200
    assert client.find("Users", 'userName eq "ann" and active eq true').status == 400


def test_zitadel_rewrites_phones_and_drops_types() -> None:
    client = Client("zitadel")
    name = {"givenName": "Ann", "familyName": "A", "formatted": "Other"}
    phones = [{"value": "555 1234", "type": "work"}]
    made = client.user("ann", emails=MAIL, name=name, phoneNumbers=phones).body
    assert made["phoneNumbers"] == [{"value": "+15551234"}]
    assert made["name"]["formatted"] == "Ann A" and "type" not in made["emails"][0]
    assert "active" not in made and client.ask("GET", "Groups").status == 404


def test_atlassian_renames_no_group_and_miro_creates_none() -> None:
    client = Client("atlassian")
    group = f"Groups/{client.group('staff').body['id']}"
    rename = {"op": "replace", "path": "displayName", "value": "crew"}
    assert client.patch(group, rename).status == 400
    assert client.user("ann").status == 400
    assert Client("miro").group("staff").status == 405


def test_google_has_one_page_and_figma_short_names() -> None:
    client = Client("google")
    client.users(120)
    body = client.ask("GET", "Users?startIndex=101&count=20").body
    assert len(body["Resources"]) == 100 and "totalResults" not in body
    assert Client("figma").user("a" * 101).status == 400


# --- servers to install -------------------------------------------------------------------------


def test_scimdev_copies_mails_and_shows_members_if_asked() -> None:
    client = Client("scimdev")
    made = client.user("ann", emails=MAIL, displayName="Ann").body
    assert made["emails"] == [*MAIL, {**MAIL[0], "type": "other"}] and "displayName" not in made
    group = client.group("staff", made["id"]).body
    assert not client.store.members("staff")
    address = f"Groups/{group['id']}"
    assert client.patch(address, add(made["id"])).status == 200
    assert "members" not in client.ask("GET", address).body
    shown = client.ask("GET", f"{address}?attributes=members").body
    assert shown["members"] == [{"value": made["id"], "display": "ann"}]
    assert shown["displayName"] == "staff"
    text = {"op": "remove", "path": "members", "value": made["id"]}
    client.store.judged = False
    assert client.patch(address, text).status == 200
    assert client.store.members("staff") == {"ann"}


def test_scimmy_starts_over_and_lets_members_join_twice() -> None:
    client = Client("scimmy")
    people = client.users(3)
    again = client.ask("GET", "Users?startIndex=9&count=2").body["Resources"]
    assert [one["id"] for one in again] == people[:2]
    assert client.find("Users", 'userName eq "U1"').body["totalResults"] == 0
    group = client.group("staff", people[0]).body
    client.patch(f"Groups/{group['id']}", add(people[0]))
    assert len(client.store.held["Groups"][group["id"]]["members"]) == 2


def test_scim2_server_removes_by_condition_and_keeps_deleted_members() -> None:
    client = Client("scim2-server")
    ann, bob = client.users(2)
    group = client.group("staff", ann, bob).body
    assert client.group("crew").status == client.group("crew").status == 201
    assert client.patch(f"Groups/{group['id']}", remove(ann)).status == 400
    assert client.patch(f"Groups/{group['id']}", remove_by_filter(ann)).status == 204
    assert client.find("Users", f'groups.value eq "{group["id"]}"').body["totalResults"] == 0
    client.ask("DELETE", f"Users/{bob}")
    assert client.store.held["Groups"][group["id"]]["members"] == [{"value": bob}]


def test_django_scim2_knows_few_forms_and_finds_no_group() -> None:
    client = Client("django-scim2")
    name = {"givenName": "Ann", "familyName": "A"}
    made = client.user("ann", emails=MAIL, name=name, title="Boss").body
    assert made["displayName"] == "Ann A" and "title" not in made
    assert made["emails"] == [{"value": "ann@example.com", "primary": True}]
    group = client.group("staff", made["id"]).body
    assert group["id"] == made["id"] == "1" and "members" not in group
    assert client.find("Groups", 'displayName eq "staff"').body["totalResults"] == 0
    address = f"Groups/{group['id']}"
    assert client.patch(address, add(made["id"])).status == 200
    assert client.patch(address, remove_by_filter("1")).status == 501
    assert client.patch(address, remove("1")).status == 200
    rename = {"op": "replace", "path": "displayName", "value": "crew"}
    assert client.patch(address, rename).status == 501
    many = " or ".join(f'userName eq "{one}"' for one in range(11))
    assert client.find("Users", many).status == 500


def test_django_scim2_server_deactivates_and_ignores_names() -> None:
    client = Client("django-scim2-server")
    made = client.user("ann", emails=MAIL).body
    show = {"op": "add", "path": "displayName", "value": "Ann"}
    answer = client.patch(f"Users/{made['id']}", show)
    assert answer.status == 200 and "displayName" not in answer.body
    assert client.ask("DELETE", f"Users/{made['id']}").status == 204
    assert client.user("ann").status == 409
    assert client.group("staff").status == 201 and client.group("staff").status == 500
    assert client.ask("GET", "Users?count=1001").status == 400


def test_better_auth_blames_members_and_wants_an_address() -> None:
    client = Client("better-auth")
    assert client.user("ann").status == 400
    made = client.user("ann", emails=MAIL).body
    assert made["displayName"] == "ann"
    assert client.user("bob", emails=MAIL).status == 409
    refused = client.group("staff", *client.users(101))
    assert refused.status == 400
    group = client.group("staff").body
    more = client.patch(f"Groups/{group['id']}", add(*[f"u{one}" for one in range(2, 103)]))
    assert more.body["detail"] == "One or more Group members are invalid"


def test_better_auth_takes_users_only_as_members() -> None:
    """As measured: a group and an unknown id are blamed alike, and removed without a word."""
    client = Client("better-auth")
    ann = client.user("ann", emails=MAIL).body["id"]
    inner, outer = client.group("inner").body["id"], client.group("outer").body["id"]
    place = f"Groups/{outer}"
    named = {"displayName": "outer", "members": [{"value": inner}]}
    for refused in (
        client.patch(place, add(inner)),
        client.patch(place, add(ann, "nobody")),
        client.group("third", inner),
        client.ask("PUT", place, named),
    ):
        assert refused.status == 400
        assert refused.body["detail"] == "One or more Group members are invalid"
    assert client.patch(place, remove_by_filter(inner)).status == 200
    assert client.store.members("outer") == set()


def test_polis_shows_no_members_and_finds_by_address() -> None:
    client = Client("polis")
    made = client.user("ann", emails=MAIL).body
    assert client.find("Users", 'userName eq "ann"').body["totalResults"] == 0
    assert client.find("Users", 'emails.value eq "ann@example.com"').body["totalResults"] == 1
    group = client.group("staff", made["id"]).body
    assert group["members"] == [] and client.store.members("staff") == {"ann"}
    assert client.ask("DELETE", f"Users/{made['id']}").status == 200


def test_wso2_removes_no_one_by_condition() -> None:
    client = Client("wso2")
    ann, bob = client.users(2)
    group = f"Groups/{client.group('staff', ann, bob).body['id']}"
    assert client.patch(group, remove_by_filter(ann)).status == 200
    assert client.store.members("staff") == {"u0", "u1"}
    assert client.patch(group, add(ann)).status == 500
    assert client.patch(group, remove(ann)).status == 200
    assert client.store.members("staff") == {"u1"}


def test_bitwarden_ignores_members_of_a_put() -> None:
    client = Client("bitwarden")
    ann, bob = client.users(2)
    group = client.group("staff", ann).body
    put = {"schemas": [GROUP_URN], "id": group["id"], "displayName": "crew"}
    body = {**put, "members": [{"value": bob}]}
    assert client.ask("PUT", f"Groups/{group['id']}", body).status == 200
    assert client.store.members("crew") == {"u0"}


def test_interop_has_no_put_no_versions_and_no_operation_without_a_path() -> None:
    client = Client("interop")
    made = client.user("ann").body
    assert client.ask("PUT", f"Users/{made['id']}", made).status == 405
    assert client.patch(f"Users/{made['id']}", {"op": "add", "value": {"title": "x"}}).status == 400
    assert client.find("Users", 'userName eq "ann" or userName eq "bob"').status == 400
    assert Client("github_org").user("ann", title="Boss").body.get("title") is None


def test_oracle_shows_no_group_of_more_than_10000_members() -> None:
    client = Client("oracle")
    group = client.group("staff").body["id"]
    rows = [{"value": f"u{number}"} for number in range(10_001)]
    client.store.held["Groups"][group]["members"] = rows
    asked = f"Groups/{group}?attributes=displayName,members"
    assert client.ask("GET", asked).status == 400
    assert client.ask("GET", f"Groups/{group}?attributes=displayName").status == 200
    rows.pop()
    assert len(client.ask("GET", asked).body["members"]) == 10_000
