#!/usr/bin/env python3
"""Verdicts per area of several JSON reports, as a Markdown table: the one in docs/results.md.

Usage: table.py NAME=REPORT.json…
"""

import collections
import json
import sys

VERDICTS = ("pass", "deviates", "fail", "unproven", "skip")


def counts(report):
    """Verdicts of each area, and of all."""
    areas = collections.defaultdict(collections.Counter)
    for case in report["cases"]:
        for area in (case["name"].split("/")[0], "all"):
            areas[area][case["verdict"]] += 1
    return areas


def main(arguments):
    reports = {}
    for argument in arguments:
        name, path = argument.split("=", 1)
        with open(path, encoding="utf-8") as file:
            reports[name] = counts(json.load(file))
    areas = sorted({area for report in reports.values() for area in report} - {"all"})
    print("| area |", " | ".join(reports), "|")
    print("|---|" + "---|" * len(reports))
    for area in [*areas, "all"]:
        cells = (" · ".join(str(report[area][verdict]) for verdict in VERDICTS) for report in reports.values())
        print(f"| {area} |", " | ".join(cells), "|")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
