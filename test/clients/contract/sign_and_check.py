"""What schemathesis needs to know of the API: how calls are signed, and which refusals no schema can foretell."""

import os
import re

import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from requests.auth import AuthBase
from schemathesis.openapi.checks import MissingHeaderNotRejected, RejectedPositiveData
from schemathesis.specs.openapi.checks import missing_required_header, positive_data_acceptance

KEY = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
REGION = os.environ["AWS_REGION"]


class Signed(AuthBase):
    """Signs what is about to be sent, as every AWS SDK does."""

    def __call__(self, request):
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        signed = AWSRequest(request.method, request.url, data=body, headers={"Content-Type": "application/json"})
        SigV4Auth(KEY, "execute-api", REGION).add_auth(signed)
        request.headers.update(signed.headers.items())
        return request


schemathesis.auth.set_from_requests(Signed())

# A point off the curve; a state machine or a gateway that is on no list; text that is no principal, or another's; a place in
# another list; a name in letters that no portable pattern can tell; two proofs for one vote: each fits the schema, and each is
# refused by the code that says so.
FIELD_OF_REFUSAL = {
    "recipient_key_invalid": "recipientKey",
    "callback_not_allowed": "callback",
    "gateway_unknown": "gateway",
}
FIELDS_READ_LATER = {
    "POST /changes": {"proposal", "parts"},
    "GET /requests": {"cursor"},
    "GET /audit": {"cursor"},
    "GET /audit/verification": {"cursor"},
    "POST /passkeys": {"passkey"},
    "POST /requests/{id}/votes": {"code"},
}


def is_foretold_by_no_schema(case, response):
    if response.status_code != 400:
        return False
    problem = response.json()
    # A bundle's parts are read as a change alone is: what is wrong in one is said of its field.
    fields = {re.sub(r"^parts\[\d+\]\.", "", error["field"]).split(".")[0] for error in problem.get("errors", [])}
    if problem["code"] == "invalid_request":
        return fields != set() and fields <= FIELDS_READ_LATER.get(case.operation.label, set())
    return fields == {FIELD_OF_REFUSAL.get(problem["code"])}


@schemathesis.check
def takes_what_the_document_allows(ctx, response, case):
    """The check `positive_data_acceptance`, but for exactly these refusals."""
    try:
        positive_data_acceptance(ctx, response, case)
    except RejectedPositiveData:
        # What became of a request is no matter of its schema: 410, as 404 and 409 are.
        if response.status_code != 410 and not is_foretold_by_no_schema(case, response):
            raise


@schemathesis.check
def refuses_unsigned_calls(ctx, response, case):
    """The check `missing_required_header`, which expects 401: IAM answers an unsigned call with 403."""
    try:
        missing_required_header(ctx, response, case)
    except MissingHeaderNotRejected as failure:
        if response.status_code != 403 or failure.header_name.lower() != "authorization":
            raise
