"""A browser, and the site built once."""

import shutil
import subprocess
import sys

import pytest

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def browser():
    """Chromium, driven by playwright; tests are left out where there is none."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium is installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site, built by its command without a warning."""
    folder = tmp_path_factory.mktemp("site") / "under" / "a path"
    command = [sys.executable, "-m", "gradtape", "site", str(folder)]
    built = subprocess.run(command, capture_output=True, check=False, text=True)
    assert built.returncode == 0, built.stderr
    return folder
