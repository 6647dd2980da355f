# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What imitated services do to what is written: attributes and deletions.

Written from what is documented of services. Knows nothing of the collection.
"""

from __future__ import annotations

import copy
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.lists import (
    other,
    refused,
    values_at,
    with_each,
    without,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._plan.store import Answer
from ansible_collections.identity.scim.tests.unit.quirks.server import (
    Asked,
    Honest,
    Quirk,
    Quirky,
)

Row = dict[str, Any]
WRITES = ("POST", "PUT", "PATCH")


def written_paths(asked: Asked) -> list[str]:
    """Return the attributes that a write names, without sub-attributes and conditions."""
    if asked.method != "PATCH":
        return list(asked.body or ())
    found = []
    for one in asked.body["Operations"]:
        named = [one["path"]] if one.get("path") else list(one.get("value") or ())
        found += [_attribute(path) for path in named]
    return found


def _attribute(path: str) -> str:
    if path.startswith("urn:"):
        return path
    return re.split(r"[.\[]", path)[0]


def verbs(kind: str, *methods: str, status: int = 405) -> Quirk:
    """Have only these methods at an endpoint."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == kind and asked.method not in methods:
            return refused(status, f"{asked.method} is not supported")
        return honest(asked)

    return quirk


def requires(kind: str, *paths: str) -> Quirk:
    """Demand attributes at creation."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "POST" and asked.kind == kind and len(asked.segments) == 1:
            for path in paths:
                if not [
                    one for one in values_at(server, asked.body, path) if one not in ("", None)
                ]:
                    return refused(400, f"{path} is required", "invalidValue")
        return honest(asked)

    return quirk


def keeps(kind: str, change: Callable[[Row], None]) -> Quirk:
    """Keep what is written as ``change`` makes it."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != kind or asked.method not in WRITES or answer.status >= 300:
            return answer
        ident = (answer.body or {}).get("id") or asked.segments[-1]
        held = server.held[kind].get(ident)
        if held is None:
            return answer
        change(held)
        return answer if answer.body is None else replace(answer, body=copy.deepcopy(held))

    return quirk


def drops(*paths: str) -> Callable[[Row], None]:
    """Drop attributes, or the sub-attributes of lists; ``*.x`` is ``x`` of every list."""

    def change(one: Row) -> None:
        for path in paths:
            name, _dot, sub = path.partition(".") if not path.startswith("urn:") else (path, "", "")
            if not sub:
                one.pop(name, None)
                continue
            for top in list(one) if name == "*" else [name]:
                _drop_sub(one, top, sub)

    return change


def _drop_sub(one: Row, name: str, sub: str) -> None:
    value = one.get(name)
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, dict):
            entry.pop(sub, None)
    if value == {}:
        del one[name]


def keeps_only(*paths: str) -> Callable[[Row], None]:
    """Drop all attributes but these."""
    tops = {path.partition(".")[0] for path in paths}
    subs: dict[str, set[str]] = {}
    for path in paths:
        name, dot, sub = path.partition(".")
        if dot:
            subs.setdefault(name, set()).add(sub)

    def change(one: Row) -> None:
        for name in list(one):
            if name not in tops and name not in ("id", "schemas", "meta"):
                del one[name]
            elif name in subs and isinstance(one[name], dict):
                one[name] = {sub: one[name][sub] for sub in subs[name] if sub in one[name]}
        one["schemas"] = [urn for urn in one["schemas"] if ":core:" in urn]

    return change


def one_entry(*names: str) -> Callable[[Row], None]:
    """Keep the first entry of lists; of every list if none is named."""

    def change(one: Row) -> None:
        for name, value in one.items():
            if isinstance(value, list) and name not in ("schemas", "members"):
                if not names or name in names:
                    one[name] = value[:1]

    return change


def refuses_several(*names: str) -> Quirk:
    """Refuse a second entry in lists (AWS)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Users" and asked.method in WRITES:
            for name, value in _values(asked):
                if name in names and isinstance(value, list) and len(value) > 1:
                    return refused(400, f"{name} holds one value")
        return honest(asked)

    return quirk


def _values(asked: Asked) -> Iterable[tuple[str, Any]]:
    if asked.method != "PATCH":
        return list(asked.body.items())
    found: list[tuple[str, Any]] = []
    for one in asked.body["Operations"]:
        if one.get("path"):
            found.append((one["path"], one.get("value")))
        else:
            found += list((one.get("value") or {}).items())
    return found


def ignores_changes(kind: str, *names: str) -> Quirk:
    """Answer 200 to changes of attributes and leave them as they are."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        held = server.held.get(kind, {}).get(asked.segments[-1])
        if asked.kind != kind or asked.method not in ("PUT", "PATCH") or held is None:
            return honest(asked)
        if asked.method == "PUT":
            body = {name: value for name, value in asked.body.items() if name not in names}
            kept = {name: held[name] for name in names if name in held}
            return honest(other(asked, {**body, **kept}))

        def is_ignored(one: Row) -> bool:
            return not one["value"] if not one.get("path") else _attribute(one["path"]) in names

        return without(is_ignored, server, with_each(asked, _parts_without(names)), honest)

    return quirk


