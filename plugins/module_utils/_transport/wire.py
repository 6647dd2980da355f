# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request out, one answer back, within one deadline and bounded memory; the only file that imports requests.

It uses requests' adapter and not its Session: what the Session adds (cookies, ``~/.netrc``, redirects, settings from
the environment) is just what is promised never to happen.
"""

from __future__ import annotations

import http.client
import traceback
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .body import ERROR_LIMIT, LIMIT, gathered
from .errors import TransportError
from .explain import explain
from .settings import Settings
from .sockets import keep_deadline, left, new_request, sent
from .text import clean
from .urls import place

try:
    import requests
    import requests.adapters
    import urllib3
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

_CHUNK = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Raw:
    """An answer as it came: ``data`` unpacked. ``framed``: its length was announced, so that a cut would show.

    ``waits``: every ``Retry-After`` by itself, since a date has a comma in it too.
    """

    status: int
    headers: Mapping[str, str]
    waits: tuple[str, ...]
    data: bytes
    framed: bool


def open_adapter(settings: Settings) -> Any:
    """An adapter of requests, for ``settings``, that keeps connections open and the deadline.

    Raises ``settings`` when the proxy needs a library that is not there.
    """
    if REQUESTS_IMPORT_ERROR:
        raise TransportError(
            kind="settings",
            reason="the Python library requests is missing",
            hint="install requests",
        )
    adapter = requests.adapters.HTTPAdapter(max_retries=0)
    keep_deadline(adapter.poolmanager)
    managers = [adapter.poolmanager]
    if settings.proxy:
        try:
            manager = adapter.proxy_manager_for(settings.proxy)
        except (requests.RequestException, urllib3.exceptions.HTTPError, ImportError, ValueError):
            manager = None
        if manager is None:
            raise TransportError(
                kind="settings",
                reason=f"the proxy {place(settings.proxy)} cannot be used",
                hint="for a SOCKS proxy install PySocks; or set use_proxy: false",
            )
        keep_deadline(manager, plain=not settings.proxy.startswith("socks"))
        managers.append(manager)
    if settings.certificate:
        for manager in managers:
            manager.connection_pool_kw["key_password"] = settings.certificate.password
    if settings.verify is False:
        # Said once in Settings.notes, not once a request on standard error.
        warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
    return adapter


def exchange(
    adapter: Any,
    settings: Settings,
    method: str,
    url: str,
    headers: Mapping[str, str],
    data: bytes | None,
) -> Raw:
    """Sends one request and reads its answer whole, before the deadline that ``sockets.begin`` set.

    Of an answer that is an error at most 1 MiB is read, and it may break off; any other is read up to 64 MiB or not at
    all. Raises TransportError; no exception of requests, which may hold the request, is raised or chained.
    """
    found = _attempt(adapter, settings, method, url, headers, data)
    # Raised here, outside of every except clause, so that what holds the request is not even the error's context.
    if isinstance(found, TransportError):
        raise found
    return found


def _attempt(
    adapter: Any,
    settings: Settings,
    method: str,
    url: str,
    headers: Mapping[str, str],
    data: bytes | None,
) -> Raw | TransportError:
    new_request()
    try:
        request = requests.PreparedRequest()
        request.prepare(
            method=method, url=url, headers=dict(headers), data=data, auth=settings.auth
        )
        proxies = {"http": settings.proxy, "https": settings.proxy} if settings.proxy else {}
        cert = settings.certificate.files if settings.certificate else None
        response = adapter.send(
            request, stream=True, timeout=left(), verify=settings.verify, cert=cert, proxies=proxies
        )
        try:
            return _received(response, method)
        finally:
            response.close()
    except TransportError as error:
        return error
    except (
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        http.client.HTTPException,
        OSError,
        ValueError,
    ) as error:
        return explain(
            error,
            place=place(url),
            seconds=settings.timeout,
            sent=sent() > 0,
            proxy=place(settings.proxy) if settings.proxy else "",
        )


def _received(response: Any, method: str) -> Raw:
    raw, status = response.raw, int(response.status_code)
    headers = {str(name).lower(): clean(str(value), 8192) for name, value in raw.headers.items()}
    length = headers.get("content-length", "")
    framed = bool(length) or "chunked" in headers.get("transfer-encoding", "").lower()
    fine, bodiless = status < 300, method == "HEAD" or status in (204, 304)
    announced = int(length) if length.isdecimal() and len(length) < 19 and not bodiless else 0
    if fine and announced > LIMIT:
        data, whole = b"", False
    else:
        data, whole = _body(raw, headers.get("content-encoding", ""), status, announced)
    if fine and not whole:
        raise TransportError(
            kind="too_large",
            reason=f"the answer is larger than {LIMIT >> 20} MiB",
            hint="ask for less, with a filter or smaller pages",
            status=status,
            sent=True,
        )
    waits = tuple(clean(str(value)) for value in raw.headers.getlist("retry-after"))
    return Raw(status=status, headers=headers, waits=waits, data=data, framed=framed)


def _body(raw: Any, encoding: str, status: int, announced: int) -> tuple[bytes, bool]:
    """The body → (bytes, whether they are all). Of an error's body whatever could be read: the status says enough."""
    fine = status < 300
    try:
        return gathered(
            _chunks(raw, fine, announced), encoding, limit=LIMIT if fine else ERROR_LIMIT
        )
    except TransportError as error:
        error.status, error.sent = status, True
        if fine:
            raise
    return b"", False


def _chunks(raw: Any, fine: bool, announced: int) -> Iterator[bytes]:
    """The body as it comes, packed. Not every urllib3 notices that fewer bytes came than were ``announced``."""
    size = 0
    try:
        while chunk := raw.read(_CHUNK, decode_content=False):
            size += len(chunk)
            yield bytes(chunk)
        if size < announced:
            raise http.client.IncompleteRead(b"", announced - size)
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
        if fine:
            raise
        return
    raw.release_conn()  # read to its end: the connection serves again
