"""Just-in-time access to AWS: ask in plain language, get one short-lived session exactly as wide as the job.

    session = postern.session("The weekly report needs the operational metrics of this week.")
    table = session.resource("dynamodb").Table("bank_operational_metrics")

`POSTERN_API` names the broker. Who calls is a token that the environment names, or the ordinary AWS credentials.
"""

from postern import aio
from postern.access import Access
from postern.answers import RequestView
from postern.asking import cancel, check, credentials, finish, request, session, start
from postern.renewing import PosternCredentials
from postern.errors import (
    AlreadyClaimed,
    BrokerFailed,
    BrokerUnreachable,
    Cancelled,
    ClockOff,
    Denied,
    Expired,
    ForeignAnswer,
    GatewayRequired,
    IdentityLoop,
    InvalidRequest,
    LimitReached,
    LoginEnded,
    NoCertificates,
    NoCredentials,
    NoEndpoint,
    NoProfile,
    NoRegion,
    NotReady,
    NotRegistered,
    PosternError,
    Reason,
    RequestNotFound,
    SealBroken,
    SetupError,
    SignatureRefused,
    SubjectTokenRefused,
    Suspended,
    TokenExpired,
    TokenRefused,
    TokenUnreadable,
    WaitTimedOut,
    WrongRegion,
)
from postern.handles import Handle, HandleStore, MemoryHandles
from postern.identity.aws import AwsIdentity
from postern.identity.tokens import GitHubToken, TokenFile, TokenSource
from postern.pending import Pending

__all__ = [
    "Access",
    "AlreadyClaimed",
    "AwsIdentity",
    "BrokerFailed",
    "BrokerUnreachable",
    "Cancelled",
    "ClockOff",
    "Denied",
    "Expired",
    "ForeignAnswer",
    "GatewayRequired",
    "GitHubToken",
    "Handle",
    "HandleStore",
    "IdentityLoop",
    "InvalidRequest",
    "LimitReached",
    "LoginEnded",
    "MemoryHandles",
    "NoCertificates",
    "NoCredentials",
    "NoEndpoint",
    "NoProfile",
    "NoRegion",
    "NotReady",
    "NotRegistered",
    "Pending",
    "PosternCredentials",
    "PosternError",
    "Reason",
    "RequestNotFound",
    "RequestView",
    "SealBroken",
    "SetupError",
    "SignatureRefused",
    "SubjectTokenRefused",
    "Suspended",
    "TokenExpired",
    "TokenFile",
    "TokenRefused",
    "TokenSource",
    "TokenUnreadable",
    "WaitTimedOut",
    "WrongRegion",
    "aio",
    "cancel",
    "check",
    "credentials",
    "finish",
    "request",
    "session",
    "start",
]
