"""Start a fork server that belongs to no launcher, and outlives this one."""

import os
import signal
import socket
import sys

_MOST_WAITING = 1024


def start_server(
    path: str, lock_path: str, log_path: str, state: bytes, environment: dict
) -> bool:
    """Start a fork server, unless somebody else has: whoever holds the lock may.

    Parameters
    ----------
    path : str
        Of its socket.
    lock_path : str
        Of the file that it locks while it lives.
    log_path : str
        Of the file for its standard streams.
    state : bytes
        What is to stand in the locked file.
    environment : dict
        Its environment. What is in it can be seen under ``/proc`` in all of its kernels,
        whoever has asked for them.

    Returns
    -------
    bool
        Whether it was started.
    """
    import fcntl  # which Windows lacks; the tests read this module there too

    flags = os.O_RDWR | os.O_CREAT
    lock = os.open(lock_path, flags, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    os.ftruncate(lock, 0)
    os.write(lock, state)
    # The socket is there before the fork server is, so that others can wait at it.
    new = f"{path}.{os.getpid()}"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(new)
    listener.listen(_MOST_WAITING)
    os.rename(new, path)
    log = os.open(log_path, flags | os.O_TRUNC, 0o600)
    if os.fork() == 0:
        try:
            os.setsid()
            if os.fork() == 0:
                _become_server(listener.fileno(), lock, log, path, environment)
        finally:
            os._exit(1)
    os.wait()
    for descriptor in (lock, log):
        os.close(descriptor)
    listener.close()
    return True


def _become_server(
    listener: int, lock: int, log: int, path: str, environment: dict
) -> None:
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    for descriptor in (listener, lock):
        os.set_inheritable(descriptor, True)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    module = ["-m", "gradtape.kernel", str(listener), str(lock), path]
    os.execve(sys.executable, [sys.executable, *module], environment)
