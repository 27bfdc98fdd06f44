"""A fork of the server becomes an ordinary kernel, as if it had just been started."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
import traceback
import types
from collections.abc import Iterator
from dataclasses import dataclass

import zmq
from ipykernel import ipkernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session

from gradtape.kernel import home, late_settings, preload, process_exit, take_over
from gradtape.kernel.launcher import messages


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
        settings = take_over.receive_settings(start.connection, start.reader)
        take_over.take_over(settings, start.reader.descriptors)
        home.change_home(start.home)
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


def _take_over_user(session: Session) -> None:
    """Have messages bear the name of this user, not the one at the time of the imports."""
    if session.username == type(session).username.default_value:
        session.username = os.environ.get("USER", "username")


def _redirect(handlers: list[logging.Handler], streams: dict) -> None:
    """Have logs that were set up by imports go where they would in a kernel."""
    for handler in handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream in streams:
            handler.setStream(streams[handler.stream])
