"""Who says what, and how it is put forward: attributions, quotations, stance.

`attribution.AttributionReader` reads the first (by syntax in `saying`, `sources`, `voices` and `turns`, by words alone
in `worded`), `stance.StanceReader` the second; `speech.yaml`, `speakers.yaml` and `cues.yaml` hold the words.
"""
