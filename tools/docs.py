#!/usr/bin/env python
# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the tables of plugins/module_utils say into the documentation; knows the tables and where they are shown.

``python tools/docs.py`` writes the files that differ, ``python tools/docs.py --check`` names them and fails.
Written are: the doc fragments ``connection`` and ``connection_plugin``, the ``options`` of every module and of the lookup
``resources`` (the last part of its DOCUMENTATION),
the argument specification of the role and docs/capabilities.md.
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
COLLECTION = "ansible_collections.identity.scim"
WRITTEN = (
    "written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those"
)


def make_importable() -> None:
    """Let this checkout, whatever its folder is called, be imported as the collection; an installed one is never used."""
    sys.dont_write_bytecode = True
    parts = COLLECTION.split(".")
    for depth in range(1, len(parts) + 1):
        package = types.ModuleType(".".join(parts[:depth]))
        package.__path__ = [str(ROOT)] if depth == len(parts) else []
        sys.modules[package.__name__] = package


make_importable()
# pylint: disable=wrong-import-position
from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    CONNECTION,
    VARIABLE_PREFIX,
)  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._model.directory_options import (
    DIRECTORY_OPTIONS,
)  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._model.options import Option  # noqa: E402
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import FIELDS  # noqa: E402

# --- YAML --------------------------------------------------------------------------------------------------------------


class Named(dict):  # type: ignore[type-arg]
    """A mapping that gets an anchor of this name where it is used more than once."""

    anchor = ""


class Dumper(yaml.SafeDumper):
    """Block style, lists indented below their key, anchors with names that say what they are."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Never without indentation, as yamllint and the eye want it."""
        super().increase_indent(flow, False)

    def represent_data(self, data: Any) -> yaml.Node:
        """Remember the name that an anchor of this node is to have."""
        node = super().represent_data(data)
        if isinstance(data, Named):
            node.anchor_name = data.anchor
        return node

    def generate_anchor(self, node: yaml.Node) -> str:
        """The remembered name."""
        return str(getattr(node, "anchor_name", None) or super().generate_anchor(node))


Dumper.add_representer(Named, lambda dumper, data: dumper.represent_dict(data.items()))


def to_yaml(data: Any, indent: int = 0) -> str:
    """Data → block style YAML, each line indented by ``indent``."""
    text = yaml.dump(
        data,
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=110 - indent,
        default_flow_style=False,
    )
    return "".join(
        " " * indent + line if line.strip() else line for line in text.splitlines(keepends=True)
    )


# --- options → documentation -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where options are shown, and so what a reference to an option must be called there.

    The table writes references as seen from where the options are top level: ``O(emails[].type)``. Shown below ``users[]``
    that is ``O(users[].emails[].type)``. ``own`` are the names of the options shown here, ``renamed`` what the top level
    calls the others, ``returns`` what stands in front of a return value (a role has none of its own).
    """

    prefix: str = ""
    own: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    returns: str = ""

    def below(self, name: str, option: Option) -> Place:
        """The place of the items of a list of resources; the sub-options of an attribute are referred to from its resource."""
        items = {one.name for one in option.options}
        if option.elements != "dict" or "state" not in items:
            return self
        top = self.renamed.get(name, name) if not self.prefix else f"{self.prefix}{name}"
        return Place(
            prefix=f"{top}[].", own=frozenset(items), renamed=self.renamed, returns=self.returns
        )

    def text(self, doc: str) -> str:
        """A sentence of the table with its references as they must be here."""
        doc = re.sub(r"\bRV\(", f"RV({self.returns}", doc)
        return re.sub(
            r"\bO\(([^)=]+)(=[^)]*)?\)", lambda m: f"O({self.path(m[1])}{m[2] or ''})", doc
        )

    def path(self, path: str) -> str:
        """The path of an option as it must be called here."""
        first = re.split(r"[.\[]", path)[0]
        if self.prefix and first in self.own:
            return self.prefix + path
        return self.renamed.get(first, first) + path[len(first) :]


def option_docs(option: Option, place: Place) -> dict[str, Any]:
    """One option as the documentation of a plugin wants it."""
    paragraphs = [option.doc] if isinstance(option.doc, str) else list(option.doc)
    if option.env:
        paragraphs.append(f"If not set, the environment variable E({option.env}) is used.")
    docs: dict[str, Any] = {
        "description": [place.text(one) for one in paragraphs],
        "type": option.type,
    }
    if option.elements:
        docs["elements"] = option.elements
    if option.required:
        docs["required"] = True
    if option.choices:
        docs["choices"] = list(option.choices)
    if option.default is not None:
        docs["default"] = (
            option.default.copy() if isinstance(option.default, (list, dict)) else option.default
        )
    if option.options:
        docs["suboptions"] = options_docs(option.options, place.below(option.name, option))
    return docs


def options_docs(options: Iterable[Option], place: Place) -> dict[str, Any]:
    """Options as the documentation of a plugin wants them, in the order of the table."""
    return {option.name: option_docs(option, place) for option in options}


def share(prefix: str, *places: dict[str, Any]) -> None:
    """Let places use the very same entries where they repeat each other, so that YAML writes them as anchor and alias."""
    for name in places[0]:
        same = [place for place in places if place.get(name) == places[0][name]]
        if len(same) > 1:
            shared = Named(places[0][name])
            shared.anchor = f"{prefix}_{name}"
            for place in same:
                place[name] = shared


def module_options(name: str) -> dict[str, Any]:
    """The options of a module but those of the connection, which a doc fragment gives."""
    docs = options_docs(TASKS[name].options, Place())
    if name == "scim_directory":
        share(
            "user",
            *(
                items["suboptions"]
                for items in (docs["users"], docs["teams"]["suboptions"]["members"], docs["groups"])
            ),
        )
    return docs


# --- the files ---------------------------------------------------------------------------------------------------------

FRAGMENT = '''\
# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which every plugin of the collection is told where a SCIM service is."""

