"""Notebooks of somebody else, in a folder that knows nothing of this course."""

import re
import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.slow

GUIDES = sorted((Path(__file__).parent / "foreign").glob("*.ipynb"))
CONFIGURATION = "[pytest]\naddopts = --gradtape\n"


@pytest.fixture
def guides(pytester, monkeypatch, home):
    """A folder with the guides and two lines of configuration."""
    monkeypatch.delenv("CI", raising=False)
    folder = pytester.path / "their guides"
    folder.mkdir()
    for path in GUIDES:
        shutil.copy(path, folder)
    (folder / "pytest.ini").write_text(CONFIGURATION)
    monkeypatch.chdir(folder)
    return folder


def test_two_lines_of_configuration_are_enough(guides, pytester):
    result = pytester.runpytest_subprocess("-n2")
    result.assert_outcomes(passed=17)


def test_a_wrong_number_in_them_is_red(guides, pytester):
    path = guides / "tensors_and_waves.ipynb"
    text = path.read_text("utf-8")
    assert text.count("array([0.+0.j, 0.-4.j") == 1
    path.write_text(text.replace("array([0.+0.j, 0.-4.j", "array([0.+0.j, 0.-4.2j"))
    result = pytester.runpytest_subprocess("-p", "no:xdist", path.name)
    result.assert_outcomes(passed=9, failed=1)
    said = result.stdout.str()
    assert "-4.j came out, -4.2j is stored: 0.2 apart" in said
    assert "section 'A Fourier transform is complex', code cell 8" in said


def test_the_documents_give_this_configuration():
    docs = Path(__file__).parents[2] / "docs"
    for name in ("testing.md", "testing.zh-CN.md"):
        blocks = re.findall(
            r"```ini\n(.+?)```", (docs / name).read_text("utf-8"), re.DOTALL
        )
        assert CONFIGURATION in blocks, name
