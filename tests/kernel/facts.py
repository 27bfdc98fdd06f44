"""What code in a kernel can see of its process: run in both kinds of kernel, compared.

The text of this file is sent to a kernel, then ``facts()`` is called there.
"""

import asyncio
import builtins
import codecs
import ctypes
import decimal
import faulthandler
import gc
import glob
import locale
import logging
import multiprocessing
import os
import random
import resource
import signal
import socket
import sys
import tempfile
import threading
import time
import warnings
from importlib.util import find_spec

ENDS_OF_STATUS = (
    "CapEff",
    "Groups",
    "Name",
    "NoNewPrivs",
    "Seccomp",
    "ShdPnd",
    "SigBlk",
    "SigCgt",
    "SigIgn",
    "SigPnd",
    "Uid",
    "Umask",
)


def facts():
    """Return a table of facts, each something that JSON can hold."""
    return {
        **of_the_system(),
        **of_python(),
        **of_logs(),
        **of_ipython(),
        **of_libraries(),
        **of_what_packages_saw(),
        **of_randomness(),
    }


def of_the_system():
    mask = os.umask(0)
    os.umask(mask)
    with open("/proc/self/status") as file:
        status = [line.split("\t") for line in file.read().split("\n")]
    return {
        "environment": dict(os.environ),
        "working folder": os.getcwd(),
        "files in it": sorted(os.listdir()),
        "umask": mask,
        "limits": {
            name: resource.getrlimit(getattr(resource, name))
            for name in dir(resource)
            if name.startswith("RLIMIT_")
        },
        "signal handlers": {
            str(number): str(signal.getsignal(number)).split(" at ")[0]
            for number in signal.valid_signals()
        },
        "blocked signals": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        "status": {
            name.rstrip(":"): value
            for name, *value in status
            if name.startswith(ENDS_OF_STATUS)
        },
        "standard descriptors": [opened(n) for n in range(3)],
        "kinds of descriptors": sorted({opened(n) for n in open_files()}),
        "is a leader of its session": os.getsid(0) == os.getpid(),
        "is a leader of its group": os.getpgrp() == os.getpid(),
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "processors": sorted(os.sched_getaffinity(0)),
        "control group": content("/proc/self/cgroup"),
        "killed first": content("/proc/self/oom_score_adj"),
        "user": [os.getuid(), os.geteuid(), os.getgid(), os.getegid(), os.getgroups()],
        "children": content(f"/proc/self/task/{os.getpid()}/children"),
        "time zone": [time.tzname, time.localtime(0)[:6]],
    }


def open_files():
    names = os.listdir("/proc/self/fd")
    return [n for n in names if os.path.lexists(f"/proc/self/fd/{n}")]


def opened(number):
    return os.readlink(f"/proc/self/fd/{number}").split(":")[0]


def content(path):
    with open(path) as file:
        return file.read()


def of_python():
    return {
        "argv": sys.argv,
        "original argv": sys.orig_argv,
        "path": sys.path,
        "executable": [sys.executable, sys.prefix, sys.exec_prefix],
        "flags": str(sys.flags),
        "options": dict(sys._xoptions),
        "warning options": sys.warnoptions,
        "version": sys.version,
        "names in sys": sorted(dir(sys)),
        "builtins": sorted(dir(builtins)),
        "main": sorted(vars(sys.modules["__main__"]).keys() & {"__file__", "__spec__"}),
        "streams": {
            name: stream(getattr(sys, name))
            for name in (
                "stdin",
                "stdout",
                "stderr",
                "__stdin__",
                "__stdout__",
                "__stderr__",
            )
        },
        "hooks": [without_place(hook) for hook in (sys.excepthook, sys.displayhook)],
        "importers": [without_place(each) for each in sys.meta_path],
        "path hooks": [without_place(each) for each in sys.path_hooks],
        "prompt": sys.ps1,
        "encodings": [sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()],
        "locale": locale.setlocale(locale.LC_ALL),
        "depth of recursion": sys.getrecursionlimit(),
        "longest number": sys.get_int_max_str_digits(),
        "switch of threads": sys.getswitchinterval(),
        "traced": [sys.gettrace() is None, sys.getprofile() is None],
        "collector": [gc.isenabled(), gc.get_threshold(), gc.callbacks == []],
        "fault handler": faulthandler.is_enabled(),
        "writes bytecode": sys.dont_write_bytecode,
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "is in the main thread": threading.current_thread() is threading.main_thread(),
        "main thread": threading.main_thread().name,
        "size of stacks": threading.stack_size(),
        "temporary folder": tempfile.gettempdir(),
        "decimals": str(decimal.getcontext()),
        "time limit of sockets": socket.getdefaulttimeout(),
        "event loop": type(asyncio.get_event_loop_policy()).__name__,
        "start of processes": multiprocessing.get_start_method(allow_none=True),
        "process": multiprocessing.current_process().name,
        "errors of encodings": codecs.lookup_error("strict").__name__,
        "warnings": sorted(map(str, warnings.filters)),
        "shows warnings": warnings.showwarning.__module__,
    }


def stream(each):
    names = ("name", "mode", "encoding", "errors", "line_buffering", "write_through")
    told = [getattr(each, name, None) for name in names]
    return [type(each).__name__, *told, each.isatty(), each.closed]


def without_place(each):
    return str(each).split(" at ")[0]


def of_logs():
    import tensorflow as tf
    from absl import logging as absl_logging

    loggers = logging.root.manager.loggerDict
    return {
        "root of logs": logger(logging.root),
        "logs": {
            name: logger(each)
            for name, each in sorted(loggers.items())
            if isinstance(each, logging.Logger) and (each.handlers or each.level)
        },
        "log of TensorFlow": logger(tf.get_logger()),
        "log of absl": [
            absl_logging.get_verbosity(),
            handler(absl_logging.get_absl_handler()._current_handler),
        ],
    }


