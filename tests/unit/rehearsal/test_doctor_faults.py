# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor says in one sentence what is wrong, and removes again what it created, whatever fails."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._transport.session import Session
from ansible_collections.identity.scim.tests.unit.faults import hostile as web
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
    answer,
    served,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

MODULE = "scim_service_provider_info"
PREFIX = "scim-doctor-"
QUICK = {"retries": 0, "timeout": 2}


def examined(url: str, probe: str = "reads", /, **connection: Any) -> dict[str, Any]:
    """Return the findings about an address: the failed ones, by their checks."""
    service = web.Hostile(Quirky(), url=url)
    said = web.run(service, MODULE, probe=probe, connection={**QUICK, **connection})
    assert not said.failure
    failed = [one for one in said.result["findings"] if one["status"] == "failed"]
    for one in failed:
        assert one["found"] and one["remedy"] and "\n" not in one["found"] + one["remedy"]
        assert f"XX  {one['check']}: {one['found']}" in said.result["report"]
        assert f"      do: {one['remedy']}" in said.result["report"]
    return {one["check"]: one for one in failed}


# --- the way to the service ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificate", "trusted", "found", "remedy"),
    [
        ("self-signed.pem", "", "self-signed", "ca_path"),
        ("expired.pem", "authority.pem", "has expired", "renew"),
        ("other-name.pem", "authority.pem", "another host name", "server_url"),
        ("good.pem", "", "unknown authority", "ca_path"),
    ],
)
def test_bad_certificates_are_one_line(
    certificate: str, trusted: str, found: str, remedy: str
) -> None:
    more = {"ca_path": str(CERTIFICATES / trusted)} if trusted else {}
    with served(answer(200, {}), certificate=certificate) as stub:
        (line,) = examined(stub.url, **more).values()
    assert line["check"] == "connection"
    assert found in line["found"] and remedy in line["remedy"]


def test_tls_where_the_service_has_none_and_none_where_it_has_some_are_one_line() -> None:
    with served(answer(200, {})) as stub:
        (line,) = examined(stub.url.replace("http://", "https://")).values()
    assert line["check"] == "connection"
    with served(answer(200, {}), certificate="good.pem") as stub:
        (line,) = examined(stub.url.replace("https://", "http://")).values()
    assert line["check"] == "connection"


def test_a_closed_port_is_one_line() -> None:
    with served(answer(200, {})) as stub:
        url = stub.url
    (line,) = examined(url).values()
    assert line["check"] == "connection" and "refused" in line["found"]


def test_an_unknown_host_is_one_line() -> None:
    (line,) = examined("https://no-such-host.invalid/scim/v2").values()
    assert line["check"] == "connection" and "no-such-host.invalid" in line["found"]


def test_a_host_that_never_answers_is_one_line() -> None:
    with served(lambda _sock: None) as stub:
        (line,) = examined(stub.url, timeout=0.5).values()
    assert line["check"] == "connection"


PAGE = b"<!doctype html><html><title>Sign in</title><body>Welcome</body></html>"


@pytest.mark.parametrize("status", [200, 404])
def test_a_page_for_people_is_a_wrong_path(status: int) -> None:
    with served(answer(status, raw=PAGE, media="text/html")) as stub:
        lines = examined(stub.url)
    assert lines
    for line in lines.values():
        assert "server_url" in line["remedy"], line


@pytest.mark.parametrize(
    ("status", "remedy"), [(401, "the token is wrong or has expired"), (403, "lacks rights")]
)
@pytest.mark.parametrize("probe", ["reads", "writes"])
def test_a_refused_token_is_a_line_for_each_right(status: int, remedy: str, probe: str) -> None:
    body = {"detail": "no", "status": str(status)}
    with served(answer(status, body)) as stub:
        lines = examined(stub.url, probe)
    assert {"reading users", "reading groups"} <= set(lines)
    assert all(remedy in one["remedy"] and str(status) in one["found"] for one in lines.values())


def test_a_redirect_to_another_host_is_one_line() -> None:
    moved = answer(302, more="Location: https://login.example.com/\r\n")
    with served(moved) as stub:
        lines = examined(stub.url)
    assert lines and all("server_url" in one["remedy"] for one in lines.values())


@pytest.mark.parametrize(
    "name",
    [".o'neil+2", '.say "hi"', ".back\\slash", ".übung", ".a b&c=d%20#?", ".😀", ".x) or (y"],
)
def test_unusual_characters_in_names_are_found_or_named(name: str) -> None:
    """The filter of the collection finds what the doctor says that filters find."""
    store = Quirky()
    store.user(f"{PREFIX}{name}")
    with web.hostile(store=store) as service:
        said = web.run(service, "scim_user_info", user_name=f"{PREFIX}{name}")
        assert [one["userName"] for one in said.result["users"]] == [f"{PREFIX}{name}"]


# --- what it leaves --------------------------------------------------------------------------------


def office() -> Quirky:
    store = Quirky(judged=False)
    for name in ("jim", "pam"):
        store.user(name)
    store.group("staff", ["jim"])
    return store


def of_the_probe(store: Quirky) -> set[str]:
    """Return the names of what the probe created and is still there."""
    names = store.names("Users") | store.names("Groups")
    return {one for one in names if one not in ("jim", "pam", "staff")}


Ways = Callable[[web.Asked, Callable[[], web.Reply]], web.Reply]


def refused(_asked: web.Asked, _honest: Any) -> web.Reply:
    return web.Reply(403, {"detail": "not allowed", "status": "403"})


