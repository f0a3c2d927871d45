"""English before any matter is spoken of: verb forms, function words, clauses, trees of sentences, the calendar.

It imports nothing else of `aigraph.facts`; `grammar.yaml` and `clauses.yaml` hold its words.
"""
