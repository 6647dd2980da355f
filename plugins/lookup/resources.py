# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup identity.scim.resources; knows how a template calls it, not how a service is read."""

from __future__ import annotations

DOCUMENTATION = r"""
name: resources
short_description: Reads users, groups and other resources of a SCIM service
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Reads resources of a SCIM 2.0 service (RFC 7643, RFC 7644) on the controller, as the service sends them. Every page is fetched.
  - The result is always a list. Without a match it is empty, which is no error.
  - What the service answers is data and is never templated.
  - An error is one sentence without secrets. C(errors=ignore) and C(errors=warn) are honoured.
  - A playbook that prints where an error happened shows the lines around it. So put no secret into the call itself, but into a variable.
extends_documentation_fragment:
  - identity.scim.connection_plugin
requirements:
  - requests
  - jmespath, for O(query)
notes:
  - Without C(query) or C(wantlist=true), Ansible gives a list of one resource as that resource, as with every lookup.
seealso:
  - module: identity.scim.scim_user_info
  - module: identity.scim.scim_resource_info
  - plugin: identity.scim.quote
    plugin_type: filter
options:  # written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those
  _terms:
    description:
      - 'What to read: endpoints such as V(Users) and V(Groups), or names of resource types such as V(User) or V(Device).'
    type: list
    elements: str
    required: true
  filter:
    description:
      - A SCIM filter (RFC 7644 section 3.4.2.2), sent as it is.
    type: str
  attributes:
    description:
      - SCIM names of the attributes to return, for example V(userName) or V(emails.value).
    type: list
    elements: str
  excluded_attributes:
    description:
      - SCIM names of attributes to leave out, for example V(members).
    type: list
    elements: str
  sort_by:
    description:
      - The SCIM name of the attribute to sort by. Not every service sorts.
    type: str
  sort_order:
    description:
      - The order of O(sort_by).
    type: str
    choices:
      - ascending
      - descending
  page_size:
    description:
      - How many resources to ask for in one request. By default as many as the service is known to give.
    type: int
  limit:
    description:
      - Stop after this many resources.
    type: int
  query:
    description:
      - A JMESPath expression evaluated over the list of resources; its value is the result. What is no list becomes
        a list of one.
    type: str
"""

EXAMPLES = r"""
- name: Everybody, by user name
  ansible.builtin.debug:
    msg: "{{ query('identity.scim.resources', 'Users') | map(attribute='userName') }}"

- name: One group and its members, from a service that is named here
  ansible.builtin.debug:
    msg: "{{ query('identity.scim.resources', 'Groups', filter=filter, attributes=['displayName', 'members'],
                   server_url='https://scim.example.com/v2', token=vault_scim_token) }}"
  vars:
    filter: "displayName eq {{ 'Dunder Mifflin' | identity.scim.quote }}"

- name: User names of the accounting department, picked by JMESPath
  ansible.builtin.debug:
    msg: "{{ query('identity.scim.resources', 'Users', query='[?title==`Accountant`].userName') }}"

- name: The newest ten devices, where there are devices
  ansible.builtin.debug:
    msg: "{{ query('identity.scim.resources', 'Device', sort_by='meta.created', sort_order='descending', limit=10, errors='warn') }}"

- name: Two hundred a page, without what is long
  ansible.builtin.debug:
    msg: "{{ query('identity.scim.resources', 'Groups', page_size=200, excluded_attributes=['members']) | length }}"
"""

RETURN = r"""
_raw:
  description: The resources, or what O(query) makes of them. With several terms one list follows the other.
  type: list
  elements: raw
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.identity.scim.plugins.module_utils._ansible.output import clean, holds
from ansible_collections.identity.scim.plugins.module_utils._ansible.reading import queried, read_resources
from ansible_collections.identity.scim.plugins.module_utils._converge.service import Service
from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import KINDS
from ansible_collections.identity.scim.plugins.plugin_utils._service import Errand, connection_options, set_options, variables_of_connection

QUERY = ("filter", "attributes", "excluded_attributes", "sort_by", "sort_order", "page_size", "limit")


def endpoint_of(service: Service, term: str) -> str:
    """The endpoint that a term means: by its own name, or by that of a resource type, which the service is asked for if unknown."""
    wanted = term.strip().strip("/").lower()
    for kind in KINDS.values():
        if wanted in (kind.name.lower(), kind.endpoint.lower()):
            return kind.endpoint
    for one in read_resource_types(service):
        endpoint = str(one.get("endpoint") or "").strip("/")
        if endpoint and wanted in (str(one.get("name") or "").lower(), str(one.get("id") or "").lower(), endpoint.lower()):
            return endpoint
    return term


def read_resource_types(service: Service) -> list[Mapping[str, Any]]:
    """What the service says about its resource types (RFC 7644 section 4); nothing where it says nothing."""
    try:
        answer = service.send("GET", ("ResourceTypes",), "reading the resource types")
    except ScimError:
        return []
    rows = answer.body.get("Resources") if answer.status == 200 and isinstance(answer.body, Mapping) else None
    return [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []


class LookupModule(LookupBase):
    """The lookup identity.scim.resources."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """The resources of every term, or AnsibleLookupError with one sentence."""
        errand = Errand()
        with errand.told_by(AnsibleLookupError):
            if not terms or not all(isinstance(term, str) and term.strip() for term in terms):
                raise ScimError("identity.scim.resources is told what to read", hint="state for example Users, Groups or the name of a resource type")
            found = variables_of_connection(variables or {}, self._templar.template)
            set_options(errand, self, kwargs, found)
            service = errand.connect(connection_options(self))
            params = {"id": None, "query": None, **{name: self.get_option(name) for name in QUERY}}
            rows = [row for term in terms for row in read_resources({**params, "endpoint": endpoint_of(service, term)}, service, False)["resources"]]
            expression = self.get_option("query")
            if expression:
                value = queried(expression, rows)
                rows = value if isinstance(value, list) else [] if value is None else [value]
            if holds(rows, errand.secrets()):
                errand.warn(f"a secret of this lookup is part of what it gives for {', '.join(terms)}, and is masked there; do not use those values in tasks")
            result: list[Any] = clean(rows, errand.secrets(), escape=False)
            return result
        raise AssertionError  # told_by always raises when it does not return
