"""The bundled scripts are what their sources give, and ask nothing of other hosts."""

import shutil
import subprocess
from pathlib import Path

import pytest

PORTAL = Path(__file__).parents[2] / "search_api" / "portal"
BUNDLES = sorted(
    path.name
    for path in (PORTAL / "static").glob("*.js")
    if (PORTAL / "element" / path.name).exists()
)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """The bundles made anew from their sources, where npm can fetch what they are made with."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("bundles")
    shutil.copytree(PORTAL / "element", folder / "element")
    if not (folder / "element" / "node_modules").exists():
        fetched = subprocess.run(
            ["npm", "ci", "--no-fund", "--no-audit"],
            cwd=folder / "element",
            capture_output=True,
            text=True,
            check=False,
        )
        if fetched.returncode:
            pytest.skip(f"npm cannot fetch the packages: {fetched.stderr.strip()[-200:]}")
    subprocess.run(["npm", "run", "build"], cwd=folder / "element", capture_output=True, check=True)
    return folder / "static"


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_is_what_its_source_gives(rebuilt, name):
    assert (rebuilt / name).read_bytes() == (PORTAL / "static" / name).read_bytes()


def test_the_lock_names_no_host():
    assert "://" not in (PORTAL / "element" / "package-lock.json").read_text(encoding="utf-8")
