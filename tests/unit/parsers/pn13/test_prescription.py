import unicodedata
from decimal import Decimal

import pytest

from semantix.emitters import fhir, omop
from semantix.errors import UnreadableInput
from semantix.model import Document, SetAside
from semantix.parsers._claims import Piece
from semantix.parsers.pn13 import PARSER

UCD, CIP, MV = "1.2.250.1.213.2.62", "1.2.250.1.213.2.3.2", "1.2.250.1.213.2.59"
NUMBER = 2_700_229_019_001
INS = f"{NUMBER}{97 - NUMBER % 97:02d}"


def tag(name, *inside):
    return f"<{name}>{''.join(inside)}</{name}>"


def component(kind, code, label="Produit", more=""):
    return (
        f"<Composant_prescrit><Type_composant_{kind}>{kind}</Type_composant_{kind}>"
        f"<Code_composant_{kind}>{code}</Code_composant_{kind}><Libellé_composant>{label}</Libellé_composant>{more}"
        "</Composant_prescrit>"
    )


def amount(name, number, unit):
    return f"<{name}><Nombre>{number}</Nombre><Unité>{unit}</Unité></{name}>"


def posology(inside):
    return f"<Elément_posologie>{inside}</Elément_posologie>"


DRUG = component("1", "9216902", "DOLIPRANE 1 000 mg")

# --- products -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code", "system"),
    [
        ("1", "9216902", UCD),
        ("1", "3400892169026", UCD),
        ("2", "3400935955838", CIP),
        ("1", "12", "urn:semantix:local:phast-composant-1"),
        ("3", "1181", "urn:semantix:local:phast-composant-3"),
        ("4", "PREP1", "urn:semantix:local:clinique-des-dunes-composant-4"),
        ("14", "MV00000001", MV),
    ],
)
def test_the_code_of_a_component_is_of_the_system_of_its_type(line, kind, code, system):
    coding = line(component(kind, code)).product.code.codings[0]
    assert (coding.code, coding.system) == (code, system)


def test_a_nomenclature_that_is_named_wins(line):
    node = (
        '<Composant_prescrit><Code_composant_9 Phast-nomenclature="ATC">N02BE01</Code_composant_9></Composant_prescrit>'
    )
    assert line(node).product.code.codings[0].system == "2.16.840.1.113883.6.73"


def test_a_component_without_a_number_in_its_names_is_read(line):
    node = tag("Composant_prescrit", tag("Type_composant", "1"), tag("Code_composant", "9216902"))
    assert line(node).product.code.codings[0].system == UCD


def test_a_component_without_a_code_is_known_by_its_label(line, read):
    node = tag("Composant_prescrit", tag("Type_composant_1", "1"), tag("Libellé_composant", "Sirop"))
    assert (line(node).product.code, line(node).product.name) == (None, "Sirop")
    assert "SX434" in [one.code for one in read("<Composant_prescrit/>").issues]


def test_several_components_are_the_ingredients_of_one_product(line):
    bag = component(
        "1", "9178047", "NaCl 0,9 %", amount("Quantité_composant_prescrite", 1, "poche") + "<Véhicule>1</Véhicule>"
    )
    potassium = component("1", "9283471", "KCl 10 %", amount("Quantité_composant_prescrite", 2, "amp"))
    product = line(potassium + bag).product
    assert [one.active for one in product.ingredients] == [True, False]
    strength = product.ingredients[0].strength
    assert (strength.numerator.value, strength.numerator.unit, strength.denominator.unit) == (2, "amp", "dose")
    assert product.code is None


def test_the_amount_of_one_component_is_kept_when_doses_are_counted(line):
    drug = component("1", "9216902", more=amount("Quantité_composant_prescrite", 500, "mg"))
    assert line(drug + posology(amount("Quantité", 1, "dose"))).product.ingredients[0].strength.numerator.value == 500
    assert line(drug + posology(amount("Quantité", 500, "mg"))).product.ingredients == ()
    assert line(drug).product.ingredients[0].strength.numerator.unit == "mg"


def test_the_form_is_that_of_the_product(line):
    assert line("<Forme>29</Forme>").product.form.codings[0].system == "urn:semantix:local:phast-siph-cio-forme"
    assert line("<Forme>29</Forme>" + DRUG).product.form.codings[0].code == "29"
    assert line("").product is None