# {written}

from __future__ import annotations


class ModuleDocFragment:
    """The doc fragment identity.scim.connection."""

    DOCUMENTATION = r"""
options:
{options}"""
'''


def fragment(_old: str) -> str:
    """plugins/doc_fragments/connection.py"""
    return FRAGMENT.format(written=WRITTEN, options=to_yaml(options_docs(CONNECTION, Place()), 2))


PLUGIN_FRAGMENT = FRAGMENT.replace(
    "every plugin of the collection is", "lookup and inventory plugins are"
).replace(
    "identity.scim.connection.",
    "identity.scim.connection_plugin: as connection, with variables and configuration file.",
)
PLACES = (
    "An option that is stated in the call or in the inventory file comes first, then the variable, the environment, the configuration file. "
    "Credentials come from one of these only, the first that states any."
)


def plugin_option(option: Option) -> dict[str, Any]:
    """A connection option as a lookup or inventory plugin has it: also from a variable, the environment, the configuration file."""
    docs = option_docs(replace(option, env=""), Place())
    if option.name == "server_url":
        docs["description"].append(PLACES)
    docs["vars"] = [{"name": f"{VARIABLE_PREFIX}{option.name}"}]
    if option.env:
        docs["env"] = [{"name": option.env}]
    if option.type != "dict":
        docs["ini"] = [{"section": "scim", "key": option.name}]
    return docs


def plugin_fragment(_old: str) -> str:
    """plugins/doc_fragments/connection_plugin.py"""
    return PLUGIN_FRAGMENT.format(
        written=WRITTEN,
        options=to_yaml({option.name: plugin_option(option) for option in CONNECTION}, 2),
    )


def written_options(path: str, options: Callable[[], dict[str, Any]]) -> Callable[[str], str]:
    """A plugin: what stands from the line ``options:`` to the end of DOCUMENTATION is written, the rest is kept."""

    def render(old: str) -> str:
        text = f"\noptions:  # {WRITTEN}\n{to_yaml(options(), 2)}" + '"""'
        new, found = re.subn(
            r'\noptions:.*?\n?"""', lambda _match: text, old, count=1, flags=re.DOTALL
        )
        if not found:
            raise ValueError(f"{path} has no line 'options:' in its DOCUMENTATION")
        return new

    return render


def module(name: str) -> Callable[[str], str]:
    """plugins/modules/NAME.py"""
    return written_options(f"plugins/modules/{name}.py", lambda: module_options(name))


def lookup_options() -> dict[str, Any]:
    """The options of the lookup resources but those of the connection: those of scim_resource_info that make sense for a list."""
    table = {option.name: option for option in TASKS["scim_resource_info"].options}
    terms = {
        "description": [
            "What to read: endpoints such as V(Users) and V(Groups), or names of resource types such as V(User) or V(Device)."
        ],
        "type": "list",
        "elements": "str",
        "required": True,
    }
    query = replace(
        table.pop("query"),
        doc=(
            "A JMESPath expression evaluated over the list of resources; its value is the result. What is no list becomes a list of one."
        ),
    )
    return {
        "_terms": terms,
        **options_docs(
            [one for name, one in table.items() if name not in ("endpoint", "id")], Place()
        ),
        "query": option_docs(query, Place()),
    }


ROLE_TOP = {
    "teams": "team_roster",
    "membership": "team_membership",
    "leavers": "team_leavers",
    "protect": "team_protect",
    "leavers_ignore_groups": "team_leavers_ignore_groups",
    "thresholds": "team_thresholds",
    "scope": "team_scope",
    "verify": "team_verify",
}
ROLE_HEAD = {
    "short_description": "Onboards and offboards whole teams on a SCIM service",
    "version_added": "0.1.0",
    "author": ["The identity.scim contributors (@identity-scim)"],
    "description": [
        "Makes the groups and the people of a SCIM 2.0 service as the roster says: who joins is created or made active again, "
        "who moves is moved, who leaves every team is deactivated.",
        "The role is one task of M(identity.scim.scim_directory). A second run changes nothing.",
        "The service is named by C(module_defaults) of the action group C(group/identity.scim.all), by the host variables "
        "C(scim_server_url) and C(scim_token), or by the environment (E(SCIM_SERVER_URL), E(SCIM_TOKEN)).",
        "A variable whose name is nearly one of these, for example C(team_leaver), is an error; so is one that is called like an option of "
        "M(identity.scim.scim_directory) that the role does not have, for example C(team_purge). One that is null is not stated.",
    ],
}
ROSTER_DOC = [
    "The teams. Each is a group and its people. Either this or O(team_from_inventory) must be stated.",
    "Somebody who leaves one team and is in another onboarded one stays active.",
]

INVENTORY_DOC = {
    "description": [
        "Whether the teams are groups of the inventory instead: each group with the variable C(scim_team=true) is a team, and its hosts are people.",
        "A host's variables are the options of M(identity.scim.scim_user), C(user_name) by default the name of the host. Other variables are ignored.",
        "Variables of the group are C(scim_team_name) (by default the name of the group), C(scim_team_external_id), C(scim_team_state) and "
        "C(scim_team_membership). A team inside another one is a nested group.",
        "The hosts of the play and C(--limit) pick the teams. Nobody outside is changed, leaves a team or becomes a leaver.",
    ],
    "type": "bool",
    "default": False,
}


def role_option(docs: dict[str, Any]) -> dict[str, Any]:
    """The documentation of a module's option → that of a role's variable.

    Null is not stated, as everywhere; Ansible refuses it of a variable that has a default or choices. So a default is said
    in words, and null is a choice.
    """
    docs = {("options" if key == "suboptions" else key): value for key, value in docs.items()}
    default = docs.pop("default", None)
    if default not in (None, [], {}):
        docs["description"] = [
            *docs["description"],
            f"Not stated or null means V({str(default).lower() if isinstance(default, bool) else default}).",
        ]
    if "choices" in docs:
        docs["choices"] = [*docs["choices"], None]
    if "options" in docs:
        docs["options"] = {name: role_option(sub) for name, sub in docs["options"].items()}
    return docs


def role(_old: str) -> str:
    """roles/team/meta/argument_specs.yml"""
    place = Place(renamed=ROLE_TOP, returns="identity.scim.scim_directory#module:")
    table = {option.name: option for option in DIRECTORY_OPTIONS}
    options = {
        variable: role_option(option_docs(table[name], place))
        for name, variable in ROLE_TOP.items()
    }
    members = options["team_roster"]["options"]["members"]
    members.pop(
        "options"
    )  # the module checks people faster than a role's specification, and names the one who is wrong
    options["team_scope"]["description"] = [
        "Which users and groups of the service are ours, for the numbers that O(team_thresholds) are a share of."
    ]
    options = {
        "team_roster": {**options.pop("team_roster"), "description": ROSTER_DOC},
        "team_from_inventory": role_option(INVENTORY_DOC),
        **options,
    }
    specs = {"argument_specs": {"main": {**ROLE_HEAD, "options": options}}}
    return f"---\n# {WRITTEN}\n{to_yaml(specs)}"


CAPABILITIES_HEAD = """\
<!-- {written} -->

# Capabilities

What a service can do is data. The collection assumes the defaults below, learns from the answers of the service (a PATCH
that is answered 501 is sent as PUT from then on), and believes what the option `capabilities` states above all:

```yaml
- identity.scim.scim_group_membership:
    group: Dunder Mifflin
    members: [jhalpert]
    capabilities:
      members_per_patch: 100
      patch_mix: members_apart
```

An unknown capability or a value of the wrong kind is an error.

| capability | type | default | meaning |
|---|---|---|---|
"""


def capabilities(_old: str) -> str:
    """docs/capabilities.md"""
    rows = []
    for one in FIELDS.values():
        kind = {"list": "list of strings"}.get(one.type, one.type)
        if one.choices:
            kind = ", ".join(f"`{choice}`" for choice in one.choices)
        default = one.default
        if isinstance(default, bool):
            default = str(default).lower()
        elif isinstance(default, tuple):
            default = list(default)
        rows.append(f"| `{one.name}` | {kind} | `{default}` | {one.doc} |\n")
    return CAPABILITIES_HEAD.format(written=WRITTEN) + "".join(rows)


FILES: dict[str, Callable[[str], str]] = {
    "plugins/doc_fragments/connection.py": fragment,
    "plugins/doc_fragments/connection_plugin.py": plugin_fragment,
    "plugins/lookup/resources.py": written_options("plugins/lookup/resources.py", lookup_options),
    **{f"plugins/modules/{name}.py": module(name) for name in TASKS},
    "roles/team/meta/argument_specs.yml": role,
    "docs/capabilities.md": capabilities,
}


def main(arguments: list[str]) -> int:
    """Write or check the files; 1 if ``--check`` found one that differs."""
    if set(arguments) - {"--check"}:
        print("usage: docs.py [--check]", file=sys.stderr)
        return 2
    differing = []
    for path, render in FILES.items():
        file = ROOT / path
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        new = render(old)
        if new != old:
            differing.append(path)
            if not arguments:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(new, encoding="utf-8")
    if not differing:
        print(f"documentation: {len(FILES)} files are as the tables say")
        return 0
    print(
        ("not as the tables say, run 'make docs': " if arguments else "written: ")
        + ", ".join(differing)
    )
    return 1 if arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
