# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What works on a service and what does not, in words, from the page of all results.

Knows the text of that page, and imports nothing of the collection.
"""

from __future__ import annotations

import re
import textwrap

WIDTH = 120
HEADING = "## What works and what does not"
TRIED = (
    "Tried on an imitation of the service with this profile and no other setting. "
    "[results.md](results.md) says what the words mean."
)
WHAT = {
    "users": "one user is created, changed, deactivated, reactivated, deleted and read",
    "story": "the story of an office, with all nine modules",
    "role": "two teams are onboarded, users move between them, and one team is offboarded",
    "120 users": "six teams and one group of all, then joiners, movers, leavers, renames and new "
    "addresses",
    "read-only token": "check mode and the modules that only read, with a token that may not write",
}
VERDICTS = {"works": "works", "works, see below": "works, with a limit", "refused": "is refused"}


def section(name: str, results: str) -> str:
    """Return the part of the page of a service about its results, with its heading.

    ``results`` is the page of all results. The part is empty if the service is not on it.
    """
    row = next((one for one in results.splitlines() if f"(`{name}`) |" in one), "")
    if not row:
        return ""
    verdicts = [one.strip() for one in row.split("|")[2:-1]]
    told = _details(name, results)
    lines = [HEADING, "", *_wrapped(TRIED), ""]
    for scenario, verdict in zip(WHAT, verdicts, strict=True):
        said = VERDICTS.get(verdict, verdict)
        lines += _wrapped(f"**{scenario}** {said}: {WHAT[scenario]}", "- ", "  ")
        for detail in told.get(scenario, ()):
            lines += _wrapped(detail, "  - ", "    ")
    return "\n".join(lines) + "\n"


def with_section(text: str, name: str, results: str) -> str:
    """Return the page of a service with its results as they are now."""
    before, _heading, old = text.partition(HEADING)
    _old, mark, after = old.partition("\n## ")
    return f"{before}{section(name, results)}{mark}{after}"


def _details(name: str, results: str) -> dict[str, list[str]]:
    """Return what is said of a service below the table, by scenario."""
    part = re.search(rf"\n### {re.escape(name)}\n(.*?)(?=\n### |\Z)", results, re.DOTALL)
    found: dict[str, list[str]] = {}
    for item in re.split(r"^- ", part[1] if part else "", flags=re.MULTILINE)[1:]:
        scenario, _colon, said = " ".join(item.split()).partition(": ")
        told = said.removeprefix("refused: ").removeprefix("fails: ")
        found.setdefault(scenario.strip("*"), []).append(told)
    return found


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
