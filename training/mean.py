#!/usr/bin/env python3
"""Write the weighted mean of two stages' weights: what a later stage learnt, without all that it forgot.

    python3 training/mean.py build/facts.pt build/all.pt --share 0.2 --out build/model.pt

Both must come of one line of training, or their mean is neither (Wortsman et al. 2022, "Model soups"). Heads that only
the first has stay as they are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

OWN = ("facts.",)
"""What the parameters are called that the earlier stage has not trained."""


def main() -> None:
    """Read both, write the mean with the labels of the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("later", type=Path)
    parser.add_argument("earlier", type=Path)
    parser.add_argument("--share", type=float, default=0.2, help="of the earlier stage")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    later = torch.load(options.later, weights_only=True)
    earlier = torch.load(options.earlier, weights_only=True)["network"]
    for name, values in later["network"].items():
        if values.is_floating_point() and not name.startswith(OWN):
            later["network"][name] = torch.lerp(values, earlier[name], options.share)
    torch.save(later, options.out)


if __name__ == "__main__":
    main()
