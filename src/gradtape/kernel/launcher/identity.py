"""What a fork cannot change any more, so that it has to be equal beforehand.

A kernel may come from a fork server only if both would have imported the same, in the same
surroundings. The identity holds all that says so: the Python, the variables that are
read while Python starts and packages are imported, and what the system has tied to the
process. Everything else a fork takes over from its launcher.
"""

import json
import os
import sys
import zlib

# Beginnings of names, or whole names. Seen by recording what the imports look up, in
# Python and in C; a test looks again.
READ_AT_IMPORT = (
    "ABSL_",
    "ANDROID_DATA",
    "BLIS_",
    "CUBLAS_",
    "CUDA",
    "CUDNN_",
    "DEBUG",
    "DISABLE_",
    "DISTUTILS_",
    "DNNL_",
    "DYLD_",
    "EAGER_IMPORT",
    "ENABLE_RUNTIME_",
    "FREETYPE_",
    "GCS_",
    "GEVENT_",
    "GFORTRAN_",
    "GLIBC_",
    "GOTO",
    "GRPC_",
    "HDF5_",
    "HIP_",
    "IN_SPHINX_RUN",
    "IPYTHONENABLE",
    "IPYTHON_",
    "JOBLIB_",
    "JUPYTER_ALLOW_INSECURE_WRITES",
    "JUPYTER_PLATFORM_DIRS",
    "JUPYTER_USE_PROGRAMDATA",
    "JUPYTER_WIDGETS_ECHO",
    "KERAS_",
    "KMP_",
    "LANG",
    "LC_",
    "LD_",
    "LLVM_",
    "LOKY_",
    "MALLOC_",
    "MATPLOTLIB",
    "MKL_",
    "MPL",
    "NCCL_",
    "NPY_",
    "NUMPY_",
    "NVIDIA_",
    "OMP_",
    "ONEDNN_",
    "OPENBLAS_",
    "OPENSSL_",
    "PANDAS_",
    "PATHS_FROM_ECLIPSE",
    "PILLOW_",
    "PROTOCOL_BUFFERS_",
    "PSUTIL_",
    "PYCHARM_",
    "PYDEV",
    "PYPARSING",
    "PYTHON",
    "PYZMQ_",
    "PY_SAX_PARSER",
    "ROCM_",
    "SCIPY_",
    "SETUPTOOLS_",
    "SKLEARN_",
    "SOURCE_DATE_EPOCH",
    "TEMPORARILY_DISABLE_",
    "TEST_",
    "TF2_",
    "TF_",
    "TORNADO_",
    "TPU_",
    "TRAITLETS_",
    "WRAPT_",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XLA_",
    "_PYTHON_",
    "__PYVENV_LAUNCHER__",
)
# What the imports set themselves, some (None) whatever it was before. It makes no
# difference whether a server has them because it imported TensorFlow too.
SET_BY_IMPORTS = {
    "ENABLE_RUNTIME_UPTIME_TELEMETRY": "1",
    "HDF5_PLUGIN_PATH": "disable",
    # By scikit-learn, which Keras imports where it is installed.
    "KMP_DUPLICATE_LIB_OK": "True",
    "KMP_INIT_AT_FORK": "FALSE",
    "PYDEVD_USE_FRAME_EVAL": "NO",
    "TF2_BEHAVIOR": None,
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TPU_ML_PLATFORM": None,
    "TPU_ML_PLATFORM_VERSION": None,
}
# What imports read below the home folder, and what a fork therefore cannot change.
_READ_AT_HOME = (
    ".config/fontconfig",
    ".config/matplotlib/matplotlibrc",
    ".config/matplotlib/stylelib",
    ".fonts",
    ".fonts.conf",
    ".fonts.conf.d",
    ".local/lib/python{0.major}.{0.minor}/site-packages",
    ".local/share/fonts",
    ".matplotlib",
    "Library/Fonts",
    "Library/Python/{0.major}.{0.minor}",
)
_KERAS_SETTINGS = ".keras/keras.json"
# Keras writes them there when it is imported for the first time.
_KERAS_DEFAULTS = {
    "floatx": "float32",
    "epsilon": 1e-07,
    "backend": "tensorflow",
    "image_data_format": "channels_last",
}
_NAMESPACES = ("ipc", "mnt", "net", "pid", "user", "uts")
_OF_STATUS = ("Cap", "Groups", "NoNewPrivs", "Seccomp")


def identity() -> str:
    """Return the identity of this process, as text that can be compared."""
    import resource  # which Windows lacks; the tests read this module there too

    facts = {
        "python": [sys.executable, sys.version],
        "launcher": os.path.dirname(os.path.abspath(__file__)),
        "environment": {
            name: value
            for name, value in sorted(os.environ.items())
            if name.startswith(READ_AT_IMPORT)
            and SET_BY_IMPORTS.get(name, "") not in (None, value)
        },
        "home": _home_if_read(),
        "user": [os.getuid(), os.geteuid(), os.getgid(), os.getegid()],
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        # The C library takes the size of a thread's stack from it, at its start.
        "stack": resource.getrlimit(resource.RLIMIT_STACK),
    }
    if sys.platform == "linux":
        facts["processors"] = sorted(os.sched_getaffinity(0))
        facts["namespaces"] = [_target(f"/proc/self/ns/{name}") for name in _NAMESPACES]
        facts["group"] = _content("/proc/self/cgroup")
        facts["status"] = [
            line
            for line in _content("/proc/self/status").splitlines()
            if line.startswith(_OF_STATUS)
        ]
        facts["killed first"] = _content("/proc/self/oom_score_adj")
    return json.dumps(facts, sort_keys=True)


def _home_if_read() -> str | None:
    """Return the home folder if it holds something that imports read, or else None.

    So learners whose servers run under one account, each with a home of their own, share
    a fork server unless their settings differ.
    """
    home = os.path.expanduser("~")
    names = (name.format(sys.version_info) for name in _READ_AT_HOME)
    if any(os.path.exists(os.path.join(home, name)) for name in names):
        return home
    try:
        with open(os.path.join(home, _KERAS_SETTINGS)) as file:
            settings = json.load(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError):
        return home
    is_default = (
        isinstance(settings, dict) and settings.items() <= _KERAS_DEFAULTS.items()
    )
    return None if is_default else home


def environment_of_server() -> dict:
    """Return what a fork server needs of this environment; no kernel sees the rest."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in ("HOME", "PATH") or name.startswith(READ_AT_IMPORT)
    }


def key_of(identity: str) -> str:
    """Return a short name for an identity. Two may share it: compare them as well."""
    return f"{zlib.crc32(identity.encode()):08x}"


def _target(link: str) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""


def _content(path: str) -> str:
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""
