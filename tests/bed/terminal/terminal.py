#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""terminal.py BED: drives the test bed on a pty and prints TAP."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

BED = sys.argv[1]
results = 0


class Session:
    """A shell on a pty that runs one command and then shows the terminal."""

    def __init__(self, command, rows=33, columns=111):
        self.text = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            script = 'trap : INT; %s; echo "status $?"; stty -a' % command
            os.execv("/bin/sh", ["sh", "-c", script])
        self.resize(rows, columns)

    def resize(self, rows, columns):
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def type(self, text):
        os.write(self.fd, text.encode())

    def expect(self, regex, seconds=30):
        """Reads until regex appears; false if it does not in time."""
        end = time.time() + seconds
        while not re.search(regex, self.text):
            left = end - time.time()
            if left < 0 or not select.select([self.fd], [], [], left)[0]:
                return False
            try:
                self.text += os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                return re.search(regex, self.text) is not None
        return True

    def ended(self, status):
        """The command's status, and a terminal in its usual state."""
        return (self.expect(r"status %d\r\n" % status) and
                self.expect(r"[^-]icanon") and self.expect(r"[^-]echo "))


def result(name, session, good):
    global results
    results += 1
    if not good:
        print("# " + repr(session.text))
    print("%s %d - %s" % ("ok" if good else "not ok", results, name))
    os.close(session.fd)
    os.waitpid(session.pid, 0)


def relay_of(session):
    """The process that the shell on the pty waits for."""
    path = "/proc/%d/task/%d/children" % (session.pid, session.pid)
    with open(path) as children:
        return int(children.read().split()[0])


s = Session(BED + " -- sh -c 'stty size; tty; read x; echo got $x; exit 9'")
good = s.expect("33 111\r\n/dev/pts/0\r\n")
s.type("hellX\x7fo\r")
result("size, line editing, status", s,
       good and s.expect("got hello\r\n") and s.ended(9))

s = Session(BED + " -- sh -c 'trap \"stty size; exit 4\" WINCH; echo on;"
            " while :; do usleep 50000; done'")
good = s.expect("on\r\n")
s.resize(44, 99)
result("change of size", s, good and s.expect("44 99\r\n") and s.ended(4))

s = Session(BED + " -- sh -c 'echo on; exec sleep 100'")
good = s.expect("on\r\n")
s.type("\x03")
result("Ctrl-C", s, good and s.ended(130))

s = Session(BED + " -- sh -c 'stty raw -echo; echo on; head -c 3 | od -c;"
            " exit 3'")
good = s.expect("on")
s.type("\x03\x04\x1a")
result("raw input", s, good and s.expect("003 004 032") and s.ended(3))

s = Session(BED + " -- sh -c 'trap \"exit 5\" TERM; echo on;"
            " while :; do usleep 50000; done'")
good = s.expect("on\r\n")
os.kill(relay_of(s), signal.SIGTERM)
result("SIGTERM", s, good and s.ended(5))

s = Session(BED + " --timeout 1 -- sleep 100")
result("time-out", s, s.expect("timed out after 1 s") and s.ended(124))

s = Session(BED + " -- poweroff -f")
result("machine ends by itself", s, s.expect("bed: QEMU ended") and s.ended(125))

s = Session("echo hi | " + BED + " -- sh -c 'cat; [ -t 1 ] && echo tty'")
result("output on the terminal, input from a pipe", s,
       s.expect("hi\r\ntty\r\n") and s.ended(0))

print("1..%d" % results)
