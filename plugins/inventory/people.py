# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin identity.scim.people.

Knows Ansible's inventory, options and cache, not how a service is read.
"""

from __future__ import annotations

DOCUMENTATION = r"""
name: people
short_description: Users of a SCIM service as hosts, and its groups as inventory groups
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Reads the users and groups of a SCIM 2.0 service (RFC 7643, RFC 7644). A user becomes a host, a group becomes an inventory
    group, and a nested group becomes a child group.
  - These hosts are not machines, and nothing should connect to them. Use them to select, group and list users, and as input
    for the role P(identity.scim.team#role) with C(team_from_inventory).
  - The attributes of a user become host variables, named like the options of M(identity.scim.scim_user), for example
    C(user_name), C(emails) and C(enterprise).
  - Read-only attributes (C(id), C(meta), C(groups)), passwords and attributes without an option are left out.
  - A group has the variables C(scim_team=true), C(scim_team_name) (its display name) and C(scim_team_external_id).
  - A group also has C(scim_team_membership=additive) if some of its members are not shown, for example inactive users or
    users outside O(user_filter). The role then does not treat them as leavers.
  - Characters that are invalid in group names become underscores, as in Ansible, unless C(TRANSFORM_INVALID_GROUP_CHARS) is
    C(ignore). If two groups get the same name, a unique suffix is added to both.
  - Values from the service are data and are never templated.
  - The name of the configuration file must end with C(.scim.yml) or C(.scim.yaml).
extends_documentation_fragment:
  - identity.scim.connection_plugin
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
requirements:
  - requests
  - jmespath, for O(hostname), O(user_query) and O(group_query)
notes:
  - With O(cache), the cache plugin stores the users with the attributes named above and without credentials.
    Until O(cache_timeout) has passed, neither the network nor credentials are needed.
  - The files of C(ansible.builtin.jsonfile) are readable for other accounts if the permissions of the folder allow it.
  - Ansible reserves the variable names C(name) and C(roles). Without O(prefix), these attributes are C(scim_name) and C(scim_roles).
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [identity.scim.people]
  user_filter:
    description: A SCIM filter for users. It is sent to the service unchanged.
    type: str
  user_query:
    description: A JMESPath expression that is evaluated over each user. Only users with a true value become hosts.
    type: str
  group_filter:
    description: A SCIM filter for groups. It is sent to the service unchanged.
    type: str
  group_query:
    description: A JMESPath expression that is evaluated over each group. Only groups with a true value become inventory groups.
    type: str
  hostname:
    description:
      - The host name, as a SCIM attribute or a JMESPath expression over the user, for example V(emails[?primary].value | [0]).
      - If the value is empty, the user name is used. Two users with the same host name are an error.
    type: str
    default: userName
  prefix:
    description:
      - With what the names of host variables for attributes begin, for example V(person_) for C(person_title).
      - The role P(identity.scim.team#role) reads it from the host variable C(scim_prefix), which is set then.
    type: str
    default: ""
  inactive:
    description: Whether inactive users become hosts too.
    type: bool
    default: false
"""

EXAMPLES = r"""
# people.scim.yml: all active users of the service named by SCIM_SERVER_URL and SCIM_TOKEN
plugin: identity.scim.people

---
# Only users in Scranton, grouped by title and by department, with a variable for the primary address
plugin: identity.scim.people
server_url: https://scim.example.com/v2
token: "{{ lookup('ansible.builtin.env', 'SCRANTON_TOKEN') }}"
user_filter: addresses.locality eq "Scranton"
group_query: starts_with(displayName, 'Scranton ')
hostname: emails[?primary].value | [0]
compose:
  mail: emails | selectattr('primary', 'defined') | map(attribute='value') | first
groups:
  managers: "'Manager' in (title | default(''))"
keyed_groups:
  - key: enterprise.department | default('none')
    prefix: department
strict: false

---
# Inactive users too, cached for one hour
plugin: identity.scim.people
inactive: true
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/scim
cache_timeout: 3600
"""

import difflib
import re
from collections.abc import Callable
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.group import to_safe_group_name
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.display import Display
from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import CONNECTION
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.plugin_utils._people import Data, read_people
from ansible_collections.identity.scim.plugins.plugin_utils._service import (
    PluginRun,
    connection_options,
    refuse_wrong_types,
)
from ansible_collections.identity.scim.plugins.plugin_utils._teams import (
    PREFIX as PREFIX_VARIABLE,
)
from ansible_collections.identity.scim.plugins.plugin_utils._teams import variable_of

display = Display()

PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
NAMED = re.compile(r"""^plugin:\s*["']?identity\.scim\.people\b""", re.MULTILINE)
BEGINNING = 4096
ENDS = (".scim.yml", ".scim.yaml")
PARTS = frozenset({"hosts", "groups", "notes"})
SCOPE = ("user_filter", "user_query", "group_filter", "group_query", "hostname", "inactive")


def sanitized(name: str) -> str:
    """Return the name of a group as Ansible makes it valid."""
    keep = constants.TRANSFORM_INVALID_GROUP_CHARS == "ignore"  # pylint: disable=no-member
    return name if keep else str(to_safe_group_name(name, force=True, silent=True))


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """The inventory plugin identity.scim.people."""

    NAME = "identity.scim.people"

    def verify_file(self, path: str) -> bool:
        """Return whether the name of a file ends as it must, and warn if it does not.

        A warning is due only if the file names this plugin.
        """
        if not super().verify_file(path):
            return False
        if path.endswith(ENDS):
            return True
        if path.endswith((".yml", ".yaml")) and _names_plugin(path):
            display.warning(
                f"{path} names the inventory plugin {self.NAME}, which reads only files whose "
                "names end with .scim.yml or .scim.yaml; rename the file"
            )
        return False

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Fill the inventory. Raise AnsibleParserError with one sentence."""
        super().parse(inventory, loader, path, cache)
        run = PluginRun()
        with run.failing_with(AnsibleParserError):
            self._read_options(run, path)
            data = self._data(run, path, cache)
            for note in data["notes"]:
                run.warn(note)
            try:
                self.fill(run, data)
                self._construct(data)
            except AnsibleError as error:  # what strict says about an expression of the file
                raise ScimError(str(error)) from None

    def _read_options(self, run: PluginRun, path: str) -> None:
        """Read the options of the file.

        Those of the connection, and filters, may be templates.
        """
        try:
            config = self.loader.load_from_file(path, cache="none", trusted_as_template=True)
            if isinstance(config, dict):
                run.hide(*_secrets_of(config.get))
                self._refuse_unknown(config)
                refuse_wrong_types(self, config)
            self._read_config_data(path)
            names = [option.name for option in CONNECTION]
            for name in (*names, *SCOPE):
                value = self.get_option(name)
                if isinstance(value, (str, dict, list)):
                    self._options[name] = self.templar.template(value)
        except AnsibleError as error:
            raise ScimError(str(error)) from None
        run.hide(*_secrets_of(self.get_option))

    def _refuse_unknown(self, config: dict[str, Any]) -> None:
        known = set(self.option_definitions)
        for definition in self.option_definitions.values():
            known.update(definition.get("aliases") or ())
        unknown = sorted(map(str, config.keys() - known))
        if unknown:
            near = difflib.get_close_matches(unknown[0], known, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise ScimError(f"there is no option {unknown[0]}{hint}")

    def _data(self, run: PluginRun, path: str, cache: bool) -> Data:
        """Return what the service holds, or what the cache holds for the same options."""
        options = connection_options(self, self._vars or {})
        scope = {name: self.get_option(name) for name in SCOPE}
        asked = {**scope, "server_url": str(options["server_url"] or "").rstrip("/")}
        key = self.get_cache_key(path)
        caches = self.get_option("cache")
        if caches and cache:
            kept = self._cached(key, asked)
            if kept is not None:
                return kept
        data = {"asked": asked, **read_people(run.connect(options), scope, sanitized)}
        if caches:
            self._cache[key] = data
        return data

    def _cached(self, key: str, asked: dict[str, Any]) -> Data | None:
        try:
            kept = self._cache[key]
        except KeyError:
            return None
        if not isinstance(kept, dict) or kept.get("asked") != asked:
            return None
        if not PARTS <= kept.keys():
            return None
        return dict(kept)

    def fill(self, run: PluginRun, data: Data) -> None:
        """Add hosts and groups with their variables to the inventory."""
        prefix = self._prefix()
        for host in data["hosts"]:
            self.inventory.add_host(host["name"])
            self._set_variables({"name": host["name"], "vars": renamed(host["vars"], prefix)})
        for group in data["groups"]:
            self.inventory.add_group(group["name"])
            self._set_variables(group)
        for group in data["groups"]:
            for member in (*group["hosts"], *group["children"]):
                try:
                    self.inventory.add_child(group["name"], member)
                except AnsibleError:  # groups of Ansible cannot contain each other
                    name = group["name"]
                    run.warn(
                        f"the group '{member}' is not shown in '{name}', which it contains itself"
                    )
                    self.inventory.set_variable(name, "scim_team_membership", "additive")

    def _prefix(self) -> str:
        """Return the prefix of host variables.

        Raise ScimError if no variable can begin so.
        """
        prefix = str(self.get_option("prefix") or "")
        if prefix and not PREFIX.fullmatch(prefix):
            raise ScimError(
                "prefix must be letters, digits and underscores, and begin with a letter, not "
                f"'{prefix}'"
            )
        return prefix

    def _set_variables(self, row: Data) -> None:
        for name, value in row["vars"].items():
            self.inventory.set_variable(row["name"], name, value)

    def _construct(self, data: Data) -> None:
        """Add what the options compose, groups and keyed_groups make of the hosts."""
        compose, groups = self.get_option("compose"), self.get_option("groups")
        keyed_groups = self.get_option("keyed_groups")
        if not (compose or groups or keyed_groups):
            return
        strict = self.get_option("strict")
        for host in data["hosts"]:
            name = host["name"]
            variables = {**host["vars"], **renamed(host["vars"], self._prefix())}
            self._set_composite_vars(compose, variables, name, strict=strict)
            self._add_host_to_composed_groups(groups, variables, name, strict=strict)
            self._add_host_to_keyed_groups(keyed_groups, variables, name, strict=strict)


def _names_plugin(path: str) -> bool:
    """Return whether a file names this plugin in its beginning."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return NAMED.search(file.read(BEGINNING)) is not None
    except OSError:
        return False


def renamed(variables: Data, prefix: str) -> Data:
    """Return the attributes of a user by the names of their host variables."""
    found = {variable_of(name, prefix): value for name, value in variables.items()}
    if prefix:
        found[PREFIX_VARIABLE] = prefix
    return found


def _secrets_of(value_of: Callable[[str], Any]) -> list[Any]:
    """Return the secret options of the connection."""
    found = []
    for option in CONNECTION:
        if option.secret:
            found.append(value_of(option.name))
    return found
