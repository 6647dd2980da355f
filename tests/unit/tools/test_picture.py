# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the README is what a real run prints."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import environment
import picture


ROW = "| {} | {} | {} | {}, writes: {} |"


def here() -> environment.Environment:
    """Return the environment of the tests as that of the runs."""
    return environment.Environment(Path(sys.prefix), "%d.%d" % sys.version_info[:2])


def lines_of(text: str) -> int:
    """Return the number of lines of code in a playbook."""
    return sum(bool(line.strip("- \n")) and line[0] != "#" for line in text.splitlines() if line)


def test_picture_is_of_a_real_run_and_the_second_run_writes_nothing() -> None:
    found = picture.panels(here())
    check, run, again = (lines for _title, lines in found)
    assert any(" changed=1 " in line for line in run)
    assert any(" changed=0 " in line for line in again)
    assert [lines[-1].split(", ")[1] for lines in (check, run, again)] == [
        "0 of them writes",
        "4 of them writes",
        "0 of them writes",
    ]
    drawn = picture.PICTURE.read_text(encoding="utf-8")
    assert drawn == picture.svg(found), "draw it again: python tools/picture.py"


def test_comparison_of_the_readme_is_counted() -> None:
    first, second = picture.with_requests(here())
    lines = lines_of(picture.WITH_REQUESTS.read_text(encoding="utf-8"))
    counted = ROW.format("a loop of `uri`", lines, first.requests, second.requests, second.writes)
    text = picture.README.read_text(encoding="utf-8")
    assert counted in text, counted
    drawn = picture.PICTURE.read_text(encoding="utf-8")
    ours = [int(number) for number in re.findall(r">the server got (\d+) requests", drawn)]
    counted = ROW.format(
        "`scim_directory`", lines_of(picture.play_of_readme()), ours[1], ours[2], 0
    )
    assert counted in text, counted


def test_text_of_a_run_is_escaped() -> None:
    drawn = picture.svg([("run", ["+++ after: user <b>&", "= the server got 1 requests"])])
    assert "user &lt;b&gt;&amp;" in drawn
    assert "<b>" not in drawn
