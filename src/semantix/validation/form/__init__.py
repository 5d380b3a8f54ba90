"""Form: is the file what it claims to be, before any rule of content."""

from __future__ import annotations
