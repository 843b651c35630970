"""Keys of one claim, and what is sealed to them: a compact JWE (ECDH-ES, A256GCM), opened in this process alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, cast

from joserfc import jwe
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

from postern.access import Access
from postern.errors import error_of

_ALGORITHM = "ECDH-ES"
_ENCRYPTION = "A256GCM"
_MEMBERS = {"alg", "enc", "kid", "requestId", "epk"}
_REGISTRY = jwe.JWERegistry(
    header_registry={"requestId": HeaderParameter("The request that it was sealed for", "str", True)},
    algorithms=[_ALGORITHM, _ENCRYPTION],
)
#: The library's types leave open what its keys are.
_CURVE_KEY: Any = ECKey
#: Characters; a sealed session has some two thousand.
_MOST_SEALED = 65_536


@dataclass(frozen=True)
class ClaimKey:
    """A key pair for one claim. The private half never leaves the memory of this process."""

    _key: ECKey = field(repr=False)

    def public_jwk(self) -> dict[str, str]:
        """The public half, as the API takes it."""
        whole = cast("dict[str, str]", self._key.as_dict(private=False))
        return {name: whole[name] for name in ("kty", "crv", "x", "y")}

    def open(self, sealed: str, request_id: str) -> Access:
        """The session that was sealed to this key for a request. Raises SealBroken for anything else."""
        try:
            return self._open(sealed, request_id)
        # The library raises many kinds for what is altered; none of their texts may show what was inside.
        except Exception:
            detail = "The sealed session does not open: it was altered, or sealed to another key or for another request. Ask again."
            raise error_of("seal_broken", detail, request_id=request_id) from None

    def _open(self, sealed: str, request_id: str) -> Access:
        if len(sealed) > _MOST_SEALED:
            raise ValueError
        opened = jwe.decrypt_compact(sealed, self._key, registry=_REGISTRY)
        header = opened.headers()
        expected = {
            "alg": _ALGORITHM,
            "enc": _ENCRYPTION,
            "kid": self._key.thumbprint(),
            "requestId": request_id,
        }
        if set(header) != _MEMBERS or any(header[name] != value for name, value in expected.items()):
            raise ValueError
        match json.loads(opened.plaintext or b""):
            case {
                "accessKeyId": str(key_id),
                "secretAccessKey": str(secret),
                "sessionToken": str(token),
                "expiration": str(expiration),
                "assumedRoleArn": str(role),
            }:
                return Access(key_id, secret, token, _time_of(expiration), request_id, role)
            case _:
                raise ValueError


def _time_of(text: str) -> datetime:
    # Python 3.10 does not read the Z.
    time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return time.astimezone(timezone.utc)


def new_claim_key() -> ClaimKey:
    """A fresh P-256 key pair."""
    return ClaimKey(_CURVE_KEY.generate_key("P-256"))
