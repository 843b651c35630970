"""Tokens that sign in: in a file, of a job of GitHub Actions; and what one says of itself."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast
from urllib.parse import quote

from postern.errors import PosternError, error_of
from postern.http import Http
from postern.private_addresses import check_private

#: Characters of a token, of which the broker takes as many.
_MOST_CHARACTERS = 8_192


class TokenSource(Protocol):
    """Where the token of each call comes from."""

    def token(self) -> str:
        """A token that is valid now. Raises TokenUnreadable."""
        ...

    def proof(self, method: str, url: str, token: str) -> str | None:
        """A DPoP proof (RFC 9449) of the key that the token is bound to; None where it is bound to none."""
        ...


def _unreadable(detail: str) -> PosternError:
    return error_of("token_unreadable", detail)


@dataclass(frozen=True)
class TokenFile:
    """A token that a file holds, read anew for each call: platforms write a new one before the old one ends."""

    path: str

    def token(self) -> str:
        """The token. Raises TokenUnreadable where there is not one in the file."""
        try:
            with open(self.path, "rb") as file:
                content = file.read(_MOST_CHARACTERS + 1024)
        except OSError:
            detail = f"The token file that POSTERN_WEB_IDENTITY_TOKEN_FILE names cannot be read: {self.path}."
            raise _unreadable(detail) from None
        token = content.decode("utf-8", "replace").strip()
        if not is_token(token):
            raise _unreadable(f"There is not one token in {self.path}.")
        return token

    def proof(self, method: str, url: str, token: str) -> str | None:
        """None: nothing says of a file which key its token is bound to."""
        return None


@dataclass(frozen=True)
class GitHubToken:
    """A token of the GitHub Actions job that this runs in, minted anew for each call, for the broker's audience.

    See https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
    """

    audience: str
    request_url: str
    request_token: str = field(repr=False)
    _http: Http = field(default_factory=Http, repr=False, compare=False)

    def token(self) -> str:
        """The token. Raises TokenUnreadable where GitHub gives none."""
        joint = "&" if "?" in self.request_url else "?"
        url = f"{self.request_url}{joint}audience={quote(self.audience, safe='')}"
        check_private(url)
        try:
            answer = self._http.send("GET", url, {"Authorization": f"Bearer {self.request_token}"}, None)
        except PosternError:
            answer = None
        data: Any = answer.json() if answer and 200 <= answer.status < 300 else None
        value = cast("dict[str, object]", data).get("value") if isinstance(data, dict) else None
        if not (isinstance(value, str) and is_token(value)):
            raise _unreadable("GitHub gave this job no token: it needs the permission id-token: write.")
        return value

    def proof(self, method: str, url: str, token: str) -> str | None:
        """None: GitHub binds its tokens to no key."""
        return None


def is_token(text: str) -> bool:
    """Whether a text can be sent as a token: printable ASCII, of a length that the broker takes."""
    return 0 < len(text) <= _MOST_CHARACTERS and all("!" <= character <= "~" for character in text)


def token_of_environment(env: Mapping[str, str] = os.environ) -> TokenSource | None:
    """The file that POSTERN_WEB_IDENTITY_TOKEN_FILE names, else a token of the GitHub Actions job, where
    POSTERN_TOKEN_AUDIENCE says for whom; None where there is neither."""
    if file := env.get("POSTERN_WEB_IDENTITY_TOKEN_FILE"):
        return TokenFile(file)
    audience = env.get("POSTERN_TOKEN_AUDIENCE")
    url, token = env.get("ACTIONS_ID_TOKEN_REQUEST_URL"), env.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    return GitHubToken(audience, url, token) if audience and url and token else None


@dataclass(frozen=True)
class TokenClaims:
    """Who a token says it is of. Read, not verified: it tells callers apart on this machine, and decides nothing."""

    issuer: str
    subject: str
    actor: str | None
    #: Seconds since the epoch.
    ends_at: float | None


def read_token_claims(token: str) -> TokenClaims | None:
    """What a token says of itself; None where it is no JWT."""
    part = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        claims: object = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(claims, dict):
        return None
    data = cast("dict[str, object]", claims)
    act, end = data.get("act"), data.get("exp")
    actor = cast("dict[str, object]", act).get("sub") if isinstance(act, dict) else None
    return TokenClaims(
        _text(data.get("iss")),
        _text(data.get("sub")),
        actor if isinstance(actor, str) else None,
        float(end) if isinstance(end, (int, float)) and not isinstance(end, bool) else None,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
