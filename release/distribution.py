"""Makes what a release consists of: source archive, wheel, list of parts (CycloneDX) and checksums.

    python release/distribution.py --tag v0.1.0 -o dist

The tag, the version in `src/aigraph/__init__.py`, `CITATION.cff` and a dated section of `CHANGELOG.md` have to agree;
else nothing is made. `docs/how-to/release.md` has the steps around it.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from pathlib import Path

from sbom import sbom

ROOT = Path(__file__).resolve().parents[1]


def disagreements(tag: str, root: Path = ROOT) -> list[str]:
    """What keeps a checkout from being released under a tag, in words."""
    version = re.search(r'^__version__ = "([^"]+)"', (root / "src/aigraph/__init__.py").read_text("utf-8"), re.M)
    now = version[1] if version else "none"
    found = []
    if tag != f"v{now}":
        found.append(f"the tag is {tag}, the version {now}: name the tag v{now}, or set the version")
    citation = (root / "CITATION.cff").read_text("utf-8")
    if not re.search(rf"^version: {re.escape(now)}$", citation, re.MULTILINE):
        found.append(f"CITATION.cff has another version than {now}")
    if not re.search(
        rf"^## \[{re.escape(now)}\] - \d{{4}}-\d\d-\d\d$", (root / "CHANGELOG.md").read_text("utf-8"), re.M
    ):
        found.append(f'CHANGELOG.md has no section "## [{now}] - YYYY-MM-DD": give Unreleased that name')
    return found


def make(folder: Path) -> tuple[Path, ...]:
    """Make the files in a folder, which holds nothing else of such names; the files, the checksums last."""
    folder.mkdir(parents=True, exist_ok=True)
    for target in ("sdist", "wheel"):
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder.absolute())],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
    return finish(folder)


def finish(folder: Path) -> tuple[Path, ...]:
    """Add the list of parts and the checksums to the archive and wheel in a folder; all files, the checksums last."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    listed = folder / "aigraph.cdx.json"
    listed.write_text(sbom(lock, (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")), encoding="utf-8")
    files = sorted([*folder.glob("*.tar.gz"), *folder.glob("*.whl"), listed])
    sums = folder / "SHA256SUMS"
    sums.write_text(
        "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files), encoding="utf-8"
    )
    return (*files, sums)


def main() -> None:
    """Make a release of this checkout."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tag", required=True, help="the tag of the release, as v0.1.0")
    parser.add_argument("-o", "--output", type=Path, default=Path("dist"))
    given = parser.parse_args()
    if wrong := disagreements(given.tag):
        sys.exit("Nothing was made:\n" + "\n".join(f"  {each}" for each in wrong))
    for file in make(given.output):
        print(file)


if __name__ == "__main__":
    main()
