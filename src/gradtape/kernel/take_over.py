"""Make a fork what a new process of its launcher would have been."""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

from gradtape.kernel.launcher import messages
from gradtape.kernel.launcher.identity import READ_AT_IMPORT

_SETTINGS: dict[str, Callable[[Any], bool]] = {
    "arguments": lambda value: _is_list_of(value, str),
    "environment": lambda value: (
        isinstance(value, dict) and _is_list_of(list(value.values()), str)
    ),
    "umask": lambda value: isinstance(value, int),
    "limits": lambda value: (
        isinstance(value, list)
        and all(_is_list_of(each, int) and len(each) == 3 for each in value)
    ),
    "ignored": lambda value: _is_list_of(value, int),
    "blocked": lambda value: _is_list_of(value, int),
}


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(each, kind) for each in value)


def receive_settings(connection: socket.socket, reader: messages.Reader) -> dict:
    """Return what the launcher wants the kernel to take over.

    It is asked by the fork itself: the server, whose memory all kernels begin with, never
    has the environment of any of them.

    Raises
    ------
    OSError, EOFError, ValueError
        If they do not come, or are something else.
    """
    seconds = messages.SECONDS_TO_ANSWER
    connection.settimeout(seconds)
    messages.send(connection, {"wait": seconds, "send": "settings"})
    settings = reader.read()
    connection.setblocking(True)
    if settings.keys() != _SETTINGS.keys() or not all(
        is_right(settings[name]) for name, is_right in _SETTINGS.items()
    ):
        raise ValueError("the launcher sent something else than its settings")
    return settings


def take_over(settings: dict, descriptors: list[int]) -> None:
    """Take over from the launcher all that a new process would have inherited.

    Parameters
    ----------
    settings : dict
        What the launcher has sent.
    descriptors : list of int
        Its standard input, output and error, a pipe whose other end it holds while it
        lives, and its folder.

    Raises
    ------
    OSError, ValueError, OverflowError
        If something cannot be taken over.
    """
    import resource  # which Windows lacks, where this module is read but not used

    *standard, life, folder = descriptors
    os.setsid()
    for target, source in enumerate(standard):
        os.dup2(source, target)
        os.close(source)
    _end_with_launcher(life)
    os.fchdir(folder)
    os.close(folder)
    os.umask(settings["umask"])
    for limit in settings["limits"]:
        if list(resource.getrlimit(limit[0])) != limit[1:]:
            resource.setrlimit(limit[0], limit[1:])
    _take_over_signals(set(settings["ignored"]), settings["blocked"])
    _take_over_environment(settings["environment"])
    _take_over_python(settings["arguments"])


def _end_with_launcher(life: int) -> None:
    """Have this process group killed once the launcher is gone, without polling.

    The launcher alone can write to the pipe, and never does. So the system signals that
    it can be read just when the launcher has ended, in whatever way.
    """
    import fcntl  # which Windows lacks too

    os.set_inheritable(life, False)
    if hasattr(fcntl, "F_SETSIG"):
        fcntl.fcntl(life, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(life, fcntl.F_SETSIG, signal.SIGKILL)
        flags = fcntl.fcntl(life, fcntl.F_GETFL)
        fcntl.fcntl(life, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
        try:
            os.read(life, 1)
        except BlockingIOError:
            return
        raise OSError("the launcher has ended")

    def wait() -> None:
        os.read(life, 1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=wait, daemon=True, name="launcher").start()


def _take_over_signals(ignored: set[int], blocked: list[int]) -> None:
    for number in signal.valid_signals():
        is_ignored = signal.getsignal(number) is signal.SIG_IGN
        if number in ignored and not is_ignored:
            signal.signal(number, signal.SIG_IGN)
        elif is_ignored and number not in ignored:
            signal.signal(number, signal.SIG_DFL)
    if signal.SIGINT not in ignored:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def _take_over_environment(environment: dict[str, str]) -> None:
    environment = environment | _set_meanwhile(environment)
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    for name, value in environment.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    time.tzset()
    tempfile.tempdir = None


def _set_meanwhile(environment: dict[str, str]) -> dict[str, str]:
    """Return the variables that Python's start and the imports have set.

    They are among those in which the launcher and the fork server agreed at the start.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith(READ_AT_IMPORT) and environment.get(name) != value
    }


def _take_over_python(arguments: list[str]) -> None:
    import multiprocessing

    import ipykernel_launcher

    sys.argv = [ipykernel_launcher.__file__, *arguments]
    sys.orig_argv[1:] = ["-m", "ipykernel_launcher", *arguments]
    by_lines = os.isatty(1) and not sys.stdout.write_through
    sys.stdout.reconfigure(line_buffering=by_lines)
    if rich := sys.modules.get("rich"):  # which shortens names of files by it
        rich._IMPORT_CWD = os.getcwd()
    random.seed()
    if drawing := sys.modules.get("numpy.random"):
        drawing.seed()
    multiprocessing.current_process().authkey = os.urandom(32)
