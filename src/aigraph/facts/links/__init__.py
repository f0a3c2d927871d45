"""Facts that the language model finds between the words of a sentence, with their chances.

`finder.LinkFinder` is the way in; `findings` makes statements and deals of the links, `hearing` attributions.
"""