def test_what_may_not_be_replaced_says_so(line):
    assert (
        line(component("1", "9216902", more="<Non_substituable>1</Non_substituable>")).substitution.codings[0].code
        == "N"
    )
    assert line(component("1", "9216902", more="<Non_substituable>0</Non_substituable>")).substitution is None


# --- the line -------------------------------------------------------------------------------------------------------


def test_a_line_has_its_dates_its_words_and_its_number(line):
    one = line(
        DRUG + "<Dh_début>20240308180000</Dh_début><Dh_fin>20240310</Dh_fin>"
        "<Libellé_élément_prescr>Un comprimé</Libellé_élément_prescr><Urgent>1</Urgent><Fourniture>0</Fourniture>"
    )
    assert (one.time.low.iso, one.time.high.iso) == ("2024-03-08T18:00:00+01:00", "2024-03-10")
    assert (one.text, one.ids[0].extension, one.intent, one.mood) == ("Un comprimé", "L1", "prescribed", "RQO")
    assert one.priority.codings[0].code == "UR"
    assert one.pharmacist_instructions == ("Ne pas fournir",)


def test_the_dates_asked_for_stand_in_for_those_applied(line):
    one = line("<Dh_début_prescrite>20240308</Dh_début_prescrite><Dh_fin_prescrite>20240309</Dh_fin_prescrite>")
    assert (one.time.low.iso, one.time.high.iso) == ("2024-03-08", "2024-03-09")


@pytest.mark.parametrize(
    ("inside", "status"),
    [
        ("<Cré_arr_mod_val>C</Cré_arr_mod_val>", "active"),
        ("<Cré_arr_mod_val>M</Cré_arr_mod_val>", "active"),
        ("<Cré_arr_mod_val>A</Cré_arr_mod_val>", "aborted"),
        ("", "active"),
        ("<GoNogo>0</GoNogo>", None),
        ("<GoNogo>1</GoNogo>", "held"),
        ("<GoNogo>2</GoNogo>", "active"),
        ("<GoNogo>4</GoNogo>", "cancelled"),
    ],
)
def test_the_status_is_that_of_the_line(line, inside, status):
    assert line(inside).status == status


def test_a_stopped_line_gives_no_exposure(read):
    stopped = read(DRUG + "<Cré_arr_mod_val>A</Cré_arr_mod_val>")
    assert "drug_exposure" not in omop.emit(stopped).rows
    (request,) = [r for r in fhir.emit(stopped).resources if r["resourceType"] == "MedicationRequest"]
    assert request["status"] == "stopped"


def test_comments_are_notes(line, read):
    one = line(DRUG + "<Indication>Douleur</Indication><Commentaire>À revoir</Commentaire>")
    assert [note.text for note in one.notes] == ["Indication : Douleur", "À revoir"]
    (other,) = read(DRUG, before="<Commentaire>Urgent</Commentaire>").sections[0].statements
    assert [note.text for note in other.notes] == ["Commentaire de la prescription : Urgent"]


def test_a_linked_line_is_a_reference(line):
    link = (
        "<Elément_lié><Id_élément_lié>L2</Id_élément_lié><Type_liaison_élément>3</Type_liaison_élément></Elément_lié>"
    )
    (reference,) = line(link + "<Elément_lié/>").references
    assert (reference.ids[0].extension, reference.code.codings[0].code) == ("L2", "3")


def test_the_prescriber_is_the_author_and_the_requester(read):
    who = (
        "<Identification_prescripteur><Identifiant>801234567897</Identifiant><Nom_usage>RIOU</Nom_usage>"
        "<Prénom_usage>Jean</Prénom_usage></Identification_prescripteur>"
    )
    document = read(DRUG + who, DRUG + who)
    authors = [party for party in document.parties if party.role == "author"]
    assert [party.ids[0].root for party in authors] == ["1.2.250.1.71.4.2.1"]
    requests = [r for r in fhir.emit(document).resources if r["resourceType"] == "MedicationRequest"]
    assert all(r["authoredOn"] == "2024-03-08T10:30:00+01:00" and "requester" in r for r in requests)


def test_a_local_prescriber_has_a_number_of_the_practice(line):
    (party,) = line("<Id_prescripteur>345678</Id_prescripteur>").parties
    assert party.ids[0].root == "urn:semantix:professional:clinique-des-dunes"
    domain = "<Domaine_identification>1.2.250.1.9</Domaine_identification>"
    (party,) = line(
        f"<Identification_prescripteur><Identifiant>7</Identifiant>{domain}</Identification_prescripteur>"
    ).parties
    assert party.ids[0].root == "1.2.250.1.9"


