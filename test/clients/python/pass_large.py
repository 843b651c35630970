"""Writes a large object and reads it again, both as streams; prints the digests of what was sent and what came, as JSON."""
import hashlib
import json
import sys

import boto3

PIECE = b"postern " * 131072
MEGABYTES = int(sys.argv[1])
s3 = boto3.client("s3", region_name="eu-central-1")
sent, received = hashlib.sha256(), hashlib.sha256()
with open("large", "wb") as file:
    for _ in range(MEGABYTES):
        file.write(PIECE)
        sent.update(PIECE)
with open("large", "rb") as file:
    s3.put_object(Bucket="bucket-one", Key="large", Body=file)
for piece in s3.get_object(Bucket="bucket-one", Key="large")["Body"].iter_chunks(1 << 20):
    received.update(piece)
print(json.dumps({"sent": sent.hexdigest(), "received": received.hexdigest()}))
