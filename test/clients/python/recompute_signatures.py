"""Makes the signature of every request again with botocore's own signer, and prints those that differ, as JSON.

Usage: recompute_signatures.py <file of JSON lines> <secret access key> <session token>
"""
import base64
import json
import re
import sys

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

FILE, SECRET, TOKEN = sys.argv[1:]
counts, different = {}, []

for line in open(FILE, encoding="utf-8"):
    sent = json.loads(line)
    headers = {name.lower(): value for name, value in sent["headers"]}
    authorization = headers.get("authorization", "")
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
        authorization,
    )
    if not found:
        different.append([sent["method"], sent["target"], "no signature"])
        continue
    key_id, _, region, service, names, signature = found.groups()
    signer = (S3SigV4Auth if service == "s3" else SigV4Auth)(Credentials(key_id, SECRET, TOKEN), service, region)
    request = AWSRequest(
        method=sent["method"],
        url=f"http://{headers['host']}{sent['target']}",
        headers={name: headers[name] for name in names.split(";")},
        data=base64.b64decode(sent["body"]),
    )
    # The signer reads the time from here.
    request.context["timestamp"] = headers["x-amz-date"]
    own = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    counts[service] = counts.get(service, 0) + 1
    if own != signature or headers.get("x-amz-security-token") != TOKEN:
        different.append([sent["method"], sent["target"], service])

json.dump({"counts": counts, "different": different}, sys.stdout)
