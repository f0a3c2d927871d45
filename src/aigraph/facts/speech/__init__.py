"""Who says what, and how it is put forward: attributions, quotations, stance.

`attribution.AttributionReader` reads the first (by syntax in `saying`, `sources` and `turns`, whose voice it is in
`voices`, by words alone in `worded`), `stance.StanceReader` the second; `paths.read_hedge` reads off a tree how two
names are joined. The words are data: `speech.yaml`, `speakers.yaml` and `cues.yaml` for attributions and stance,
`hedges.yaml` and `idioms.yaml` for what the tree tells besides.
"""
