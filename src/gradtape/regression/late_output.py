"""Run in a notebook's kernel: what a cell writes straight to file descriptors is not late.

A library's C++ code, or a program that a cell starts, writes to a descriptor. A thread
of ipykernel's reads that from a pipe, and may do so when the cell is long done. Here a
cell is not done before this thread has read a mark that was written after it. No
function of IPython's events is used, since a notebook may have given it some that write.
"""

import functools
import os
import stat
import sys
import threading
import uuid

_SECONDS = 30


def wait_for_late_output(kernel) -> None:
    """Let a kernel say that a cell is done only when all that it wrote has been read.

    Parameters
    ----------
    kernel : ipykernel.kernelbase.Kernel
        The kernel of this process.
    """
    run, streams = kernel.do_execute, (sys.stdout, sys.stderr)

    @functools.wraps(run)
    async def run_to_the_end(*arguments, **options):
        try:
            return await run(*arguments, **options)
        finally:
            for wait in [_mark(*each) for each in enumerate(streams, start=1)]:
                wait()

    kernel.do_execute = run_to_the_end


def _mark(descriptor: int, stream):
    """Write a mark to a descriptor; return a function that waits until it is read."""
    reader = getattr(stream, "watch_fd_thread", None)
    if reader is None or not (reader.is_alive() and _is_pipe(descriptor)):
        return lambda: None  # a program such as pytest has taken the descriptor
    mark, is_read, write, rest = uuid.uuid4().hex, threading.Event(), stream.write, ""

    def write_without_mark(text):
        nonlocal rest
        if threading.current_thread() is not reader or is_read.is_set():
            return write(text)
        before, found, after = (rest + text).partition(mark)
        rest = "" if found else _beginning(before, mark)
        write(before.removesuffix(rest) + after)
        if found:
            is_read.set()
        return len(text)

    def wait():
        is_read.wait(_SECONDS)
        del stream.write
        if rest:
            write(rest)

    stream.write = write_without_mark
    os.write(descriptor, mark.encode())
    return wait


def _beginning(text: str, mark: str) -> str:
    """Return with how much of a mark a text ends."""
    lengths = range(min(len(text), len(mark) - 1), 0, -1)
    return next((mark[:n] for n in lengths if text.endswith(mark[:n])), "")


def _is_pipe(descriptor: int) -> bool:
    try:
        return stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except OSError:
        return False
