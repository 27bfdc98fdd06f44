"""Import what a kernel will need, and make sure that the process may still be forked."""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import os
import sys
import sysconfig
import types
import warnings
from collections.abc import Iterable, Iterator
from importlib.machinery import all_suffixes
from typing import TYPE_CHECKING

import psutil

from gradtape.quiet import hold_back_log

if TYPE_CHECKING:
    from ipykernel.zmqshell import ZMQInteractiveShell

# What a kernel imports before its first cell.
KERNEL = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel_launcher",
    "multiprocessing",
    "sqlite3",
    "tornado.platform.asyncio",
)
# What a first gradient needs.
FIRST = ("tensorflow",)
# What a lesson imports, and what is otherwise imported at the first figure or error.
LATER = (
    "IPython.core.completer",
    "IPython.core.pylabtools",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "contourpy",
    "gradtape.exercises.checking",
    "gradtape.exercises.drawings",
    "gradtape.exercises.prediction",
    "gradtape.exercises.quiz",
    "gradtape.exercises.stages",
    "gradtape.calculus.check",
    "gradtape.notebook",
    "gradtape.figures",
    "gradtape.tape.diagnosis.explain",
    "gradtape.widgets",
    "ipywidgets",
    "matplotlib.backends.backend_agg",
    "matplotlib.pyplot",
    "numpy.polynomial",
    "numpy.random",
    "pygments.formatters.html",
    "pygments.formatters.terminal256",
    "pygments.lexers.python",
    "stack_data",
)
# What IPython sets in a kernel, and what some packages look at while they are imported.
_PROMPT = "In : "
_BACKEND = "module://matplotlib_inline.backend_inline"


class CannotFork(Exception):
    """The process may not be forked; the message says why."""


def preload(modules: tuple[str, ...]) -> None:
    """Import modules as they would be imported in a kernel."""
    with _as_in_a_kernel(), hold_back_log(), _without_collections():
        for name in modules:
            importlib.import_module(name)


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    had_backend = os.environ.get("MPLBACKEND")
    sys.ps1 = _PROMPT
    os.environ["MPLBACKEND"] = had_backend or _BACKEND
    builtins.get_ipython = _shell
    try:
        yield
    finally:
        del builtins.get_ipython
        del sys.ps1
        if had_backend is None:
            del os.environ["MPLBACKEND"]


def _shell() -> ZMQInteractiveShell:
    """Return what tells a package that it is imported in a notebook, and does no more.

    TensorFlow and pandas look for it. Nothing may be registered with it, as the kernel's
    own comes after the fork: who imports IPython and asks there is told of none.
    """
    from ipykernel.zmqshell import ZMQInteractiveShell
    from traitlets.config import Config

    shell = ZMQInteractiveShell.__new__(ZMQInteractiveShell)
    shell.config = Config(IPKernelApp={})
    return shell


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """Collect no garbage meanwhile, and none of what has come to be afterwards.

    A fifth of the time of TensorFlow's import is spent on collections that find little.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def require_forkable() -> None:
    """Make sure that a fork is safe: one thread, TensorFlow imported but not started.

    Raises
    ------
    CannotFork
        If it is not, or cannot be told.
    """
    if psutil.Process().num_threads() != 1:
        _stop_idle_threads()
    if (number := psutil.Process().num_threads()) != 1:
        raise CannotFork(f"it has {number} threads after its imports")
    try:
        from tensorflow.python.eager import context

        begun = context.context_safe()
        started = begun is not None and begun._context_handle is not None
    except (ImportError, AttributeError) as error:
        raise CannotFork(
            f"this TensorFlow does not tell whether it runs: {error}"
        ) from None
    if started:
        raise CannotFork("importing TensorFlow has started its runtime")
    if device := _open_device():
        raise CannotFork(f"importing TensorFlow has opened {device}")


def _stop_idle_threads() -> None:
    """Let libraries stop the threads that they would stop at a fork.

    OpenBLAS starts a thread a processor when it is loaded, ends them before each fork,
    and starts them again when they are needed.
    """
    with warnings.catch_warnings():
        # Python 3.12 warns of the very threads.
        warnings.simplefilter("ignore", DeprecationWarning)
        if (number := os.fork()) == 0:
            os._exit(0)
    os.waitpid(number, 0)


def _open_device() -> str | None:
    if not os.path.isdir("/proc/self/fd"):
        return None
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            target = os.readlink(f"/proc/self/fd/{descriptor}")
            if target.startswith(("/dev/nvidia", "/dev/kfd", "/dev/dri")):
                return target
    return None


def share_memory() -> None:
    """Let forks share as much as possible: no collection goes over what is here."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def packages() -> list[list]:
    """Return the folders of installed packages, and when each was changed."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    return [[folder, _time(folder)] for folder in sorted(folders)]


def files() -> dict[str, int | None]:
    """Return the files that were read by the imports, with the times of their changes."""
    keras_home = os.environ.get("KERAS_HOME", os.path.expanduser("~/.keras"))
    settings = [os.path.join(keras_home, "keras.json")]
    if matplotlib := sys.modules.get("matplotlib"):
        own = os.path.join(matplotlib.get_configdir(), "matplotlibrc")
        settings += [own, matplotlib.matplotlib_fname()]
    modules = [getattr(m, "__file__", None) for m in list(sys.modules.values())]
    read = {path for path in (*settings, *modules) if isinstance(path, str)}
    return dict(packages()) | {path: _time(path) for path in read}


def changed(times: dict[str, int | None]) -> bool:
    """Tell whether any of the files is not any more what was read."""
    return any(_time(path) != time for path, time in times.items())


def _time(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None


def stand_ins() -> dict[str, types.SimpleNamespace]:
    """Return, for each module that is imported, what tells its file and no more."""
    return {
        name: types.SimpleNamespace(__file__=getattr(module, "__file__", None))
        for name, module in list(sys.modules.items())
        if not name.startswith("gradtape")
    }


def names_to_hide(before: Iterable[str]) -> frozenset[str]:
    """Return the packages in whose place a plain kernel could import a notebook's file.

    The folder of a notebook comes first on the path of a kernel once IPython itself is
    imported, so that a learner's own ``keras.py`` hides Keras.

    Parameters
    ----------
    before : iterable of str
        The modules that a plain kernel has imported by then.
    """
    first, all_of_them = (
        {name.partition(".")[0] for name in modules}
        for modules in (before, sys.modules)
    )
    return frozenset(all_of_them - first)


def hidden_here(names: frozenset[str]) -> str | None:
    """Return a file of this folder by which a plain kernel would import otherwise.

    Parameters
    ----------
    names : frozenset of str
        The packages that it may not hide. A ``matplotlibrc`` is none, but is read by one.
    """
    try:
        here = os.listdir()
    except OSError:
        return None
    for entry in here:
        name, dot, suffix = entry.partition(".")
        if entry == "matplotlibrc" or (
            name in names
            and (
                dot + suffix in all_suffixes()
                or os.path.exists(os.path.join(entry, "__init__.py"))
            )
        ):
            return entry
    return None
