"""Documents to FHIR R4 4.0.1 resources, under FR Core 2.2.0-ballot-2 where they conform.

``docs/reference/fhir-mapping.md`` says what becomes what, ``docs/decisions/0003-cda-fhir-map-departures.md`` where
and why this departs from the published CDA-FHIR map.
"""

from __future__ import annotations

from semantix.emitters.fhir._context import FhirOptions as FhirOptions
from semantix.emitters.fhir._emission import BUILDERS as BUILDERS
from semantix.emitters.fhir._emission import Emission as Emission
from semantix.emitters.fhir._emission import emit as emit
from semantix.emitters.fhir.bundles import document_bundle as document_bundle
from semantix.emitters.fhir.bundles import encode as encode
from semantix.emitters.fhir.bundles import transaction_bundle as transaction_bundle