# --- posology -------------------------------------------------------------------------------------------------------


def timing_of(document):
    (request,) = [r for r in fhir.emit(document).resources if r["resourceType"] == "MedicationRequest"]
    return request["dosageInstruction"]


def frequency(scale="", times="", span="", label="", more=""):
    return (
        f"<Fréquence_structurée><Frq_échelle>{scale}</Frq_échelle><Frq_durée>{span}</Frq_durée>"
        f"<Frq_multiplicité>{times}</Frq_multiplicité><Frq_libellé>{label}</Frq_libellé>{more}</Fréquence_structurée>"
    )


def test_so_many_times_a_period(read):
    (dosage,) = timing_of(
        read(posology(frequency("4", "3", "", "Trois fois par jour") + amount("Quantité", "0.5", "cpr")))
    )
    assert (dosage["timing"]["repeat"]["frequency"], str(dosage["timing"]["repeat"]["period"])) == (3, "1")
    assert dosage["timing"]["repeat"]["periodUnit"] == "d"
    assert dosage["timing"]["code"]["text"] == "Trois fois par jour"
    assert (str(dosage["doseAndRate"][0]["doseQuantity"]["value"])) == "0.5"


def test_every_so_many_hours_during_so_long(read):
    inside = frequency("3", "", "12") + amount("Durée", 30, "mn")
    (dosage,) = timing_of(read(posology(inside)))
    repeat = dosage["timing"]["repeat"]
    assert (str(repeat["period"]), repeat["periodUnit"], str(repeat["duration"]), repeat["durationUnit"]) == (
        "12",
        "h",
        "30",
        "min",
    )


def test_a_length_without_a_rhythm_is_words(line):
    assert line(posology(amount("Durée", 2, "h"))).dosages[0].text == "Durée : 2 h"


@pytest.mark.parametrize(
    "inside", [frequency("9", "2"), frequency("4", "1.5"), frequency("4", "999"), frequency("4", "x")]
)
def test_a_frequency_that_is_no_rhythm_is_words_and_a_doubt(read, inside):
    document = read(posology(inside.replace("<Frq_libellé></Frq_libellé>", "<Frq_libellé>Parfois</Frq_libellé>")))
    assert "SX436" in [one.code for one in document.issues]
    assert document.sections[0].statements[0].dosages[0].timings[0].text == "Parfois"


def days(*pairs):
    return frequency(
        "5", "", "", "Certains jours", tag("Frq_filtre", *(tag(f"Frq_filtreVal_{k}", v) for k, v in pairs))
    )


def test_a_choice_of_weekdays_is_days(read):
    (dosage,) = timing_of(read(posology(days(("1_J", "1"), ("1_J", "4")))))
    assert dosage["timing"]["repeat"]["dayOfWeek"] == ["mon", "thu"]


@pytest.mark.parametrize("pairs", [[("2", "15")], [("1_J", "1"), ("1_N", "2")], [("1_J", "9")]])
def test_another_choice_of_days_is_words(read, pairs):
    document = read(posology(days(*pairs)))
    assert "Certains jours (" in document.sections[0].statements[0].dosages[0].text
    assert "SX436" in [one.code for one in document.issues]


def test_a_local_frequency_is_its_code_and_its_words(line):
    inside = '<Fréquence Phast-nomenclature="CH-Frq" Phast-signification="Trois fois par jour">3</Fréquence>'
    (timing,) = line(posology(inside)).dosages[0].timings
    assert (timing.text, timing.event.code, timing.event.system) == (
        "Trois fois par jour",
        "3",
        "urn:semantix:local:clinique-des-dunes-ch-frq",
    )


def event(kind, inside="", label="", rank=""):
    told = tag(f"Evt_structuré{rank}_début", tag("Evénement_structuré", inside, tag("Evt_libellé", label)))
    return tag(f"Type_événement{rank}_début", kind) + told


def activity(code, operator):
    what = tag("Evt_objet", tag("Evt_activité", tag("Evt_activité_code", code)))
    return what + tag("Evt_opérateur", operator)


@pytest.mark.parametrize(
    ("code", "operator", "moment"), [("1", "5", "C"), ("4", "3", "ACM"), ("5", "7", "PCD"), ("6", "6", "PCV")]
)
def test_a_meal_is_a_moment(read, code, operator, moment):
    (dosage,) = timing_of(read(posology(event("2", activity(code, operator), "Au repas"))))
    assert dosage["timing"]["repeat"]["when"] == [moment]
    assert dosage["text"] == "Au repas"


