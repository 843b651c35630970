"""
A user pool's own document names its keys at its own address; MiniStack names the emulator's, over http, where the broker
rightly fetches no key.
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

import json

from ministack.services import cognito


def add():
    documents = cognito.well_known_openid_configuration

    def documents_at_own_address(*args, **named):
        status, headers, body = documents(*args, **named)
        document = json.loads(body)
        document["jwks_uri"] = f"{document['issuer']}/.well-known/jwks.json"
        return status, headers, json.dumps(document).encode()

    cognito.well_known_openid_configuration = documents_at_own_address
