"""The caller's ordinary AWS chain, as botocore has it: environment, profile, SSO, container or instance role."""

from __future__ import annotations

import os
import re
import threading
from dataclasses import dataclass, field
from typing import Any, cast

import botocore.session
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from postern.errors import PosternError, error_of
from postern.identity.loops import Profiles, find_loop, is_started_by_look_up, marked_look_up

#: How botocore names the command that signs in again.
_SIGN_IN = re.compile(r"\b(aws (?:sso )?login)\b")


@dataclass(frozen=True)
class AwsIdentity:
    """Signs calls as a profile, or as the environment says where none is named.

    INVARIANT: never leads back to itself. A profile whose `credential_process` is Postern is refused, and so is
    whatever a look-up of Postern started.
    """

    profile: str | None = None
    region_name: str | None = None
    _state: dict[str, Any] = field(default_factory=dict[str, Any], repr=False, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def named(self) -> str | None:
        """The profile that is named, here or in the environment."""
        return self.profile or self._session().profile or None

    def credentials(self) -> Credentials:
        """Keys that are valid now. Raises NoCredentials, NoProfile, IdentityLoop."""
        profiles = self._profiles()
        self._check(profiles)
        try:
            with self._lock, marked_look_up():
                if "credentials" not in self._state:
                    self._state["credentials"] = self._session().get_credentials()
                found: Any = self._state["credentials"]
                frozen: Any = found.get_frozen_credentials() if found else None
        # What STS refuses, for a role that is assumed, is a ClientError.
        except (BotoCoreError, ClientError) as error:
            raise _explained(str(error), self.named, profiles) from None
        if frozen is None or not frozen.access_key or not frozen.secret_key:
            raise _explained("", self.named, profiles)
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token)

    def region(self) -> str:
        """The region to sign for. Raises NoRegion."""
        region = self.region_name or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        if region:
            return region
        profiles = self._profiles()
        self._check_named(profiles)
        found = profiles.get(self.named or "default", {}).get("region")
        if isinstance(found, str) and found:
            return found
        raise error_of("no_region", "There is no region to sign for: set AWS_REGION to the broker’s.")

    def _session(self) -> botocore.session.Session:
        return botocore.session.Session(profile=self.profile)

    def _profiles(self) -> Profiles:
        try:
            config = self._session().full_config
        except BotoCoreError as error:
            raise error_of("no_profile", f"The configuration of AWS cannot be read: {error}") from None
        return cast("Profiles", config.get("profiles", {}))

    def _check_named(self, profiles: Profiles) -> None:
        if self.named and self.named not in profiles:
            detail = f"There is no profile {self.named} in ~/.aws/config or ~/.aws/credentials: check AWS_PROFILE."
            raise error_of("no_profile", detail)

    def _check(self, profiles: Profiles) -> None:
        self._check_named(profiles)
        loop = find_loop(self._in_use(), profiles)
        if loop is not None:
            detail = f"The profile {loop} gets its credentials from Postern, which would start itself again: name another profile, that signs for you."
            raise error_of("identity_loop", detail)
        if is_started_by_look_up():
            detail = "This was started to find out who Postern signs as, and would start itself again: name a profile that signs for you."
            raise error_of("identity_loop", detail)

    def _in_use(self) -> str | None:
        """The profile that botocore takes credentials from; None where keys in the environment come first, which they
        do unless a profile is named to it (AWS_PROFILE does not count)."""
        if self.profile:
            return self.profile
        has_keys = os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY")
        return None if has_keys else self.named or "default"


def _explained(said: str, named: str | None, profiles: Profiles) -> PosternError:
    """Why the chain has no credentials, by what botocore said."""
    if found := _SIGN_IN.search(said):
        whose = f"the profile {named}" if named else "this machine"
        which = f" --profile {named}" if named else ""
        detail = f"The sign-in of {whose} has ended: run {found.group(1)}{which}"
        return error_of("sign_in_expired", detail)
    if profiles.get(named or "default", {}).get("credential_process"):
        return error_of("no_credentials", f"The credential_process of the profile {named or 'default'} gave none.")
    if named:
        return error_of("no_credentials", f"The profile {named} gives no AWS credentials to sign with.")
    return error_of(
        "no_credentials", "There are no AWS credentials to sign with: set a profile or AWS_ACCESS_KEY_ID."
    )
