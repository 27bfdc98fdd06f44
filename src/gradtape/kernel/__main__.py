"""The fork server, as a launcher starts it; in a fork of it, the kernel."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path

from gradtape.files import write_whole
from gradtape.kernel import forked, preload
from gradtape.kernel.fork_server import ForkServer
from gradtape.kernel.launcher import paths


def main(arguments: list[str]) -> int:
    """Be a fork server; in a process that was forked for a kernel, be the kernel."""
    del sys.path[0]  # where this was started means nothing
    listener, lock, path = int(arguments[0]), int(arguments[1]), arguments[2]
    for descriptor in (listener, lock):
        os.set_inheritable(descriptor, False)
    server = ForkServer(socket.socket(fileno=listener), lock, path)
    try:
        server.prepare()
        start = server.serve()
    except Exception as error:
        packages = preload.packages()
        note = {"reason": str(error), "packages": packages, "since": time.time()}
        folder, key = os.path.split(os.path.splitext(path)[0])
        failure = Path(paths.failure_of(folder, key))
        write_whole(failure, json.dumps(note).encode())
        raise
    return forked.run_kernel(start) if start else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
