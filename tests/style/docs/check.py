#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""check.py TOP KSRC BUILD DOCUMENT...: what the documents name must exist.

Prints a line for each file, function, option, macro or configuration symbol
that a document names and neither this tree nor the kernel has, and for each
number given with a constant of umkvm.h, as ``UMKVM_X`` (7), that is another.
Literals are what is in back quotes.
"""
import os
import re
import subprocess
import sys

TOP, KSRC, BUILD = sys.argv[1:4]
KERNEL_DIRS = ("arch/x86", "block", "drivers", "fs", "include", "init", "io_uring",
               "ipc", "kernel", "lib", "mm", "net", "scripts", "tools", "usr",
               "Documentation/admin-guide")
ROOTS = [TOP, TOP + "/arch/um-kvm", TOP + "/host", KSRC]
WORD = r"(?:[\w.+*-]|\{[\w.,*-]*\})"
FILE = re.compile(r"(?<![\w/.])%s+(?:/%s+)*\.(?:c|h|S|rst|sh|py|md|tbl|\{[chS,]+\})"
                  r"(?![\w{/])" % (WORD, WORD))


def read(path):
    with open(path, errors="replace") as file:
        return file.read()


def our_files():
    for base, dirs, files in os.walk(TOP):
        dirs[:] = [d for d in dirs if d != ".git" and
                   os.path.join(base, d) not in (BUILD, TOP + "/build")]
        yield from (os.path.join(base, f) for f in files)


def braces(text):
    """Expands x.{c,h} as a shell does."""
    match = re.search(r"\{([^{}]*)\}", text)
    if not match:
        return [text]
    return [each for part in match.group(1).split(",")
            for each in braces(text[:match.start()] + part + text[match.end():])]


class Tree:
    def __init__(self):
        self.paths = list(our_files())
        self.text = "\n".join(read(p) for p in self.paths
                              if not p.startswith(TOP + "/Documentation/") and
                              not p.endswith((".rst", ".md")))
        self.words = set(re.findall(r"\w+", self.text))
        self.names = {os.path.basename(p) for p in self.paths}
        self.configs = set(re.findall(r"^\s*(?:menu)?config (\w+)", self.text, re.M))
        self.macros = dict(re.findall(r"(UMKVM_\w+)\s*=?\s+\(?(0x[0-9a-f]+|\d+)",
                                      read(TOP + "/arch/um-kvm/include/uapi/asm/umkvm.h")))

    def kernel_grep(self, pattern, *options):
        dirs = [os.path.join(KSRC, d) for d in KERNEL_DIRS]
        return subprocess.run(["grep", "-rqE", *options, "--", pattern, *dirs],
                              check=False).returncode == 0

    def has_file(self, name):
        if "*" in name:
            return True
        if name.startswith("build/"):
            return True
        if any(os.path.exists(os.path.join(root, name)) for root in ROOTS):
            return True
        if "/" in name:
            return any(p.endswith("/" + name) for p in self.paths)
        return name in self.names or subprocess.run(
            ["find", "-L", KSRC, "-name", name, "-print", "-quit"],
            capture_output=True, check=False).stdout != b""

    def has_function(self, name):
        return re.search(r"\b%s\b" % name, self.text) or \
            self.kernel_grep(r"\b%s\(" % name, "--include=*.[chS]", "--include=*.py")

    def has_config(self, name):
        return name in self.configs or \
            self.kernel_grep(r"^\s*(menu)?config %s$" % name, "--include=Kconfig*")

    def has_option(self, text):
        return text in self.text

    def has_parameter(self, name):
        return name + "=" in self.text or '"%s"' % name in self.text or \
            self.kernel_grep(r'"%s=?"|\b%s=|\(%s,' % (name, name, name))


def check_literal(tree, literal):
    """Yields what is wrong with one literal in back quotes."""
    if match := re.fullmatch(r"(--[a-z][\w-]*)(=.*)?", literal):
        if not tree.has_option(match.group(1)):
            yield "option " + match.group(1)
    elif match := re.fullmatch(r"([A-Za-z][\w.]*)=\S*", literal):
        if not tree.has_parameter(match.group(1)):
            yield "option %s=" % match.group(1)
    elif re.fullmatch(r"[\w.-]+(?:/[\w.{},*-]+)+/?", literal):
        first = literal.split("/")[0]
        if any(os.path.isdir(os.path.join(root, first)) for root in ROOTS):
            for name in braces(literal):
                if not tree.has_file(name):
                    yield "file " + name


def check_text(tree, text):
    for name in sorted(set(re.findall(r"\b([a-z_]\w+)\(\)", text))):
        if not tree.has_function(name):
            yield "function %s()" % name
    for name in sorted(set(re.findall(r"\bCONFIG_(\w+)", text))):
        if not tree.has_config(name):
            yield "CONFIG_" + name
    for name in sorted(set(re.findall(r"\bUMKVM_\w+\b(?!\*)", text))):
        if name not in tree.words:
            yield "macro " + name
    for name, number in re.findall(r"(UMKVM_\w+)`*\s+\((\w+)\)", text):
        if name in tree.macros and re.fullmatch(r"0x[0-9a-f]+|\d+", number) and \
           int(number, 0) != int(tree.macros[name], 0):
            yield "%s is %s, not %s" % (name, tree.macros[name], number)
    for match in sorted(set(FILE.findall(re.sub(r"https?://\S+", "", text)))):
        for name in braces(match):
            if not name.startswith("/") and not tree.has_file(name):
                yield "file " + name
    for literal in sorted(set(re.findall(r"`+([^`\n]+)`+", text))):
        yield from check_literal(tree, literal)


def main():
    tree = Tree()
    for path in sys.argv[4:]:
        for wrong in dict.fromkeys(check_text(tree, read(path))):
            print("%s: %s" % (os.path.relpath(path, TOP), wrong))


main()
