"""A process with all readers imported, from which build workers are forked.

Starting Python and importing the kernels costs 0.4 CPU-seconds; a park of thirty files, or a server
that builds now and then, pays it once. The host itself never reads a file: every build runs in a
child of its own, as isolated as before.

`host(FD)` is run by `hosted.py` in a fresh Python: FD is a SOCK_SEQPACKET socket. Each message is one `Spec` as JSON
with three descriptors: the child's standard output and error, and a pipe on which the host answers
with the child's pid and, when it has ended, its wait status.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import sys
import traceback
from contextlib import suppress

from scenes.build.worker import main, preload
from twin.process import die_with_parent

ANSWER = struct.Struct("<q")
MAX_SPEC = 1 << 16
IDLE_S = 300.0
"""Seconds without a build after which the host ends; the next build starts another."""


def serve(door: socket.socket) -> None:
    """Fork a worker per message until the other end closes, or nothing is asked for a while."""
    preload()
    awake, bell = os.pipe()
    os.set_blocking(bell, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
    children: dict[int, int] = {}
    while True:
        ready: list[int] = select.select([door.fileno(), awake], [], [], IDLE_S)[0]
        if not ready and not children:
            return
        if awake in ready:
            os.read(awake, 4096)
            _reap(children)
        if door.fileno() in ready:
            spec, files, _flags, _address = socket.recv_fds(door, MAX_SPEC, 3)
            if not spec:
                break
            _start(spec.decode(), files, children, door)
    for pid in children:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _start(spec: str, files: list[int], children: dict[int, int], door: socket.socket) -> None:
    out, err, answer = files
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with_parent()
            door.close()
            os.dup2(out, 1)
            os.dup2(err, 2)
            for descriptor in (*files, *children.values()):
                os.close(descriptor)
            code = main(spec)
        except BaseException:  # noqa: BLE001 - whoever asked sees the exit code; the traceback goes into the log
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    os.close(out)
    os.close(err)
    children[pid] = answer
    with suppress(OSError):  # whoever asked has gone
        os.write(answer, ANSWER.pack(pid))


def _reap(children: dict[int, int]) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        answer = children.pop(pid, None)
        if answer is not None:
            with suppress(OSError):
                os.write(answer, ANSWER.pack(status))
            os.close(answer)


def host(descriptor: int) -> None:
    """The whole life of a host: serve on the socket of this descriptor."""
    die_with_parent()
    with socket.socket(fileno=descriptor) as door:
        serve(door)