def logger(each):
    handlers = [handler(one) for one in each.handlers]
    return [each.level, each.propagate, each.disabled, handlers]


def handler(each):
    stream = getattr(each, "stream", None)
    name = getattr(stream, "name", None)
    where = "a descriptor" if isinstance(name, int) else name
    return [type(each).__name__, each.level, where, type(stream).__name__]


def of_ipython():
    shell = get_ipython()  # noqa: F821
    formatters = shell.display_formatter.formatters.values()
    magics = shell.magics_manager.magics
    return {
        "shell": [type(shell).__name__, type(shell.kernel).__name__],
        "application": type(shell.parent.parent).__name__,
        "configuration": str(shell.config),
        "configuration of the application": str(shell.parent.parent.config),
        "callbacks": {
            event: sorted(
                f"{f.__module__}.{f.__qualname__}"
                for f in functions
                if not f.__module__.startswith("gradtape.kernel.")
            )
            for event, functions in shell.events.callbacks.items()
        },
        "magics": {kind: sorted(each) for kind, each in magics.items()},
        "names": sorted(name for name in shell.user_ns if name.startswith("_")),
        "targets of comms": sorted(shell.kernel.comm_manager.targets),
        "shown types": sorted(str(t) for f in formatters for t in f.type_printers),
        "types shown later": sorted(
            str(t) for f in formatters for t in f.deferred_printers
        ),
        "extensions": sorted(shell.extension_manager.loaded),
        "history": type(shell.history_manager).__name__,
        "colours": shell.colors,
        "is the module main": sys.modules["__main__"].__dict__ is shell.user_ns,
    }


def of_libraries():
    import ipywidgets
    import matplotlib
    import matplotlib.pyplot as plt
    import numpy as np
    import tensorflow as tf

    threads = tf.config.threading
    return {
        "threads of NumPy": threads_of_blas(np),
        "NumPy prints": str(np.get_printoptions()),
        "errors of NumPy": np.geterr(),
        "settings of matplotlib": {k: str(v) for k, v in matplotlib.rcParams.items()},
        "backend": [matplotlib.get_backend(), plt.isinteractive(), plt.get_fignums()],
        "hook of pyplot": str(plt._REPL_DISPLAYHOOK),
        "widgets": len(ipywidgets.widgets.widget._instances),
        "devices": [each.name for each in tf.config.list_logical_devices()],
        "memory growth": [
            tf.config.experimental.get_memory_growth(gpu)
            for gpu in tf.config.list_physical_devices("GPU")
        ],
        "threads of TensorFlow": [
            threads.get_inter_op_parallelism_threads(),
            threads.get_intra_op_parallelism_threads(),
        ],
        "is eager": tf.executing_eagerly(),
        "Keras": [
            tf.keras.backend.floatx(),
            tf.keras.backend.image_data_format(),
            tf.keras.config.backend(),
        ],
        "names of layers": [
            tf.keras.layers.Dense(2).name,
            tf.keras.Sequential().name,
            tf.Variable(1.0).name,
        ],
    }


def of_what_packages_saw():
    """Return what packages have found out while they were imported, of any kind."""
    import IPython.display
    import tensorflow as tf

    return {
        **(of_pandas() if find_spec("pandas") else {}),
        **(of_tqdm() if find_spec("tqdm") else {}),
        "policy of Keras": tf.keras.config.dtype_policy().name,
        "log of Keras is interactive": tf.keras.config.is_interactive_logging_enabled(),
        "IPython displays": [
            IPython.display.display.__module__,
            type(IPython.get_ipython()).__name__,
        ],
        "constants of packages": {
            f"{name}.{constant}": repr(value)[:200]
            for name, module in list(sys.modules.items())
            if "site-packages" in (getattr(module, "__file__", None) or "")
            for constant, value in list(vars(module).items())
            if isinstance(value, bool | int | float | str | bytes | None)
            and not constant.startswith("__")
        },
    }


def of_pandas():
    import pandas as pd

    wide = pd.DataFrame([range(40)])
    formatter = get_ipython().display_formatter  # noqa: F821
    shown = formatter.format(wide)[0]
    names = ("max_columns", "max_rows", "notebook_repr_html", "width")
    return {
        "settings of pandas": [pd.get_option(f"display.{name}") for name in names],
        "a wide table": [len(repr(wide)), len(wide.to_html())],
        "a wide table as shown": sorted((kind, len(shown[kind])) for kind in shown),
    }


def of_tqdm():
    import tqdm.auto
    import tqdm.autonotebook

    return {
        "kinds of progress bars": [
            tqdm.auto.tqdm.__mro__[1].__module__,
            tqdm.autonotebook.tqdm.__module__,
        ]
    }


def threads_of_blas(np):
    for path in glob.glob(os.path.dirname(np.__file__) + ".libs/*openblas*"):
        library = ctypes.CDLL(path)
        for name in ("scipy_openblas_get_num_threads64_", "openblas_get_num_threads"):
            if hasattr(library, name):
                return getattr(library, name)()
    return None


def of_randomness():
    import numpy as np
    import tensorflow as tf

    free = [random.random(), np.random.rand(), float(tf.random.uniform(()))]
    random.seed(1)
    np.random.seed(1)
    tf.random.set_seed(1)
    seeded = [random.random(), np.random.rand(), float(tf.random.uniform(()))]
    return {
        "random": free,
        "random from a seed": seeded,
        "random without a state": float(tf.random.stateless_uniform((), [1, 2])),
        "hash of a text": hash("tape"),
        "key between processes": multiprocessing.current_process().authkey.hex(),
    }
