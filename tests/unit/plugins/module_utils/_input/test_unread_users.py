# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows that are not decoded pass a check only if they would pass when decoded, and say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.plain_rows import (
    LONGEST,
    is_plain_user,
    kind_of_text,
)
from ansible_collections.identity.scim.plugins.module_utils._input.plain_users import may_wait
from ansible_collections.identity.scim.plugins.module_utils._input.roster import Roster, roster_of
from ansible_collections.identity.scim.plugins.module_utils._input.unread_users import UnreadUsers
from ansible_collections.identity.scim.plugins.module_utils._model import layouts
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.unread import (
    Unread,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.unread_objects import (
    pattern_of,
)

NEVER = 10**9
TEXTS = st.sampled_from(
    (
        "ann",
        "Bob",
        "",
        " c",
        "d*d",
        "é",
        "zo\u00e9",
        "\u200b",
        "\u00a0x",
        "x\ty",
        "\x7f",
        'a"b',
        "x y",
    )
)
MAILS = st.sampled_from(("a@x.org", "B@y.org", "a@x.org", "no mail", "a@x..org", "ä@x.org", ""))
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"value": MAILS},
        optional={"type": st.sampled_from(("work", "home", " x")), "primary": st.booleans()},
    ),
    max_size=3,
)
ROWS = st.fixed_dictionaries(
    {"user_name": TEXTS},
    optional={
        "external_id": TEXTS,
        "title": TEXTS,
        "titel": TEXTS,
        "active": st.sampled_from((True, False, None, "yes")),
        "state": st.sampled_from(("present", "inactive", "gone")),
        "emails": ENTRIES,
        "phone_numbers": ENTRIES,
        "name": st.fixed_dictionaries({}, optional={"given_name": TEXTS, "nick": TEXTS}),
        "enterprise": st.fixed_dictionaries({}, optional={"department": TEXTS, "manager": TEXTS}),
        "teams": st.sampled_from(
            (["Sales"], ["Sales", "Board"], ["Sales", "Sales"], [], "Sales", None, [1], [""])
        ),
    },
)
SAMPLE = {
    "user_name": "pam",
    "emails": [{"value": "p@x.org", "type": "work"}, {"value": "q@x.org", "type": "home"}],
    "enterprise": {"manager": "jim"},
    "teams": ["Sales"],
}


def shown(found: Roster) -> Any:
    """All that a roster says."""
    return (
        [*found.users],
        [found.users.place(one) for one in range(len(found.users))],
        [found.users.waits(one) for one in range(len(found.users))],
        [*found.groups],
        [(one.place, one.settings, [*one.members], [*one.members.indexes]) for one in found.teams],
    )


def told(path: Path, monkey: pytest.MonkeyPatch, first: int, **params: Any) -> Any:
    monkey.setattr(layouts, "FIRST", first)
    secrets: list[Any] = []
    try:
        return shown(roster_of({"src": str(path), **params}, secrets)), secrets
    except ScimError as error:
        return str(error), secrets


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ROWS,
    st.lists(st.tuples(st.integers(0, 2), ROWS), max_size=6),
    st.sampled_from((".json", ".ndjson", "teams")),
    st.sampled_from((None, ["email"], ["user_name"])),
)
def test_a_file_says_the_same_if_its_rows_are_decoded(
    tmp_path: Path, first: dict[str, Any], more: list[Any], form: str, match_by: Any
) -> None:
    rows = [first]
    for kind, other in more:
        if kind:
            # The same names, with other texts.
            texts = [one for one in other.values() if isinstance(one, str)]
            rows.append({**first, "user_name": texts[-1]} if kind == 1 else other)
        else:
            rows.append(other)
    path = tmp_path / ("x.ndjson" if form == ".ndjson" else "x.json")
    if form == ".ndjson":
        text = "\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
    elif form == ".json":
        text = json.dumps(rows, ensure_ascii=False, indent=1)
    else:
        text = json.dumps({"users": rows, "groups": [{"display_name": "G"}, *rows]})
    path.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as monkey:
        decoded = told(path, monkey, NEVER, match_by=match_by)
        assert told(path, monkey, 1, match_by=match_by) == decoded
    event(f"refused: {isinstance(decoded[0], str)}")


@settings(max_examples=300, deadline=None)
@given(ROWS, ROWS)
def test_a_row_passes_only_if_it_would_pass_when_decoded(
    sample: dict[str, Any], other: dict[str, Any]
) -> None:
    text = json.dumps(sample, ensure_ascii=False)
    pattern = pattern_of(text, sample, kind_of_text)
    if pattern is None:
        return
    users = UnreadUsers()
    for row in (sample, {**sample, "user_name": other["user_name"]}, other):
        found = pattern.match(json.dumps(row, ensure_ascii=False))
        if found is None:
            continue
        user = users.user(pattern.unread(found))
        if user is not None:
            own = {name: value for name, value in row.items() if name != "teams"}
            assert is_plain_user(own) and may_wait(own)
            assert user.frame.filled(user.texts.split("\n")) == own
            assert [*user.teams] == [*(row.get("teams") or ())]


def unread(**more: Any) -> Unread | None:
    """A row that is laid out as the sample, with other values."""
    pattern = pattern_of(json.dumps(SAMPLE), SAMPLE, kind_of_text)
    assert pattern is not None
    found = pattern.match(json.dumps({**SAMPLE, **more}, ensure_ascii=False))
    return None if found is None else pattern.unread(found)


def passes(row: Unread | None) -> bool:
    users = UnreadUsers()
    sample = unread()
    assert sample is not None and users.user(sample) is not None
    return row is not None and users.user(row) is not None


@pytest.mark.parametrize(
    "more",
    [
        {"user_name": ""},
        {"user_name": " pam"},
        {"user_name": "p*m"},
        {"user_name": "p\u200bm"},
        {"user_name": "päm"},
        {"user_name": "p" * LONGEST},
        {"enterprise": {"manager": "jüm"}},
        {"emails": [{"value": "p@x", "type": "work"}, {"value": "p@x", "type": "home"}]},
        {"emails": [{"value": "p", "type": "work"}, {"value": "q@x", "type": "home"}]},
        {"emails": [{"value": "p@x", "type": "WORK"}, {"value": "q@x", "type": "home"}]},
        {"teams": [1]},
    ],
)
def test_a_row_that_may_be_wrong_is_decoded(more: dict[str, Any]) -> None:
    assert not passes(unread(**more))


@pytest.mark.parametrize(
    "more",
    [{"user_name": "jim"}, {"teams": ["Café"]}, {"enterprise": {"manager": "J. H."}}],
)
def test_a_row_that_is_certainly_right_passes(more: dict[str, Any]) -> None:
    assert passes(unread(**more))


def test_rows_laid_out_alike_share_one_frame() -> None:
    users = UnreadUsers()
    frames = set()
    for blanks in (None, 1):
        for teams in (["Sales"], ["Sales", "Board"], []):
            row = {**SAMPLE, "teams": teams}
            text = json.dumps(row, indent=blanks)
            pattern = pattern_of(text, row, kind_of_text)
            assert pattern is not None
            found = pattern.match(text)
            assert found is not None
            user = users.user(pattern.unread(found))
            assert user is not None and [*user.teams] == teams
            frames.add(user.frame)
    assert len(frames) == 1
