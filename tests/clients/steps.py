"""What the Python clients share: steps that are reported one by one, whatever went wrong in them."""

import secrets
import sys

DOC = secrets.token_bytes(200_000)  # several segments of the sealed format, no whole number of them
BIG = secrets.token_bytes(6 << 20)  # two parts: 5 MiB and 1 MiB
BORDER = 5 << 20
KEY_A, KEY_B = secrets.token_bytes(32), secrets.token_bytes(32)


def refused(status, call):
    """The call fails with this HTTP status; `status` is that of the client's exception, however it names it."""
    try:
        call()
    except Exception as error:
        got = status_of(error)
        assert got == status, f"wanted {status}, got {got}: {error}"
    else:
        raise AssertionError(f"wanted {status}, the call succeeded")


def status_of(error):
    """The HTTP status in an exception of minio-py, botocore or s3fs."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return response["ResponseMetadata"]["HTTPStatusCode"]
    if response is not None:
        return response.status
    return status_of(error.__cause__) if error.__cause__ else None


def run(client, steps):
    """Prints a line per step and one for the client; exits 1 when a step did not go as on S3."""
    failed = 0
    for name, step in steps.items():
        try:
            step()
            print("ok  ", name, flush=True)
        except Exception as error:
            failed += 1
            print("FAIL", name + ":", type(error).__name__, " ".join(str(error).split())[:300], flush=True)
    print(f"{client}: {len(steps) - failed} of {len(steps)} steps as on S3")
    sys.exit(1 if failed else 0)
