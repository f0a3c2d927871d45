"""`python -m aigraph` is the same as `aigraph`."""

from aigraph.cli import main

main(prog_name="aigraph")
