"""What people and software write inside a field: bytes to text, and text to numbers, dates, dosages and findings.

Everything here is pure: text in, a small immutable reading out, with the reason when something is kept as text. A
reading has no place in a source; the reader that asked gives it one.
"""
