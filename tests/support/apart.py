"""Tests that run in a child of their own: what a library keeps of a model that was let go, goes with the child."""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress

import pytest


def apart(test: Callable[[], object]) -> None:
    """Call `test` in a forked child. Skips where it skips; fails with the child's traceback where it fails or dies."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with os.fdopen(write, "wb") as out:
            out.write(pickle.dumps(_ended(test)))
        os._exit(0)
    os.close(write)
    status = None
    try:
        with os.fdopen(read, "rb") as said:
            answer = said.read()
        status = os.waitpid(child, 0)[1]
    finally:
        if status is None:  # the time for this test is over
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    if not answer:
        pytest.fail(f"the test's process ended with code {os.waitstatus_to_exitcode(status)}", pytrace=False)
    skipped, words = pickle.loads(answer)  # noqa: S301 - written by our own child
    if skipped:
        pytest.skip(words)
    if words:
        pytest.fail(words, pytrace=False)


def _ended(test: Callable[[], object]) -> tuple[bool, str]:
    """Whether a test was skipped, and why; or what it failed with, nothing where it passed."""
    try:
        test()
    except pytest.skip.Exception as skipped:
        return True, str(skipped)
    except BaseException:  # noqa: BLE001 - told by the parent
        return False, traceback.format_exc()
    return False, ""
