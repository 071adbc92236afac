#!/usr/bin/env python3
"""SSE-C with stock minio-py against the endpoint that the environment names."""

import io
import os
import urllib.parse

import minio
import urllib3
from minio.commonconfig import ComposeSource, CopySource
from minio.sse import SseCustomerKey

from steps import BIG, BORDER, DOC, KEY_A, KEY_B, refused, run

BUCKET = "ssec-clients-minio"
A, B = SseCustomerKey(KEY_A), SseCustomerKey(KEY_B)

pool = urllib3.PoolManager(ca_certs=os.environ["AWS_CA_BUNDLE"], cert_reqs="CERT_REQUIRED", retries=False)
s3 = minio.Minio(
    urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL_S3"]).netloc,
    access_key=os.environ["AWS_ACCESS_KEY_ID"],
    secret_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    region=os.environ["AWS_REGION"],
    http_client=pool,
)


def read(name, customer_key, **some):
    answer = s3.get_object(BUCKET, name, ssec=customer_key, **some)
    try:
        return answer.read()
    finally:
        answer.close()
        answer.release_conn()


def put():
    s3.put_object(BUCKET, "doc", io.BytesIO(DOC), len(DOC), sse=A)


def get():
    assert read("doc", A) == DOC, "other bytes"


def get_range():
    assert read("doc", A, offset=65_530, length=16) == DOC[65_530:65_546], "other bytes"


def head():
    assert s3.stat_object(BUCKET, "doc", ssec=A).size == len(DOC)


def multipart():
    answer = s3.put_object(BUCKET, "big", io.BytesIO(BIG), len(BIG), part_size=BORDER, sse=A)
    assert answer.etag.endswith("-2"), answer.etag
    assert read("big", A) == BIG, "other bytes"
    assert read("big", A, offset=BORDER - 7, length=16) == BIG[BORDER - 7 : BORDER + 9], "other bytes across the parts"


def rekey():
    s3.copy_object(BUCKET, "rekeyed", CopySource(BUCKET, "doc", ssec=A), sse=B)
    assert read("rekeyed", B) == DOC, "other bytes"
    refused(403, lambda: read("rekeyed", A))


def rekey_in_parts():
    sources = [ComposeSource(BUCKET, "big", ssec=A), ComposeSource(BUCKET, "doc", ssec=A)]
    s3.compose_object(BUCKET, "composed", sources, sse=B)
    assert read("composed", B) == BIG + DOC, "other bytes"


def listing():
    names = {entry.object_name for entry in s3.list_objects(BUCKET)}
    assert {"doc", "big"} <= names, names


def delete():
    for name in ("doc", "big", "rekeyed", "composed"):
        s3.remove_object(BUCKET, name)
    refused(404, lambda: s3.stat_object(BUCKET, "doc"))
    s3.remove_bucket(BUCKET)


run(
    f"minio-py {minio.__version__}",
    {
        "create-bucket": lambda: s3.make_bucket(BUCKET),
        "put": put,
        "get": get,
        "get-range": get_range,
        "head": head,
        "get-another-key": lambda: refused(403, lambda: read("doc", B)),
        "get-no-key": lambda: refused(400, lambda: read("doc", None)),
        "head-another-key": lambda: refused(403, lambda: s3.stat_object(BUCKET, "doc", ssec=B)),
        "head-no-key": lambda: refused(400, lambda: s3.stat_object(BUCKET, "doc")),
        "multipart": multipart,
        "rekey": rekey,
        "rekey-in-parts": rekey_in_parts,
        "listing": listing,
        "delete": delete,
    },
)
