"""Where tokens may be sent."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from postern.errors import error_of

_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1")


def check_private(url: str) -> None:
    """A token is good for whoever reads it: it is sent over TLS, or within this machine. Raises NoEndpoint."""
    parts = urlsplit(url)
    if parts.scheme == "https" or _LOOPBACK.fullmatch(parts.hostname or ""):
        return
    raise error_of("no_endpoint", "The broker’s address does not begin with https://: a token is not sent there.")


def base_of(endpoint: str) -> str:
    """A broker's address, without the slash at its end. Raises NoEndpoint for what is none."""
    base = endpoint.rstrip("/")
    try:
        parts = urlsplit(base)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or "@" in base or "?" in base or "#" in base or not base.isascii() or not base.isprintable():
        raise error_of("no_endpoint", "That is not the address of a broker: it should begin with https://.")
    return base
