from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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


NEW_MEMORY = """
import resource
from twin.memory import keep_memory
keep_memory()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
held = [b"x" * (1 << 20) for _ in range(64)]
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


@pytest.mark.skipif(
    not LARGE_PAGES.exists() or "[never]" in LARGE_PAGES.read_text(encoding="ascii"), reason="no large pages here"
)
def test_new_memory_comes_in_large_pages():
    done = subprocess.run([sys.executable, "-c", NEW_MEMORY], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 64 * 256 / 4  # by pages of 4 KB it takes 256 faults a megabyte


AFTER_FORK = """
import os, resource
from twin.memory import keep_memory
keep_memory()
if os.fork():
    os.wait()
else:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    held = [b"x" * (200 << 10) for _ in range(20)]
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before, flush=True)
"""


@pytest.mark.skipif(
    not LARGE_PAGES.exists() or "[never]" in LARGE_PAGES.read_text(encoding="ascii"), reason="no large pages here"
)
def test_a_child_begins_with_a_large_page_of_its_own():
    done = subprocess.run([sys.executable, "-c", AFTER_FORK], capture_output=True, text=True, check=True)
    assert (
        int(done.stdout) < 300
    )  # 1,000 pages of 4 KB; half of them where the parent has written to the first large one
