"""Errors that stop the work on one file or on one run, each with the exit code of the command line.

A message says what was found, what was expected, where, and what to do; it never holds a patient value.
"""

from __future__ import annotations


class SemantixError(Exception):
    """A condition that semantix names and explains; everything else is a bug."""

    exit_code = 1


class UnreadableInput(SemantixError, ValueError):
    """An input that cannot be read; the other inputs go on."""

    exit_code = 3


class NothingRead(SemantixError, LookupError):
    """No input at all could be read."""

    exit_code = 4


class LossRefused(SemantixError, ValueError):
    """Under ``--strict``: a coded element was neither carried nor implied."""

    exit_code = 5


class BadTarget(SemantixError, OSError):
    """The output cannot be written where it was asked for."""

    exit_code = 6


class BadVocabulary(SemantixError, ValueError):
    """A vocabulary folder that is not an Athena download, or is incomplete."""

    exit_code = 7


class BadRelease(SemantixError, ValueError):
    """A terminology release that is not what it claims to be, or that no importer knows."""

    exit_code = 8


class BadStore(SemantixError, ValueError):
    """A terminology store that is missing, damaged or of another version."""

    exit_code = 9


class BadTable(SemantixError, ValueError):
    """A curated table, gold file or query file that cannot be read as one."""

    exit_code = 10


class BadPack(SemantixError, ValueError):
    """A mapping pack that cannot be read, or whose parts do not fit each other."""

    exit_code = 11


class BadRuleSet(SemantixError, ValueError):
    """A rule set that is not there, is no official publication, or is incomplete or damaged."""

    exit_code = 12


class BadDatabase(SemantixError, OSError):
    """A database that cannot be opened or read, or that holds no table of the CDM."""

    exit_code = 13


class BadDefinitions(SemantixError, ValueError):
    """A folder of data-quality definitions that cannot be read as one."""

    exit_code = 14


class NotChecked(SemantixError, RuntimeError):
    """A check of ``validate`` could not be finished on some document, and nothing worse was found."""

    exit_code = 15


class BadDesk(SemantixError, OSError):
    """A review desk that cannot be opened, is none, or is damaged."""

    exit_code = 16


class BadMappings(SemantixError, ValueError):
    """A file of mappings or candidates that cannot be read as what it claims to be."""

    exit_code = 17


class Unprotected(SemantixError, PermissionError):
    """A desk that was to be served beyond this machine without accounts."""

    exit_code = 18


class ActionRefused(SemantixError, ValueError):
    """Something that a person of the desk may not do, or not now; ``key`` names the reason for the words shown."""

    exit_code = 19

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


class BadPlan(SemantixError, ValueError):
    """A plan of a warehouse run cannot be followed: unreadable, contradictory, or not the plan of its state folder."""

    exit_code = 20


class UnfinishedRun(SemantixError, RuntimeError):
    """A run was stopped before its end: it is resumed or undone before another begins."""

    exit_code = 21


class TooManyUnread(SemantixError, RuntimeError):
    """A run stopped early: more of its inputs cannot be read than its plan admits."""

    exit_code = 22
