"""Draws docs/picture.svg: the first play of the README, run three times.

Every line in it comes from a real run on a demo server behind a recorder that counts requests.
"""

from __future__ import annotations

import re
import sys
import tempfile
from html import escape
from pathlib import Path

import demo
import environment

README = environment.ROOT / "README.md"
PICTURE = environment.ROOT / "docs/picture.svg"
PLAY = "accounting.yml"
WITH_REQUESTS = environment.ROOT / "docs/examples/with_uri.yml"
RUNS = (("check", ("--check", "--diff")), ("run", ()), ("run again", ()))
# What is shown of the output of Ansible, and where a line ends.
SHOWN = re.compile(r"^(TASK \[.*\]|(?:changed|ok): .*|\+\+\+ after: .*|localhost +: .*failed=\d+)")
WIDTH, LINE, TOP, LEFT = 780, 20, 40, 24
COLOURS = {"$": "#e6edf3", "+": "#7ee787", "c": "#e3b341", "o": "#7ee787", "=": "#79c0ff"}
PLAIN = "#9da7b3"


class Session(demo.Story):
    """The play of the README on a server of its own."""

    options: tuple[str, ...] = ()
    playbook = PLAY

    def command(self, extra: dict[str, object]) -> list[str]:
        """Return the command of one run."""
        return [str(self.env.bin / "ansible-playbook"), self.playbook, *self.options]

    def variables(self) -> dict[str, str]:
        """Return the environment of the run, without an inventory of the machine."""
        quiet = {"ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0"}
        empty = {"ANSIBLE_INVENTORY": str(self.folder / "ansible.cfg")}
        return {**super().variables(), **quiet, **empty}


def play_of_readme() -> str:
    """Return the first play of the README."""
    text = README.read_text(encoding="utf-8")
    return text.partition("```yaml\n")[2].partition("```")[0]


def panels(env: environment.Environment) -> list[tuple[str, list[str]]]:
    """Run the play three times and return a title and lines for each run."""
    found = []
    with tempfile.TemporaryDirectory(prefix="scim-picture-") as name:
        folder = Path(name)
        session = Session(env, folder, None)
        (folder / PLAY).write_text(play_of_readme(), encoding="utf-8")
        try:
            session.start()
            for number, (title, options) in enumerate(RUNS, 1):
                session.options = options
                run = session.play(title)
                output = (folder / f"play-{number:02}.log").read_text(encoding="utf-8")
                matches = [SHOWN.match(line) for line in output.splitlines()]
                lines = [match[1] for match in matches if match]
                counts = f"= the server got {run.requests} requests, {run.writes} of them writes"
                command = " ".join(["$ ansible-playbook", PLAY, *options])
                found.append((title, [command, *lines, counts]))
        finally:
            session.stop()
    return found


def with_requests(env: environment.Environment) -> list[demo.Run]:
    """Return two runs of the play that does the same with requests."""
    with tempfile.TemporaryDirectory(prefix="scim-picture-") as name:
        session = Session(env, Path(name), None)
        session.playbook = str(WITH_REQUESTS)
        try:
            session.start()
            return [session.play("with requests") for _again in range(2)]
        finally:
            session.stop()


def svg(found: list[tuple[str, list[str]]]) -> str:
    """Return the picture of the panels."""
    rows: list[str] = []
    y = TOP
    for title, lines in found:
        rows.append(f'<text class="title" x="{LEFT}" y="{y}">{escape(title)}</text>')
        for line in lines:
            y += LINE
            colour = COLOURS.get(line[0], PLAIN)
            text = escape(re.sub(r" {3,}", "  ", line.removeprefix("= ")))
            rows.append(f'<text x="{LEFT}" y="{y}" fill="{colour}">{text}</text>')
        y += 2 * LINE
    height = y - LINE
    said = "; ".join(f"{title}: {lines[-1].removeprefix('= ')}" for title, lines in found)
    beginning = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(said)}</title>",
        "<style>text { font: 14px ui-monospace, Menlo, Consolas, monospace; white-space: pre }",
        ".title { fill: #e6edf3; font-weight: bold }</style>",
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#0d1117"/>',
    )
    return "\n".join([*beginning, *rows, "</svg>", ""])


def main() -> int:
    """Draw the picture and return the exit code."""
    drawn = svg(panels(environment.for_line(*environment.newest())))
    PICTURE.write_text(drawn, encoding="utf-8")
    print(f"{PICTURE.relative_to(environment.ROOT)} is drawn")
    return 0


if __name__ == "__main__":
    sys.exit(main())
