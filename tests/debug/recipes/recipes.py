# SPDX-License-Identifier: GPL-2.0
"""The recipes of Documentation/debugging.rst, for the test that runs them.

recipes.py PAGE list            a line each: number, title
recipes.py PAGE command N       the shell's command line
recipes.py PAGE script N        gdb's commands
recipes.py PAGE check N OUTPUT  0 if OUTPUT has all the lines, in this order

In a recipe, "$ " starts the shell's line, "(gdb) " one of gdb's, and all other
lines are output; "..." stands for anything, and "^C" for a key.
"""
import re
import sys


def recipes(page):
    """Title and lines of each literal block below "Recipes"."""
    lines = open(page).read().split("\nRecipes\n", 1)[1].splitlines()
    found = []
    for number, line in enumerate(lines):
        if re.fullmatch("-{4,}", line):
            found.append((lines[number - 1], []))
        elif line.startswith("    ") and found:
            found[-1][1].append(line.strip())
    return found


def pattern(line):
    """Words in order; how many blanks are between them does not matter."""
    parts = [r"\s+".join(map(re.escape, part.split()))
             for part in line.split("...")]
    return ".*".join(parts)


def check(lines, output):
    """The first line that does not come, or None."""
    at = 0
    text = open(output, errors="replace").read().splitlines()
    for line in lines:
        if line.startswith(("$ ", "(gdb) ", "^C")):
            continue
        while at < len(text) and not re.search(pattern(line), text[at]):
            at += 1
        if at == len(text):
            return line
        at += 1
    return None


def main():
    page, action, *rest = sys.argv[1:]
    found = recipes(page)
    if action == "list":
        for number, (title, _) in enumerate(found):
            print(number, title)
        return 0
    lines = found[int(rest[0])][1]
    if action == "command":
        print(next(line[2:] for line in lines if line.startswith("$ ")))
    elif action == "script":
        for line in lines:
            if line.startswith("(gdb) "):
                print(line[6:])
        if "^C" in lines:
            print("# interrupted")
        print("kill")
    else:
        missing = check(lines, rest[1])
        if missing:
            print("never came:", missing)
            return 1
    return 0


sys.exit(main())
