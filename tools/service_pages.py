# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a page for each profile: what it sets, and who says so.

Knows profiles and the page of results, and runs nothing. ``docs.py`` makes the collection
importable first.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.identity.scim.tests.rehearsal.told import section

FOLDER = "docs/services"
WIDTH = 120
TEAMS = """  roles:
    - role: identity.scim.team
      team_roster: "{{{{ lookup('ansible.builtin.file', '{file}') | from_yaml }}}}\""""
USERS = """  tasks:
    - name: Manage the users
      identity.scim.scim_directory:
        users: "{{{{ lookup('ansible.builtin.file', '{file}') | from_yaml }}}}\""""
TOKEN = {
    "base_url": "Base URL (`server_url`)",
    "made": "How a token is made",
    "rights": "Rights that it needs",
    "lasts": "How long it is valid",
    "cannot": "What it cannot do",
}
PROFILE = (
    "Each value comes from the source behind it. [capabilities.md](../capabilities.md) explains "
    "the names."
)
TEMPLATES = Path(__file__).resolve().parent / "templates"
ROOT = TEMPLATES.parents[1]


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def _value(value: Any) -> str:
    return json.dumps(value) if not isinstance(value, str) else value


def _example(name: str, profile: Any) -> dict[str, str]:
    """Return the work of the play of a page, and what is told of its file."""
    note, work = "", TEAMS
    own = f"roster-{name}.yml"
    file = own if (ROOT / FOLDER / own).exists() else "roster.yml"
    if profile.values.get("groups", (True,))[0] is False:
        note, work, file = "The service has no groups, so there are no teams. ", USERS, "users.yml"
    elif profile.values.get("create", ({},))[0].get("groups") is False:
        note = "Make its groups first: the service does not create them. "
    told = f"[{file}]({file}) is tested with this profile. {note}"
    told += "Rehearse yours first, without touching the service:"
    return {"work": work.format(file=file), "told": _wrapped(told)}


def page(name: str, profile: Any, written: str, results: str) -> str:
    """Return the page of one profile. ``results`` is the page of all results."""
    recognised = "its address is recognised" if profile.addresses else "it must be named"
    text = _template("service.md").format(
        written=written,
        title=profile.title,
        name=name,
        recognised=recognised,
        **_example(name, profile),
    )
    text += "\n## Address and token\n\n"
    for part, words in TOKEN.items():
        fact = getattr(profile.token, part)
        told = f"**{words}**: {fact.text}" + (f" ({fact.source})" if fact.source else "")
        text += f"{_wrapped(told, '- ', '  ')}\n"
    text += f"\n{section(name, results)}"
    if profile.limits:
        text += "\n## Limits\n\n"
        text += "".join(f"{_wrapped(one, '- ', '  ')}\n" for one in profile.limits)
    text += "\n## What the profile says\n\n"
    text += f"{_wrapped(PROFILE)}\n\n"
    if profile.addresses:
        sources = "; ".join(dict.fromkeys(one.source for one in profile.addresses))
        text += f"{_wrapped(f'its address ({sources})', '- ', '  ')}\n"
    for capability, (value, source) in profile.values.items():
        line = f"`{capability}: {_value(value)}` ({source})"
        text += f"{_wrapped(line, '- ', '  ')}\n"
    return text


def index(profiles: Mapping[str, Any], written: str) -> str:
    """Return the page that lists all profiles."""
    rows = []
    for name in sorted(profiles):
        known = "yes" if profiles[name].addresses else "no"
        rows.append(f"| [{profiles[name].title}]({name}.md) | `{name}` | {known} |")
    return _template("services.md").format(written=written, rows="\n".join(rows))


def files(profiles: Mapping[str, Any], written: str, root: Path) -> dict[str, Callable[[str], str]]:
    """Return how each page is written, by its path below ``root``."""
    results = (root / FOLDER / "results.md").read_text(encoding="utf-8")
    found: dict[str, Callable[[str], str]] = {
        f"{FOLDER}/README.md": lambda _old: index(profiles, written)
    }
    for name, profile in profiles.items():
        found[f"{FOLDER}/{name}.md"] = _rendering(name, profile, written, results)
    return found


def _rendering(name: str, profile: Any, written: str, results: str) -> Callable[[str], str]:
    return lambda _old: page(name, profile, written, results)
