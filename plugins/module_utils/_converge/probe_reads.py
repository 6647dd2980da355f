# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service does, as far as reading shows it: a line for each check.

Writes nothing. Knows no plan.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from .._model.schema import GROUP, USER, ResourceType
from .._model.spelling import lower_names
from .._provider.abilities import filter_paths, has_groups, is_fake
from .findings import FAILED, NOTE, WARNING
from .probe import MISSING, Probe, paging_of, reason_of, rows_of, total_of
from .probe_members import probe_members
from .service import Answer, Resource

ANNOUNCED = ("patch", "bulk", "filter", "sort", "etag")
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-@")
# What services misread in the values of filters, though it is a plain text in JSON.
UNUSUAL = ('"', "\\", ",", ")", " eq ", "ü")
SIZES = (1000, 500, 200, 100, 50, 25, 10)
OTHER_REMEDY = "look up in the documentation of the service what it demands of a list"
NO_ENDPOINT = frozenset({404, 501})
SMALL_LETTERS = {"users": "/users", "groups": "/groups"}


def probe_reads(probe: Probe, documents: Mapping[str, Any]) -> None:
    """Find what reading shows. Raise ScimError if the service does not answer.

    ``documents`` are those in which it describes itself, by their names in the result.
    """
    _discovery(probe, documents)
    if _rights(probe, USER):
        _lists(probe, USER)
    if _may_have_groups(probe) and _rights(probe, GROUP):
        _lists(probe, GROUP)
        probe_members(probe)
    _account(probe)


def _lists(probe: Probe, kind: ResourceType) -> None:
    probe_paging(probe, kind)
    probe_filters(probe, kind)


def _discovery(probe: Probe, documents: Mapping[str, Any]) -> None:
    """Say what the service says of itself (RFC 7644 section 4)."""
    config = lower_names(documents["service_provider_config"])
    if not config:
        probe.note(
            "discovery",
            "the ServiceProviderConfig cannot be read",
            status=WARNING,
            remedy="nothing is announced, so a service_provider or capabilities may be needed",
        )
        return
    announced = []
    for name in ANNOUNCED:
        part = lower_names(config.get(name))
        announced.append(f"{name} {'yes' if part.get('supported') is True else 'no'}")
    probe.note("discovery", f"announced: {', '.join(announced)}")
    for name in ("resource_types", "schemas"):
        rows, noun = documents[name], name.replace("_", " ")
        if rows is None:
            remedy = "nothing: what the service does not keep is seen in its answers"
            probe.note("discovery", f"the {noun} cannot be read", status=NOTE, remedy=remedy)
        else:
            probe.note("discovery", f"{len(rows)} {noun}")


def _may_have_groups(probe: Probe) -> bool:
    """Say that there are no groups if that is known."""
    if has_groups(probe.service.capabilities):
        return True
    probe.note("reading groups", "the service has no groups", status=NOTE, groups=False)
    return False


def _rights(probe: Probe, kind: ResourceType) -> bool:
    """Say whether the credentials may read resources of a type."""
    check = f"reading {kind.endpoint.lower()}"
    answer = probe.first(kind)
    if rows_of(kind, answer) is None:
        _refused(probe, kind, check, answer)
        return False
    total = total_of(answer)
    probe.note(check, "allowed" if total is None else f"allowed, {total} in all")
    return True


def _refused(probe: Probe, kind: ResourceType, check: str, answer: Answer) -> None:
    """Say why resources of a type cannot be read, and what to do."""
    is_missing = answer.status in NO_ENDPOINT
    if is_missing and _answers_in_small_letters(probe, kind):
        found = f"the endpoint is /{kind.endpoint.lower()}, in small letters"
        remedy = f"set capabilities: {json.dumps({'paths': SMALL_LETTERS})}, and probe again"
        probe.note(check, found, status=FAILED, remedy=remedy, paths=SMALL_LETTERS)
    elif is_missing and kind is GROUP and _is_allowed(probe, USER):
        probe.note(check, "the service has no groups", status=WARNING, groups=False)
    else:
        remedy = probe.remedy(answer.status, OTHER_REMEDY)
        probe.note(check, reason_of(answer), status=FAILED, remedy=remedy)


