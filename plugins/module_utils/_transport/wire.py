# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request out, one answer back, within one deadline and bounded memory.

This is the only file that imports requests. It uses its adapter and not its Session: what the
Session adds (cookies, ``~/.netrc``, redirects, settings from the environment) is exactly what
this collection promises not to do.
"""

from __future__ import annotations

import http.client
import os
import traceback
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .adapter import caching
from .body import ERROR_LIMIT, LIMIT, decompress
from .errors import TransportError, settings_error
from .settings import Settings
from .sockets import bytes_sent, keep_deadline, reset_bytes_sent, seconds_left
from .text import clean
from .urls import shown_origin

if TYPE_CHECKING:
    from .._model.layouts import Layouts

try:
    import requests
    import requests.adapters
    import urllib3
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

_CHUNK = 64 * 1024
_LONGEST_HEADER = 8192
# Content-Length with more digits than this is not believed.
_LENGTH_DIGITS = 18
_NO_BODY = (204, 304)


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpRequest:
    """A request as it is sent, apart from the credentials.

    ``layouts`` are known layouts of rows if the answer is a list whose rows may stay unread.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    data: bytes | None = None
    layouts: Layouts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RawAnswer:
    """An answer as it came. ``data`` is decompressed, header names are lower case.

    ``framed`` is true if its length was announced, so that a cut would show. ``retry_after`` has
    every ``Retry-After`` by itself, since a date contains a comma too.
    """

    status: int
    headers: Mapping[str, str]
    retry_after: tuple[str, ...]
    data: bytes
    framed: bool


def adapter_for(settings: Settings) -> Any:
    """Return an adapter, a kept one if it was made for the same.

    That is the address, the proxy, the credentials, TLS with the times of its files, and the
    number of connections.
    """
    if settings.kept is None:
        return open_adapter(settings)
    made_for = (
        (settings.server_url, settings.proxy, settings.grant, settings.auth),
        (settings.verify, settings.certificate, _changed(settings), settings.concurrency),
    )
    return settings.kept.adapter(made_for, lambda: open_adapter(settings))


def _changed(settings: Settings) -> list[int]:
    """Return when the files of TLS were changed, in nanoseconds."""
    files = [settings.verify] if isinstance(settings.verify, str) else []
    if settings.certificate:
        files += [settings.certificate.path, settings.certificate.key]
    return [os.stat(file).st_mtime_ns for file in files if file]


def open_adapter(settings: Settings) -> Any:
    """Return an adapter of requests that keeps connections open and the deadline.

    Raise a ``settings`` error if requests, or a library that the proxy needs, is missing.
    """
    if REQUESTS_IMPORT_ERROR:
        raise settings_error("the Python library requests is missing", "install requests")
    caching_adapter = caching(requests.adapters.HTTPAdapter)
    adapter = caching_adapter(max_retries=0, pool_maxsize=settings.concurrency)
    keep_deadline(adapter.poolmanager)
    managers = [adapter.poolmanager]
    if settings.proxy:
        managers.append(_proxy_manager(adapter, settings.proxy))
    if settings.certificate:
        for manager in managers:
            manager.connection_pool_kw["key_password"] = settings.certificate.password
    if settings.verify is False:
        # Settings.notes warns once, instead of each request on standard error.
        warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
    return adapter


def _proxy_manager(adapter: Any, proxy: str) -> Any:
    try:
        manager = adapter.proxy_manager_for(proxy)
    except (requests.RequestException, urllib3.exceptions.HTTPError, ImportError, ValueError):
        manager = None
    if manager is None:
        raise settings_error(
            f"the proxy {shown_origin(proxy)} cannot be used",
            "for a SOCKS proxy install PySocks, or set use_proxy: false",
        )
    keep_deadline(manager, direct=not proxy.startswith("socks"))
    return manager


def exchange(adapter: Any, settings: Settings, request: HttpRequest) -> RawAnswer:
    """Send one request and return its whole answer, before the deadline.

    ``sockets.start_deadline`` sets that. Read at most 1 MiB of an error answer, which may be
    truncated. Raise TransportError if any other answer exceeds 64 MiB. No exception of
    requests is raised or chained, since it may hold the request.
    """
    found = _attempt(adapter, settings, request)
    # Raised here, outside of every except clause, so that what holds the request is not even the
    # context of the error.
    if isinstance(found, TransportError):
        raise found
    return found


