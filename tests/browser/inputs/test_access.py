"""No input of the problem language shuts anybody out."""

from __future__ import annotations

import pytest

from tests.browser.conftest import violations
from tests.browser.inputs.conftest import Visit
from tests.browser.inputs.problems import PROBLEMS


@pytest.mark.parametrize("name", PROBLEMS)
def test_no_input_shuts_anybody_out(visit: Visit, name: str) -> None:
    found = []

    for width, scheme, direction in ((1280, "light", "ltr"), (390, "dark", "rtl")):
        page = visit(name, viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append("the page is wider than the window")
        found += violations(page)

    assert found == []
