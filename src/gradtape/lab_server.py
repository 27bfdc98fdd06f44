"""JupyterLab's server, which ends when ``gradtape lab`` is gone, in whatever way."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time

_SECONDS_TO_STOP = 10


def main(folder: str, *arguments: str) -> int:
    """Run JupyterLab; its standard input is a pipe that ends with ``gradtape lab``.

    Parameters
    ----------
    folder : str
        With its settings, to be removed if ``gradtape lab`` could not do so.
    *arguments : str
        JupyterLab's own.
    """
    threading.Thread(target=_end_with_parent, args=(folder,), daemon=True).start()
    from jupyterlab.labapp import LabApp

    return LabApp.launch_instance(arguments)


def _end_with_parent(folder: str) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)  # upon which it shuts down its kernels
    time.sleep(_SECONDS_TO_STOP)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
