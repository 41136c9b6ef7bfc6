"""Runs a program that ends when its parent does, even when the parent was killed.

`python leash.py PARENT_PID PROGRAM ARGUMENT…`. Imports nothing of ViTo: it is run by path, without site-packages, so
that it costs some 10 ms. On Linux it becomes the program; elsewhere it stays, watches and passes signals on.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1  # prctl(2); kept across execve


def become(parent: int, command: list[str]) -> None:
    """This process is the program from now on, and gets SIGTERM when the parent ends.

    How much memory the parent allows itself is not what it may have.
    """
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() == parent:  # else it ended before it could be watched
        os.execv(command[0], command)


def watch(parent: int, command: list[str]) -> int:
    """The exit status of the program, which gets SIGTERM when the parent ends."""
    child = subprocess.Popen(command, close_fds=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: child.send_signal(got))
    while child.poll() is None:
        if os.getppid() != parent:
            child.terminate()
            child.send_signal(signal.SIGCONT)  # one that is stopped ends no sooner than it goes on
            return child.wait()
        time.sleep(0.1)
    return child.returncode


if __name__ == "__main__":
    if sys.platform == "linux":
        become(int(sys.argv[1]), sys.argv[2:])
    else:
        sys.exit(watch(int(sys.argv[1]), sys.argv[2:]))
