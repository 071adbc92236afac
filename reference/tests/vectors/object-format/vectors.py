#!/usr/bin/env python3
"""Computes the test vectors of docs/object-format.md, sharing no code with the Rust sources.

HMAC and SHA-256 are Python's own, HKDF is written out below from RFC 5869, AES-256-GCM is
OpenSSL's through the package `cryptography`. Run it in this folder; it writes the *.json.
"""

import base64
import hashlib
import hmac
import json

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"ssec-reference/v1"


def drawn(name, length):
    """Bytes that look random and that everybody can recompute."""
    return hashlib.shake_256(name.encode()).digest(length)


def pattern(length):
    return bytes(i % 251 for i in range(length))


def hkdf(secret, salt, info):
    prk = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()


def info(*fields):
    return b"".join(len(f).to_bytes(8, "big") + f for f in (FORMAT, *fields))


def key_vector(name, customer_key, salt):
    message = b"ssec-reference/v1 key verifier" + salt
    return {
        "name": name,
        "customer_key": customer_key.hex(),
        "key_md5": base64.b64encode(hashlib.md5(customer_key).digest()).decode(),
        "salt": salt.hex(),
        "mac": hmac.new(customer_key, message, hashlib.sha256).hexdigest(),
    }


def object_key_vector(name, purpose, bucket, key):
    secret, object_key = drawn(name + " secret", 32), drawn(name + " object key", 32)
    write_id, salt, nonce = drawn(name + " write id", 16), drawn(name + " salt", 32), drawn(name + " nonce", 12)
    described = info(purpose.encode(), bucket.encode(), key.encode(), write_id)
    wrapping_key = hkdf(secret, salt, described)
    return {
        "name": name,
        "purpose": purpose,
        "secret": secret.hex(),
        "bucket": bucket,
        "key": key,
        "write_id": write_id.hex(),
        "salt": salt.hex(),
        "nonce": nonce.hex(),
        "object_key": object_key.hex(),
        "info": described.hex(),
        "wrapping_key": wrapping_key.hex(),
        "sealed": AESGCM(wrapping_key).encrypt(nonce, object_key, described).hex(),
    }


def stream_vector(name, length, segment_len, part_number=None):
    object_key, salt, prefix = drawn(name + " object key", 32), drawn(name + " salt", 16), drawn(name + " prefix", 7)
    purpose, number = (b"object", 0) if part_number is None else (b"part", part_number)
    described = info(purpose, number.to_bytes(2, "big"), segment_len.to_bytes(4, "big"))
    stream_key = hkdf(object_key, salt, described)
    plaintext = pattern(length)
    pieces = [plaintext[i : i + segment_len] for i in range(0, length, segment_len)] or [b""]
    segments = []
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        nonce = prefix + index.to_bytes(4, "big") + bytes([last])
        sealed = AESGCM(stream_key).encrypt(nonce, piece, None)
        segments.append({"index": index, "last": last, "nonce": nonce.hex(), "sealed": sealed.hex()})
    sealed = bytes.fromhex("".join(segment["sealed"] for segment in segments))
    if len(sealed) > 1024:
        segments = [{**segment, "sealed": None} for segment in segments]
    return {
        "name": name,
        "object_key": object_key.hex(),
        "part_number": part_number,
        "segment_len": segment_len,
        "salt": salt.hex(),
        "nonce_prefix": prefix.hex(),
        "plaintext_len": length,
        "info": described.hex(),
        "stream_key": stream_key.hex(),
        "segments": segments if len(segments) <= 8 else segments[:2] + segments[-1:],
        "sealed_len": len(sealed),
        "sealed_sha256": hashlib.sha256(sealed).hexdigest(),
    }


def blob_vector(name, purpose, plaintext, aad):
    secret, salt, nonce = drawn(name + " secret", 32), drawn(name + " salt", 32), drawn(name + " nonce", 12)
    described = info(purpose.encode())
    blob_key = hkdf(secret, salt, described)
    return {
        "name": name,
        "purpose": purpose,
        "secret": secret.hex(),
        "aad": aad.hex(),
        "plaintext": plaintext.hex(),
        "info": described.hex(),
        "blob_key": blob_key.hex(),
        "blob": (salt + nonce + AESGCM(blob_key).encrypt(nonce, plaintext, aad)).hex(),
    }


def manifest_vector(name, purpose, bucket, key, streams):
    write_id = drawn(name + " write id", 16)
    listed, entries = [], []
    for i, (part_number, segment_len, length) in enumerate(streams):
        salt, prefix = drawn(f"{name} salt {i}", 16), drawn(f"{name} prefix {i}", 7)
        listed.append({
            "salt": salt.hex(),
            "nonce_prefix": prefix.hex(),
            "segment_len": segment_len,
            "part_number": part_number,
            "plaintext_len": length,
        })
        entries.append(
            salt
            + prefix
            + segment_len.to_bytes(4, "big")
            + (part_number or 0).to_bytes(2, "big")
            + length.to_bytes(8, "big")
        )
    described = info(purpose.encode(), bucket.encode(), key.encode(), write_id, *entries)
    return {
        "name": name,
        "purpose": purpose,
        "bucket": bucket,
        "key": key,
        "write_id": write_id.hex(),
        "streams": listed,
        "manifest": described.hex(),
    }


VECTORS = {
    "key": [
        key_vector("bytes 0 to 31", bytes(range(32)), drawn("verifier 1", 32)),
        key_vector("the same key under another salt", bytes(range(32)), drawn("verifier 2", 32)),
        key_vector("the all-zero key", bytes(32), drawn("verifier 3", 32)),
    ],
    "object-key": [
        object_key_vector("under a customer key", "customer", "bucket", "path/to/object"),
        object_key_vector("under the server key", "server", "bucket", "path/to/object"),
        object_key_vector("object key beyond ASCII", "customer", "bucket", "größe/鍵 🔑"),
        object_key_vector("object key of one byte", "customer", "b-1", "/"),
    ],
    "stream": [
        *(
            stream_vector(f"{length} bytes in segments of 16", length, 16)
            for length in (0, 1, 15, 16, 17, 31, 32, 33, 100)
        ),
        stream_vector("segments of one byte", 3, 1),
        stream_vector("part 1", 40, 16, 1),
        stream_vector("part 10000", 40, 16, 10000),
        stream_vector("empty part", 0, 65536, 1),
        stream_vector("one default segment, full", 65536, 65536),
        stream_vector("one default segment and a byte", 65537, 65536),
        stream_vector("one mebibyte and a half", 1572864, 65536, 7),
        stream_vector("the longest segment and a byte", 1048577, 1048576),
        stream_vector("more segments than one byte counts", 300, 1),
    ],
    "blob": [
        blob_vector("under the server key", "server-blob", b"small secret", b"what it belongs to"),
        blob_vector("under an object key", "object-blob", b"small secret", b"what it belongs to"),
        blob_vector("empty, bound to nothing", "server-blob", b"", b""),
    ],
    "manifest": [
        manifest_vector("a single write", "manifest", "bucket", "key", [(None, 65536, 12)]),
        manifest_vector(
            "three parts, the last one empty",
            "manifest",
            "bucket",
            "größe",
            [(1, 65536, 5 << 20), (2, 65536, 5 << 20), (9, 65536, 0)],
        ),
        manifest_vector("one part", "part-manifest", "bucket", "key", [(10000, 65536, 5 << 30)]),
    ],
}

for topic, vectors in VECTORS.items():
    with open(f"{topic}.json", "w", encoding="utf-8") as file:
        json.dump(vectors, file, indent=2, ensure_ascii=False)
        file.write("\n")
