"""Finds Pythons and makes the environments that the tools run in.

Knows nothing of what is run there.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import versions

ROOT = Path(__file__).resolve().parent.parent
SERVERS = ROOT / "tests/integration/targets/setup_server/files"
PYTHON_NAMES = [f"python3.{minor}" for minor in range(8, 16)]
# What the caller exports for real work stays out of our runs: settings of Ansible and of Python,
# and the service.
NOT_PASSED_ON = ("ANSIBLE_", "SCIM_", "DEMO_", "PYTHON", "VIRTUAL_ENV")
REQUIREMENTS = (
    "meta/ee-requirements.txt",
    "tests/unit/requirements.txt",
    "tests/integration/requirements.txt",
)

# Stands in for the script that ansible-test downloads to put pip into its own empty environments:
# takes the wheel beside it.
GET_PIP = """\
import glob, os, runpy, sys
here = os.path.dirname(os.path.abspath(__file__))
opts = [a for a in sys.argv[1:] if a not in ("--no-setuptools", "--no-wheel")]
want = next(a for a in opts if a.startswith("pip=="))
sys.path.insert(0, glob.glob(os.path.join(here, want.replace("==", "-") + "-*.whl"))[0])
sys.argv[1:] = ["install", "--no-index", "--find-links", here, *opts]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


class Missing(Exception):
    """Something the machine does not have."""


@dataclass(frozen=True)
class Environment:
    folder: Path
    python_version: str

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    @property
    def python(self) -> Path:
        return self.bin / "python"

    def variables(self) -> dict[str, str]:
        """Return the caller's environment without services and Ansible settings.

        Our programs come first in PATH.
        """
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.upper().startswith(NOT_PASSED_ON)
        }
        own = {
            "PATH": os.pathsep.join([str(self.bin), *search_path()]),
            "PYTHONUNBUFFERED": "1",
            "NO_COLOR": "1",
            "ANSIBLE_NOCOLOR": "1",
        }
        if "UTF-8" not in os.environ.get("LC_ALL", os.environ.get("LANG", "")).upper():
            own["LC_ALL"] = "C.UTF-8"
        return {**kept, **own}


def build_folder() -> Path:
    """Return the folder of all environments, which is outside of the checkout.

    Programs in a folder with a space do not start: the first line of a script cannot name it.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(os.environ.get("SCIM_BUILD_DIR") or os.path.join(cache, "identity.scim"))
    try:
        if " " not in str(folder):
            folder.mkdir(parents=True, exist_ok=True)
            return folder.resolve()
    except OSError:
        pass
    folder = Path(tempfile.gettempdir()) / f"identity.scim-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder.resolve()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process in at a time."""
    with path.with_name(f"{path.name}.lock").open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def seed_key() -> None:
    """Make the key pair that ansible-test makes for integration tests on first use.

    Two stages that begin at the same time on a new machine would both make it, and one would fail.
    """
    key = Path.home() / ".ansible/test/id_rsa"
    with locked(build_folder() / "ssh-key"):
        if key.is_file() and key.with_suffix(".pub").is_file() or not shutil.which("ssh-keygen"):
            return
        key.parent.mkdir(parents=True, exist_ok=True)
        run(["ssh-keygen", "-m", "PEM", "-q", "-t", "rsa", "-N", "", "-f", str(key)])


def read_json(path: Path) -> dict[str, str]:
    content: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return content


def run(command: list[str], env: dict[str, str] | None = None) -> str:
    """Run a step of the making and return what it printed, or raise Missing with it."""
    result = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, env=env
    )
    if result.returncode:
        raise Missing(f"{' '.join(command)} failed:\n{result.stdout}")
    return result.stdout


