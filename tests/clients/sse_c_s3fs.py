#!/usr/bin/env python3
"""SSE-C with stock s3fs (fsspec) against the endpoint that the environment names."""

import os

import s3fs

from steps import BIG, BORDER, DOC, KEY_A, KEY_B, run

BUCKET = "ssec-clients-s3fs"


def filesystem(customer_key):
    """A file system of one customer key; botocore adds base64 and MD5."""
    return s3fs.S3FileSystem(
        endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"],
        client_kwargs={"verify": os.environ["AWS_CA_BUNDLE"], "region_name": os.environ["AWS_REGION"]},
        s3_additional_kwargs=customer_key and {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": customer_key},
        config_kwargs={"retries": {"max_attempts": 1}},
        skip_instance_cache=True,
        use_listings_cache=False,
    )


fs, other, keyless = filesystem(KEY_A), filesystem(KEY_B), filesystem({})


def put():
    fs.pipe_file(f"{BUCKET}/doc", DOC)


def get():
    assert fs.cat_file(f"{BUCKET}/doc") == DOC, "other bytes"


def get_range():
    with fs.open(f"{BUCKET}/doc", "rb", block_size=1 << 16) as file:
        file.seek(65_530)
        assert file.read(16) == DOC[65_530:65_546], "other bytes"


def head():
    assert fs.info(f"{BUCKET}/doc")["size"] == len(DOC)


def multipart():
    with fs.open(f"{BUCKET}/big", "wb", block_size=BORDER) as file:
        file.write(BIG)
    with fs.open(f"{BUCKET}/big", "rb") as file:
        assert file.read() == BIG, "other bytes"


def denied(errors, filesystem):
    """s3fs turns a 403 into a PermissionError and a 400 into an OSError."""
    try:
        filesystem.cat_file(f"{BUCKET}/doc")
    except errors:
        return
    raise AssertionError("the call succeeded")


def delete():
    fs.rm(BUCKET, recursive=True)
    assert not fs.exists(BUCKET)


run(
    f"s3fs {s3fs.__version__}",
    {
        "create-bucket": lambda: fs.mkdir(BUCKET),
        "put": put,
        "get": get,
        "get-range": get_range,
        "head": head,
        "get-another-key": lambda: denied(PermissionError, other),
        "get-no-key": lambda: denied(OSError, keyless),
        "multipart": multipart,
        "listing": lambda: fs.ls(BUCKET).index(f"{BUCKET}/doc"),
        "delete": delete,
    },
)
