#!/usr/bin/env python3
"""SSE-C with stock boto3 against the endpoint that the environment names (AWS_ENDPOINT_URL_S3, AWS_CA_BUNDLE).

Prints one line per step and exits 1 when one of them did not go as it does on S3.
"""

import base64
import hashlib
import io
import os
import secrets
import ssl
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

BUCKET = "ssec-clients-boto3"
DOC = secrets.token_bytes(200_000)  # several segments of the sealed format, no whole number of them
BIG = secrets.token_bytes(6 << 20)  # two parts: 5 MiB and 1 MiB
IN_PARTS = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
KEY_A, KEY_B = secrets.token_bytes(32), secrets.token_bytes(32)

s3 = boto3.client("s3", config=Config(retries={"max_attempts": 1}, signature_version="s3v4"))


def triple(customer_key):
    """The SSE-C parameters for one key; boto3 adds the base64 and the MD5."""
    return {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": customer_key}


def source(customer_key):
    """The SSE-C parameters for the source of a copy."""
    return {"CopySourceSSECustomerAlgorithm": "AES256", "CopySourceSSECustomerKey": customer_key}


def refused(status, code, call, **parameters):
    """The call fails with this status and Code; a HEAD has no body, so its Code is the bare status."""
    try:
        call(Bucket=BUCKET, **parameters)
    except ClientError as error:
        got = error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
        assert got == (status, code), f"wanted {status} {code}, got {got[0]} {got[1]}"
    else:
        raise AssertionError(f"wanted {status} {code}, the call succeeded")


def put():
    answer = s3.put_object(Bucket=BUCKET, Key="doc", Body=DOC, Metadata={"colour": "blue"}, **triple(KEY_A))
    assert answer["SSECustomerAlgorithm"] == "AES256", answer
    assert answer["ETag"].strip('"') != hashlib.md5(DOC).hexdigest(), "the ETag is the MD5 of the plaintext"


def get():
    answer = s3.get_object(Bucket=BUCKET, Key="doc", **triple(KEY_A))
    assert answer["Body"].read() == DOC, "other bytes"
    assert answer["Metadata"] == {"colour": "blue"}, answer["Metadata"]
    assert answer["SSECustomerAlgorithm"] == "AES256", answer


def get_range():
    # Borders of 64 KiB segments, the middle, the tail.
    for first, last in ((0, 0), (65_535, 65_536), (70_000, 150_000), (199_990, 199_999)):
        answer = s3.get_object(Bucket=BUCKET, Key="doc", Range=f"bytes={first}-{last}", **triple(KEY_A))
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206, answer
        assert answer["Body"].read() == DOC[first : last + 1], f"other bytes in {first}-{last}"


def head():
    answer = s3.head_object(Bucket=BUCKET, Key="doc", **triple(KEY_A))
    assert answer["ContentLength"] == len(DOC), answer["ContentLength"]


def empty_object():
    s3.put_object(Bucket=BUCKET, Key="empty", **triple(KEY_A))
    assert s3.get_object(Bucket=BUCKET, Key="empty", **triple(KEY_A))["Body"].read() == b""
    refused(403, "AccessDenied", s3.get_object, Key="empty", **triple(KEY_B))


def checksums():
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        sent = s3.put_object(
            Bucket=BUCKET, Key=algorithm, Body=DOC, ChecksumAlgorithm=algorithm, **triple(KEY_A)
        )
        got = s3.get_object(Bucket=BUCKET, Key=algorithm, ChecksumMode="ENABLED", **triple(KEY_A))
        field = f"Checksum{algorithm}"
        assert got["Body"].read() == DOC, "other bytes"
        assert got[field] == sent[field], f"{field}: sent {sent[field]}, got {got[field]}"


def multipart():
    s3.upload_fileobj(io.BytesIO(BIG), BUCKET, "big", ExtraArgs=triple(KEY_A), Config=IN_PARTS)
    answer = s3.head_object(Bucket=BUCKET, Key="big", **triple(KEY_A))
    assert answer["ETag"].strip('"').endswith("-2"), answer["ETag"]
    whole = io.BytesIO()
    s3.download_fileobj(BUCKET, "big", whole, ExtraArgs=triple(KEY_A), Config=IN_PARTS)
    assert whole.getvalue() == BIG, "other bytes"
    border = 5 << 20
    answer = s3.get_object(Bucket=BUCKET, Key="big", Range=f"bytes={border - 7}-{border + 8}", **triple(KEY_A))
    assert answer["Body"].read() == BIG[border - 7 : border + 9], "other bytes across the parts"


def part_without_key():
    upload = {"Bucket": BUCKET, "Key": "part"}
    upload["UploadId"] = s3.create_multipart_upload(**upload, **triple(KEY_A))["UploadId"]
    part = {"Key": "part", "UploadId": upload["UploadId"], "PartNumber": 1, "Body": DOC}
    refused(400, "InvalidRequest", s3.upload_part, **part)
    refused(400, "InvalidRequest", s3.upload_part, **part, **triple(KEY_B))
    s3.abort_multipart_upload(**upload)


def rekey():
    copy = {"Key": "rekeyed", "CopySource": {"Bucket": BUCKET, "Key": "doc"}}
    s3.copy_object(Bucket=BUCKET, **copy, **source(KEY_A), **triple(KEY_B))
    assert s3.get_object(Bucket=BUCKET, Key="rekeyed", **triple(KEY_B))["Body"].read() == DOC
    refused(403, "AccessDenied", s3.get_object, Key="rekeyed", **triple(KEY_A))
    refused(400, "InvalidRequest", s3.copy_object, **copy, **source(KEY_B), **triple(KEY_B))


def rekey_in_parts():
    keys = {**source(KEY_A), **triple(KEY_B)}
    s3.copy({"Bucket": BUCKET, "Key": "big"}, BUCKET, "big-rekeyed", ExtraArgs=keys, Config=IN_PARTS)
    assert s3.get_object(Bucket=BUCKET, Key="big-rekeyed", **triple(KEY_B))["Body"].read() == BIG


def presigned():
    url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "doc", **triple(KEY_A)})
    context = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
    prefix = "x-amz-server-side-encryption-customer-"
    headers = {
        prefix + "algorithm": "AES256",
        prefix + "key": base64.b64encode(KEY_A).decode(),
        prefix + "key-MD5": base64.b64encode(hashlib.md5(KEY_A).digest()).decode(),
    }
    request = urllib.request.Request(url, headers=headers)
    assert urllib.request.urlopen(request, context=context).read() == DOC, "other bytes"
    try:
        urllib.request.urlopen(url, context=context)
    except urllib.error.HTTPError as error:
        assert error.code in (400, 403), error.code
    else:
        raise AssertionError("the URL alone, without the key, was enough")


