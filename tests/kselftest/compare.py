#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What passes on arch/x86 must pass here.

usage: compare [--expected FILE] [--rst FILE] [--lost FILE] HERE STOCK...: each is
a directory of outputs of runner.  A result, of a test or of a subtest, counts if it
passed in each STOCK in which the test was run, the first at least; then it must have
passed HERE too, unless the FILE of --expected lists it.  Prints what did not, and a
table by collection, as TAP.  The FILE of --lost gets the names of tests of which
something did not pass.
"""

import argparse
import collections
import pathlib
import re
import sys

WORDS = ('pass', 'skip', 'fail', 'timeout')


def lines(directory):
    for path in sorted(pathlib.Path(directory).iterdir()):
        with open(path, errors='replace') as output:
            yield from output


def test_of(name):
    """The test of a result: COLLECTION:TEST/SUBTEST, and slashes in COLLECTION."""
    collection, _, rest = name.partition(':')
    return f"{collection}:{rest.partition('/')[0]}"


def results(directory):
    """Name of each result, made unique, to its outcome."""
    found = {}
    for line in lines(directory):
        words = line.split()
        if len(words) < 3 or words[0] != '@':
            continue
        name = re.sub(r'/proc/[0-9]+', '/proc/PID', words[2])
        if words[1] == 'start':
            found[name] = 'not ended'
        elif words[1] in WORDS:
            number, unique = 2, name
            while '/' in name.split(':')[1] and name in found:
                name = f'{unique}#{number}'
                number += 1
            found[name] = words[1]
    return found


def exceptions(path):
    """Names that FILE lists, each with its reason."""
    listed = {}
    for line in open(path) if path else ():
        name, _, reason = line.partition(' ')
        if name.strip() and not name.startswith('#'):
            listed[name.strip()] = reason.strip()
    return listed


def table(counts):
    """Rows of a simple table."""
    for name, passed, here in counts:
        yield f'{name:21}  {passed:<11}  {here:<4}  {here - passed}\n'


def judge(args):
    here = results(args.here)
    stocks = [results(path) for path in args.stock]
    counted = [name for name in stocks[0]
               if all(stock.get(name) == 'pass' for stock in stocks
                      if stock is stocks[0] or test_of(name) in stock)]
    expected = exceptions(args.expected)
    lost = [name for name in counted if here.get(name) != 'pass']

    if args.lost:
        with open(args.lost, 'w') as out:
            out.writelines(f'{name}\n' for name in sorted({test_of(n) for n in lost}))
    by_collection = collections.defaultdict(list)
    for name in counted:
        by_collection[name.split(':')[0]].append(name)
    counts = [(name, len(names), sum(here.get(n) == 'pass' for n in names))
              for name, names in by_collection.items()]
    total = [sum(row[i] for row in counts) for i in (1, 2)]
    counts.append(('all', *total))
    for name, passed, passed_here in counts:
        print(f'# {name:28} {passed:6} {passed_here:6} {passed_here - passed:4}')
    if args.rst:
        with open(args.rst, 'w') as out:
            out.writelines(table(counts))
    failures = 0
    for name in lost:
        text = f'{name}: {here.get(name, "not run")}, on arch/x86: pass'
        if name in expected:
            print(f'# expected: {text}: {expected[name]}')
        else:
            print(f'# {text}')
            failures += 1
    for name in expected:
        if name in counted and name not in lost:
            print(f'# no exception is needed for {name}')
            failures += 1
    return failures == 0 and total[0] > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--expected')
    parser.add_argument('--rst')
    parser.add_argument('--lost')
    parser.add_argument('here')
    parser.add_argument('stock', nargs='+')
    sys.exit(not judge(parser.parse_args()))


main()
