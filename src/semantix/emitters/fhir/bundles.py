"""Emission to Bundles: a document, a transaction; and to bytes."""

from __future__ import annotations

import msgspec

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Json, uuid_of, written_identifier
from semantix.emitters.fhir._dates import instant
from semantix.emitters.fhir._emission import Emission
from semantix.model import Document


def document_bundle(emission: Emission, document: Document) -> Json:
    """A Bundle of type ``document``; its identifier is the document's own, its timestamp the document's time.

    A source that has no date is a ``collection``: FHIR's rule bdl-10 wants a document to have one, and none is made up.
    """
    stamp = _timestamp(document)
    bundle: Json = {
        "resourceType": "Bundle",
        "id": uuid_of(document.key, "Bundle"),
        "identifier": _identifier(document),
        "type": "document" if stamp else "collection",
    }
    if stamp:
        bundle["timestamp"] = stamp
    bundle["entry"] = [{"fullUrl": _full_url(emission, r), "resource": r} for r in emission.resources]
    return bundle


def transaction_bundle(emission: Emission, document: Document) -> Json:
    """A Bundle of type ``transaction`` that creates or replaces each resource under its own id."""
    return {
        "resourceType": "Bundle",
        "id": uuid_of(document.key, "Bundle", "transaction"),
        "type": "transaction",
        "entry": [
            {
                "fullUrl": _full_url(emission, r),
                "resource": r,
                "request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"},
            }
            for r in emission.resources
        ],
    }


def encode(resource: Json) -> bytes:
    """JSON bytes; a Decimal keeps its digits (``1.10`` stays ``1.10``)."""
    return _ENCODER.encode(resource)


_ENCODER = msgspec.json.Encoder(decimal_format="number")


def _full_url(emission: Emission, resource: Json) -> str:
    """Where references to the resource lead: by urn, or relative to the base that both entries share."""
    if emission.urn_references:
        return f"urn:uuid:{resource['id']}"
    return f"{url.BASE}/{resource['resourceType']}/{resource['id']}"


def _identifier(document: Document) -> Json:
    """The document's own identifier; FHIR's rule bdl-9 wants a system, without which it is the hash of the source."""
    own = written_identifier(document.ids[0]) if document.ids else None
    if own is None or "system" not in own:
        return {"system": f"{url.BASE}/source-sha256", "value": document.source.sha256}
    return own


def _timestamp(document: Document) -> str | None:
    """The document's time as an instant: a day without time is its midnight, in UTC."""
    when = document.time
    if when is None:
        return None
    day = f"{when.iso[:10]}-01-01"[:10] if len(when.iso) < 7 else f"{when.iso[:10]}-01"[:10]
    return instant(when) or f"{day}T00:00:00Z"
