# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which every plugin of the collection is told where a SCIM service is."""

# written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those

from __future__ import annotations


class ModuleDocFragment:
    """The doc fragment identity.scim.connection."""

    DOCUMENTATION = r"""
options:
  server_url:
    description:
      - The base URL of the SCIM service, with or without a slash at its end, for example V(https://scim.example.com/v2).
      - It has no user info, query or fragment. Required here or in the environment.
      - If not set, the environment variable E(SCIM_SERVER_URL) is used.
    type: str
  token:
    description:
      - The bearer token (RFC 6750). State either this or O(auth_username) and O(auth_password).
      - White space around it and a pasted C(Bearer) in front of it are trimmed with a warning.
      - A way to authenticate that is stated in the task silences those that come from the environment.
      - If not set, the environment variable E(SCIM_TOKEN) is used.
    type: str
  auth_username:
    description:
      - The user name for HTTP Basic authentication.
      - If not set, the environment variable E(SCIM_USERNAME) is used.
    type: str
  auth_password:
    description:
      - The password for HTTP Basic authentication.
      - If not set, the environment variable E(SCIM_PASSWORD) is used.
    type: str
  validate_certs:
    description:
      - Whether the service's TLS certificate is checked.
    type: bool
    default: true
  ca_path:
    description:
      - A file of certificates (PEM) or a folder of hashed ones to check the service's certificate against.
      - It wins over E(REQUESTS_CA_BUNDLE).
    type: path
  allow_http:
    description:
      - Whether credentials may be sent over plain C(http://) to another machine. To the loopback addresses they
        always may.
    type: bool
    default: false
  use_proxy:
    description:
      - Whether the usual proxy variables of the environment are honoured.
    type: bool
    default: true
  timeout:
    description:
      - Seconds that one whole request may take, its answer included.
    type: float
    default: 30
  retries:
    description:
      - How often a request is sent again after 429, a temporary 5xx or a broken connection.
      - 'A write whose answer was lost is never simply sent again: the service is read first.'
    type: int
    default: 5
  retry_max_wait:
    description:
      - The longest time in seconds that one request waits between its tries, all waits together.
      - A service that asks for more ends the task with an error that says so.
    type: float
    default: 120
  capabilities:
    description:
      - 'What is known of the service, overriding what is assumed or learnt, for example V({patch: false, members_per_patch:
        100}).'
      - The capabilities are listed in the documentation of the collection. An unknown one is an error.
    type: dict
    default: {}
"""