def _answers_in_small_letters(probe: Probe, kind: ResourceType) -> bool:
    answer = probe.ask("GET", kind.endpoint.lower())
    return rows_of(kind, answer) is not None


def _is_allowed(probe: Probe, kind: ResourceType) -> bool:
    check = f"reading {kind.endpoint.lower()}"
    return any(one.about == check and one.status != FAILED for one in probe.findings)


def _account(probe: Probe) -> None:
    answer = probe.ask("GET", "Me")
    if answer.status == 200 and isinstance(answer.body, Mapping):
        probe.note("account", "the service says which account the credentials belong to")
        return
    probe.note(
        "account",
        "the service does not say which account the credentials belong to",
        status=NOTE,
        remedy="name it in protect, so that no run deactivates it",
    )


def probe_paging(probe: Probe, kind: ResourceType) -> None:
    """Say whether pages and totals are what they should be (RFC 7644 section 3.4.2.4)."""
    check, types = paging_of(kind), kind.endpoint.lower()
    one = probe.ask("GET", kind.endpoint, query=probe.page(1))
    whole, size = _largest(probe, kind)
    if size:
        limit: dict[str, Any] = {"page_size": size} if size < SIZES[0] else {}
        probe.note(check, f"pages of {size} are accepted", **limit)
    if len(whole) < 2:
        found = f"fewer than two {types}, so nothing more is known"
        probe.note(check, found, status=NOTE, remedy=MISSING)
        return
    _second(probe, kind, one)
    total = total_of(one)
    if total is not None and total < len(whole):
        probe.note(
            check,
            f"totalResults is the length of a page ({total} of {len(whole)} or more)",
            status=WARNING,
            totals={types: False},
        )


def _second(probe: Probe, kind: ResourceType, one: Answer) -> None:
    """Say whether a second page is another one than the first."""
    check = paging_of(kind)
    cursor = lower_names(one.body).get("nextcursor")
    place, way = {"startIndex": "2"}, "index"
    if isinstance(cursor, str) and cursor:
        place, way = {"cursor": cursor}, "cursor"
    elif probe.paging != "index":
        probe.note(check, "all at once")
        return
    answer = probe.ask("GET", kind.endpoint, query={**place, "count": "1"})
    first, second = rows_of(kind, one) or [], rows_of(kind, answer) or []
    if second and first and second[0].get("id") == first[0].get("id"):
        name = next(iter(place))
        probe.note(check, f"{name} is ignored", status=WARNING, paging="none")
    else:
        probe.note(check, f"by {way}")


def _largest(probe: Probe, kind: ResourceType) -> tuple[list[Resource], int]:
    """Return the rows of the largest page that is accepted, and its size.

    The size is 0 where there are no pages.
    """
    for size in SIZES:
        answer = probe.ask("GET", kind.endpoint, query=probe.page(size))
        rows = rows_of(kind, answer)
        if rows is not None and probe.paging == "none":
            return rows, 0
        if rows is not None:
            more = bool(lower_names(answer.body).get("nextcursor"))
            total = total_of(answer)
            cut = more or (total is not None and len(rows) < min(total, size))
            return rows, len(rows) if cut and rows else size
    return [], 0


def probe_filters(
    probe: Probe, kind: ResourceType, sample: Resource | None = None, sent: str = ""
) -> None:
    """Say what filters find (RFC 7644 section 3.4.2.2), with a resource that exists.

    ``sent`` is the name that it was created with, which the service may show otherwise.
    """
    check = _check_of(kind)
    if sample is None:
        sample = _sample(probe, kind)
    else:
        probe.forget(check)
    if sample is None:
        probe.note(check, f"no {kind.name.lower()} with a plain name", status=NOTE, remedy=MISSING)
        return
    path = kind.name_attribute
    ident, nobody = str(sample["id"]), f"nobody-{secrets.token_hex(6)}"
    names = [str(sample.get(path, sent)), *([sent] if sent else [])]
    found = [name for name in names if probe.finds(kind, ident, (path, name))]
    if not found or probe.matches(kind, [(path, nobody)]):
        _unfiltered(probe, kind, names[0])
        return
    probe.note(check, f"{path} eq finds one by its name")
    _case(probe, kind, ident, found[0])
    _joined(probe, kind, ident, [(path, found[0]), (path, nobody)])
    _unusual(probe, kind, nobody)
    _other_paths(probe, kind, ident)


