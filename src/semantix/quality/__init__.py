"""Quality of an OMOP database: the OHDSI data-quality checks, with their own pass or fail."""

from __future__ import annotations
