"""The review desk: where terminologists settle mapping candidates, and whose decisions become curated tables.

The truth is an append-only log of events over items that never change; every state is derived from it
(:mod:`semantix.review.folding`). ``docs/review-design.md`` has the whole plan.
"""
