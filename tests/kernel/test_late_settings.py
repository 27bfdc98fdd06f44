"""A setting that packages read when they are imported has an effect, or it is said."""

import os
import re

import pytest
from tests.kernel.conftest import server_of

pytestmark = pytest.mark.slow

SET = "import os; os.environ[{!r}] = {!r}"


@pytest.fixture(autouse=True)
def _in_own_folder(runtime):
    """Have a fork server that the tests of this file share."""


def is_plain(kernel):
    return "ipykernel_launcher" in kernel.launcher.cmdline()


@pytest.mark.parametrize(
    ("name", "value", "look"),
    [
        ("KERAS_BACKEND", "numpy", "import keras; print(keras.backend.backend())"),
        (
            "MPLBACKEND",
            "svg",
            "import matplotlib; print(matplotlib.rcParams['backend'])",
        ),
        (
            "TF_ENABLE_ONEDNN_OPTS",
            "0",
            "import tensorflow.python._pywrap_util_port as port; print(port.IsMklEnabled())",
        ),
    ],
)
def test_it_is_said_and_the_restarted_kernel_is_plain(name, value, look, start):
    kernel, another = start(), start()
    said = kernel.run(SET.format(name, value))
    assert re.fullmatch(f"gradtape: {name} came too late .*\n", said)
    before = kernel.run(look)
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=60)
    assert is_plain(kernel)
    assert kernel.run(SET.format(name, value)) == ""
    assert kernel.run(look) != before
    another.manager.restart_kernel()
    another.client.wait_for_ready(timeout=60)
    assert not is_plain(another)


def test_it_is_said_once_whatever_has_set_it_and_how_the_cell_ends(start):
    kernel = start()
    assert "KERAS_BACKEND came" in kernel.run("%env KERAS_BACKEND=jax")
    assert kernel.run("1") == ""
    said = kernel.run("os.environ.update(OMP_NUM_THREADS='1', HDF5_DRIVER='x'); 1 / 0")
    assert "NameError" in said
    said = kernel.run(
        "import os\nos.environ.update(OMP_NUM_THREADS='1', HDF5_DRIVER='x')\n1 / 0"
    )
    assert "HDF5_DRIVER, OMP_NUM_THREADS came" in said and "ZeroDivision" in said


def test_nothing_is_said_of_what_has_an_effect_or_changes_nothing(start):
    kernel = start()
    for name, value in (
        ("KERAS_BACKEND", "tensorflow"),
        ("TF_CPP_MIN_LOG_LEVEL", "2"),
        ("CUDA_VISIBLE_DEVICES", "-1"),
        ("TF_FORCE_GPU_ALLOW_GROWTH", "true"),
        ("TF_DETERMINISTIC_OPS", "1"),
        ("XLA_FLAGS", "--xla_dump_to=nowhere"),
        ("MY_OWN", "1"),
    ):
        assert kernel.run(SET.format(name, value)) == ""


def test_it_is_said_in_the_language_of_the_notebook(start):
    kernel = start()
    kernel.run("import gradtape as gt; gt.start('02', lang='zh')")
    assert "KERAS_BACKEND 设得太晚" in kernel.run(SET.format("KERAS_BACKEND", "jax"))


def test_what_is_set_before_the_kernel_starts_has_an_effect(start):
    kernel, other = start(env=os.environ | {"KERAS_MAX_EPOCHS": "3"}), start()
    assert not is_plain(kernel) and server_of(kernel) != server_of(other)
    told = kernel.run("import keras; print(keras.src.backend.config.max_epochs())")
    assert told == "3\n"


def test_what_tensorflow_prints_is_the_output_of_the_cell(start):
    """TensorFlow prints so in notebooks alone, and looks for them when imported."""
    streams = {}
    for kind in ("plain", "gradtape"):
        kernel = start(kind)
        told = []
        kernel.client.execute_interactive(
            "import tensorflow as tf\ntf.print('printed', tf.constant(1.0))",
            output_hook=lambda message, told=told: told.append(
                (message["content"].get("name"), message["content"].get("text"))
            ),
        )
        streams[kind] = {name for name, text in told if text and "printed 1" in text}
    assert streams == {"plain": {"stdout"}, "gradtape": {"stdout"}}