def _parts_without(names: Iterable[str]) -> Callable[[Row], Row]:
    """Return what leaves attributes out of an operation without a path."""

    def change(one: Row) -> Row:
        if one.get("path"):
            return one
        value = {name: part for name, part in one["value"].items() if name not in names}
        return {**one, "value": value}

    return change


def refuses_changes(kind: str, *names: str, detail: str = "{} cannot be changed") -> Quirk:
    """Refuse changes of attributes that have been set."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        held = server.held.get(asked.kind, {}).get(asked.segments[-1], {})
        if asked.kind == kind and asked.method in ("PUT", "PATCH"):
            for name, value in _values(asked):
                if _attribute(name) in names and value != held.get(name):
                    return refused(400, detail.format(name), "mutability")
        return honest(asked)

    return quirk


def limits_length(kind: str, **most: int) -> Quirk:
    """Refuse values that are too long (Figma)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == kind and asked.method in WRITES:
            for name, value in _values(asked):
                if isinstance(value, str) and len(value) > most.get(name, len(value)):
                    return refused(400, f"{name} has more than {most[name]} characters")
        return honest(asked)

    return quirk


def limits_payload(most: int) -> Quirk:
    """Refuse bodies of more bytes (Miro)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.body is not None and len(json.dumps(asked.body)) > most:
            return refused(413, f"the request has more than {most} bytes")
        return honest(asked)

    return quirk


def rewrites(kind: str, **forms: Callable[[str], str]) -> Quirk:
    """Take texts of a write in another form."""

    def changed(values: Mapping[str, Any]) -> Row:
        found = dict(values)
        for name, form in forms.items():
            if isinstance(found.get(name), str):
                found[name] = form(found[name])
        return found

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != kind or asked.method not in WRITES:
            return honest(asked)
        if asked.method != "PATCH":
            return honest(other(asked, changed(asked.body)))

        def renamed(one: Row) -> Row:
            if not one.get("path"):
                return {**one, "value": changed(one["value"])}
            path = one["path"]
            return (
                {**one, "value": changed({path: one.get("value")})[path]} if path in forms else one
            )

        return honest(with_each(asked, renamed))

    return quirk


def slug(text: str) -> str:
    """Return a name as letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def unique(kind: str, path: str, status: int = 409) -> Quirk:
    """Refuse a value that another resource has, inactive ones too (Slack, better-auth)."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind != kind or asked.method not in WRITES:
            return honest(asked)
        own = asked.segments[-1] if asked.method != "POST" else ""
        body: Row = dict(_values(asked))
        wanted = {str(one).lower() for one in values_at(server, body, path)}
        for ident, one in server.held[kind].items():
            if ident != own and wanted & {str(v).lower() for v in values_at(server, one, path)}:
                return refused(status, f"{path} is taken", "uniqueness")
        return honest(asked)

    return quirk


def merges_put(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Leave as it is what a PUT does not name (HCP Terraform, New Relic)."""
    held = _server.held.get(asked.kind, {}).get(asked.segments[-1])
    if asked.method != "PUT" or held is None:
        return honest(asked)
    return honest(other(asked, {**held, **asked.body}))