def _unfiltered(probe: Probe, kind: ResourceType, name: str) -> None:
    """Say what filters on the name do instead of finding it."""
    path = kind.name_attribute
    answer = probe.matches(kind, [(path, name)])
    how = "are refused"
    if answer is not None:
        how = "are not honoured" if answer else "find nothing"
    found, known = f"filters on {path} {how}", filter_paths(probe.service.capabilities, kind.name)
    if known and path not in known:
        probe.note(_check_of(kind), f"{found}, only others do: {', '.join(known)}", status=NOTE)
    else:
        types = kind.endpoint.lower()
        probe.note(_check_of(kind), found, status=WARNING, filters={types: False})


def _unusual(probe: Probe, kind: ResourceType, nobody: str) -> None:
    """Say which characters the service misreads in the value of a filter.

    It must find nothing by a name that does not exist, and refuse nothing.
    """

    def is_misread(*texts: str) -> bool:
        value = "x".join((nobody, *texts, "x"))
        return probe.matches(kind, [(kind.name_attribute, value)]) != []

    if not is_misread(*UNUSUAL):
        probe.note(_check_of(kind), "values may have unusual characters")
        return
    unsafe = [one for one in UNUSUAL if is_misread(one)]
    if unsafe:
        shown = ", ".join(json.dumps(one, ensure_ascii=False) for one in unsafe)
        found = f"values with one of these are misread: {shown}"
        probe.note(_check_of(kind), found, status=WARNING, filter_unsafe=unsafe)


def _check_of(kind: ResourceType) -> str:
    return f"filters on {kind.endpoint.lower()}"


def _other_paths(probe: Probe, kind: ResourceType, ident: str) -> None:
    """Say what filters on the id and on an unknown attribute find.

    If it is known by which attributes the service filters, that says more.
    """
    if filter_paths(probe.service.capabilities, kind.name):
        return
    types = kind.endpoint.lower()
    if not probe.finds(kind, ident, ("id", ident)):
        probe.note(_check_of(kind), "a filter on id finds nothing", filter_ids={types: False})
    unknown = probe.matches(kind, [("nosuchattribute", secrets.token_hex(6))])
    if unknown is not None and not unknown:
        found = "a filter on an unknown attribute finds nothing"
        probe.note(_check_of(kind), found, filter_unknown="empty")


def _case(probe: Probe, kind: ResourceType, ident: str, name: str) -> None:
    """Say whether filters ignore case in names (RFC 7643 section 4)."""
    other = name.swapcase()
    if other == name:
        return
    if probe.finds(kind, ident, (kind.name_attribute, other)):
        probe.note(_check_of(kind), "case is ignored")
    else:
        probe.note(_check_of(kind), "case matters in names", status=WARNING, filter_case="exact")


def _joined(probe: Probe, kind: ResourceType, ident: str, clauses: list[tuple[str, str]]) -> None:
    if all(probe.finds(kind, ident, *one) for one in (clauses, clauses[::-1])):
        probe.note(_check_of(kind), "comparisons can be joined by or")
    else:
        found = "comparisons cannot be joined by or"
        probe.note(_check_of(kind), found, status=WARNING, filter_clauses=1)


def _sample(probe: Probe, kind: ResourceType) -> Resource | None:
    """Return a resource with a plain name, None if the first page has none."""
    for one in probe.rows(kind) or ():
        name = one.get(kind.name_attribute)
        if is_fake(probe.service.capabilities, one):
            continue
        if isinstance(name, str) and name and PLAIN.issuperset(name.lower()) and "id" in one:
            return one
    return None