@pytest.mark.parametrize("inside", [activity("9", "5"), ""])
def test_another_activity_is_words(line, inside):
    (dosage,) = line(posology(event("2", inside, "Après le soin"))).dosages
    assert (dosage.text, dosage.timings) == ("Après le soin", ())


def test_a_condition_is_as_needed(read):
    inside = "<Evt_objet><Evt_clinique><Evt_clinique_code>0</Evt_clinique_code></Evt_clinique></Evt_objet>"
    (dosage,) = timing_of(read(posology(event("3", inside, "Si besoin"))))
    assert dosage["asNeededCodeableConcept"]["text"] == "Si besoin"


def test_a_second_event_counts_too(line):
    second = "<Type_événement2_début>3</Type_événement2_début><Evénement2_début>En cas de fièvre</Evénement2_début>"
    (dosage,) = line(posology(event("2", activity("4", "5"), "Au petit déjeuner") + second)).dosages
    assert dosage.preconditions[0].text == "En cas de fièvre"


def test_another_kind_of_event_and_a_delay_are_words(line):
    inside = "<Type_événement_début>7</Type_événement_début><Evénement_début>Ailleurs</Evénement_début>"
    (dosage,) = line(posology(inside + amount("Int_temps_év_début", 600, "mn"))).dosages
    assert dosage.text == "Ailleurs; Intervalle de temps avec l'événement de début : 600 mn"


def test_limits_go_to_the_instructions_or_to_remarks(line):
    def limit(kind, number, unit):
        return posology(
            f"<Type_événement_début>4</Type_événement_début><Evénement_début>{kind}</Evénement_début>"
            + amount("Quantité", number, unit)
        )

    one = line(
        posology(amount("Quantité", 1000, "mg"))
        + limit(1, 6, "h")
        + limit(3, 4000, "mg")
        + limit(2, 1, "g")
        + posology("<Type_événement_début>4</Type_événement_début>")
    )
    (dosage,) = one.dosages
    assert (dosage.max_dose.numerator.value, dosage.max_dose.denominator.unit) == (4000, "d")
    remarks = ("Intervalle minimal entre deux prises : 6 h", "Dose maximale par prise : 1 g")
    assert (dosage.instructions, one.notes) == (remarks, ())
    several = line(posology(amount("Quantité", 1, "mg")) * 2 + limit(1, 10, "min"))
    assert [note.text for note in several.notes] == ["Intervalle minimal entre deux prises : 10 min"]


def test_a_limit_in_its_structured_form_is_read(line):
    structured = "<Evt_structuré_début><Evénement_param_poso_cond>3</Evénement_param_poso_cond></Evt_structuré_début>"
    limit = posology(f"<Type_événement_début>4</Type_événement_début>{structured}" + amount("Quantité", 3, "g"))
    assert line(posology(amount("Quantité", 1, "g")) + limit).dosages[0].max_dose.numerator.value == 3


def test_words_alone_are_an_instruction(line):
    told = "<Posologie>1 comprimé matin et soir</Posologie><Voie_administration>54</Voie_administration>"
    (dosage,) = line(told).dosages
    assert (dosage.text, dosage.route.codings[0].code) == ("1 comprimé matin et soir", "54")
    assert (dosage.dose.value, dosage.timings[0].when) == (1, ("MORN", "EVE"))
    (unread,) = line("<Posologie>selon le schéma joint</Posologie>").dosages
    assert (unread.text, unread.dose) == ("selon le schéma joint", None)
    both = "<Posologie>Voir avec le médecin</Posologie>" + posology(amount("Quantité", 1, "cpr"))
    assert line(both).dosages[0].text == "Voir avec le médecin"
    assert line("").dosages == ()


def test_an_instruction_has_its_own_dates_when_told(line):
    (dosage,) = line(
        "<Dh_début>20240308</Dh_début>" + posology("<Dh_début>20240309</Dh_début>" + amount("Débit", 5, "mL/h"))
    ).dosages
    assert (dosage.bounds.low.iso, dosage.rate.value) == ("2024-03-09", Decimal(5))


def test_numbers_that_are_none_stay_text(read):
    document = read(posology(amount("Quantité", "deux", "cpr")))
    assert document.sections[0].statements[0].dosages[0].dose.text == "deux cpr"
    assert "SX435" in [one.code for one in document.issues]
    assert document.sections[0].statements[0].dosages[0].dose.value is None


