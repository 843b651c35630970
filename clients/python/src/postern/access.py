"""A session of AWS that was granted for one job."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True)
class Access:
    """Session credentials, opened in this process alone, and what they were given for. Its `repr` shows no secret."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expiration: datetime
    request_id: str
    assumed_role_arn: str

    def session(self, region: str | None = None) -> Session:
        """A boto3 session that works until `expiration`; `postern.session` makes one that renews itself."""
        import boto3.session

        return boto3.session.Session(
            self.access_key_id,
            self.secret_access_key,
            self.session_token,
            region_name=region or os.environ.get("AWS_REGION"),
        )
