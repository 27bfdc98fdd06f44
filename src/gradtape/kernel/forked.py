"""A fork of the server becomes an ordinary kernel, as if it had just been started."""

from __future__ import annotations

import contextlib
import logging
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import zmq
from ipykernel import ipkernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session

from gradtape.kernel import home, late_settings, preload, process_exit
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


@dataclass(frozen=True)
class Start:
    """What a fork begins with.

    Attributes
    ----------
    connection : socket.socket
        To the launcher.
    reader : messages.Reader
        What reads from it. Its descriptors are the launcher's standard input, output and
        error, a pipe whose other end it holds while it lives, and its folder.
    names : frozenset of str
        The packages that a file in this folder may not hide.
    modules : dict
        What stands in for the modules that a plain kernel has imported at its start.
    home : str
        The home folder with which packages were imported.
    folder : str
        Of the user's fork servers.
    """

    connection: socket.socket
    reader: messages.Reader
    names: frozenset[str]
    modules: dict[str, types.SimpleNamespace]
    home: str
    folder: str


def run_kernel(start: Start) -> int:
    """Be the kernel that was asked for; return only if it cannot be."""
    try:
        settings = _receive_settings(start)
        _take_over(settings, start)
        if hidden := preload.hidden_here(start.names):
            raise OSError(f"{hidden} in its folder changes what is imported")
    except (OSError, EOFError, ValueError, OverflowError) as error:
        messages.send(start.connection, {"refused": str(error)})
        return 1
    messages.send(start.connection, {"kernel": os.getpid()})
    code = 1
    try:
        _run(settings["arguments"], start)
        code = 0
    except SystemExit as error:
        if not isinstance(error.code, int | None):
            raise
        code = error.code or 0
    finally:
        _announce(start.connection, code)
    process_exit.exit_process(code)
    return code


def _receive_settings(start: Start) -> dict:
    """Return what the launcher wants the kernel to take over.

    It is asked by the fork itself: the server, whose memory all kernels begin with, never
    has the environment of any of them.

    Raises
    ------
    OSError, EOFError, ValueError
        If they do not come, or are something else.
    """
    seconds = messages.SECONDS_TO_ANSWER
    start.connection.settimeout(seconds)
    messages.send(start.connection, {"wait": seconds, "send": "settings"})
    settings = start.reader.read()
    start.connection.setblocking(True)
    if settings.keys() != _SETTINGS.keys() or not all(
        is_right(settings[name]) for name, is_right in _SETTINGS.items()
    ):
        raise ValueError("the launcher sent something else than its settings")
    return settings


def _run(arguments: list[str], start: Start) -> None:
    """Run IPython's kernel until it is shut down."""
    early = [handler for reference in logging._handlerList if (handler := reference())]
    stdout, stderr = sys.stdout, sys.stderr
    # Its parent is the fork server, so it need not watch it: the launcher is watched.
    app = IPKernelApp.instance(parent_handle=1)
    init_shell = app.init_shell

    def init_shell_and_catch_up() -> None:
        init_shell()
        _take_over_user(app.session)
        _redirect(early, {stdout: sys.stdout, stderr: sys.stderr})
        if ipywidgets := sys.modules.get("ipywidgets"):
            ipywidgets.load_ipython_extension(app.shell)

    app.init_shell = init_shell_and_catch_up
    with _showing(start.modules):
        try:
            app.initialize(arguments)
        except zmq.ZMQError:
            _end_at_once()
    late_settings.watch(app.shell, start.folder, app.abs_connection_file)
    app.start()


def _end_at_once() -> None:
    """End at once, as somebody else has taken a port that this kernel was given.

    A plain one waits for its threads first, some of which may never end. Then its server
    does not learn that it had better start another.
    """
    traceback.print_exc()
    sys.stderr.flush()
    os._exit(1)


@contextlib.contextmanager
def _showing(modules: dict[str, types.SimpleNamespace]) -> Iterator[None]:
    """Show ipykernel the modules that it would find at the start of a plain kernel.

    It notes the files of all that are imported then, as those that a debugger is not to
    step into. To ask TensorFlow's thousands would take them out of the memory that the
    kernels share, 20 MB for each kernel.
    """
    shown = types.ModuleType("sys")
    vars(shown).update(vars(sys), modules=modules)
    ipkernel.sys = shown
    try:
        yield
    finally:
        ipkernel.sys = sys


def _announce(connection: socket.socket, code: int) -> None:
    """Tell the launcher the exit code to come, should the fork server be gone by then."""
    try:
        messages.send(connection, {"ends": code})
    except OSError:
        pass


def _take_over(settings: dict, start: Start) -> None:
    """Take over from the launcher all that a new process would have inherited.

    Raises
    ------
    OSError, ValueError, OverflowError
        If something cannot be taken over.
    """
    import resource  # which Windows lacks, where this module is read but not used

    *standard, life, folder = start.reader.descriptors
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
    home.change_home(start.home)
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


def _take_over_user(session: Session) -> None:
    """Have messages bear the name of this user, not the one at the time of the imports."""
    if session.username == type(session).username.default_value:
        session.username = os.environ.get("USER", "username")


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


def _redirect(handlers: list[logging.Handler], streams: dict) -> None:
    """Have logs that were set up by imports go where they would in a kernel."""
    for handler in handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream in streams:
            handler.setStream(streams[handler.stream])