def test_a_unit_with_a_nomenclature_is_coded(line):
    inside = '<Quantité><Nombre>1</Nombre><Unité Phast-nomenclature="EDQM">15054000</Unité></Quantité>'
    (code,) = line(posology(inside)).dosages[0].dose.unit_codes
    assert code.codings[0].system == "0.4.0.127.0.16.1.1.2.1"


# --- around ---------------------------------------------------------------------------------------------------------


def measure(code, number, unit, name="Code_rens_compl"):
    value = name.replace("Code", "Valeur")
    return tag("Rens_compl", tag(name, code), tag("Dh_rens_compl", "20240301"), amount(value, number, unit))


@pytest.mark.parametrize("name", ["Code_rens_compl", "Code_rens_compl_1"])
def test_a_weight_is_a_vital_sign(read, name):
    one, _ = read(DRUG, before=measure("1", "64.5", "kg", name)).sections[0].statements
    assert [c.code for c in one.code.codings] == ["29463-7", "1"]
    assert (one.kind, str(one.values[0].value), one.time.value.iso) == ("vital-sign", "64.5", "2024-03-01")


def test_a_measure_whose_meaning_is_not_sure_stays_local(read):
    one, _ = read(DRUG, before=measure("5", "80", "µmol/l")).sections[0].statements
    assert [c.system for c in one.code.codings] == ["urn:semantix:local:phast-siph-renscomplement"]


def test_a_measure_in_words_is_words_and_an_empty_one_is_none(read):
    before = tag("Rens_compl", tag("Code_rens_compl_4", "4"), tag("Valeur_rens_compl_4", "oui"))
    one, _ = read(DRUG, before=before + "<Rens_compl/>").sections[0].statements
    assert one.values[0].value == "oui"


def test_a_patient_has_names_birth_and_number(read):
    patient = (
        "<Patient><Ipp>7</Ipp><DI>1.2.250.1.999</DI><Nom_usuel>RIOU</Nom_usuel><Nom_naissance>KERVELLA</Nom_naissance>"
        "<Premier_prénom>Anne</Premier_prénom><Prénoms>Anne Marie</Prénoms><Date_naissance>19700215</Date_naissance>"
        "<Lieu_naissance>29019</Lieu_naissance><Sexe>O</Sexe></Patient>"
    )
    found = read(DRUG, patient=patient).patient
    assert (found.ids[0].root, found.ids[0].extension) == ("1.2.250.1.999", "7")
    assert found.names[0].values("family", "BR") == ("KERVELLA",)
    assert found.names[0].values("given", None) == ("Anne", "Marie")
    assert (found.birth.iso, found.birth_place.get("county")) == ("1970-02-15", "29019")
    assert [c.code for c in found.gender.codings] == ["UN", "O"]


def test_an_ins_is_one_only_when_qualified(read):
    def ids(status):
        told = (tag("Ipp", "7"), tag("INS", INS), tag("INS_OID", "1.2.250.1.213.1.4.10"), tag("Statut_idpat", status))
        patient = tag("Patient", *told)
        return [one.extension for one in read(DRUG, patient=patient).patient.ids]

    assert ids("VALI") == [INS, "7"]
    assert ids("3") == ["7"]
    assert ids("PROV") == ["7"]


def test_no_patient_and_no_lines_are_read(read):
    assert read(patient="").patient.ids == ()
    assert read().sections == ()


def test_a_birth_or_date_that_is_none_is_told(read):
    document = read("<Dh_début>bientôt</Dh_début>", patient="<Patient><Date_naissance>?</Date_naissance></Patient>")
    assert [one.code for one in document.issues].count("SX432") == 2


def test_a_stay_and_its_units_are_an_encounter(read):
    stay = "<Séjour><Id_séjour>S9</Id_séjour></Séjour>"
    units = (
        '<Unité_hébergement Phast-nomenclature="UF">603</Unité_hébergement>'
        '<Unité_resp_médicale Phast-nomenclature="UF" Phast-signification="Cardiologie">506</Unité_resp_médicale>'
    )
    document = read(DRUG, before=units, stay=stay)
    assert document.encounter.ids[0].root == "urn:semantix:visit:clinique-des-dunes"
    assert document.encounter.facility.code.codings[0].code == "603"
    assert document.encounter.facility.organization.names == ("Cardiologie",)
    assert read(DRUG, before=units).encounter.ids == ()
    assert read(DRUG).encounter is None
    for emission in (fhir.emit(document), omop.emit(document)):
        assert emission.ledger.account(document).balanced


