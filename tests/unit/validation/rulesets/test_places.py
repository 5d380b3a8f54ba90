"""Places as reports write them, in one canonical form."""

import pytest
from lxml import etree

from semantix.validation.rulesets._places import Places

TEXT = """<c:doc xmlns:c="urn:a" xmlns:b="urn:b" xmlns="urn:a">
<c:part/><part n="1"/>
<b:part/><c:part><x xmlns="urn:c"/></c:part></c:doc>"""


@pytest.mark.parametrize(
    ("location", "canonical", "line"),
    [
        ("/c:doc", "/doc[1]", 1),
        ("/c:doc/c:part", "/doc[1]/part[1]", 2),
        ("/c:doc/part", "/doc[1]/part[2]", 2),
        ("/c:doc/part/@n", "/doc[1]/part[2]/@n", 2),
        ("/c:doc/b:part[1]", "/doc[1]/part[1]", 3),
        ("/c:doc/c:part[2]/x", "/doc[1]/part[3]/x[1]", 3),
        ("/*:doc[namespace-uri()='urn:a'][1]/*:part[namespace-uri()='urn:a'][2]", "/doc[1]/part[2]", 2),
        ("/*:doc[namespace-uri()='urn:a'][1]/*:part[namespace-uri()='urn:b'][1]", "/doc[1]/part[1]", 3),
        ("/c:doc/c:part[3]", "/c:doc/c:part[3]", None),
        ("/other", "/other", None),
        ("/c:doc/[", "/c:doc/[", None),
        ("", "", None),
    ],
)
def test_a_place_is_made_canonical(location, canonical, line):
    places = Places(etree.fromstring(TEXT))
    assert places.canonical(location) == (canonical, line)
    assert places.canonical(location) == (canonical, line)


def test_an_address_with_slashes_is_no_path():
    places = Places(etree.fromstring("<a xmlns='http://x/y'><b/></a>"))
    long = "/*:a[namespace-uri()='http://x/y'][1]/*:b[namespace-uri()='http://x/y'][1]"
    assert places.canonical(long) == ("/a[1]/b[1]", 1)
