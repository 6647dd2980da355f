# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML: values as they are written, without surprises, and without an end of memory."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._input.items import BadFile, Item
from ansible_collections.identity.scim.plugins.module_utils._input.yaml_rows import yaml_items

BOMB = "x-a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"x-{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi")
)
TEXT = st.text("abnoNulyes0123.-:~ '\"{}&*é\n", max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner),
    max_leaves=6,
)


def items(text: str) -> list[Item]:
    return list(yaml_items(io.StringIO(text)))


def value(text: str) -> Any:
    (item,) = items(f"- a: {text}\n")
    assert not item.problem
    return item.value["a"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("true", "true"),
        ("00123", "00123"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1.10", "1.10"),
        ("2026-11-24", "2026-11-24"),
        ("12:30:45", "12:30:45"),
        (".inf", ".inf"),
        ("Null", "Null"),
        ("null", None),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ("''", ""),
        ("!!str null", "null"),
        ("{b: no}", {"b": "no"}),
        ("[1, no]", ["1", "no"]),
        ("|\n    x\n    y\n", "x\ny\n"),
        ("'{{ x }}'", "{{ x }}"),
    ],
)
def test_b5_values_stay_as_they_were_written(text: str, found: Any) -> None:
    assert value(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("true", True),
        ("no", "no"),
        ("12", 12),
        ("00123", "00123"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("'12'", "12"),
        ("[true, {x: false}]", [True, {"x": False}]),
        ("null", None),
    ],
)
def test_attributes_hold_values_of_json(text: str, found: Any) -> None:
    (item,) = items(f"- attributes:\n    badge: {text}\n")
    assert item.value == {"attributes": {"badge": found}}


@given(st.lists(VALUES, min_size=1, max_size=3))
def test_what_json_holds_is_the_same_in_attributes_of_yaml(rows: list[Any]) -> None:
    for dump in (yaml.safe_dump, json.dumps):
        text = dump([{"attributes": {"x": one}} for one in rows])
        assert [one.value["attributes"]["x"] for one in items(text)] == rows


def test_lines_and_sections() -> None:
    text = (
        "# a roster\nx-note: {a: b}\nusers:\n- a: b\nteam_roster:\n- members:\n  - c: d\ngroups:\n"
    )
    first, second = items(text)
    assert (first.line, first.section, second.line, second.section) == (4, "users", 6, "teams")
    assert second.value["members"][0].line == 7


def test_anchors_and_merges() -> None:
    text = (
        "x-d: &d {title: Rep, active: true}\nusers:\n- {<<: *d, title: Boss}\n- <<: [*d, {a: b}]\n"
    )
    assert [one.value for one in items(text)] == [
        {"title": "Boss", "active": True},
        {"title": "Rep", "active": True, "a": "b"},
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no row"),
        ("# nothing\n---\n", "has no row"),
        ("[]", "has no row"),
        ("users:\n", "has no row"),
        ("just text", "is not a roster; "),
        ("- a: b\n---\n- a: c\n", "line 2 begins a second document; "),
        ("- a: b\n\tc: d\n", "line 2 is not valid YAML: found "),
        ("- a: {{ x }}\n", "line 1 has a key that is not text; a file is not templated"),
        ("- ? [a]\n  : b\n", "line 1 has a key that is not text"),
        ("- a: *x\n", "line 1 has the alias *x without an anchor"),
        ("- &x [*x]\n", "line 1 has the alias *x without an anchor"),
        ("- a: !vault x\n", "line 1 has the tag !vault; "),
        ("- !!python/object/apply:os.system [x]\n", "line 1 has the tag python/object/apply:os"),
        ("- a: !!int 5\n", "line 1 has the tag int; "),
        ("- <<: x\n", "line 1 has a << that is not a dictionary"),
        ("people:\n- a: b\n", "line 1 has the unknown key people; "),
        ("users:\n- a: b\nusers:\n- a: c\n", "line 3 has users a second time"),
        ("users:\n  a: b\n", "line 2 must begin a list of rows below users"),
        ("- a: b\n  'c\n", "line 3 is not valid YAML: "),
        ("- attributes: {a: 99999999999999999999}\n", "line 1 has a number of more than 64 bits"),
        ("- " + "[" * 60 + "]" * 60, "line 1 is nested too deeply"),
        ("- a: \x01\n", "is not valid YAML: "),
    ],
)
def test_b4_what_is_no_roster_is_one_sentence(text: str, said: str) -> None:
    with pytest.raises(BadFile) as info:
        items(text)
    assert said in str(info.value) if said.startswith("is ") else str(info.value).startswith(said)
    assert "\n" not in str(info.value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{a: 1, a: 2}", "a"),
        ("{x: {a: 1, a: 2}}", "a"),
        ("{<<: {a: 1}, b: 2, <<: {a: 3}}", "<<"),
        ("{x: {<<: {a: 1}, <<: [{a: 3}]}}", "<<"),
    ],
)
def test_b4_a_key_that_is_there_twice_is_a_problem_of_its_row(text: str, key: str) -> None:
    found = items(f"- {text}\n- {{a: 1}}\n")
    assert [one.problem for one in found] == [f"has the key {key} twice; remove one", ""]


@pytest.mark.parametrize("end", ["users: [*i]\n", "users:\n- {a: *i}\n- {a: *i}\n"])
def test_b16_aliases_that_explode_are_refused(end: str) -> None:
    """B16: 9⁹ nodes, in little memory."""
    tracemalloc.start()
    with pytest.raises(BadFile, match="all aliases stand for more than 16 MiB; write fewer"):
        items(BOMB + end)
    _used, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


def test_texts_count_in_aliases_by_their_length() -> None:
    text = f"x-a: &a {'x' * 100_000}\nusers:\n" + "- {a: *a}\n" * 200
    with pytest.raises(BadFile, match="all aliases stand for more than 16 MiB"):
        items(text)


@pytest.mark.parametrize("fast", [True, False])
def test_ten_thousand_users_are_composed_one_at_a_time(
    fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not fast:
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    count = 10_000 if fast else 100
    user = "- user_name: u{0}\n  emails:\n  - {{value: u{0}@x.org, type: work, primary: true}}\n"
    text = io.StringIO("".join(user.format(number) for number in range(count)))
    tracemalloc.start()
    assert sum(1 for _one in yaml_items(text)) == count
    _used, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20
