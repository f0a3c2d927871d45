"""Claims: every figure with what it is about, its metric, time and stance, and what somebody is said to state.

`finder.ClaimFinder` is the way in; `figure_claims` and `sayings` make the claims. `holders`, `subjects` and `bearers`
say what a figure is about, `metrics` and `measures` its metric (`catalogue` knows all metrics, `surroundings` the words
around a figure), `timing` its time, `tables` all of these in tables; `holders.yaml` and `metrics.yaml` hold the words.
"""