def _attempt(adapter: Any, settings: Settings, request: HttpRequest) -> RawAnswer | TransportError:
    reset_bytes_sent()
    try:
        raw = _send(adapter, settings, request)
        try:
            return _received(raw, request.method)
        finally:
            raw.close()
            raw.release_conn()
    except TransportError as error:
        return error
    except (
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        http.client.HTTPException,
        OSError,
        ValueError,
    ) as error:
        from .explain import explain

        proxy = ""
        if settings.proxy:
            proxy = shown_origin(settings.proxy)
        return explain(
            error,
            place=shown_origin(request.url),
            seconds=settings.timeout,
            sent=bytes_sent() > 0,
            proxy=proxy,
        )


def _send(adapter: Any, settings: Settings, request: HttpRequest) -> Any:
    form = (request.method, request.url, request.headers, settings.auth)
    prepared = adapter.prepared(form, request.data, lambda data: _prepared(settings, request, data))
    proxies = {}
    if settings.proxy:
        proxies = {"http": settings.proxy, "https": settings.proxy}
    certificate = None
    if settings.certificate:
        certificate = settings.certificate.files
    return adapter.send(
        prepared,
        stream=True,
        timeout=seconds_left(),
        verify=settings.verify,
        cert=certificate,
        proxies=proxies,
    )


def _prepared(settings: Settings, request: HttpRequest, data: bytes | None) -> Any:
    prepared = requests.PreparedRequest()
    prepared.prepare(
        method=request.method,
        url=request.url,
        headers=dict(request.headers),
        data=data,
        auth=settings.auth,
    )
    return prepared


def _received(raw: Any, method: str) -> RawAnswer:
    """Return what an answer of urllib3 holds."""
    status = int(raw.status)
    headers = {
        str(name).lower(): clean(str(value), _LONGEST_HEADER) for name, value in raw.headers.items()
    }
    announced = 0
    if method != "HEAD" and status not in _NO_BODY:
        announced = _content_length(headers)
    data, whole = _body(raw, headers.get("content-encoding", ""), status, announced)
    if _is_success(status) and not whole:
        raise TransportError(
            kind="too_large",
            reason=f"the answer is larger than {LIMIT >> 20} MiB",
            hint="request less, with a filter or smaller pages",
            status=status,
            sent=True,
        )
    waits = [clean(str(value)) for value in raw.headers.getlist("retry-after")]
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    return RawAnswer(
        status=status,
        headers=headers,
        retry_after=tuple(waits),
        data=data,
        framed=chunked or bool(headers.get("content-length")),
    )


def _is_success(status: int) -> bool:
    return status < 300


def _content_length(headers: Mapping[str, str]) -> int:
    """Return the announced number of bytes, or 0 if there is none that makes sense."""
    length = headers.get("content-length", "")
    if length.isdecimal() and len(length) <= _LENGTH_DIGITS:
        return int(length)
    return 0


def _body(raw: Any, encoding: str, status: int, announced: int) -> tuple[bytes, bool]:
    """Return the body, and whether it is whole.

    Of an error answer it is as much as could be read: the status says enough.
    """
    fine = _is_success(status)
    limit = LIMIT if fine else ERROR_LIMIT
    if fine and announced > limit:
        return b"", False
    try:
        return decompress(_chunks(raw, fine, announced), encoding, limit=limit)
    except TransportError as error:
        error.status, error.sent = status, True
        if fine:
            raise
    return b"", False


def _chunks(raw: Any, fine: bool, announced: int) -> Iterator[bytes]:
    """Yield the body as it comes, still compressed.

    Not every urllib3 notices that fewer bytes came than were ``announced``.
    """
    size = 0
    try:
        while chunk := raw.read(_CHUNK, decode_content=False):
            size += len(chunk)
            yield bytes(chunk)
            if size == announced:
                break
        if size < announced:
            raise http.client.IncompleteRead(b"", announced - size)
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
        if fine:
            raise
        return
    # Read to its end, so the connection can serve again.
    raw.release_conn()
