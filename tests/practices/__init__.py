"""Synthetic practices of different software, seeded: invented people, plausible results, and the truth.

A writer per software turns the same content into the files of an export; the truth says what a faithful reader finds.
"""
