# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a change is written: the second of the two doors for variety; pure, sends nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._model.flat import Flat, body, flatten, unflatten
from .._model.merge import differing, merge
from .._model.errors import ScimError
from .._model.schema import top_path
from .._protocol.patch import Operation, join, leave, operations, patch
from .._provider.capabilities import Capabilities
from .change import Change

MASK = "********"


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One write. ``segments`` are the path, not yet escaped; ``secrets`` join the body only in ``sendable``.

    ``joins`` and ``leaves`` are the members that this request is about.
    """

    method: str
    segments: tuple[str, ...]
    body: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    secrets: Flat = field(default_factory=dict, repr=False)
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()

    @property
    def shown(self) -> dict[str, Any]:
        """The request as ``operations`` returns it: without a secret."""
        found: dict[str, Any] = {"method": self.method, "path": "/" + "/".join(self.segments)}
        shown = _with(self.body, dict.fromkeys(self.secrets, MASK))
        return found if shown is None else {**found, "body": shown}

    def sendable(self, ids: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, Any] | None]:
        """(segments, body) with secrets in it and every ``bulkId:NAME`` replaced by the id that its creation gave."""
        segments = tuple(ids.get(one, one) for one in self.segments)
        return segments, _placed(_with(self.body, self.secrets), ids)


def _with(content: Mapping[str, Any] | None, secrets: Flat) -> dict[str, Any] | None:
    if content is None or not secrets:
        return None if content is None else dict(content)
    if "Operations" in content:
        return patch(
            [
                *content["Operations"],
                *(
                    {"op": "replace", "path": path, "value": value}
                    for path, value in secrets.items()
                ),
            ]
        )
    return _deep(content, unflatten(secrets))


def _deep(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(one)
    spelt = {
        name.lower(): name for name in one
    }  # names ignore case, those that the service has under another name would be there twice
    for name, value in other.items():
        name = spelt.get(name.lower(), name)
        merged[name] = (
            _deep(merged[name], value)
            if isinstance(value, Mapping) and isinstance(merged.get(name), Mapping)
            else value
        )
    return merged


def _placed(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _placed(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_placed(inner, ids) for inner in value]
    return ids.get(value, value) if isinstance(value, str) else value


def replaces(change: Change, capabilities: Capabilities) -> bool:
    """Whether the change is written by PUT."""
    return change.method == "put" or change.method == "auto" and not capabilities.get("patch")


def requests_for(change: Change, capabilities: Capabilities) -> list[Request]:
    """A change → the writes that make it, in order, in the words that the service understands.

    Raises ScimError where it has no word for it (``update_method: put`` without PUT, neither PATCH nor PUT).
    """
    place = (change.kind.endpoint, change.ident)
    if change.verb == "keep":
        return []
    if change.verb == "delete":
        return [Request(method="DELETE", segments=place)]
    if change.verb == "create":
        return _create(change, capabilities)
    if replaces(change, capabilities):
        if not capabilities.get("put"):
            raise ScimError(
                f"the service has no PUT for {change.kind.endpoint}"
                + (" and no PATCH" if change.method == "auto" else ""),
                doing=f"changing {change.text}",
                hint="see update_method and the option capabilities",
            )
        return [_put(change)]
    if not capabilities.get("patch"):
        raise ScimError(
            f"the service has no PATCH for {change.kind.endpoint}",
            doing=f"changing {change.text}",
            hint="see update_method and the option capabilities",
        )
    return list(_patches(change, capabilities))


def foretold(changes: Iterable[Change], capabilities: Capabilities) -> Iterator[Request]:
    """Changes in order → the writes of all of them, as far as they can be told without sending one.

    Who is deleted leaves every group with that. Where a service does not see to it, the run that reads the members again will.
    """
    gone: set[str] = set()
    for change in changes:
        rest = change
        if change.held is not None and gone:
            rest = replace(
                change,
                held=change.held - gone,
                leaves=tuple(one for one in change.leaves if one not in gone),
            )
        yield from requests_for(rest, capabilities)
        if (
            change.verb == "delete"
            and change.kind.name == "User"
            and capabilities.get("delete_user") == "gone"
        ):
            gone.add(change.ident)


def _whole(change: Change, after: Flat) -> dict[str, Any]:
    """The JSON of a resource; its ``schemas`` name those of its secrets too, which join it only when it is sent."""
    return {
        **body(change.kind, after),
        "schemas": body(change.kind, {**after, **change.secrets.attributes})["schemas"],
    }


def _create(change: Change, capabilities: Capabilities) -> list[Request]:
    content = _whole(change, change.after or {})
    most = capabilities.get("members_per_patch")
    first = change.joins[:most] if capabilities.get("create_members") else ()
    if first:
        content["members"] = [{"value": one} for one in first]
    made = Request(
        method="POST",
        segments=(change.kind.endpoint,),
        body=content,
        secrets=change.secrets.attributes,
        joins=first,
    )
    rest = replace(
        change,
        before=change.after,
        paths=(),
        joins=change.joins[len(first) :],
        secrets=type(change.secrets)(),
    )
    return [made, *(requests_for(rest, capabilities) if rest.joins else ())]


def _put(change: Change) -> Request:
    changed = {top_path(path) for path in change.paths if change.kind.at(top_path(path)).references}
    after = {
        path: value
        for path, value in (change.after or {}).items()
        if top_path(path) not in changed or path.endswith(".value")
    }
    content = {**_whole(change, after), "id": change.ident}
    if change.kind.name == "Group":
        if change.held is None:
            raise ScimError(
                "its members cannot be read, and replacing the whole group would lose them",
                doing=f"changing {change.text}",
                hint="see update_method and the option capabilities",
            )
        content["members"] = [
            {"value": one} for one in sorted((change.held | set(change.joins)) - set(change.leaves))
        ]
    return Request(
        method="PUT",
        segments=(change.kind.endpoint, change.ident),
        body=content,
        secrets=change.secrets.attributes,
        joins=change.joins,
        leaves=change.leaves,
    )


def _patches(change: Change, capabilities: Capabilities) -> Iterator[Request]:
    """Attributes, then joins, then leaves, in as few PATCHes as the limits of the service allow."""
    per_request = capabilities.get("members_per_patch")
    removals = min(per_request, capabilities.get("removals_per_patch"))
    mix = capabilities.get("patch_mix")
    form = capabilities.get("member_remove")
    parts: list[tuple[list[Operation], tuple[str, ...], tuple[str, ...]]] = []
    attributes = operations(change.kind, change.before or {}, change.after or {}, change.paths)
    parts += [([one], (), ()) for one in attributes]
    parts += [([join(some)], some, ()) for some in _portions(change.joins, per_request)]
    parts += [
        (leave(some, form), (), some)
        for some in _portions(change.leaves, removals if form == "list" else 1)
    ]
    query = _answer(change) if capabilities.get("patch_attributes") else {}

    ops: list[Operation] = []
    joins: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    secrets = dict(change.secrets.attributes)

    def request() -> Request:
        asks = query if any(not one["path"].startswith("members") for one in ops) else {}
        return Request(
            method="PATCH",
            segments=(change.kind.endpoint, change.ident),
            body=patch(ops),
            query=asks,
            secrets=secrets,
            joins=joins,
            leaves=leaves,
        )

    for new, joined, left in parts:
        full = (
            len(ops) + len(new) > capabilities.get("patch_operations")
            or len(joins) + len(leaves) + len(joined) + len(left) > per_request
            or len(leaves) + len(left) > removals
        )
        apart = (mix != "all" and bool(joins or leaves) != bool(joined or left)) or (
            mix == "add_remove_apart" and bool(joins) and bool(left)
        )
        if ops and (full or apart):
            yield request()
            ops, joins, leaves, secrets = [], (), (), {}
        ops, joins, leaves = [*ops, *new], joins + joined, leaves + left
    if ops or secrets:
        yield request()


def _answer(change: Change) -> dict[str, str]:
    """How a PATCH asks for its answer (RFC 7644 section 3.5.2): by naming all that is held, members too.

    There are services that put what is named in place of the whole resource, and so lose what is not.
    """
    named = [
        top_path(path) for path in (*change.paths, *(change.before or {}), *(change.after or {}))
    ]
    return (
        {
            "attributes": ",".join(
                dict.fromkeys([*named, *(("members",) if change.kind.name == "Group" else ())])
            )
        }
        if change.paths
        else {}
    )


def _portions(ids: Sequence[str], most: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), most):
        yield tuple(ids[start : start + most])


def beyond_one(stated: Mapping[str, Any], capabilities: Capabilities) -> tuple[str, ...]:
    """The stated attributes of which the service keeps one entry only, and more are stated."""
    return tuple(
        path
        for path in capabilities.get("single")
        if isinstance(stated.get(path), list) and len(stated[path]) > 1
    )


def rebased(
    change: Change, whole: Mapping[str, Any], ids: Mapping[str, str], capabilities: Capabilities
) -> Change:
    """The same wish made into a change of the resource as it is read now: after a partial read, a lost answer or a conflict."""
    before = flatten(change.kind, whole)
    stated = {
        path: ids.get(value, value) if isinstance(value, str) else value
        for path, value in change.stated.items()
    }
    after = merge(
        change.kind,
        before,
        stated,
        change.clear,
        exact=change.exact,
        single=capabilities.get("single"),
    )
    unsaved = tuple(dict.fromkeys([*change.unsaved, *beyond_one(stated, capabilities)]))
    return replace(
        change,
        before=before,
        after=after,
        paths=differing(change.kind, before, after),
        unsaved=unsaved,
    )
