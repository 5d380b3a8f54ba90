"""The plan of a warehouse: what to read, what with, where to, read from YAML.

The models of pydantic check what a person wrote and never travel further: the run works with frozen values.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from msgspec import Struct, field
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from semantix.errors import BadPlan
from semantix.io import MEGABYTE, Limits, shown
from semantix.runs.pseudonyms import Policy, PolicySection

Kind = Literal["fhir", "duckdb", "parquet", "postgres"]
Engine = Literal["local", "spark"]
KEPT = "plan.yaml"
"""The plan that a state folder keeps."""
MAX_BYTES = 1_000_000
"""Bytes of a plan."""
SECRET = re.compile(r"^(env|file):.+$")
"""Where a secret is read: never the secret, which a plan kept would tell."""
_QUOTED = re.compile(r"(['\"]).{2,}\1")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Target(_Model):
    kind: Kind
    path: Path | None = None
    url: str | None = Field(None, pattern=SECRET.pattern)
    schema_: str = Field("cdm", alias="schema", pattern=r"^[a-z_][a-z0-9_]{0,62}$")
    identities: Literal["keep", "withhold"] | None = None

    @model_validator(mode="after")
    def _complete(self) -> _Target:
        if self.kind == "postgres":
            if self.url is None:
                raise ValueError("a postgres target has url: env:NAME or url: file:PATH, where its URL is read")
        elif self.path is None:
            raise ValueError(f"a {self.kind} target has a path")
        if self.identities is not None and self.kind != "fhir":
            raise ValueError("identities are of a fhir target: OMOP never holds any")
        return self


class _Limits(_Model):
    bad_share: float = Field(0.01, ge=0, le=1)
    bad_minimum: int = Field(100, ge=1)
    missing_share: float = Field(0.1, ge=0, le=1)
    document_mb: int = Field(100, ge=1)
    archive_entries: int = Field(10_000, ge=1)
    archive_mb: int = Field(2_000, ge=1)


class _Chunks(_Model):
    files: int = Field(400, ge=1, le=100_000)
    megabytes: float = Field(32, gt=0)


class _Report(_Model):
    folder: Path | None = None
    min_group: int = Field(10, ge=1)
    lang: Literal["fr", "en"] = "fr"


class _Spark(_Model):
    master: str | None = None
    conf: dict[str, str] = {}
    table: Path | None = None
    format: str = "parquet"


class _Plan(_Model):
    inputs: tuple[str, ...] = ()
    lists: tuple[Path, ...] = ()
    state: Path | None = None
    targets: tuple[_Target, ...] = Field(min_length=1)
    practice: str | None = None
    packs: tuple[Path, ...] = ()
    store: Path | None = None
    tables: tuple[Path, ...] = ()
    accept: float = Field(0.98, gt=0, le=1)
    vocabulary: Path | None = None
    keep_text: bool = False
    key: str | None = Field(None, pattern=SECRET.pattern)
    pseudonymisation: PolicySection | None = None
    spool: bool = False
    reprocess: Literal["auto", "never", "all"] = "auto"
    engine: Engine = "local"
    spark: _Spark = _Spark()
    jobs: int = Field(0, ge=0, le=1024)
    limits: _Limits = _Limits()
    chunks: _Chunks = _Chunks()
    report: _Report = _Report()

    @model_validator(mode="after")
    def _coherent(self) -> _Plan:
        if not (self.inputs or self.lists or self.spark.table):
            raise ValueError("nothing to read: give inputs, lists, or spark: table")
        if self.spark.table is not None and self.engine != "spark":
            raise ValueError("a table of documents is read by engine: spark")
        if self.pseudonymisation is not None and self.key is None:
            raise ValueError("pseudonymisation needs key: file:PATH or key: env:NAME; semantix run key PATH makes one")
        fhir = [one for one in self.targets if one.kind == "fhir"]
        if len(fhir) > 1:
            raise ValueError("one fhir target at most")
        places = [os.path.normpath(one.path) if one.path else f"{one.url} {one.schema_}" for one in self.targets]
        if len(set(places)) < len(places):
            raise ValueError("two targets have the same place")
        return self


class TargetPlan(Struct, frozen=True):
    """Where to write. ``place`` is a path, or for PostgreSQL where its URL is read (``env:NAME``, ``file:PATH``)."""

    kind: str
    path: Path | None = None
    url: str = ""
    schema: str = "cdm"
    keeps_identities: bool = False

    @property
    def name(self) -> str:
        """What reports and the journal call it: its kind and its rank say enough, a path may say too much."""
        return self.kind


class RunLimits(Struct, frozen=True, kw_only=True):
    """When to stop: shares of what is read that may be unreadable (once ``bad_minimum`` were), and of files gone."""

    bad_share: float = 0.01
    bad_minimum: int = 100
    missing_share: float = 0.1


class RunPlan(Struct, frozen=True, kw_only=True):
    """A plan as the run follows it; paths are absolute. ``jobs`` 0 means one a processor.

    With ``spool``, files come and go: what was read from one stays when it is gone, or when another takes its name.
    Without, the inputs are what the warehouse mirrors.

    ``told`` is the plan as YAML with whole paths, which the state folder keeps for the commands that come after.
    """

    state: Path
    targets: tuple[TargetPlan, ...]
    inputs: tuple[str, ...] = ()
    lists: tuple[Path, ...] = ()
    practice: str | None = None
    packs: tuple[Path, ...] = ()
    store: Path | None = None
    tables: tuple[Path, ...] = ()
    accept: float = 0.98
    vocabulary: Path | None = None
    keep_text: bool = False
    key: str = ""
    policy: Policy | None = None
    spool: bool = False
    reprocess: str = "auto"
    engine: str = "local"
    spark: Mapping[str, Any] = field(default_factory=dict)
    jobs: int = 0
    limits: RunLimits = field(default_factory=RunLimits)
    reading: Limits = field(default_factory=Limits)
    chunk_files: int = 400
    chunk_bytes: int = 32 * MEGABYTE
    reports: Path | None = None
    min_group: int = 10
    lang: str = "fr"
    told: str = ""

    @property
    def workers(self) -> int:
        """Processes that read."""
        return self.jobs or os.cpu_count() or 1

    @property
    def fhir(self) -> TargetPlan | None:
        """The FHIR target, if there is one."""
        return next((one for one in self.targets if one.kind == "fhir"), None)

    @property
    def has_omop(self) -> bool:
        """Is there an OMOP target."""
        return any(one.kind != "fhir" for one in self.targets)


def read_plan(path: Path, changes: Mapping[str, Any] | None = None) -> RunPlan:
    """Read a plan, or the one that a state folder keeps; ``changes`` are options, by the names of the plan.

    Raises BadPlan.
    """
    if path.is_dir():
        # A state folder that was moved is where it is, and not where it was.
        changes = {"state": str(path.resolve())} | dict(changes or {})
        path /= KEPT
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadPlan(f"{shown(path)}: cannot be opened: {error.strerror or type(error).__name__}") from None
    if len(data) > MAX_BYTES:
        raise BadPlan(f"{shown(path)}: more than {MAX_BYTES} bytes; a plan was expected")
    return parse_plan(data, shown(path.name), path.resolve().parent, changes, path.stem)


def parse_plan(
    data: bytes, name: str, base: Path, changes: Mapping[str, Any] | None = None, stem: str = "semantix"
) -> RunPlan:
    """Read a plan from its bytes; relative paths are below ``base``. Raises BadPlan, naming each key that is wrong."""
    try:
        told = yaml.safe_load(data)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark is not None else ""
        # YAML quotes the words that it stumbles on, which may be a secret.
        words = _QUOTED.sub("…", getattr(error, "problem", None) or "cannot be read")
        raise BadPlan(f"{name}{where}: is not YAML: {words}") from None
    except (ValueError, RecursionError) as error:
        raise BadPlan(f"{name}: is not YAML that can be read ({type(error).__name__})") from None
    if not isinstance(told, dict):
        raise BadPlan(f"{name}: holds no plan; keys such as inputs and targets were expected")
    try:
        model = _Plan.model_validate(_changed(told, changes or {}))
    except ValidationError as error:
        raise BadPlan(f"{name}: {_said(error)}") from None
    return _plan_of(model, base, stem)


def _changed(told: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A plan with options in their places; of a section, those that are told."""
    sections = {
        name: told[name] | value
        for name, value in changes.items()
        if isinstance(value, dict) and isinstance(told.get(name), dict)
    }
    return told | dict(changes) | sections


