from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc, resource
from twin.memory import YOUNG, keep_memory
held = [[] for _ in range(1000)]
keep_memory()
assert gc.get_freeze_count() >= 1000 and gc.get_threshold()[0] == YOUNG
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(3):
    bytes(8 << 20)
before = faults()
for _ in range(20):
    bytes(8 << 20)
print(faults() - before)
"""


def test_memory_that_was_freed_is_used_again():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 8 * 256  # a new mapping each time would take 20 times 2,048 pages
