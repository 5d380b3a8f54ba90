"""Terminologies: the user's store of official releases, and decisions from wording or local code to a target code."""
