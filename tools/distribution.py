"""Checks what is published: licences, requirements, and the import by Galaxy.

Runs in the environment of those tools. Prints one line for each check that passed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CONFIG = """\
[galaxy-importer]
CHECK_CHANGELOG = True
CHECK_RUNTIME_YAML = True
CHECK_REQUIRED_TAGS = True
RUN_ANSIBLE_TEST = False
"""
DONE = "Importer processing completed successfully"
# The importer ends with 0 after these as well. What it says in passing is no fault.
FAULTS = ("ERROR", "WARNING")
HARMLESS = ("No changelog found", "ansible-lint")


def run(command: list[str], folder: Path, **variables: str) -> str:
    """Return the output of a command. End the program with it if the command fails."""
    result = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        sys.exit(f"{' '.join(command[:3])}: exit {result.returncode}\n{result.stdout}")
    return result.stdout


def check_licences(collection: Path) -> None:
    """End the program if a file has no copyright or licence (REUSE specification)."""
    run([sys.executable, "-m", "reuse", "lint"], collection)
    print("passed: each file has a copyright and a licence")


def missing_requirements(collection: Path, introspected: str) -> list[str]:
    """Return the lines of our requirements that ansible-builder did not find."""
    lines = (collection / "meta/ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    found = {line.partition("#")[0].strip(" -'\"") for line in introspected.splitlines()}
    return [line for line in lines if line and line not in found]


def check_execution_environment(collection: Path) -> None:
    """End the program unless ansible-builder finds our Python requirements."""
    with tempfile.TemporaryDirectory() as folder:
        galaxy = str(Path(sys.executable).with_name("ansible-galaxy"))
        installing = f"collection install --offline --force --collections-path {folder}".split()
        run([galaxy, *installing, str(collection)], collection)
        builder = str(Path(sys.executable).with_name("ansible-builder"))
        output = run([builder, "introspect", folder], collection)
    missing = missing_requirements(collection, output)
    if missing:
        sys.exit(f"ansible-builder does not find {', '.join(missing)}:\n{output}")
    print("passed: ansible-builder finds the Python requirements")


def is_fault(line: str) -> bool:
    """Return whether a line of the importer says that something is wrong."""
    return line.startswith(FAULTS) and not any(word in line for word in HARMLESS)


def check_import(collection: Path) -> None:
    """End the program unless Galaxy imports the collection without a fault."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = Path(sys.executable).with_name("ansible-galaxy")
        run([str(program), "collection", "build", "--output-path", name], collection)
        (artifact,) = folder.glob("*.tar.gz")
        config = folder / "importer.cfg"
        config.write_text(CONFIG, encoding="utf-8")
        command = [sys.executable, "-m", "galaxy_importer.main", artifact.name]
        output = run(command, folder, GALAXY_IMPORTER_CONFIG=str(config))
    faults = [one for one in output.splitlines() if is_fault(one)]
    if faults or DONE not in output:
        sys.exit("\n".join(faults) or output)
    print("passed: Galaxy imports the collection")


if __name__ == "__main__":
    check_licences(Path.cwd())
    check_execution_environment(Path.cwd())
    check_import(Path.cwd())
