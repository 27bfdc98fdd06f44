"""Where the pictures that differ are put, to be looked at."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def write_pictures(
    config: pytest.Config, where: str, cell: str, differences: Sequence[str]
) -> str:
    """Write the stored picture, the new one and their difference.

    Parameters
    ----------
    config : pytest.Config
        pytest's configuration.
    where, cell : str
        The names of the notebook and the cell.
    differences : sequence of str
        What differs; the pictures hang on them.

    Returns
    -------
    str
        The folder; empty where no picture differs.
    """
    comparisons = [
        comparison
        for difference in differences
        if (comparison := getattr(difference, "picture", None)) is not None
        and comparison.new is not None
    ]
    if not comparisons:
        return ""
    folder = _folder(config) / re.sub(r"[^\w.-]+", "_", f"{where}-{cell}")
    folder.mkdir(parents=True, exist_ok=True)
    for number, comparison in enumerate(comparisons, start=1):
        for name, picture in (("stored", comparison.old), ("new", comparison.new)):
            Image.fromarray(np.ascontiguousarray(picture)).save(
                folder / f"{number}-{name}.png"
            )
        (folder / f"{number}-difference.png").write_bytes(comparison.difference)
    return str(folder)


def _folder(config: pytest.Config) -> Path:
    if config.option.gradtape_report:
        return Path(config.option.gradtape_report, "pictures")
    if cache := getattr(config, "cache", None):
        return Path(cache.mkdir("gradtape-pictures"))
    return Path(tempfile.gettempdir(), "gradtape-pictures")
