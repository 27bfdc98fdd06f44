"""A small sample of faults, new ones wherever the code has changed, is found."""

from pathlib import Path

import pytest
from tests.mutation.__main__ import main

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_seeded_sample_turns_the_suite_red(capsys):
    failed = main([f"--root={ROOT}", "--sample=16", "--seed=1", "-n=1"])
    assert not failed, capsys.readouterr().out
