from semantix.parsers._book import Book


def test_a_time_without_a_zone_is_one_of_france() -> None:
    book = Book()
    winter = book.date("a", "2024-01-05T10:30:00", "202401051030")
    summer = book.date("b", "2024-07-05T10:30:00", "202407051030")
    assert (winter.iso, winter.zone_assumed) == ("2024-01-05T10:30:00+01:00", True)
    assert summer.iso == "2024-07-05T10:30:00+02:00"


def test_a_zone_and_a_day_stay_as_they_are() -> None:
    book = Book()
    for iso in ("2024-01-05T10:30:00Z", "2024-01-05T10:30:00-04:00", "2024-01-05", "2024-01", "2024"):
        date = book.date("a", iso, iso)
        assert (date.iso, date.zone_assumed) == (iso, False)
