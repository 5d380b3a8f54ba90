"""Our own rules for CDA R2 documents, by topic. A topic is a module with ``RULES`` and ``check``."""

from __future__ import annotations
