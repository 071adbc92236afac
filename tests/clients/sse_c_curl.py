#!/usr/bin/env python3
"""SSE-C with libcurl's own signing (`curl --aws-sigv4`), the newest through pycurl, against the endpoint of the environment.

`curl --version` before 8.10 signs the customer headers in another order than S3 (curl/curl#14370) and is refused: see sse_c_curl.sh.
"""

import base64
import hashlib
import io
import os
import re

import pycurl

from steps import BIG, BORDER, DOC, KEY_A, KEY_B, run

BUCKET = "ssec-clients-curl"
ENDPOINT = os.environ["AWS_ENDPOINT_URL_S3"]
PREFIX = "x-amz-server-side-encryption-customer-"
SOURCE = "x-amz-copy-source-server-side-encryption-customer-"


def triple(customer_key, prefix=PREFIX):
    encoded = base64.b64encode(customer_key).decode()
    key_md5 = base64.b64encode(hashlib.md5(customer_key).digest()).decode()
    return [f"{prefix}algorithm: AES256", f"{prefix}key: {encoded}", f"{prefix}key-MD5: {key_md5}"]


def ask(method, target, headers=(), body=b"", wanted=200):
    """One request as curl sends it; the body of the answer, and its ETag."""
    curl, answer, etags = pycurl.Curl(), io.BytesIO(), []
    region = os.environ["AWS_REGION"]
    options = {
        pycurl.URL: f"{ENDPOINT}/{target}",
        pycurl.CAINFO: os.environ["AWS_CA_BUNDLE"],
        pycurl.AWS_SIGV4: f"aws:amz:{region}:s3",
        pycurl.USERPWD: f"{os.environ['AWS_ACCESS_KEY_ID']}:{os.environ['AWS_SECRET_ACCESS_KEY']}",
        pycurl.HTTPHEADER: [f"x-amz-content-sha256: {hashlib.sha256(body).hexdigest()}", *headers],
        pycurl.WRITEDATA: answer,
        pycurl.HEADERFUNCTION: lambda line: etags.extend(re.findall(rb"(?i)^etag: *(\S+)", line)),
    }
    if method == "HEAD":
        options[pycurl.NOBODY] = True
    elif method in ("PUT", "POST"):
        options[pycurl.POSTFIELDSIZE] = len(body)
        options[pycurl.POSTFIELDS] = body
    for option, value in options.items():
        curl.setopt(option, value)
    if method not in ("HEAD", "GET"):
        curl.setopt(pycurl.CUSTOMREQUEST, method)
    curl.perform()
    got = curl.getinfo(pycurl.RESPONSE_CODE)
    curl.close()
    text = answer.getvalue()
    assert got == wanted, f"wanted {wanted}, got {got}: {text[:200].decode(errors='replace')}"
    return text, etags[0].decode() if etags else None


def put():
    ask("PUT", f"{BUCKET}/doc", triple(KEY_A), DOC)


def get():
    assert ask("GET", f"{BUCKET}/doc", triple(KEY_A))[0] == DOC, "other bytes"


def get_range():
    some = ask("GET", f"{BUCKET}/doc", [*triple(KEY_A), "Range: bytes=65530-65545"], wanted=206)[0]
    assert some == DOC[65_530:65_546], "other bytes"


def multipart():
    created = ask("POST", f"{BUCKET}/big?uploads=", triple(KEY_A))[0].decode()
    upload_id = re.search("<UploadId>(.*)</UploadId>", created)[1]
    parts = ""
    for number, part in enumerate((BIG[:BORDER], BIG[BORDER:]), 1):
        etag = ask("PUT", f"{BUCKET}/big?partNumber={number}&uploadId={upload_id}", triple(KEY_A), part)[1]
        parts += f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
    ask("PUT", f"{BUCKET}/big?partNumber=1&uploadId={upload_id}", (), b"no key", wanted=400)
    complete = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    ask("POST", f"{BUCKET}/big?uploadId={upload_id}", (), complete)
    assert ask("GET", f"{BUCKET}/big", triple(KEY_A))[0] == BIG, "other bytes"


def rekey():
    source = [f"x-amz-copy-source: /{BUCKET}/doc", *triple(KEY_A, SOURCE)]
    ask("PUT", f"{BUCKET}/rekeyed", [*source, *triple(KEY_B)])
    assert ask("GET", f"{BUCKET}/rekeyed", triple(KEY_B))[0] == DOC, "other bytes"
    ask("GET", f"{BUCKET}/rekeyed", triple(KEY_A), wanted=403)


def delete():
    for name in ("doc", "big", "rekeyed"):
        ask("DELETE", f"{BUCKET}/{name}", wanted=204)
    ask("DELETE", BUCKET, wanted=204)


run(
    f"libcurl {pycurl.version_info()[1]}",
    {
        "create-bucket": lambda: ask("PUT", BUCKET),
        "put": put,
        "get": get,
        "get-range": get_range,
        "head": lambda: ask("HEAD", f"{BUCKET}/doc", triple(KEY_A)),
        "get-another-key": lambda: ask("GET", f"{BUCKET}/doc", triple(KEY_B), wanted=403),
        "get-no-key": lambda: ask("GET", f"{BUCKET}/doc", wanted=400),
        "head-another-key": lambda: ask("HEAD", f"{BUCKET}/doc", triple(KEY_B), wanted=403),
        "head-no-key": lambda: ask("HEAD", f"{BUCKET}/doc", wanted=400),
        "multipart": multipart,
        "rekey": rekey,
        "listing": lambda: ask("GET", f"{BUCKET}?list-type=2"),
        "delete": delete,
    },
)
