"""Pins every version, and names the Pythons that each ansible-core is run on.

Installs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


UV = "uv==0.13.9"


@dataclass(frozen=True)
class Line:
    """A line of ansible-core and the Pythons it is run on, the preferred one first.

    ``source`` is an address, for what no registry has.
    """

    name: str
    core: str
    pythons: tuple[str, ...]
    source: str = ""

    @property
    def requirement(self) -> str:
        """Return what to install."""
        return self.source or f"ansible-core=={self.core}"


LINES = (
    Line("2.21", "2.21.5", ("3.13", "3.12")),
    Line("2.20", "2.20.10", ("3.12", "3.13")),
    Line("2.19", "2.19.14", ("3.11",)),
)

# What becomes the next line. No stage of make test runs on it: LINE=devel does.
DEVEL = Line("devel", "devel", ("3.13",), "https://github.com/ansible/ansible/archive/devel.tar.gz")


def by_name(name: str) -> Line:
    """Return a line of ansible-core."""
    return next(line for line in (*LINES, DEVEL) if line.name == name)


# What ansible-test wants to find in its environment, on top of the requirement files of the
# collection itself.
UNIT_TOOLS = ("pytest==9.2.0", "pytest-mock", "pytest-xdist", "mock", "pyyaml")

LINT_TOOLS = (
    "ansible-lint==26.10.1",
    "antsibull-changelog==0.36.0",
    "antsibull-docs==2.28.0",
    "mypy==2.4.1",
    "ruff==0.17.6",
    "types-requests==2.33.0.20261030",
    "types-PyYAML==6.0.12.20261113",
)

# What publishing needs. ansible-lint is the one that the importer calls.
RELEASE_TOOLS = (
    LINT_TOOLS[0],
    "ansible-builder==3.2.0",
    "galaxy-importer==0.4.44",
    "reuse==6.2.0",
)

# What builds the documentation site.
SITE_TOOLS = (
    LINT_TOOLS[2],
    "sphinx==9.2.0",
    "sphinx-ansible-theme==0.10.4",
)

# What plays the scenario below extensions/molecule, and a fleet as AWX does.
SCENARIO_TOOLS = ("molecule==26.10.0", "ansible-runner==2.4.3")

# More real servers for the integration tests, each in an environment of its own, with the variable
# of setup_server that names its Python. One more is a lock file beside its program.
DJANGO_SERVERS = (
    (
        "setup_server_django_python",
        "django-scim2-server",
        ("django-scim2-server==1.1.0", "Django==5.2.19"),
    ),
    (
        "setup_server_django_scim2_python",
        "django-scim2",
        ("django-scim2==0.23.0", "Django==5.2.19"),
    ),
)
# Servers that run in Node.js: the folder of their program and lock file, and the oldest Node.js.
NODE_SERVERS = (("scimmy", 18), ("better_auth", 20))

# Other SCIM clients that make bench measures beside the collection.
PEERS = ("scim2-client[httpx2]==0.13.2", "scim2-cli==0.6.0")

# ansible-test starts its own environments with these releases of pip (2.19; 2.20 and newer).
BOOTSTRAP_PIPS = ("24.2", "25.2")

# Integration targets that make test runs in the worker and as modules on the newest line, to
# compare the results. make test-matrix does so with all of them, on every line.
BOTH_WAYS = ("scim_group", "scim_user")

# Integration targets about services and not about ansible-core: make test runs each on one line.
# On the newest one tasks run in the worker, on the oldest as modules, which takes twice the CPU.
ON_NEWEST = (
    "doctor",
    "fast_path",
    "faults",
    "imitations",
    "interop_better_auth",
    "interop_django",
    "interop_django_scim2",
    "interop_equal_ids",
    "interop_scimmy",
    "jobs",
    "people_inventory",
    "requests",
    "role_team",
    "scim_directory",
    "scim_resource",
    "server",
    "src",
    "team_inventory",
)
ON_OLDEST = (
    "bad_input",
    "crash",
    "lookup_filter",
    "purge",
    "scim_info",
    "secrets",
    "thresholds",
)

# Unit tests about services, documents and tools, long ones, and those of rooms that know nothing of
# Ansible: make test runs them on the newest line.
UNITS_ON_NEWEST = (
    "tests/unit/bench/",
    "tests/unit/faults/",
    "tests/unit/plugins/module_utils/_converge/",
    "tests/unit/plugins/module_utils/_model/",
    "tests/unit/plugins/module_utils/_plan/",
    "tests/unit/plugins/module_utils/_protocol/",
    "tests/unit/plugins/module_utils/_provider/",
    "tests/unit/plugins/module_utils/_report/",
    "tests/unit/quirks/",
    "tests/unit/rehearsal/",
    "tests/unit/tools/",
    "tests/unit/test_adoption.py",
    "tests/unit/test_architecture.py",
    "tests/unit/test_awx.py",
    "tests/unit/test_changelog.py",
    "tests/unit/test_docs.py",
    "tests/unit/test_examples.py",
    "tests/unit/test_guides.py",
    "tests/unit/test_on_screen.py",
    "tests/unit/test_readme.py",
)
