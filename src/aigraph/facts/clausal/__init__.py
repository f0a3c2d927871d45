"""Claims and attributions by syntax: what the dependency tree of a sentence tells of speakers, holders and metrics."""
