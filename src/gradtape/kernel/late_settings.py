"""Notice a setting that a notebook makes too late, as it was read before the fork.

In a plain kernel, ``os.environ["KERAS_BACKEND"] = "jax"`` has an effect if it stands
before ``import keras``. A forked kernel begins with Keras imported. So it says that the
setting came too late, and the same kernel is a plain one when it is restarted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

from gradtape.kernel.launcher import paths
from gradtape.language import say

# Beginnings of names, or whole names: what is read while a package is imported and not
# again, of packages that a plain kernel has not imported before its first cell. Those
# that are about logs alone are left out. A test looks what the imports read.
READ_ONCE = (
    "GCS_",
    "GOTO_",
    "HDF5_",
    "JOBLIB_MULTIPROCESSING",
    "JOBLIB_START_METHOD",
    "JUPYTER_WIDGETS_ECHO",
    "KERAS_",
    "LOKY_MAX_DEPTH",
    "LOKY_PICKLER",
    "MATPLOTLIBRC",
    "MPLBACKEND",
    "MPLCONFIGDIR",
    "NPY_",
    "NUMPY_",
    "OMP_NUM_THREADS",
    "OPENBLAS_",
    "PANDAS_",
    "PILLOW_",
    "PROTOCOL_BUFFERS_",
    "PYPARSING",
    "SCIPY_ARRAY_API",
    "SCIPY_DEVICE",
    "SKLEARN_ASSUME_FINITE",
    "SKLEARN_PAIRWISE_DIST_CHUNK_SIZE",
    "SKLEARN_WORKING_MEMORY",
    "TF2_BEHAVIOR",
    "TF_CUFFT_WORKSPACE_LIMIT_IN_MB",
    "TF_ENABLE_CONTROL_FLOW_V2",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_FORWARD_COMPATIBILITY_DELTA_DAYS",
    "TF_FUNCTION_JIT_COMPILE_DEFAULT",
    "TF_JIT_COMPILE_REWRITE",
    "TF_OPTIONALS_IN_GRADIENTS",
    "TF_PLUGGABLE_DEVICE_LIBRARY_PATH",
    "TF_USE_LEGACY_KERAS",
    "TF_USE_MODULAR_FILESYSTEM",
    "TF_XLA_SHARDING_FOR_RESOURCE_VARIABLES",
)
# What is so without them, and what notebooks often set for clarity.
_DEFAULTS = {
    "KERAS_BACKEND": "tensorflow",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_USE_LEGACY_KERAS": "0",
}


def watch(shell: InteractiveShell, folder: str, connection_file: str) -> None:
    """Say after a cell if it has made a setting too late.

    Parameters
    ----------
    shell : InteractiveShell
        What runs the cells.
    folder : str
        Of the user's fork servers, where it is noted that the kernel is to be plain.
    connection_file : str
        Of the kernel, which keeps it over a restart.
    """
    known = _settings()

    def look(result: object) -> None:
        now = _settings()
        late = {
            name
            for name in known.keys() | now.keys()
            if known.get(name, _DEFAULTS.get(name))
            != now.get(name, _DEFAULTS.get(name))
        }
        known.clear()
        known.update(now)
        if late:
            _note(folder, connection_file)
            print(_sentence(sorted(late)), file=sys.stderr)

    shell.events.register("post_run_cell", look)


def _settings() -> dict[str, str]:
    return {n: value for n, value in os.environ.items() if n.startswith(READ_ONCE)}


def _note(folder: str, connection_file: str) -> None:
    """Note that this kernel is to be plain, and forget what was noted of those gone."""
    for note in Path(folder).glob("*.plain"):
        if not os.path.exists(note.read_text()):
            note.unlink(missing_ok=True)
    Path(paths.plain_of(folder, connection_file)).write_text(connection_file)


def _sentence(names: list[str]) -> str:
    listed = ", ".join(names)
    return say(
        en=f"gradtape: {listed} came too late to have an effect: this kernel began with "
        "TensorFlow imported. Restart it; it then begins without, and the cell that sets "
        f"{listed} comes in time.",
        zh=f"gradtape：{listed} 设得太晚，不起作用：这个内核一开始就已导入 TensorFlow。"
        f"请重启内核；重启后它不再预先导入，设置 {listed} 的单元格就来得及了。",
    )
