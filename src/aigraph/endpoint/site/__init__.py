"""The site: pages on which people read what the graph says, each with the sentences behind it.

views.py        addresses, content negotiation, validators
things.py       what a page on a thing shows: facts, deals, claims, a timeline
texts.py        what a page on an article shows: its sentences and what each gave
together.py     what a page on a proposition or a finding shows: who says the same, what stands against it
findings.py     findings as cards: a sentence of ours, how surely it is said, the quotes behind it
neighbours.py   the neighbourhood of a thing as a drawing
claims.py       all claims of a snapshot in memory; filters.py what the explorer is asked for, and counts of values
explorer.py     /claims: list, side by side, CSV and RDF; chart.py one metric over time as a drawing
asking.py       what the views share
about.py        what /about says of the making of the graph
front.py        what the start page shows, once a snapshot
ahead.py        reads what is kept of a snapshot as soon as that is published
schema.py       things and articles in the words of schema.org
wording.py      figures, periods and names in plain English
vocabulary.py   labels, inverses and superproperties out of the ontology
reading.py      nodes and rows of one snapshot, through the query workers
addresses.py    where the pages of IRIs are
"""
