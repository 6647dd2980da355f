"""Runs a command while a server is reachable through TLS with an untrusted certificate.

Knows no SCIM.
"""

# tls.py URL COMMAND …     in COMMAND's environment SCIM_SERVER_URL is the TLS address of the http URL

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509  # ansible-core needs it too
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def self_signed() -> bytes:
    """A key and a certificate for 127.0.0.1 that is its own authority (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "untrusted")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(
        name,
        name,
        key.public_key(),
        x509.random_serial_number(),
        now,
        now + datetime.timedelta(hours=1),
    )
    certificate = made.add_extension(address, critical=False).sign(key, hashes.SHA256())
    form, no_password = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(
        serialization.Encoding.PEM, form, no_password
    ) + certificate.public_bytes(serialization.Encoding.PEM)


def context() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory(prefix="tls-") as folder:
        file = Path(folder, "server.pem")
        file.write_bytes(self_signed())
        made.load_cert_chain(file)
    return made


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def pass_on(listener: socket.socket, tls: ssl.SSLContext, upstream: tuple[str, int]) -> None:
    """Take connections for as long as the process lives.

    One that refuses the certificate is its own business.
    """
    while True:
        plain, _peer = listener.accept()
        try:
            plain.settimeout(30)
            sock = tls.wrap_socket(plain, server_side=True)
        except OSError:
            plain.close()
            continue
        behind = socket.create_connection(upstream, timeout=30)
        for pair in ((sock, behind), (behind, sock)):
            threading.Thread(target=pump, args=pair, daemon=True).start()


def main() -> int:
    parts = urlsplit(sys.argv[1])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        upstream = (parts.hostname or "", parts.port or 80)
        threading.Thread(target=pass_on, args=(listener, context(), upstream), daemon=True).start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}{parts.path}"
        return subprocess.run(
            sys.argv[2:], env={**os.environ, "SCIM_SERVER_URL": url}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
