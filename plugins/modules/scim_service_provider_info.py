# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module scim_service_provider_info: its documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: scim_service_provider_info
short_description: Reads what a SCIM service can do
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Reads what a SCIM 2.0 service says of itself (RFC 7644 section 4), and shows what the collection takes it to be able to do.
  - A document that cannot be read is null, with a warning. It does not fail the rest.
extends_documentation_fragment:
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.info
requirements:
  - Python 3.11 or newer
  - requests
seealso:
  - module: identity.scim.scim_resource_info
options:  # written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those
  {}
"""

EXAMPLES = r"""
# This one runs as it stands against the demo server (make serve), which is named by SCIM_SERVER_URL and SCIM_TOKEN.
- name: Read what the service can do
  identity.scim.scim_service_provider_info:
  register: service

- name: Show what is believed of it, and why
  ansible.builtin.debug:
    var: service.capabilities
"""

RETURN = r"""
service_provider_config:
  description: The ServiceProviderConfig (RFC 7643 section 5) as the service sent it. Null if it cannot be read.
  returned: success
  type: dict
  sample:
    patch:
      supported: true
resource_types:
  description: The resource types (RFC 7643 section 6). Null if they cannot be read.
  returned: success
  type: list
  elements: dict
  sample:
    - name: User
      endpoint: /Users
schemas:
  description: The schemas (RFC 7643 section 7). Null if they cannot be read.
  returned: success
  type: list
  elements: dict
  sample:
    - id: urn:ietf:params:scim:schemas:core:2.0:User
capabilities:
  description: Each capability of the collection's own list with its C(value) and the C(source) it was learnt from.
  returned: success
  type: dict
  sample:
    patch:
      value: true
      source: ServiceProviderConfig
requests:
  description: How many HTTP requests were sent, those sent again included.
  returned: always
  type: int
  sample: 1
"""

from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run


def main() -> None:
    """Entry point of the module."""
    run("scim_service_provider_info")


if __name__ == "__main__":
    main()
