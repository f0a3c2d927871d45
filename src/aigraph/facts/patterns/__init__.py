"""The rules over words: their language, the sentences that they match, and the book that reads them from `rules/`.

`language` compiles patterns, `lines` are what they match, `verbs` the groups that they name, `passages` what stands for
`@company`.
"""
