"""Pseudonyms: what leaves a run under the key of a project, and whom it leaves out."""
