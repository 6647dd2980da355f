# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options by which lookup and inventory plugins are told where a SCIM service is."""

# written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those

from __future__ import annotations


class ModuleDocFragment:
    """The doc fragment identity.scim.connection_plugin: as connection, with variables and configuration file."""

    DOCUMENTATION = r"""
options:
  server_url:
    description:
      - The base URL of the SCIM service, with or without a slash at its end, for example V(https://scim.example.com/v2).
      - It has no user info, query or fragment. Required here, as host variable or in the environment.
      - Whatever of the options of the connection neither the task nor its C(module_defaults) states is taken from
        the host variable of the same name with C(scim_) in front, for example C(scim_server_url). Null is not stated.
      - An option that is stated in the call or in the inventory file comes first, then the variable, the environment,
        the configuration file. Credentials come from one of these only, the first that states any.
    type: str
    vars:
      - name: scim_server_url
    env:
      - name: SCIM_SERVER_URL
    ini:
      - section: scim
        key: server_url
  token:
    description:
      - 'The bearer token (RFC 6750). State one way to authenticate: this, or O(auth_username) and O(auth_password),
        or O(oauth_token_url), O(oauth_client_id) and O(oauth_client_secret), or only O(client_cert) or O(secret_headers).'
      - White space around it and a pasted C(Bearer) in front of it are trimmed with a warning.
      - 'Credentials come from one place, the first that states any: the task with its C(module_defaults), the host
        variables, the environment. So a way to authenticate that is stated in the task silences those of variables
        and environment.'
    type: str
    vars:
      - name: scim_token
    env:
      - name: SCIM_TOKEN
    ini:
      - section: scim
        key: token
  auth_username:
    description:
      - The user name for HTTP Basic authentication.
    type: str
    vars:
      - name: scim_auth_username
    env:
      - name: SCIM_USERNAME
    ini:
      - section: scim
        key: auth_username
  auth_password:
    description:
      - The password for HTTP Basic authentication.
    type: str
    vars:
      - name: scim_auth_password
    env:
      - name: SCIM_PASSWORD
    ini:
      - section: scim
        key: auth_password
  oauth_token_url:
    description:
      - Where access tokens are asked for by OAuth 2.0 client credentials (RFC 6749 section 4.4).
      - One is asked for before the first request, and once more when it expires or the service answers 401.
      - The client secret is sent there and nowhere else, the access token to the service and nowhere else.
    type: str
    vars:
      - name: scim_oauth_token_url
    env:
      - name: SCIM_OAUTH_TOKEN_URL
    ini:
      - section: scim
        key: oauth_token_url
  oauth_client_id:
    description:
      - The client id to ask for access tokens with.
    type: str
    vars:
      - name: scim_oauth_client_id
    env:
      - name: SCIM_OAUTH_CLIENT_ID
    ini:
      - section: scim
        key: oauth_client_id
  oauth_client_secret:
    description:
      - The client secret to ask for access tokens with.
      - It is sent as HTTP Basic authentication, and in the body where the token endpoint does not know the client
        that way.
    type: str
    vars:
      - name: scim_oauth_client_secret
    env:
      - name: SCIM_OAUTH_CLIENT_SECRET
    ini:
      - section: scim
        key: oauth_client_secret
  oauth_scopes:
    description:
      - The scopes to ask for, as a list or as one string with spaces between them. By default the token endpoint
        decides.
    type: list
    elements: str
    vars:
      - name: scim_oauth_scopes
    env:
      - name: SCIM_OAUTH_SCOPES
    ini:
      - section: scim
        key: oauth_scopes
  validate_certs:
    description:
      - Whether the TLS certificate of the service is checked, and of O(oauth_token_url).
    type: bool
    default: true
    vars:
      - name: scim_validate_certs
    ini:
      - section: scim
        key: validate_certs
  ca_path:
    description:
      - A file of certificates (PEM) or a folder of hashed ones to check the service's certificate against.
      - It wins over E(REQUESTS_CA_BUNDLE).
    type: path
    vars:
      - name: scim_ca_path
    ini:
      - section: scim
        key: ca_path
  client_cert:
    description:
      - 'A file (PEM) with the certificate to show to the service, and its chain: mutual TLS.'
      - It is a way to authenticate by itself, or goes with another. It is shown to O(oauth_token_url) too if that
        asks for one.
    type: path
    vars:
      - name: scim_client_cert
    ini:
      - section: scim
        key: client_cert
  client_key:
    description:
      - A file (PEM) with the private key of O(client_cert), if it is not in that file.
    type: path
    vars:
      - name: scim_client_key
    ini:
      - section: scim
        key: client_key
  client_key_password:
    description:
      - The password of an encrypted private key. Without it, an encrypted key is an error; it is never asked for.
    type: str
    vars:
      - name: scim_client_key_password
    ini:
      - section: scim
        key: client_key_password
  allow_http:
    description:
      - Whether credentials may be sent over plain C(http://) to another machine. To the loopback addresses they
        always may.
    type: bool
    default: false
    vars:
      - name: scim_allow_http
    ini:
      - section: scim
        key: allow_http
  use_proxy:
    description:
      - Whether the usual proxy variables of the environment are honoured.
    type: bool
    default: true
    vars:
      - name: scim_use_proxy
    ini:
      - section: scim
        key: use_proxy
  timeout:
    description:
      - Seconds that one whole request may take, its answer included.
    type: float
    default: 30
    vars:
      - name: scim_timeout
    ini:
      - section: scim
        key: timeout
  retries:
    description:
      - How often a request is sent again after 429, a temporary 5xx or a broken connection.
      - 'A write whose answer was lost is never simply sent again: the service is read first.'
    type: int
    default: 5
    vars:
      - name: scim_retries
    ini:
      - section: scim
        key: retries
  retry_max_wait:
    description:
      - The longest time in seconds that one request waits between its tries, all waits together.
      - A service that asks for more ends the task with an error that says so.
    type: float
    default: 120
    vars:
      - name: scim_retry_max_wait
    ini:
      - section: scim
        key: retry_max_wait
  headers:
    description:
      - 'Further headers to send with every request to the service, for example V({X-Tenant: scranton}). They may
        be shown.'
      - They are sent to the service only, not to O(oauth_token_url).
    type: dict
    default: {}
    vars:
      - name: scim_headers
  secret_headers:
    description:
      - Further headers like O(headers) whose values are secret, for example an API key.
      - Their values are masked wherever they occur, so that a short or common one makes results unreadable.
      - They are a way to authenticate by themselves, or go with another.
    type: dict
    default: {}
    vars:
      - name: scim_secret_headers
  capabilities:
    description:
      - 'What is known of the service, overriding what is assumed or learnt, for example V({patch: false, members_per_patch:
        100}).'
      - The capabilities are listed in the documentation of the collection. An unknown one is an error.
    type: dict
    default: {}
    vars:
      - name: scim_capabilities
"""
