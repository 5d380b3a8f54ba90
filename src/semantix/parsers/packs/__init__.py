"""Mapping packs: YAML documents that describe the export of a practice software, and the reader that they drive."""

from __future__ import annotations

from semantix.parsers.packs.loading import load_pack
from semantix.parsers.packs.parser import PacksParser, packs_parser
from semantix.parsers.packs.spec import Pack, TestOutcome, pack_schema
from semantix.parsers.packs.testing import test_pack

__all__ = ["Pack", "PacksParser", "TestOutcome", "load_pack", "pack_schema", "packs_parser", "test_pack"]
