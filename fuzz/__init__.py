"""Fuzzing of the readers with atheris; not a part of the package."""
