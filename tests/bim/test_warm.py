"""What is made ahead must not harm the processes that are forked afterwards."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import os
from pathlib import Path
import manifold3d
from bim.warm import warm
threads = lambda: len(list(Path("/proc/self/task").iterdir()))
before = threads()
warm()
assert threads() == before
pid = os.fork()
if pid == 0:  # a boolean so large that the kernel takes threads for it
    ball = manifold3d.Manifold.sphere(1.0, 400)
    os._exit(0 if (ball ^ ball.translate((0.3, 0.0, 0.0))).volume() > 3 else 1)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def test_solids_are_cut_in_a_child_of_the_warm_process():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "0"
