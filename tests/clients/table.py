"""Draws the table of clients and steps from what each client printed. Usage: table.py FOLDER CLIENT…"""

import pathlib
import re
import sys

STEPS = (
    "put get get-range head get-another-key get-no-key head-another-key head-no-key multipart rekey rekey-in-parts "
    "presigned listing delete"
).split()


def main():
    folder, clients = pathlib.Path(sys.argv[1]), sys.argv[2:]
    limits, others = [], []
    print(f"{'':14}" + " ".join(STEPS))
    for client in clients:
        lines = (folder / f"{client}.steps").read_text().splitlines()
        if any(line.startswith("SKIPPED") for line in lines):
            print(f"{client:14}{lines[-1]}")
            continue
        found = {}
        for line in lines:
            if match := re.match(r"(ok|limit|FAIL) +([a-z0-9-]+)(.*)", line):
                found[match[2]] = match[1]
                if match[1] == "limit":
                    limits.append(f"{client} {match[2]}{match[3]}")
        cells = (f"{found.get(step, '-'):{len(step)}}" for step in STEPS)
        print(f"{client:14}" + " ".join(cells))
        others.append(lines[-1])
    print("\n- : the client has no such step, or the script does not ask it\n")
    print("\n".join(others))
    if limits:
        print("\nKnown limits of clients:\n  " + "\n  ".join(limits))


main()
