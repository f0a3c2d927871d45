"""Figures: numbers, factors, counts and units, brought to full units with their comparators and ranges.

`quantities.find_quantities` is the way in; `units.yaml` and `quantities.yaml` hold the words.
"""
