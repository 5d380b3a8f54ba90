from semantix.parsers.hl7v2.times import day, moment


def test_a_time_keeps_its_precision():
    assert moment("2024") == ("2024", False)
    assert moment("202403") == ("2024-03", False)
    assert moment("20240308") == ("2024-03-08", False)
    assert moment("202403081030") == ("2024-03-08T10:30:00+01:00", True)
    assert moment("20240708103015") == ("2024-07-08T10:30:15+02:00", True)


def test_a_written_zone_is_not_assumed():
    assert moment("20240308103000.123+0400") == ("2024-03-08T10:30:00+04:00", False)


def test_a_zone_that_does_not_exist_is_replaced_by_that_of_france():
    assert moment("20240308103000+9900") == ("2024-03-08T10:30:00+01:00", True)


def test_hundredths_beyond_seconds_are_dropped():
    assert moment("2023050311300000") == ("2023-05-03T11:30:00+02:00", True)


def test_an_hour_that_no_clock_shows_leaves_the_day():
    assert moment("202403082561") == ("2024-03-08", False)


def test_a_day_that_no_calendar_has_is_none():
    assert moment("20240231") is None
    assert moment("0000") is None
    assert moment("20241301") is None


def test_a_french_date_is_read_without_its_hour():
    assert moment("08/03/2024") == ("2024-03-08", False)


def test_words_are_no_date():
    assert moment("hier") is None
    assert moment("2024-99-99") is None
    assert moment("12345") is None


def test_a_birth_has_no_hour():
    assert day("19800104000000") == "1980-01-04"
    assert day("?") is None
