#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: report.py OUTPUT TABLE

Reads what tests/bench/run printed and makes a table of medians: on the terminal,
as TABLE.rst and, with the least and the most of the rounds, as TABLE.csv.
"""
import csv
import re
import statistics
import sys


def read(path):
    """{system: {operation: [nanoseconds]}}, both in the order of the file"""
    result = {}
    system = None
    for line in open(path, encoding="utf-8", errors="replace"):
        words = line.split()
        if len(words) == 3 and words[0] == "==":
            system = result.setdefault(words[1], {})
        elif system is not None and re.fullmatch(r"[a-z0-9_-]+ [0-9.]+",
                                                 line.strip()):
            system.setdefault(words[0], []).append(float(words[1]))
    return result


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def table(result):
    """A header and a line an operation; ratios are to the first system"""
    systems = list(result)
    base = result[systems[0]]
    lines = [["ns"] + [systems[0]] + [text for name in systems[1:]
                                      for text in (name, "times")]]
    for op, values in base.items():
        line = [op, number(statistics.median(values))]
        for name in systems[1:]:
            if op in result[name]:
                median = statistics.median(result[name][op])
                line += [number(median),
                         f"{median / statistics.median(values):.2f}"]
            else:
                line += ["missing", ""]
        lines.append(line)
    return lines


def text(lines):
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(line, widths)))
                     for line in lines)


def rst(lines):
    out = [".. list-table::", "   :header-rows: 1", ""]
    for line in lines:
        for i, cell in enumerate(line):
            out.append(("   * - " if i == 0 else "     - ") + cell)
    return "\n".join(line.rstrip() for line in out) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    result = read(sys.argv[1])
    lines = table(result)
    print(text(lines))
    with open(sys.argv[2] + ".rst", "w", encoding="utf-8") as file:
        file.write(rst(lines))
    with open(sys.argv[2] + ".csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["system", "operation", "median_ns", "least_ns", "most_ns",
                      "rounds"])
        for system, ops in result.items():
            for op, values in ops.items():
                out.writerow([system, op, statistics.median(values),
                              min(values), max(values), len(values)])


main()
