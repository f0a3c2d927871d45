#!/usr/bin/env python3
"""Sets up aigraph in a virtual environment of its own (`.venv/`) and runs it, with nothing but Python 3.11 or newer.

    python3 run.py            build the graph from seeds/ and serve it on http://127.0.0.1:7474/
    python3 run.py test       set up and run all checks: lint, types, import floors, tests with coverage
    python3 run.py COMMAND …  any other command of aigraph: build, query, export, …

The environment is made anew when the lock file, this project's `pyproject.toml` or the sources of the query editor
(`web/`, bundled on the way) have changed.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}
EDITOR = ROOT / "src" / "aigraph" / "endpoint" / "static" / "editor"
OLDEST, NEWEST = (3, 11), (3, 13)

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)
TESTS = ("pytest", "-n", "2", "--cov", "--cov-report=term:skip-covered")


def supported_python() -> str:
    """This interpreter when aigraph supports it, else the newest supported one on the PATH."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            candidate = Path(folder) / f"python3.{minor}"
            if os.access(candidate, os.X_OK) and works(candidate):
                return str(candidate)
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"aigraph needs Python 3.11, 3.12 or 3.13; this is Python {found}, and none of those is on the PATH.")


def works(python: Path) -> bool:
    """Whether that file is an interpreter that runs (version managers leave shims that do not)."""
    return subprocess.run([str(python), "-c", ""], check=False, capture_output=True).returncode == 0


def environment(kind: str) -> Path:
    """Make or renew `.venv` with what the lock file of that kind pins; give its folder of programs."""
    folder = ROOT / ".venv"
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    stamp = folder / f"{kind}.stamp"
    web = [file for file in sorted((ROOT / "web").rglob("*")) if file.is_file() and "node_modules" not in file.parts]
    read = [LOCKS[kind], ROOT / "pyproject.toml", ROOT / "hatch_build.py", *web]
    inputs = (*(file.read_bytes() for file in read), supported_python().encode())
    wanted = hashlib.sha256(b"\0".join(inputs)).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return programs
    print(f"Setting up {folder} (once) …", flush=True)
    if not (programs / "python").exists() and not (programs / "python.exe").exists():
        create(folder)
    pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # the pip that comes with Python 3.11 refuses a pinned package that another one asks for with an extra
    with tempfile.TemporaryDirectory() as scratch:
        first = Path(scratch) / "pip.lock"
        first.write_text(pinned("pip", LOCKS[kind].read_text(encoding="utf-8")), encoding="utf-8")
        checked("renew pip", [*pip, "--require-hashes", "-r", str(first)])
    checked("install the pinned dependencies", [*pip, "--require-hashes", "-r", str(LOCKS[kind])])
    install = [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    checked("install aigraph itself", install)
    if (missing := EDITOR / "missing.txt").is_file():
        print(
            f"The query editor could not be bundled: {missing.read_text(encoding='utf-8').strip()}\n"
            f"The site has a plain one. To try again: {' '.join(install)}",
            flush=True,
        )
    stamp.write_text(wanted)
    return programs


def pinned(name: str, lock: str) -> str:
    """The lines of a lock file that pin one package: its version and its hashes."""
    match = re.search(rf"^{re.escape(name)}==.*\n(?:[ \t]+.*\n)*", lock, re.MULTILINE)
    if match is None:
        sys.exit(f"The lock file does not pin {name}. Renew it as CONTRIBUTING.md says.")
    return match[0]


def create(folder: Path) -> None:
    """Make the virtual environment, with a word of help where the system lacks the means."""
    python = supported_python()
    try:
        if python == sys.executable:
            venv.create(folder, with_pip=True)
        else:
            subprocess.run([python, "-m", "venv", str(folder)], check=True)
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(
            f"The virtual environment {folder} could not be made ({error}).\n"
            "On Debian and Ubuntu install the package python3-venv, remove that folder and try again."
        )


def checked(what: str, command: list[str]) -> None:
    """Run a command of the set-up; stop with its name when it fails."""
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit(f"Could not {what} (exit code {done.returncode}); see the lines above.")


def run_tests(programs: Path, extra: list[str]) -> int:
    """All checks in turn, then the tests; every one runs, so that one failure does not hide the next."""
    failed = []
    steps = [*CHECKS, (*TESTS, *extra)] if not extra else [("pytest", *extra)]
    for step in steps:
        print(f"\n== {' '.join(step)}", flush=True)
        if subprocess.run([str(programs / step[0]), *step[1:]], cwd=ROOT, check=False).returncode:
            failed.append(step[0])
    if failed:
        print(f"\nFailed: {', '.join(failed)}", flush=True)
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    """Set up what the command needs and run it."""
    if arguments[:1] == ["test"]:
        return run_tests(environment("test"), arguments[1:])
    programs = environment("run")
    try:
        return subprocess.run([str(programs / "aigraph"), *(arguments or ["up"])], check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
