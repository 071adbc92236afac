#!/usr/bin/env python3
"""Whether `ssec run` said about a known server what is known about it.

Usage: judge.py PEER REPORT.json EXIT-CODE
"""

import collections
import json
import sys

# What is known: the answer to the first question, the exit code, and rules of which a case must fail.
KNOWN = {
    # Takes the SSE-C headers and drops them: anybody reads the data, the ETag is its MD5.
    "moto": {"sse_c": "ignored", "code": 1, "fails": ["GET-002", "GET-003", "HEA-002", "ETG-001"]},
    # The rest checks keys on PUT and GET; the ETag is the MD5 of the plaintext.
    "ministack": {"sse_c": "supported", "code": 1, "fails": ["ETG-001"]},
    "localstack": {"sse_c": "supported", "code": 1, "fails": ["ETG-001"]},
    "radosgw": {"sse_c": "supported", "code": 1, "fails": ["ETG-001"]},
}


def main(peer, path, code):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    known = KNOWN[peer]
    failed = {rule for case in report["cases"] if case["verdict"] == "fail" for rule in case["rules"]}
    checks = {
        f"exit code {known['code']}": code == known["code"],
        f"SSE-C {known['sse_c']}": report["target"]["sse_c"] == known["sse_c"],
        "a verdict for every case": len(report["cases"]) == report["suite"]["selected"],
    }
    checks |= {f"{rule} fails": rule in failed for rule in known["fails"]}
    for what, held in checks.items():
        print("ok  " if held else "FAIL", what)
    kinds = collections.Counter(
        (finding["grade"], finding["check"]) for case in report["cases"] for finding in case["findings"]
    )
    for (grade, check), count in sorted(kinds.items()):
        print(f"     {count:4} {grade:8} {check}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