def _said(error: ValidationError) -> str:
    """What is wrong, key after key, without what was written: it may be a secret."""
    found = []
    for one in error.errors(include_input=False, include_url=False)[:5]:
        place = ".".join(str(part) for part in one["loc"])
        found.append(f"{place}: {one['msg']}" if place else one["msg"].removeprefix("Value error, "))
    return "; ".join(found)


def _plan_of(model: _Plan, base: Path, stem: str) -> RunPlan:
    def at(path: Path) -> Path:
        return Path(os.path.abspath(base / path.expanduser()))  # noqa: PTH100 - links are kept as they are

    limits, chunks = model.limits, model.chunks
    return RunPlan(
        state=at(model.state or Path(f"{stem}.state")),
        targets=tuple(_target_of(one, model, base, at) for one in model.targets),
        inputs=tuple(str(at(Path(one))) for one in model.inputs),
        lists=tuple(map(at, model.lists)),
        practice=model.practice,
        packs=tuple(map(at, model.packs)),
        store=at(model.store) if model.store else None,
        tables=tuple(map(at, model.tables)),
        accept=model.accept,
        vocabulary=at(model.vocabulary) if model.vocabulary else None,
        keep_text=model.keep_text,
        key=_secret_at(model.key, base) if model.key else "",
        policy=model.pseudonymisation.policy() if model.pseudonymisation is not None else None,
        spool=model.spool,
        reprocess=model.reprocess,
        engine=model.engine,
        spark=model.spark.model_dump(mode="json") | {"base": str(base)},
        jobs=model.jobs,
        limits=RunLimits(
            bad_share=limits.bad_share, bad_minimum=limits.bad_minimum, missing_share=limits.missing_share
        ),
        reading=Limits(
            document=limits.document_mb * MEGABYTE,
            entries=limits.archive_entries,
            total=limits.archive_mb * MEGABYTE,
        ),
        chunk_files=chunks.files,
        chunk_bytes=int(chunks.megabytes * MEGABYTE),
        reports=at(model.report.folder) if model.report.folder else None,
        min_group=model.report.min_group,
        lang=model.report.lang,
        told=yaml.safe_dump(_whole(model, base, at, stem), sort_keys=True, allow_unicode=True),
    )


