from semantix import model

RPPS = "1.2.250.1.71.4.2.1"


def test_a_professional_is_a_speciality_without_name_nor_number(make):
    doctor = make.party(ids=(model.Identifier(RPPS, "810000000001"),), names=(model.Name(text="Dr Fictif"),))
    rows = make.emit(make.problem(make.concept("A")), parties=(doctor,)).rows
    provider = rows["provider"][0]
    assert provider["specialty_source_value"] == "G15_10/SM26"
    assert {"provider_name", "provider_source_value", "npi"}.isdisjoint(provider)
    assert rows["condition_occurrence"][0]["provider_id"] == provider["provider_id"]


def test_two_specialities_of_one_professional_are_two_rows(make):
    ids = (model.Identifier(RPPS, "810000000001"),)
    rows = make.emit(parties=(make.party(ids=ids), make.party("legalAuthenticator", "G15_10/SM54", ids=ids))).rows
    assert [p["specialty_source_value"] for p in rows["provider"]] == ["G15_10/SM26", "G15_10/SM54"]


def test_relatives_devices_and_strangers_are_no_providers(make):
    device = model.DeviceRef(make.at, "/dev")
    emission = make.emit(
        parties=(
            make.party("informant", "MTH", class_code="NOK"),
            make.party("author", None, device=device),
            make.party("author", None),
            make.party("custodian", None),
        )
    )
    assert "provider" not in emission.rows


def test_who_did_the_act_comes_before_the_author(make):
    done_by = make.party("performer", "G15_21", ids=(model.Identifier(RPPS, "2"),))
    author = make.party("author", "G15_10/SM26", ids=(model.Identifier(RPPS, "1"),))
    act = make.statement(
        model.Procedure, "procedure", code=make.concept("A"), time=make.on("2024-01-01"), parties=(author, done_by)
    )
    rows = make.emit(act).rows
    assert rows["procedure_occurrence"][0]["provider_id"].startswith(f"{RPPS}^2|")


def test_an_organisation_is_a_care_site_without_name_nor_finess(make):
    hospital = model.Organization(
        make.at,
        "/org",
        ids=(model.Identifier("1.2.250.1.71.4.2.2", "1750000001"),),
        names=("Hôpital Fictif",),
        type=make.concept("SA01", "1.2.250.1.71.4.2.4"),
    )
    rows = make.emit(parties=(make.party(organization=hospital),)).rows
    site = rows["care_site"][0]
    assert site["place_of_service_source_value"] == "SA01"
    assert {"care_site_name", "care_site_source_value"}.isdisjoint(site)
    assert rows["provider"][0]["care_site_id"] == site["care_site_id"]


def test_a_document_written_by_its_patient_is_self_reported(make):
    patient = make.patient()
    writer = make.party("author", None, ids=patient.ids)
    rows = make.emit(make.problem(make.concept("A")), patient=patient, parties=(writer,)).rows
    assert rows["condition_occurrence"][0]["condition_type_concept_id"] == 32865
    assert rows["note"][0]["note_type_concept_id"] == 32865


def test_those_of_the_reported_act_are_providers_too(make):
    event = model.ServiceEvent(at=make.at, path="/event", parties=(make.party("performer"),), code=make.concept("x"))
    assert len(make.emit(events=(event,)).rows["provider"]) == 1
