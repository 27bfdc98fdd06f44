"""Jupyter's own tests of a kernel pass."""

# ruff: noqa: RUF012 - the tests are configured by attributes of a class

import jupyter_kernel_test
import pytest

from gradtape.kernel import control, spec


@pytest.fixture(scope="module", autouse=True)
def installed(runtime, tmp_path_factory):
    """Let Jupyter find the kernel by its name."""
    data = tmp_path_factory.mktemp("jupyter")
    spec.write(data / "kernels" / "gradtape")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(data))
        yield


class KernelTests(jupyter_kernel_test.KernelTests):
    """Every test that there is."""

    kernel_name = "gradtape"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples = [
        {"text": "zi", "matches": {"zip"}},
        {"text": "import lazy_l", "matches": {"lazy_loader"}},
    ]
    complete_code_samples = [
        "1",
        "print('hello, world')",
        "def f(x):\n  return x*2\n\n",
    ]
    incomplete_code_samples = ["print('''hello", "def f(x):\n  x*2"]
    invalid_code_samples = ["import = 7q"]
    code_page_something = "zip?"
    code_generate_error = "raise"
    code_execute_result = [
        {"code": "1+2+3", "result": "6"},
        {"code": "float(__import__('tensorflow').constant(2.) ** 3)", "result": "8.0"},
    ]
    code_display_data = [
        {
            "code": "from IPython.display import HTML, display; display(HTML('<b>x</b>'))",
            "mime": "text/html",
        },
        {
            "code": "%matplotlib inline\n"
            "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
            "mime": "image/png",
        },
    ]
    code_history_pattern = "1?2*"
    # Of a range, IPython gives the running session another number; so in both kernels.
    supported_history_operations = ("tail", "search")
    code_inspect_sample = "zip"
    code_clear_output = "from IPython.display import clear_output; clear_output()"

    def test_it_is_a_fork(self):
        """Make sure that it was not a plain kernel that passed."""
        self.flush_channels()
        _, told = self.execute_helper(code="import os; print(os.getppid())")
        parent = "".join(m["content"].get("text", "") for m in told)
        assert int(parent) in {server.process for server in control.fork_servers()}
