"""Warehouse runs: what ``convert`` does once, done every night over millions of documents.

A run scans its inputs, reads what is new in chunks, each committed whole, settles which documents count, and publishes
the difference to its targets. See ``docs/runs-design.md``.
"""
