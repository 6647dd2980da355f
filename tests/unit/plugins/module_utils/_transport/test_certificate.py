# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the client certificate.

What is loaded, what is refused, and that nothing prompts.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport.certificate import (
    has_certificate,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.settings import (
    settings_from,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.options import (
    CLIENT,
    URL,
    sentence,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._transport.stub import (
    CERTIFICATES,
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"client_key": "/k.pem"},
            "client_key is set without client_cert; set client_cert too",
        ),
        (
            {"token": "t", "client_key_password": "canary"},
            "client_key_password is set without client_cert; set client_cert too",
        ),
    ],
)
def test_key_without_certificate_gets_one_sentence(options, expected):
    assert sentence(**options) == expected


@pytest.mark.parametrize("more", [{}, {"client_key_password": "anything"}, {"token": "t"}])
def test_a_client_certificate_is_a_method_by_itself_and_goes_with_another(more):
    assert settings_from({"server_url": URL, **CLIENT, **more}).certificate.files == (
        CLIENT["client_cert"],
        CLIENT["client_key"],
    )


def test_certificate_and_key_in_one_file(tmp_path):
    both = tmp_path / "both.pem"
    both.write_text(
        "".join((CERTIFICATES / name).read_text() for name in ("client.pem", "test-only-key.pem"))
    )
    assert settings_from({"server_url": URL, "client_cert": str(both)}).certificate.files == str(
        both
    )


ENCRYPTED = str(CERTIFICATES / "client-key-encrypted.pem")


def test_an_encrypted_key_is_opened_with_its_password():
    settings = settings_from(
        {"server_url": URL, **CLIENT, "client_key": ENCRYPTED, "client_key_password": "canary-pass"}
    )
    assert "canary-pass" in settings.secrets
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"client_key": ENCRYPTED},
            f"the key in client_key '{ENCRYPTED}' is encrypted; set client_key_password",
        ),
        (
            {"client_key": ENCRYPTED, "client_key_password": ""},
            f"the key in client_key '{ENCRYPTED}' is encrypted; set client_key_password",
        ),
        (
            {"client_key": ENCRYPTED, "client_key_password": "canary"},
            f"client_key_password does not decrypt the key in client_key '{ENCRYPTED}'; check "
            "the password",
        ),
        (
            {"client_key": str(CERTIFICATES / "other-key.pem")},
            f"the key in client_key '{CERTIFICATES / 'other-key.pem'}' does not belong to the "
            f"certificate in client_cert '{CLIENT['client_cert']}'; "
            "use the key that the certificate was made with",
        ),
        (
            {"client_key": None},
            f"client_cert '{CLIENT['client_cert']}' contains no private key; set client_key to "
            "the file of the key",
        ),
        (
            {"client_key": CLIENT["client_cert"]},
            f"client_key '{CLIENT['client_cert']}' contains no private key; set it to a PEM file",
        ),
        (
            {"client_cert": CLIENT["client_key"]},
            f"client_cert '{CLIENT['client_key']}' contains no certificate; set it to a PEM file",
        ),
        (
            {"client_cert": __file__},
            f"client_cert '{__file__}' contains no certificate; set it to a PEM file",
        ),
        (
            {"client_cert": "/nowhere/c.pem"},
            "client_cert '/nowhere/c.pem' does not exist; set it to a PEM file",
        ),
        (
            {"client_key": "/nowhere/k.pem"},
            "client_key '/nowhere/k.pem' does not exist; set it to a PEM file",
        ),
        ({"client_cert": "/"}, "client_cert '/' is not a file; set it to a PEM file"),
        (
            {"server_url": "http://localhost/v2"},
            "client_cert is set, but server_url is plain http, which uses no certificate; use "
            "https",
        ),
    ],
)
def test_wrong_client_certificate_gets_one_sentence(options, expected):
    assert sentence(**{**CLIENT, **options}) == expected


def test_encrypted_key_without_password_fails_without_a_prompt(tmp_path):
    """OpenSSL would ask on the terminal, also for a key beside its certificate."""
    both = tmp_path / "both.pem"
    both.write_text(
        "".join(
            (CERTIFICATES / name).read_text() for name in ("client.pem", "client-key-encrypted.pem")
        )
    )
    code = (
        "import sys\n"
        "from ansible_collections.identity.scim.plugins.module_utils._transport.settings import "
        "settings_from\n"
        "from ansible_collections.identity.scim.plugins.module_utils._transport.errors import "
        "TransportError\n"
        f"try: settings_from({{'server_url': 'https://h', 'client_cert': {str(both)!r}}})\n"
        "except TransportError as error: print(error)\n"
    )
    master, slave = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=slave,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
        start_new_session=True,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
    )
    os.close(master)
    os.close(slave)
    assert done.stdout == f"the key in client_cert '{both}' is encrypted; set client_key_password\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "found"), [("good.pem", True), ("test-only-key.pem", False), ("nowhere.pem", False)]
)
def test_file_with_a_certificate_is_recognised(name, found):
    assert has_certificate(str(CERTIFICATES / name)) is found