def forgiving_delete(server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Answer 204 to the deletion of a group that does not exist (HCP Terraform)."""
    is_gone = asked.kind == "Groups" and asked.segments[-1] not in server.held["Groups"]
    return Answer(204) if asked.method == "DELETE" and is_gone else honest(asked)


def reserves(*names: str) -> Quirk:
    """Refuse groups of these names (HCP Terraform)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.kind == "Groups" and asked.method in WRITES:
            if dict(_values(asked)).get("displayName") in names:
                return refused(409, "the name is reserved", "uniqueness")
        return honest(asked)

    return quirk


def silent(*kinds: str) -> Quirk:
    """Answer PATCH with 204."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.method == "PATCH" and asked.kind in kinds and answer.status == 200:
            return Answer(204)
        return answer

    return quirk


def only_media_type(media_type: str) -> Quirk:
    """Refuse bodies of another media type (Slack)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.body is not None and asked.media_type != media_type:
            return refused(415, f"send {media_type}")
        return honest(asked)

    return quirk


def refuses_null(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Refuse a PATCH with ``"value": null`` (Databricks)."""
    for one in (asked.body or {}).get("Operations", ()):
        if "value" in one and one["value"] is None:
            return refused(400, "value is null", "invalidValue")
    return honest(asked)


def patches_only(kind: str, *names: str) -> Quirk:
    """Refuse a PATCH of other attributes (AWS: groups; GitLab: all but ``active``)."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH" and asked.kind == kind:
            for name in written_paths(asked):
                if name not in names:
                    return refused(400, f"{name} cannot be patched")
        return honest(asked)

    return quirk


def refuses_paths(kind: str, *paths: str) -> Quirk:
    """Refuse operations with exactly these paths."""

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        if asked.method == "PATCH" and asked.kind == kind:
            for one in asked.body["Operations"]:
                if one.get("path") in paths:
                    return refused(400, f"no path {one['path']}", "invalidPath")
        return honest(asked)

    return quirk


def aws_operations(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Refuse ``remove`` of, and several operations on, ``userName`` and ``active``.

    A path may be missing only where one attribute is added or replaced.
    """
    if asked.method != "PATCH":
        return honest(asked)
    seen: list[str] = []
    for one in asked.body["Operations"]:
        path = one.get("path") or ""
        if not path and (one["op"] == "remove" or len(one.get("value") or ()) != 1):
            return refused(400, "the operation has no path")
        if path in ("userName", "active") and (one["op"] == "remove" or path in seen):
            return refused(400, f"no such operations on {path}")
        seen.append(path)
    return honest(asked)


def demands_paths(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Refuse operations without a path (interoperability profile)."""
    for one in (asked.body or {}).get("Operations", ()):
        if not one.get("path"):
            return refused(400, "an operation has no path", "noTarget")
    return honest(asked)


def without_versions(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Refuse requests with ``If-Match`` (interoperability profile)."""
    if asked.if_match is not None:
        return refused(400, "there are no versions")
    return honest(asked)


# --- GitHub -----------------------------------------------------------------------------------


def shows_login(short_code: str) -> Quirk:
    """Show user names as logins, and those of inactive users obscured, like their e-mails."""

    def shown(one: Row) -> None:
        if one.get("active") is False:
            one["userName"] = f"{zlib.crc32(one['id'].encode()):08x}_{short_code}"
            for mail in one.get("emails", ()):
                mail["value"] = f"{one['userName']}@example.invalid"
        else:
            one["userName"] = f"{slug(one['userName'])}_{short_code}"

    def quirk(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.kind != "Users" or answer.status >= 300 or answer.body is None:
            return answer
        body = copy.deepcopy(answer.body)
        for one in body["Resources"] if "Resources" in body else [body]:
            if "userName" in one:
                shown(one)
        return replace(answer, body=body)

    return quirk


# --- GitLab, JFrog ----------------------------------------------------------------------------


def id_is(kind: str, name: str) -> Quirk:
    """Give resources an attribute as id: ``externalId`` (GitLab), their name (JFrog)."""

    def quirk(server: Quirky, asked: Asked, honest: Honest) -> Answer:
        answer = honest(asked)
        if asked.method == "POST" and asked.kind == kind and answer.status == 201:
            held = server.held[kind].pop(answer.body["id"])
            held["id"] = held[name]
            server.held[kind][held["id"]] = held
            return replace(answer, body=copy.deepcopy(held))
        return answer

    return quirk


def flat_formatted(one: Row) -> None:
    """Keep ``name.formatted`` beside ``name`` (GitLab)."""
    if isinstance(one.get("name"), dict) and "formatted" in one["name"]:
        one["name.formatted"] = one["name"].pop("formatted")


# --- Zitadel ----------------------------------------------------------------------------------


def zitadel(one: Row) -> None:
    """Keep phone numbers in E.164, the formatted name as built, and no types."""
    for name in ("emails", "phoneNumbers"):
        for entry in one.get(name, ()):
            entry.pop("type", None)
    for phone in one.get("phoneNumbers", ()):
        digits = re.sub(r"\D", "", phone["value"])
        phone["value"] = f"+{digits}" if phone["value"].startswith("+") else f"+1{digits}"
    parts = one.get("name", {})
    if parts:
        names = [parts.get("givenName", ""), parts.get("familyName", "")]
        parts["formatted"] = " ".join(filter(None, names))


def answers_without_active(_server: Quirky, asked: Asked, honest: Honest) -> Answer:
    """Leave ``active`` out of the answer to a creation that did not send it (Zitadel)."""
    answer = honest(asked)
    if asked.method == "POST" and answer.status == 201 and "active" not in asked.body:
        return replace(answer, body={k: v for k, v in answer.body.items() if k != "active"})
    return answer


def active_by_default(one: Row) -> None:
    """Keep a user that says nothing of it as active."""
    one.setdefault("active", True)
