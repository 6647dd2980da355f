# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arithmetic of ``make bench``, its choices, and one run of what needs no playbook."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bench
import bench_figures as figures
import bench_sections
import environment
import pytest
from bench_figures import Figure
from bench_runs import Bench, Broken


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure(text="a", value=0.10, goal=0.10), "pass"),
        (Figure(text="a", value=0.11, goal=0.10), "short"),
        (Figure(text="a", value=95, goal=95, at_least=True), "pass"),
        (Figure(text="a", value=94.9, goal=95, at_least=True), "short"),
        (Figure(text="a", value=7), ""),
        (Figure(text="a", goal=1, lacking="no src"), "not built"),
        (Figure(text="a", value=9, goal=1).unjudged(), ""),
    ],
)
def test_verdict(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


def test_line_has_figure_goal_and_verdict() -> None:
    line = Figure(text="wall", value=2.345, unit="s", goal=1).line()
    assert line.split() == ["wall", "2.35", "s", "≤", "1.00", "s", "SHORT"]
    line = Figure(text="rate", value=97, unit="%", goal=95, at_least=True).line()
    assert line.split() == ["rate", "97.0", "%", "≥", "95.0", "%", "pass"]
    line = Figure(text="wall", lacking="no src").line()
    assert line.split() == ["wall", "(no", "src)", "not", "built"]
    assert Figure(text="wall", value=1, unit="s").line().split() == ["wall", "1.00", "s"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (11, "", "11"),
        (12345, "", "12,345"),
        (0, "s", "0.00 s"),
        (0.0123, "s", "0.012 s"),
        (0.5, "×", "0.5 ×"),
        (1.234, "×", "1.23 ×"),
        (123.4, "MiB", "123 MiB"),
        (14.96, "µs", "15.0 µs"),
        (4482.1, "ms", "4,482 ms"),
    ],
)
def test_amount(value: float, unit: str, text: str) -> None:
    assert figures.amount(value, unit) == text


def test_ratio_is_the_median_of_rounds() -> None:
    """One slow round of the machine changes both, and so nothing."""
    assert figures.ratio([1.0, 30.0, 1.2], [2.0, 60.0, 2.0]) == 0.5
    with pytest.raises(ValueError):
        figures.ratio([1.0], [1.0, 2.0])


@pytest.mark.parametrize(("total", "fewest"), [(0, 1), (1, 1), (1000, 1), (1001, 2), (10_000, 10)])
def test_fewest_pages(total: int, fewest: int) -> None:
    assert figures.pages(total, 1000) == fewest


def test_fewest_of_bulk_and_ideal_times() -> None:
    assert figures.bulk_writes(1000, 100) == 11
    assert figures.bulk_writes(1001, 100) == 12
    assert figures.load_seconds(1000, 0.02, 8) == 2.5
    assert figures.limited_seconds(1001, 50, 50) == 19.02
    assert figures.limited_seconds(10, 50, 50) == 0.0
    assert figures.share(1, 4) == 25
    assert figures.share(0, 0) == 0


def test_totals_count_judged_lines() -> None:
    found = [
        Figure(text="a", value=1, goal=1),
        Figure(text="a", value=2, goal=1),
        Figure(text="a", value=1),
        Figure(text="a", lacking="no src"),
    ]
    assert figures.totals(found) == "1 pass, 1 short, 1 not built"


def test_all_sections_of_the_usual_size_unless_chosen() -> None:
    assert bench.chosen({"ONLY": "", "SIZE": ""}) == (list(bench_sections.SECTIONS), 0)
    assert bench.chosen({"ONLY": "task, loop", "SIZE": "2_000"}) == (["task", "loop"], 2000)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"ONLY": "tasks"}, "no section 'tasks'; ONLY must be of: task, loop"),
        ({"SIZE": "0"}, "SIZE must be a whole number above 0, not '0'"),
        ({"SIZE": "many"}, "SIZE must be"),
    ],
)
def test_unknown_choice_is_one_sentence(environ: dict[str, str], message: str) -> None:
    with pytest.raises(Broken) as error:
        bench.chosen(environ)
    assert str(error.value).startswith(message)


class Nothing:
    """A bench for which nothing is built, and which must not be asked to run anything."""

    def has(self, option: str) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was used")


@pytest.mark.parametrize("name", ["yaml", "role"])
def test_what_is_not_built_is_a_line_without_a_value(name: str) -> None:
    found = list(bench.lines(Nothing(), name, 0))
    assert found and {one.verdict for one in found} == {"not built"}


def test_another_size_leaves_goals_in_seconds_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(_bench: Bench, users: int) -> Iterator[Figure]:
        yield Figure(text=str(users), value=9, unit="s", goal=1)
        yield Figure(text="ratio", value=9, unit="×", goal=1)

    section = bench_sections.Section(work, 1000, "a section")
    monkeypatch.setitem(bench_sections.SECTIONS, "sample", section)
    usual = list(bench.lines(Nothing(), "sample", 0))
    assert [(one.text, one.verdict) for one in usual] == [("1000", "short"), ("ratio", "short")]
    other = list(bench.lines(Nothing(), "sample", 7))
    assert [(one.text, one.verdict) for one in other] == [("7", ""), ("ratio", "short")]


def test_pages_of_the_floor_are_those_of_a_listing() -> None:
    first, rest = bench_sections.listing_stages(2500, 200)
    assert [one[1] for one in first] == [
        "/v2/Users?startIndex=1&count=1000",
        "/v2/Groups?startIndex=1&count=1000",
    ]
    assert [one[1] for one in rest] == [
        "/v2/Users?startIndex=1001&count=1000",
        "/v2/Users?startIndex=2001&count=1000",
    ]


def test_core_and_floor_are_measured_beside_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The programs run, the roster is unchanged, and every request is counted."""
    monkeypatch.setattr(bench_sections, "ROUNDS", 1)
    runs = Bench(tmp_path, environment.Environment(Path(sys.prefix), "of the tests"))
    with runs.server.bench_server() as url:
        runs.url = url
        found = {one.text: one for one in bench_sections.large_groups(runs, 100)}
    (requests,) = [one for text, one in found.items() if text.endswith("requests")]
    assert requests.value is not None and requests.value >= 2
    assert found["  wire floor"].value and found["  wire floor"].value >= 0.1
    assert not [one for one in found.values() if one.value is None]
