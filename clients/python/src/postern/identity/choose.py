"""Who calls, chosen as every client of Postern chooses it: docs/sign-in.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Union

from postern.identity.aws import AwsIdentity
from postern.identity.login import Login, login_file_of
from postern.identity.tokens import TokenSource, token_of_environment

#: A signature, or a token.
Identity = Union[AwsIdentity, TokenSource]


def choose_identity(endpoint: str, env: Mapping[str, str] = os.environ) -> Identity:
    """The token that the environment names; the login to this broker; the ordinary AWS chain. What is named is used or
    fails: nobody becomes somebody else because a file cannot be read."""
    source = token_of_environment(env)
    if source is not None:
        return source
    file = login_file_of(endpoint, env)
    if file is not None and os.path.lexists(file):
        return Login(file)
    return AwsIdentity()
