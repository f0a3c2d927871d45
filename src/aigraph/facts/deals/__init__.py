"""Deals: who licenses, supplies, buys, invests in or works with whom, and where each deal stands.

`finder.PartnershipFinder` is the way in.
"""
