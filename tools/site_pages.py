"""Lints and builds the documentation site: guides, and a page for each plugin.

Leaves the pages in .build/site. References to other projects need the network and are not checked.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import environment
import tree

COLLECTION = "identity.scim"
TARGET = environment.ROOT / ".build/site"
# Lines of Sphinx about guides are mistakes of ours, except for labels of other projects.
GUIDE = "/docsite/guide_"
ELSEWHERE = "ansible_collections.identity.scim"


def mistakes(output: str) -> list[str]:
    """Return the warnings and errors of Sphinx about guides."""
    found = []
    for line in output.splitlines():
        is_label = "label" in line or "reference target" in line
        if GUIDE in line and (not is_label or ELSEWHERE in line.partition(": ")[2]):
            found.append(line)
    return found


def run(command: list[str], folder: Path, env: environment.Environment, collections: Path) -> str:
    """Return the output of a program. End ours with it if the program fails."""
    result = subprocess.run(
        [str(env.bin / command[0]), *command[1:]],
        cwd=folder,
        env={**env.variables(), "ANSIBLE_COLLECTIONS_PATH": str(collections)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        sys.exit(f"{' '.join(command[:3])}: exit {result.returncode}\n{result.stdout}")
    return result.stdout


def build(env: environment.Environment, folder: Path) -> str:
    """Build the pages below ``folder`` and return what Sphinx said."""
    collection = tree.copy(folder)
    site = folder / "site"
    site.mkdir()
    run(["antsibull-docs", "lint-collection-docs", "--plugin-docs", "."], collection, env, folder)
    beginning = "sphinx-init --use-current --squash-hierarchy --dest-dir".split()
    run(["antsibull-docs", *beginning, str(site), COLLECTION], site, env, folder)
    (site / "rst").mkdir(exist_ok=True)
    os.chmod(site / "rst", 0o755)  # the program refuses a folder that others may write to
    pages = "--config-file antsibull-docs.cfg collection --cleanup everything --use-current".split()
    rest = ["--squash-hierarchy", "--dest-dir", "rst", COLLECTION]
    run(["antsibull-docs", *pages, *rest], site, env, folder)
    return run("sphinx-build -M html rst build -c . --keep-going".split(), site, env, folder)


def main() -> int:
    """Build the site and return the exit code."""
    env = environment.for_site(*environment.newest())
    with tempfile.TemporaryDirectory(prefix="scim-site-") as name:
        wrong = mistakes(build(env, Path(name)))
        shutil.rmtree(TARGET, ignore_errors=True)
        shutil.copytree(Path(name) / "site/build/html", TARGET)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"The documentation site: {TARGET / 'index.html'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except environment.Missing as missing:
        sys.exit(str(missing))