def invalid(_asked: web.Asked, _honest: Any) -> web.Reply:
    return web.Reply(400, {"detail": "no", "status": "400", "scimType": "invalidValue"})


def done_and_failed(_asked: web.Asked, honest: Any) -> web.Reply:
    honest()
    return web.Reply(500, {"detail": "oops", "status": "500"})


def done_and_lost(_asked: web.Asked, honest: Any) -> web.Reply:
    honest()
    return web.Reply(200, raw=b"<html>gateway</html>", media="text/html")


def done_and_empty(_asked: web.Asked, honest: Any) -> web.Reply:
    return web.Reply(min(honest().status, 201))


def spell(number: int, way: Ways, count: Iterator[int]) -> web.Spell:
    def cast(asked: web.Asked, honest: Callable[[], web.Reply]) -> web.Reply:
        is_write = asked.method != "GET"
        for one in asked.body.get("Operations", ()) if is_write and asked.body else ():
            if one.get("path") == "members" and not isinstance(one.get("value"), list):
                return invalid(asked, honest)
        return way(asked, honest) if is_write and next(count) == number else honest()

    return cast


@pytest.mark.parametrize("way", [refused, invalid, done_and_failed, done_and_lost, done_and_empty])
def test_nothing_is_left_unnamed_whichever_write_fails(way: Ways) -> None:
    number = 0
    while True:
        store, count = office(), itertools.count()
        before = copy.deepcopy(store.held)
        with web.hostile(store, spell(number, way, count)) as service:
            said = web.run(service, MODULE, probe="writes", connection=QUICK)
        if next(count) <= number:
            break
        left = of_the_probe(store)
        told = " ".join(one["found"] for one in said.result["findings"] if one["check"] == "traces")
        assert not said.failure and all(name in told for name in left), (number, left, told)
        assert said.changed == bool(left)
        for kind, rows in before.items():
            for ident, row in rows.items():
                assert store.held[kind][ident] == row
        if way in (done_and_failed, done_and_lost, done_and_empty):
            assert not left, (number, left)
        number += 1
    assert number > 10


def test_what_is_left_is_named_also_when_the_connection_breaks() -> None:
    store, count = office(), itertools.count()

    def down(asked: web.Asked, honest: Callable[[], web.Reply]) -> web.Reply:
        is_down = next(count) > 40
        return web.Reply(200, raw=b"\x00", media="text/plain") if is_down else honest()

    with web.hostile(store, down) as service:
        said = web.run(service, MODULE, probe="writes", connection=QUICK)
    left = of_the_probe(store)
    told = " ".join(one["found"] for one in said.result["findings"] if one["check"] == "traces")
    assert left and all(f"(id {store.id_of(name)})" in told for name in left)


@pytest.mark.parametrize("probe", ["reads", "writes"])
def test_leftovers_of_a_killed_doctor_are_named_by_the_next_and_not_touched(probe: str) -> None:
    store = office()
    store.user(f"{PREFIX}0a1b2c3d.1@example.com")
    store.group(f"{PREFIX}0a1b2c3d Group")
    for number in range(200):
        store.user(f"u{number}")
    before = copy.deepcopy(store.held)
    with web.hostile(store) as service:
        said = web.run(service, MODULE, probe=probe)
    (line,) = [one for one in said.result["findings"] if one["check"] == "earlier probes"]
    assert f"{PREFIX}0a1b2c3d.1@example.com" in line["found"]
    assert f"{PREFIX}0a1b2c3d Group" in line["found"] and "state: absent" in line["remedy"]
    for group in store.held["Groups"].values():
        group["members"] = group.get("members") or []
    for group in before["Groups"].values():
        group["members"] = group.get("members") or []
    assert store.held == before and not said.changed


def test_every_name_that_is_written_begins_with_the_prefix() -> None:
    store, names = office(), set()

    def watching(asked: web.Asked, honest: Callable[[], web.Reply]) -> web.Reply:
        reply = honest()
        names.update(of_the_probe(store))
        return reply

    with web.hostile(store, watching) as service:
        web.run(service, MODULE, probe="writes", probe_prefix="acme-probe")
    assert len(names) > 3 and all(one.startswith("acme-probe") for one in names), names


def test_a_resource_that_is_not_its_own_is_never_touched() -> None:
    """A service that answers a creation with another resource is believed in nothing."""
    store = office()
    jim = store.id_of("jim")

    def another(asked: web.Asked, honest: Callable[[], web.Reply]) -> web.Reply:
        if asked.method == "POST" and asked.kind == "Users":
            return web.Reply(201, copy.deepcopy(store.held["Users"][jim]))
        return honest()

    before = copy.deepcopy(store.held)
    with web.hostile(store, another) as service:
        said = web.run(service, MODULE, probe="writes")
    assert store.held == before and not said.failure
    assert {one["check"] for one in said.result["findings"] if one["status"] == "failed"}


@pytest.mark.parametrize("number", [2, 3, 5, 9])
def test_an_interrupted_doctor_removes_what_it_created(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, send = itertools.count(1), Session.send

    def counted(self: Session, method: str, *given: Any, **more: Any) -> Any:
        if method != "GET" and next(count) == number:
            self.interrupt()
        return send(self, method, *given, **more)

    monkeypatch.setattr(Session, "send", counted)
    store = office()
    with web.hostile(store) as service:
        said = web.run(service, MODULE, probe="writes", connection=QUICK)
    assert not of_the_probe(store) and not said.changed
