"""The only door to fhir.resources: an independent check of what is written, for tests and the ``check`` extra."""

from __future__ import annotations

from semantix.emitters.fhir._context import Json
from semantix.emitters.fhir.bundles import encode


def check(resource: Json) -> list[str]:
    """What the R4 models refuse in a resource, as ``path: message``; empty when it is valid.

    Needs the optional dependency ``fhir.resources``; R4B models are those of R4 4.0.1 for all resources written here.
    """
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415
    from pydantic import ValidationError  # noqa: PLC0415

    model = get_fhir_model_class(resource["resourceType"])
    try:
        model.model_validate_json(encode(resource))
    except ValidationError as refused:
        found = [(".".join(str(p) for p in e["loc"]), e["msg"]) for e in refused.errors()]
        return [f"{path}: {message}" for path, message in found if not _is_excused(resource, message)]
    return []


def _is_excused(resource: Json, message: str) -> bool:
    """FHIR lets an extension stand for a required choice (``_occurrenceDateTime``); the models do not."""
    return "Expect any of field value" in message and any(f"'{k[1:]}'" in message for k in resource if k[0] == "_")