@functools.cache
def pythons() -> dict[str, Path]:
    """Return every Python that really runs, by version.

    A shim may have no interpreter behind it.
    """
    home = Path.home()
    folders = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    folders += sorted(home.glob(".pyenv/versions/*/bin")) + sorted(
        home.glob(".local/share/uv/python/*/bin")
    )
    folders += [Path("/usr/local/bin"), Path("/opt/homebrew/bin"), Path("/usr/bin")]
    found: dict[str, Path] = {}
    version = "'%d.%d' % sys.version_info[:2]"
    question = f"import os, sys, venv; print({version}, os.path.realpath(sys.executable))"
    for candidate in dict.fromkeys(folder / name for folder in folders for name in PYTHON_NAMES):
        if candidate.name.removeprefix("python") in found or not os.access(candidate, os.X_OK):
            continue
        try:
            answer = subprocess.run(
                [str(candidate), "-c", question],
                capture_output=True,
                text=True,
                timeout=20,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        version, space, executable = answer.stdout.strip().partition(" ")
        if answer.returncode == 0 and f"python{version}" == candidate.name:
            found[version] = Path(executable)
    return found


@functools.cache
def search_path() -> list[str]:
    """Return PATH without shims and with every real Python at its end.

    Shims stop ansible-test.
    """
    kept = [
        entry
        for entry in os.environ.get("PATH", "").split(os.pathsep)
        if entry and Path(entry).name != "shims"
    ]
    return list(dict.fromkeys([*kept, *(str(python.parent) for python in pythons().values())]))


def choose(line: versions.Line) -> str | None:
    """Return the Python for this line of ansible-core, if the machine has one."""
    return next((version for version in line.pythons if version in pythons()), None)


def newest() -> tuple[versions.Line, str]:
    """Return the newest line of ansible-core that has a Python here, and that Python."""
    for line in versions.LINES:
        version = choose(line)
        if version:
            return line, version
    wanted = sorted({version for line in versions.LINES for version in line.pythons})
    raise Missing(f"None of the Pythons {', '.join(wanted)} was found.")


def pip_settings(python: Path) -> dict[str, str]:
    """Return what pip is configured to use, as environment variables of uv."""
    settings = dict(os.environ)
    listed = dict(
        re.findall(
            r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$",
            run([str(python), "-m", "pip", "config", "list"]),
            re.MULTILINE,
        )
    )
    for option, name in (
        ("index-url", "UV_DEFAULT_INDEX"),
        ("extra-index-url", "UV_INDEX"),
        ("find-links", "UV_FIND_LINKS"),
        ("cert", "SSL_CERT_FILE"),
    ):
        if option in listed:
            settings.setdefault(name, listed[option])
    settings.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")  # all indexes are one to pip
    settings.pop("VIRTUAL_ENV", None)
    return settings


def uv() -> tuple[str, dict[str, str]]:
    """Return the pinned uv, installed on first use, and the environment it runs with."""
    folder = build_folder() / versions.UV.replace("==", "-")
    program = folder / "bin" / "uv"
    with locked(folder):
        if not program.exists():
            print("Making the environments (only the first time) …", flush=True)
            if folder.exists():
                shutil.rmtree(folder)
            run([sys.executable, "-m", "venv", str(folder)])
            run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", versions.UV])
    return str(program), pip_settings(folder / "bin" / "python")


def make(
    name: str, version: str, requirements: tuple[str, ...], further: tuple[str, ...] = REQUIREMENTS
) -> Environment:
    """Return an environment with these requirements and those of files.

    The default files are ours. The environment is made once, and used while Python and requirements
    stay the same.
    """
    interpreter = str(pythons()[version])
    files = [ROOT / file for file in further]
    texts = [file.read_text(encoding="utf-8") for file in files]
    wanted = "\n".join([interpreter, *requirements, *texts])
    key = hashlib.sha256(wanted.encode()).hexdigest()[:10]
    folder = build_folder() / f"{name}-py{version}-{key}"
    options = [f"--requirement={file}" for file in files]
    program, variables = uv()
    with locked(folder):
        if not (folder / ".complete").exists():
            making = "venv --quiet --clear --seed --python".split()
            run([program, *making, interpreter, str(folder)], variables)
            installing = "pip install --quiet --python".split()
            python = str(folder / "bin" / "python")
            run([program, *installing, python, *requirements, *options], variables)
            (folder / ".complete").write_text(wanted, encoding="utf-8")
    return Environment(folder, version)


def for_line(line: versions.Line, version: str) -> Environment:
    """Return the environment that plays and ansible-test run in."""
    return make(f"core-{line.core}", version, (line.requirement, *versions.UNIT_TOOLS))


def for_lint(line: versions.Line, version: str) -> Environment:
    """Return the environment of the linters."""
    return make(f"lint-{line.core}", version, (f"ansible-core=={line.core}", *versions.LINT_TOOLS))


def for_release(line: versions.Line, version: str) -> Environment:
    """Return the environment of the tools that check what is published."""
    tools = (f"ansible-core=={line.core}", *versions.RELEASE_TOOLS)
    return make(f"release-{line.core}", version, tools)


def for_scenario(line: versions.Line, version: str) -> Environment:
    """Return the environment that molecule plays its scenario in."""
    tools = (f"ansible-core=={line.core}", *versions.SCENARIO_TOOLS)
    return make(f"scenario-{line.core}", version, tools)


def for_site(line: versions.Line, version: str) -> Environment:
    """Return the environment that builds the documentation site."""
    return make(f"site-{line.core}", version, (f"ansible-core=={line.core}", *versions.SITE_TOOLS))


def django_servers() -> dict[str, str]:
    """Return the Python of each Django server as a variable.

    It shares no package with ours.
    """
    python = newest()[1]
    return {
        variable: str(make(name, python, requirements, ()).python)
        for variable, name, requirements in versions.DJANGO_SERVERS
    }


def node(oldest: int) -> tuple[Path, Path] | None:
    """Return the programs Node.js and npm if they are found and new enough."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        return None
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
        run([npm, "--version"])
    except (Missing, OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"v(\d+)\.", answer.stdout)
    return (Path(program), Path(npm)) if found and int(found[1]) >= oldest else None


def npm_packages(source: Path, npm: Path) -> Path:
    """Return a folder with the packages of package-lock.json in ``source``.

    It is made once for each lock file.
    """
    files = {name: (source / name).read_bytes() for name in ("package.json", "package-lock.json")}
    folder = (
        build_folder()
        / f"npm-{source.name}-{hashlib.sha256(b''.join(files.values())).hexdigest()[:10]}"
    )
    with locked(folder):
        if not (folder / ".complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name, content in files.items():
                (folder / name).write_bytes(content)
            options = "--ignore-scripts --legacy-peer-deps --no-audit --no-fund".split()
            run([str(npm), "ci", "--prefix", str(folder), *options])
            (folder / ".complete").touch()
    return folder / "node_modules"


def test_servers() -> tuple[dict[str, str], list[str]]:
    """Return where further test servers are, and what is skipped.

    The places are variables of setup_server.
    """
    found, skipped = django_servers(), []
    for name, oldest in versions.NODE_SERVERS:
        programs = node(oldest)
        try:
            if programs is None:
                raise Missing(f"no Node.js {oldest} or newer with npm found")
            packages = npm_packages(SERVERS / name, programs[1])
        except Missing as lacking:
            reason = str(lacking).splitlines()
            skipped += [f"skipped: integration target interop_{name}: {reason[0]}", *reason[1:]]
            continue
        found[f"setup_server_{name}_node"] = str(programs[0])
        found[f"setup_server_{name}_node_modules"] = str(packages)
    return found, skipped


def seed_bootstrap(environment: Environment) -> None:
    """Let ansible-test make environments without downloading its first script."""
    folder = Path.home() / ".ansible" / "test" / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / "get_pip"):
        for version in versions.BOOTSTRAP_PIPS:
            script = folder / f"get_pip_{version.replace('.', '_')}.py"
            if not script.exists():
                downloading = "-m pip download --quiet --no-deps --dest".split()
                run([str(environment.python), *downloading, str(folder), f"pip=={version}"])
                script.write_text(GET_PIP, encoding="utf-8")


def main() -> None:
    """Run a script of ours, or a program that lints, where it is installed.

    environment.py SCRIPT.py ARGUMENT… runs with the newest ansible-core, environment.py PROGRAM
    ARGUMENT… in the environment of the linters.
    """
    script = sys.argv[1].endswith(".py")
    env = for_line(*newest()) if script else for_lint(*newest())
    program = env.python if script else env.bin / sys.argv[1]
    os.chdir(ROOT)
    os.execve(program, [str(program), *sys.argv[1 if script else 2 :]], env.variables())


if __name__ == "__main__":
    main()
