"""Lays a copy of the checkout where Ansible looks for a collection.

Knows nothing of what happens there.
"""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
from pathlib import Path

from environment import ROOT


def git_files() -> list[str] | None:
    """Return what git tracks or would track, or None if there is no git."""
    if not (ROOT / ".git").exists():
        return None
    command = [
        "git",
        "-C",
        str(ROOT),
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [name for name in dict.fromkeys(result.stdout.split("\0")) if name]


def walked_files() -> list[str]:
    """Return the same without git, by the simple patterns of our .gitignore."""
    patterns = [
        line.strip().strip("/")
        for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ]
    patterns = [
        ".git",
        *(pattern for pattern in patterns if pattern and not pattern.startswith("#")),
    ]

    def ignored(path: str) -> bool:
        names = (path, os.path.basename(path))
        return any(fnmatch.fnmatch(name, pattern) for name in names for pattern in patterns)

    found = []
    for folder, folders, files in os.walk(ROOT):
        place = Path(os.path.relpath(folder, ROOT))
        folders[:] = [name for name in folders if not ignored(str(place / name))]
        found += [str(place / name) for name in files if not ignored(str(place / name))]
    return found


def copy(destination: Path) -> Path:
    """Copy the checkout below destination and return the folder of the collection."""
    collection = destination / "ansible_collections" / "identity" / "scim"
    for name in git_files() or walked_files():
        source, target = ROOT / name, collection / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return collection