# --- files ----------------------------------------------------------------------------------------------------------


def order(*lines):
    return (
        "<Prescription>"
        + "".join(f"<Elément_prescr_médic>{one}</Elément_prescr_médic>" for one in lines)
        + "</Prescription>"
    )


def test_names_are_found_without_their_accents(raw, message):
    text = message(order(DRUG))
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    spaced = text.replace("<Messages>", '<Messages xmlns="http://www.phast.fr/SIPhII">')
    keys = {raw(one.encode()).key for one in (text, decomposed, bare, spaced)}
    assert len(keys) == 1


def test_an_encoding_that_is_not_the_declared_one_is_told(raw, message):
    text = message(order(component("1", "9216902", "Pommade à l'œil"))).replace("œ", "oe")
    honest = raw(text.replace("UTF-8", "ISO-8859-1").encode("latin-1"))
    assert "SX431" not in [one.code for one in honest.issues]
    for data in (text.replace("UTF-8", "ISO-8859-1").encode(), text.encode("latin-1")):
        document = raw(data)
        assert document.sections[0].statements[0].product.name == "Pommade à l'oeil"
        assert "SX431" in [one.code for one in document.issues]


def test_utf16_is_read(raw, message):
    assert raw(message(order(DRUG)).replace("UTF-8", "UTF-16").encode("utf-16")).sections


def test_what_is_sent_again_is_the_same_document(raw, message):
    first = message(order(DRUG), root=' Phast-id_message="1" Phast-dh_émission="20240308"')
    again = first.replace('"1"', '"2"').replace("20240308", "20240309")
    assert raw(first.encode()).key == raw(again.encode()).key
    assert raw(first.encode()).ids[1].extension == "1"
    assert raw(first.encode()).time.iso == "2024-03-08"
    assert raw(first.encode()).key != raw(first.replace("9216902", "9216903").encode()).key


def test_each_prescription_of_a_file_is_a_document(message):
    text = message(order(DRUG))
    inside = text[text.index("<M_") : text.index("</Messages>")]
    data = text.replace(inside, inside * 2 + "<M_Dispensation/>").encode()
    told = list(PARSER.read(Piece(data=data, name="p.xml")))
    documents = [one for one in told if isinstance(one, Document)]
    assert [one.source.name for one in documents] == ["p.xml", "p.xml!/2"]
    assert [one.reason for one in told if isinstance(one, SetAside)] == ["unknown-kind"]


@pytest.mark.parametrize(
    "data", [b"<Messages/>", b"<autre/>", b"", b"pas du xml", b"<!DOCTYPE x><Messages><M_x/></Messages>"]
)
def test_what_holds_no_prescription_is_refused(data):
    with pytest.raises(UnreadableInput):
        list(PARSER.read(Piece(data=data, name="p.xml")))


def test_every_code_of_the_source_is_counted(read):
    document = read(
        DRUG + '<Inconnu Phast-nomenclature="X">9</Inconnu>', before="<Mode Phast-nomenclature='Y'>1</Mode>"
    )
    assert len(document.unread) == 2
    assert fhir.emit(document).ledger.account(document).balanced
    assert {document.locate(place).code for place in document.unread} == {"9", "1"}


# --- claims ---------------------------------------------------------------------------------------------------------


def test_a_prescription_is_claimed():
    head = '<Messages xsi:schemaLocation="http://www.phast.fr/SIPhII PN13-IS.4.0.34.xsd"><M_Prescription_médicaments>'
    claim = PARSER.claims(head.encode(), "x.xml")
    assert (claim.format, claim.version) == ("PN13", "4.0.34")
    assert PARSER.claims(head.encode("utf-16"), "x.xml") is not None
    assert PARSER.claims(b'<Messages xmlns="http://www.phast.fr/SIPhII">', "x").confidence < 1


@pytest.mark.parametrize("head", [b"", b"<Messages>", b"<ClinicalDocument/>", b"M_Prescription_m"])
def test_other_files_are_not_claimed(head):
    assert PARSER.claims(head, "x.xml") is None


def test_there_is_nothing_to_cut():
    assert PARSER.cuts is False
    with pytest.raises(NotImplementedError):
        PARSER.cut(None, None)
