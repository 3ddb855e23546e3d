# SPDX-License-Identifier: GPL-2.0
# Threads, and processes, move money between accounts of one database, with a
# journal of each kind; none is lost, and the database is sound.
import os
import random
import sqlite3
import sys
import threading

ACCOUNTS, MONEY, WORKERS, ROUNDS = 50, 1000, 6, 40


def connect(path):
    return sqlite3.connect(path, timeout=600, isolation_level=None)


def work(path, seed, errors):
    rng = random.Random(seed)
    db = connect(path)
    try:
        for _ in range(ROUNDS):
            a, b = rng.sample(range(ACCOUNTS), 2)
            db.execute("BEGIN IMMEDIATE")
            have = db.execute("SELECT money FROM account WHERE id = ?", (a,)).fetchone()[0]
            some = rng.randint(0, have)
            db.execute("UPDATE account SET money = money - ? WHERE id = ?", (some, a))
            db.execute("UPDATE account SET money = money + ? WHERE id = ?", (some, b))
            db.execute("INSERT INTO log VALUES (?, ?, ?, ?)", (seed, a, b, some))
            db.execute("COMMIT" if rng.random() < 0.9 else "ROLLBACK")
            total = db.execute("SELECT sum(money) FROM account").fetchone()[0]
            if total != ACCOUNTS * MONEY:
                errors.append(f"worker {seed} sees {total}")
    except sqlite3.Error as error:
        errors.append(f"worker {seed}: {error}")
    finally:
        db.close()


def in_threads(path):
    errors = []
    threads = [threading.Thread(target=work, args=(path, i, errors)) for i in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def in_processes(path):
    errors = []
    for i in range(WORKERS):
        if os.fork() == 0:
            mine = []
            work(path, 100 + i, mine)
            print(*mine, sep="\n", end="")
            sys.stdout.flush()
            os._exit(bool(mine))
    for _ in range(WORKERS):
        if os.wait()[1]:
            errors.append("a process failed")
    return errors


def check(path, how, journal):
    db = connect(path)
    db.execute(f"PRAGMA journal_mode={journal}")
    db.execute("CREATE TABLE account (id INTEGER PRIMARY KEY, money INTEGER)")
    db.execute("CREATE TABLE log (worker, source, target, money)")
    db.executemany("INSERT INTO account VALUES (?, ?)", ((i, MONEY) for i in range(ACCOUNTS)))
    db.close()
    errors = how(path)
    db = connect(path)
    if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        errors.append("integrity_check")
    if db.execute("SELECT sum(money) FROM account").fetchone()[0] != ACCOUNTS * MONEY:
        errors.append("the sum")
    moves = db.execute("SELECT count(*), sum(money) FROM log").fetchone()
    print(f"{how.__name__}, {journal}: {moves[0]} moves", *errors, sep="\n  ")
    return errors


failed = []
for how in in_threads, in_processes:
    for journal in "wal", "delete", "truncate":
        failed += check(f"{how.__name__}-{journal}.db", how, journal)
print("sqlite:", "failed" if failed else "all is there", sqlite3.sqlite_version)
sys.exit(bool(failed))
