#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""terminal.py RUN BUILD: the guest's shell on a pty; prints TAP.

Each step types something and waits for what must appear; the output of a
command is told from its echo by the shell's arithmetic, as in $((3*37))."""
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

RUN, BUILD = sys.argv[1:]
PROMPT = r"[#$] (\x1b\[6n)?$"
results = 0


class Terminal:
    """A shell on a pty that boots a guest and then shows its terminal."""

    def __init__(self, options, rows=31, columns=97):
        self.text = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            time.sleep(0.2)  # until the size is set
            run = "%s -o %s %s" % (RUN, BUILD, options)
            script = 'trap : INT; stty -g >%s/tests/tty.before; %s;' \
                     ' echo "status $?"; stty -g >%s/tests/tty.after;' \
                     ' echo over' % (BUILD, run, BUILD)
            os.execv("/bin/sh", ["sh", "-c", script])
        self.resize(rows, columns)

    def resize(self, rows, columns):
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def expect(self, regex, seconds=60):
        """Reads until regex appears, forgets all up to it."""
        end = time.time() + seconds
        while True:
            found = re.search(regex, self.text)
            if found:
                self.text = self.text[found.end():]
                return True
            left = end - time.time()
            if left < 0 or not select.select([self.fd], [], [], left)[0]:
                return False
            try:
                self.text += os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                return False

    def type(self, text, regex, seconds=60):
        """Types text at a prompt and waits for regex."""
        self.text = ""
        os.write(self.fd, text.encode())
        return self.expect(regex, seconds)

    def over(self, status):
        """The run ended with status and the terminal is as it was."""
        if not self.expect(r"status %d\r\n" % status):
            return False
        if not self.expect("over"):
            return False
        with open(BUILD + "/tests/tty.before") as before, \
                open(BUILD + "/tests/tty.after") as after:
            return before.read() == after.read()


def result(name, terminal, good):
    global results
    results += 1
    if not good:
        print("# it showed: " + repr(terminal.text[-2000:]))
    print("%s %d - %s" % ("ok" if good else "not ok", results, name))
    sys.stdout.flush()


os.makedirs(BUILD + "/tests", exist_ok=True)
s = Terminal("quiet")
result("a prompt appears", s, s.expect(PROMPT))
result("a command runs", s, s.type("echo $((3*37))\r", "\n111\r\n.*" + PROMPT))
result("backspace, arrows, Ctrl-A edit the line", s,
       s.type("cho $((4*37))x\x7f\x01e\r", "\n148\r\n"))
s.expect(PROMPT, 5)
result("the history has it", s, s.type("\x1b[A\r", "\n148\r\n"))
s.expect(PROMPT, 5)
result("tab completes", s,
       s.type("cat /proc/sys/kernel/ostyp\t\r", "\nLinux\r\n"))
s.expect(PROMPT, 5)
result("the size of the terminal", s, s.type("stty size\r", "\n31 97\r\n"))
s.expect(PROMPT, 5)
s.resize(44, 101)
time.sleep(2)
result("its change", s, s.type("stty size\r", "\n44 101\r\n"))
s.expect(PROMPT, 5)
os.write(s.fd, b"sleep 100\r")
time.sleep(3)
result("Ctrl-C interrupts a command", s,
       s.type("\x03", PROMPT, 20) and s.type("echo $?\r", "\n130\r\n"))
s.expect(PROMPT, 5)
os.write(s.fd, b"sleep 100\r")
time.sleep(3)
result("Ctrl-Z stops it", s,
       s.type("\x1a", PROMPT, 20) and s.type("jobs\r", r"Stopped.*sleep 100"))
s.expect(PROMPT, 5)
result("an interactive program: raw bytes", s,
       s.type("stty raw -echo; head -c 3 | od -c; stty sane\r", "") and
       (time.sleep(2) or s.type("\x03\x04\x11", "003 004 021")))
s.expect(PROMPT, 5)
result("Ctrl-D ends cat, not the shell", s,
       s.type("cat; echo $((5*37))\r", "") and
       (time.sleep(1) or s.type("\x04", "\n?185\r\n")))
s.expect(PROMPT, 5)
os.write(s.fd, b"poweroff\r")
result("poweroff ends with status 0, the terminal is as before", s, s.over(0))

s = Terminal("quiet")
s.expect(PROMPT)
os.write(s.fd, b"exit 9\r")
result("exit ends with the shell's status, the same", s, s.over(9))

s = Terminal("-c 'tty; stty size; exit 5'")
result("one command has the terminal too", s,
       s.expect(r"/dev/\S+\r\n31 97\r\n") and s.over(5))

s = Terminal("quiet panic=0")
s.expect(PROMPT)
os.write(s.fd, b"echo c >/proc/sysrq-trigger\r")
result("a panic leaves the terminal as before", s,
       s.expect("ended: panic") and s.over(240))

print("1..%d" % results)
