"""End the process of a forked kernel without freeing what it shares with others.

At its end Python frees every object of every module. In a fork that copies hundreds of
megabytes first, as nothing that is freed can stay shared. So what the kernel itself has
is brought to its end, in Python's order, and the rest is left to the system.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import io
import sys
import threading


def exit_process(code: int) -> None:
    """End this process as Python would: threads, exit handlers, the user's objects, C."""
    threading._shutdown()
    atexit._run_exitfuncs()
    _free_user_objects()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    ctypes.PyDLL(None).exit(code)


def _free_user_objects() -> None:
    """Delete what the user has named, so that it can finish; write out open files."""
    if (shell := _shell()) is not None:
        for names in (shell.user_ns, shell.user_ns_hidden, shell.displayhook.__dict__):
            names.clear()
    gc.collect()
    for each in gc.get_objects():  # not those from before the fork
        if isinstance(each, io.IOBase) and not each.closed:
            with contextlib.suppress(Exception):
                each.flush()


def _shell() -> object | None:
    from IPython import get_ipython

    return get_ipython()