def presigned_with_version_2():
    """What boto3 does for an endpoint of one's own unless told otherwise: the key would stand in the URL."""
    url = boto3.client("s3").generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "doc", **triple(KEY_A)})
    context = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
    try:
        urllib.request.urlopen(url, context=context)
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        assert error.code == 400 and "signature_version" in text and "s3v4" in text, text
    else:
        raise AssertionError("a signature of version 2 was accepted")


def listing():
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert "doc" in keys and "empty" in keys, keys


def without_sse_c():
    s3.put_object(Bucket=BUCKET, Key="plain", Body=DOC)
    assert s3.get_object(Bucket=BUCKET, Key="plain")["Body"].read() == DOC
    refused(400, "InvalidRequest", s3.get_object, Key="plain", **triple(KEY_A))


def delete():
    keys = [{"Key": entry["Key"]} for entry in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert len(s3.delete_objects(Bucket=BUCKET, Delete={"Objects": keys})["Deleted"]) == len(keys)
    refused(404, "404", s3.head_object, Key="doc", **triple(KEY_A))
    s3.delete_bucket(Bucket=BUCKET)


STEPS = {
    "create-bucket": lambda: s3.create_bucket(Bucket=BUCKET),
    "put": put,
    "get": get,
    "get-range": get_range,
    "head": head,
    "get-another-key": lambda: refused(403, "AccessDenied", s3.get_object, Key="doc", **triple(KEY_B)),
    "get-no-key": lambda: refused(400, "InvalidRequest", s3.get_object, Key="doc"),
    "head-another-key": lambda: refused(403, "403", s3.head_object, Key="doc", **triple(KEY_B)),
    "head-no-key": lambda: refused(400, "400", s3.head_object, Key="doc"),
    "empty-object": empty_object,
    "checksums": checksums,
    "multipart": multipart,
    "part-without-key": part_without_key,
    "rekey": rekey,
    "rekey-in-parts": rekey_in_parts,
    "presigned": presigned,
    "presigned-version-2": presigned_with_version_2,
    "without-sse-c": without_sse_c,
    "listing": listing,
    "delete": delete,
}


def main():
    failed = 0
    for name, step in STEPS.items():
        try:
            step()
            print("ok  ", name, flush=True)
        except Exception as error:  # every step is reported, whatever went wrong in it
            failed += 1
            print("FAIL", name + ":", " ".join(str(error).split())[:300], flush=True)
    print(f"boto3 {boto3.__version__}: {len(STEPS) - failed} of {len(STEPS)} steps as on S3")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
