"""The register of a warehouse: what was read, in which run, with which versions, and what became of it.

One SQLite file. Everything that must hold together is written in one transaction. It holds paths of inputs, so it is
readable by its owner only; of documents and people it holds keyed digests.
"""

from semantix.runs.register.opening import Register
from semantix.runs.register.records import KnownFile, Run, RunState

__all__ = ["KnownFile", "Register", "Run", "RunState"]
