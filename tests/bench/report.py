#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: report.py OUTPUT DIR

Reads what tests/bench/run printed and makes a table of medians, with how far the
rounds were from them: on the terminal and as DIR/table.rst; as DIR/table.csv with
the least and the most of the rounds; and a chart of the ratios, DIR/chart.svg.
"""
import csv
import os
import re
import statistics
import sys

import chart

# What is not in nanoseconds
UNITS = {"boot-exits": "exits", "memory-own": "kB", "memory-guest": "kB"}


def read(path):
    """{system: {operation: [number]}}, both in the order of the file"""
    result = {}
    system = None
    for line in open(path, encoding="utf-8", errors="replace"):
        words = line.split()
        if len(words) == 3 and words[0] == "==":
            system = result.setdefault(words[1], {})
        elif system is not None and re.fullmatch(r"[a-z0-9_-]+ [0-9.]+( [0-9]+)?",
                                                 line.strip()):
            system.setdefault(words[0], []).append(float(words[1]))
    return result


def operations(result):
    """Of all systems: the first one does not boot"""
    return list(dict.fromkeys(op for ops in result.values() for op in ops))


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def spread(values):
    """How far the most distant round is from the median, in percent"""
    middle = statistics.median(values)
    return max(abs(value - middle) for value in values) / middle if middle else 0


def ratio(result, op, system, base):
    """system / base, or None if one of them has no such number"""
    if op not in result.get(system, {}) or op not in result.get(base, {}):
        return None
    below = statistics.median(result[base][op])
    return statistics.median(result[system][op]) / below if below else None


def ratio_text(result, op, system, base):
    value = ratio(result, op, system, base)
    return "" if value is None else f"{value:.2f}"


def table(result):
    """A header and a line an operation: medians, spread, and ratios to the host
    and to um-kvm where there are such"""
    systems = list(result)
    lines = [["operation", "unit"]]
    for system in systems:
        lines[0] += [system, "±%"]
        lines[0] += [f"/{base}" for base in systems[:2] if base != system]
    for op in operations(result):
        line = [op, UNITS.get(op, "ns")]
        for system in systems:
            values = result[system].get(op)
            line += ["-", ""] if not values else [
                number(statistics.median(values)), f"{100 * spread(values):.0f}"]
            line += [ratio_text(result, op, system, base)
                     for base in systems[:2] if base != system]
        lines.append(line)
    return lines


def text(lines):
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) if i < 2 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(line, widths)))
                     for line in lines)


def rst(lines):
    out = [".. list-table::", "   :header-rows: 1", ""]
    for line in lines:
        for i, cell in enumerate(line):
            out.append(("   * - " if i == 0 else "     - ") + cell)
    return "\n".join(line.rstrip() for line in out) + "\n"


def write_csv(result, path):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["system", "operation", "unit", "median", "least", "most",
                      "rounds"])
        for system, ops in result.items():
            for op, values in ops.items():
                out.writerow([system, op, UNITS.get(op, "ns"),
                              statistics.median(values), min(values),
                              max(values), len(values)])


def write_chart(result, path):
    """Times only, as ratios to um-kvm"""
    systems = list(result)
    rows = [(op, [ratio(result, op, system, systems[1]) for system in systems])
            for op in operations(result) if op not in UNITS]
    with open(path, "w", encoding="utf-8") as file:
        file.write(chart.draw(systems, rows, f"time, {systems[1]} = 1"))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    result = read(sys.argv[1])
    if not result:
        sys.exit(f"{sys.argv[1]} has no results")
    lines = table(result)
    print(text(lines))
    with open(os.path.join(sys.argv[2], "table.rst"), "w", encoding="utf-8") as file:
        file.write(rst(lines))
    write_csv(result, os.path.join(sys.argv[2], "table.csv"))
    if len(result) > 1:
        write_chart(result, os.path.join(sys.argv[2], "chart.svg"))


main()
