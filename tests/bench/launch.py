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
_, status, used = os.wait4(child, 0)
with open(report, "w", encoding="utf-8") as stream:  # noqa: PTH123 - started without site-packages, kept small
    row = {
        "cpu": used.ru_utime + used.ru_stime,
        "rss": used.ru_maxrss * 1024,
        "wall": time.monotonic() - began,
        "code": os.waitstatus_to_exitcode(status),
    }
    json.dump(row, stream)
