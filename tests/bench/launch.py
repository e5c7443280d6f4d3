"""`python -I -S launch.py REPORT COMMAND…`: run a command and write what it used to REPORT.

A process that is forked inherits its parent's peak memory on Linux, so the bench, which grows large,
must not be the parent of what it measures: this small program is.
"""

import json
import os
import sys
import time

report, *command = sys.argv[1:]
began = time.monotonic()
child = os.fork()
if child == 0:
    os.execvp(command[0], command)  # noqa: S606 - this program's whole purpose


def held(pid: int) -> int:
    """Memory of a process and its children, bytes, by proportional share (PSS): what they share counts once."""
    total = 0
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as stream:  # noqa: PTH123
            total += next((int(line.split()[1]) * 1024 for line in stream if line.startswith("Pss:")), 0)
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as stream:  # noqa: PTH123
            total += sum(held(int(name)) for name in stream.read().split())
    except OSError:
        pass
    return total


pss = 0
while True:
    ended, status, used = os.wait4(child, os.WNOHANG)
    if ended:
        break
    pss = max(pss, held(child))
    time.sleep(0.02)
with open(report, "w", encoding="utf-8") as stream:  # noqa: PTH123 - started without site-packages, kept small
    row = {
        "cpu": used.ru_utime + used.ru_stime,
        "rss": used.ru_maxrss * 1024,
        "pss": pss,
        "wall": time.monotonic() - began,
        "code": os.waitstatus_to_exitcode(status),
    }
    json.dump(row, stream)
