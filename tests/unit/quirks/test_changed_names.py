# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups without members whose names a service changes, run after run (D4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._converge.services import run
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.creates_quirks import (
    names_may_repeat,
    renaming,
)
from ansible_collections.identity.scim.tests.unit.quirks.server import Asked, Honest, Quirky

NAME = "Team Über alles und die ganze Welt"
ROWS: list[dict[str, Any]] = [{"display_name": NAME}]
TOLD: dict[str, Callable[[str], str]] = {
    "slug": lambda name: re.sub(r"\W+", "-", name.lower().replace("ü", "u")),
    "slug with accents": lambda name: name.lower().replace(" ", "-"),
    "underscores": lambda name: name.lower().replace("ü", "u").replace(" ", "_"),
    "no spaces": lambda name: name.replace(" ", ""),
    "ASCII only": lambda name: name.encode("ascii", "ignore").decode(),
    "cut": lambda name: name[:22],
}
AFTER_TWO: dict[str, Callable[[str], str]] = {
    "cut early": lambda name: name[:6],
    "with something before": lambda name: f"grp-{name}",
}
FORMS = {**TOLD, **AFTER_TWO}


def names(server: Quirky) -> list[str]:
    return [one["displayName"] for one in server.held["Groups"].values()]


def changing(form: str, *groups: str, unique: bool = False) -> Quirky:
    server = Quirky(renaming(FORMS[form]), *([] if unique else [names_may_repeat]))
    server.user("ann")
    for name in groups:
        server.group(name, ["ann"])
    return server


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("groups", [(), ("staff", "qa")], ids=["alone", "beside others"])
@pytest.mark.parametrize("form", TOLD)
def test_d4_the_second_run_makes_no_second_group(
    form: str, groups: tuple[str, ...], check: bool
) -> None:
    server = changing(form, *groups)
    made = FORMS[form](NAME)
    assert run(server, groups=ROWS).changed and names(server) == [*groups, made]
    server.forget()
    with pytest.raises(ScimError) as stopped:
        run(server, check=check, groups=ROWS)
    said = str(stopped.value)
    assert f"the service has group '{made}' (id g{len(groups) + 2}), and no " in said
    assert "set id or previous_names to use it" in said
    assert "set capabilities: {rewrite: {Group.displayName: " in said
    assert not server.log and names(server) == [*groups, made]


@pytest.mark.parametrize("form", ["slug", "slug with accents", "underscores"])
def test_d4_with_the_line_of_the_sentence_the_group_is_found(form: str) -> None:
    server = changing(form)
    run(server, groups=ROWS)
    server.forget()
    caps = {"rewrite": {"Group.displayName": "slug"}}
    assert not run(server, groups=ROWS, caps=caps).changed and not server.log


@pytest.mark.parametrize("form", FORMS)
def test_d4_beside_other_names_the_second_is_told_and_no_third_is_made(form: str) -> None:
    """A plain name says that the service keeps names, so one group is not enough."""
    server = changing(form, "Überall, but Old and Longer " * 2)
    made = FORMS[form](NAME)
    first = run(server, groups=ROWS)
    assert not [one for one in first.notes if "already" in one]
    second = run(server, groups=ROWS)
    assert [one for one in second.notes if f"the service has a group '{made}' already" in one]
    for _again in range(2):
        with pytest.raises(ScimError, match="all of one name, so that may be the same group"):
            run(server, groups=ROWS)
    assert names(server)[1:] == [made, made]


@pytest.mark.parametrize("form", FORMS)
def test_d4_a_conflict_names_the_group_and_the_line(form: str) -> None:
    server = changing(form, "Überall, but Old and Longer " * 2, unique=True)
    run(server, groups=ROWS)
    (failure,) = run(server, groups=ROWS).failures
    said = str(failure.error)
    assert f"the service has '{FORMS[form](NAME)}' (id g3); set id or external_id to use it" in said
    is_slug = form in ("slug", "slug with accents", "underscores")
    line = "set capabilities: {rewrite: {Group.displayName: slug}}"
    assert (f"if the service changes names, {line}" in said) is is_slug
    assert len(names(server)) == 2


@pytest.mark.parametrize(
    "held, wanted",
    [
        (("dev-ops", "Old Staff Ops"), "Dev Ops"),
        (("dev-ops", "QA"), "DevOps"),
        (("Cafe",), "Café"),
        (("R D",), "R&D"),
        (("Team",), "Team Alpha"),
        (("Admin",), "Administrators"),
        (("Engineering of Germany",), "Engineering of Germany North"),
        (("sales-emea",), "emea"),
        (("dev_ops",), "dev-ops"),
    ],
)
def test_d4_a_service_that_keeps_names_gets_its_group(held: tuple[str, ...], wanted: str) -> None:
    server = Quirky()
    server.user("ann")
    for name in held:
        server.group(name)
    assert run(server, groups=[{"display_name": wanted}]).changed
    assert names(server) == [*held, wanted]


def test_d4_a_group_with_other_members_is_another_one() -> None:
    server = Quirky()
    server.user("ann")
    server.user("bob")
    server.group("dev-ops", ["bob"])
    rows = [{"display_name": "Dev Ops", "members": {"set": ["ann"]}}]
    assert run(server, groups=rows).changed and len(names(server)) == 2


def test_d4_a_group_of_another_row_is_not_meant() -> None:
    server = Quirky()
    server.group("dev-ops")
    rows = [{"display_name": "dev-ops"}, {"display_name": "Dev Ops"}]
    assert run(server, groups=rows).changed and names(server) == ["dev-ops", "Dev Ops"]


def test_d4_a_group_with_another_external_id_is_not_meant() -> None:
    server = Quirky(names_may_repeat)
    server.group("dev-ops", externalId="e1")
    with pytest.raises(ScimError, match="'dev-ops'"):
        run(server, groups=[{"display_name": "Dev Ops"}])
    rows = [{"display_name": "Dev Ops", "external_id": "e2"}]
    assert run(server, groups=rows).changed and len(names(server)) == 2


@pytest.mark.parametrize(
    "rename", [lambda name: name.partition("@")[0], lambda name: name.replace(".", "_")]
)
def test_d4_a_conflict_names_the_user(rename: Callable[[str], str]) -> None:
    def renaming_users(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method != "POST" or asked.kind != "Users":
            return honest(asked)
        return honest(
            replace(asked, body={**asked.body, "userName": rename(asked.body["userName"])})
        )

    server = Quirky(renaming_users)
    for name in ("bob", "ann", "ann.l"):
        server.user(name)
    rows = [{"user_name": "ann.lee@example.com", "title": "x"}]
    run(server, users=rows)
    (failure,) = run(server, users=rows).failures
    made = rename("ann.lee@example.com")
    assert f"the service has '{made}' (id u4); set id or external_id to use it" in str(
        failure.error
    )
    assert "rewrite" not in str(failure.error) and len(server.held["Users"]) == 4