_PATHS = ("lists", "packs", "tables")


def _whole(model: _Plan, base: Path, at: Callable[[Path], Path], stem: str) -> dict[str, Any]:
    """A plan as it was told, its paths whole: it means the same wherever it is read from."""
    told = model.model_dump(mode="json", by_alias=True, exclude_unset=True)
    told["state"] = str(at(model.state or Path(f"{stem}.state")))
    told["inputs"] = [str(at(Path(one))) for one in model.inputs]
    for name in _PATHS:
        if name in told:
            told[name] = [str(at(Path(one))) for one in told[name]]
    for name in ("store", "vocabulary"):
        if told.get(name):
            told[name] = str(at(Path(told[name])))
    for one in told["targets"]:
        if one.get("path"):
            one["path"] = str(at(Path(one["path"])))
        if one.get("url"):
            one["url"] = _secret_at(one["url"], base)
    if told.get("key"):
        told["key"] = _secret_at(told["key"], base)
    if (told.get("report") or {}).get("folder"):
        told["report"]["folder"] = str(at(Path(told["report"]["folder"])))
    return told


def _target_of(one: _Target, model: _Plan, base: Path, at: Callable[[Path], Path]) -> TargetPlan:
    keeps = one.kind == "fhir" and (model.pseudonymisation is None or one.identities == "keep")
    url = _secret_at(one.url, base) if one.url else ""
    return TargetPlan(one.kind, at(one.path) if one.path else None, url, one.schema_, keeps)


def _secret_at(told: str, base: Path) -> str:
    """``env:NAME`` as it is, ``file:PATH`` below the folder of the plan."""
    kind, _, rest = told.partition(":")
    return f"file:{base / Path(rest).expanduser()}" if kind == "file" else told


def digest_of(plan: RunPlan) -> str:
    """What tells two plans apart, for the journal; secrets are not in a plan."""
    from hashlib import sha256  # noqa: PLC0415 - used once a run

    return sha256(plan.told.encode()).hexdigest()
