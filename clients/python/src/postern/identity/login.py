"""The login that `postern login` keeps for a broker. It is read here, and renewed by the command line."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64encode

from postern.errors import error_of
from postern.identity.tokens import is_token

_OTHERS = 0o077
#: The library's types leave open what its keys are.
_CURVE_KEY: Any = ECKey
_MOST_BYTES = 65_536


def login_file_of(endpoint: str, env: Mapping[str, str]) -> str | None:
    """Where the login to a broker is kept. `POSTERN_LOGIN=off` says that there is none: so a child has no part in it."""
    if env.get("POSTERN_LOGIN") == "off":
        return None
    home = env.get("HOME") or os.path.expanduser("~")
    state = env.get("XDG_STATE_HOME") or os.path.join(home, ".local", "state")
    name = hashlib.sha256(endpoint.rstrip("/").encode()).hexdigest()[:32]
    return os.path.join(state, "postern", "logins", f"{name}.json")


@dataclass(frozen=True)
class Login:
    """The token of a login, and proofs of its key where it is bound to one (DPoP, RFC 9449)."""

    path: str

    def token(self) -> str:
        """The token. Raises LoginEnded where it has ended: any call of the command line renews it."""
        data = self._read()
        try:
            ends_at = datetime.fromisoformat(str(data["expiresAt"]).replace("Z", "+00:00")).timestamp()
        except (KeyError, ValueError):
            ends_at = 0.0
        token = data.get("token")
        if not isinstance(token, str) or not is_token(token) or ends_at <= time.time():
            detail = "The login of this machine has ended: run postern whoami, which renews it, or postern login."
            raise error_of("login_ended", detail)
        return token

    def proof(self, method: str, url: str, token: str) -> str | None:
        """A proof for one call. See https://www.rfc-editor.org/rfc/rfc9449#section-4.2"""
        key = self._read().get("key")
        if not isinstance(key, dict):
            return None
        private = cast("ECKey", _CURVE_KEY.import_key(cast("dict[str, Any]", key)["privateJwk"]))
        whole: dict[str, Any] = dict(private.as_dict(private=False))
        public = {name: whole[name] for name in ("kty", "crv", "x", "y")}
        claims: dict[str, Any] = {
            "htm": method,
            "htu": url.split("?")[0],
            "jti": str(uuid.uuid4()),
            "iat": int(time.time()),
            "ath": urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode(),
        }
        return jwt.encode({"alg": "ES256", "typ": "dpop+jwt", "jwk": public}, claims, private, algorithms=["ES256"])

    def _read(self) -> dict[str, Any]:
        try:
            found = os.lstat(self.path)
            is_mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
            if not stat.S_ISREG(found.st_mode) or not is_mine or (os.name != "nt" and found.st_mode & _OTHERS):
                detail = f"{self.path} can be read by others than you: remove it, and log in again."
                raise error_of("login_exposed", detail)
            with open(self.path, "rb") as file:
                data: object = json.loads(file.read(_MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise error_of("not_logged_in", "You are not logged in: postern login.")
        return cast("dict[str, Any]", data)
