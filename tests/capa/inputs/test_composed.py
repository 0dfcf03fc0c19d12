"""Answers that are one JSON text: the text is the field, the controls have no names."""

from __future__ import annotations

import json

import pytest

from lykeion.capa.inputs.geometry import places
from lykeion.capa.types import ProblemError
from tests.capa.inputs.asking import ID, custom, only, shown

ENTRIES = {
    "crystal": '<crystallography width="500" height="400"/>',
    "geometry": '<vsepr_input width="5" height="4" molecules="BF3" geometries="AX3E0, AX6E0"/>',
    "chain": '<designprotein2dinput width="8" height="5" target_shape="E;NE;NW;none"/>',
    "gene": '<editageneinput genex_dna_sequence="tata acgt" genex_problem_number="1"/>',
    "molecule": '<editamoleculeinput file="/static/a.mol"/>',
    "annotation": '<annotationinput><options><option choice="correct">yes</option></options></annotationinput>',
}


@pytest.mark.parametrize("kind", ENTRIES)
def test_the_text_is_the_only_field_and_says_how_it_looks(kind: str) -> None:
    page = shown(custom(f"<label>Q</label>{ENTRIES[kind]}"), '{"a": "<\'>"}')

    (posted,) = [field for field in page.xpath("//*[@name]") if field.get("name").startswith("input_")]
    assert (posted.get("name"), posted.get("value")) == (f"input_{ID}", '{"a": "<\'>"}')
    assert only(page, f"//label[@for='input_{ID}']").text.startswith('Your answer, written like this: {"')
    assert only(page, "//*[@data-controller='composed']").get("data-composed-kind-value") == kind
    assert only(page, "//legend").text == "Q"
    assert only(page, "//*[@data-composed-target='form']").get("hidden") is not None


@pytest.mark.parametrize("kind", ENTRIES)
def test_every_control_is_named(kind: str) -> None:
    page = shown(custom(ENTRIES[kind]))

    for control in page.xpath("//*[@data-composed-target='form']//*[self::input or self::select or self::textarea]"):
        assert control.getparent().tag == "label", control.attrib


def test_a_geometry_knows_its_places() -> None:
    assert places("AX3E0") == ["c0", "p0", "p1", "p2"]
    assert places("AX5E0") == ["c0", "a0", "a1", "e0", "e1", "e2"]
    assert places("AX6E0") == ["c0", "a0", "a1", "e10", "e11", "e20", "e21"]
    assert places("bent") == ["c0", "p0", "p1", "p2", "p3", "p4", "p5"]


def test_the_authors_geometries_and_atoms_are_offered() -> None:
    page = shown(custom(ENTRIES["geometry"]))

    settings = only(page, "//*[@data-controller='composed']").get("data-places")
    assert list(json.loads(settings)) == ["AX3E0", "AX6E0"]
    assert [option.get("value") for option in page.xpath("//datalist/option")] == ["B", "F", "(ep)"]


def test_a_chain_has_a_list_for_each_link_of_the_shape() -> None:
    page = shown(custom(ENTRIES["chain"]))

    assert len(page.xpath("//select[@data-link]")) == 3
    assert only(page, "//*[@data-controller='composed']").get("data-chain") == "E;NE;NW"


@pytest.mark.parametrize("shape", ["", "none", "E;UP", "E" + ";E" * 60])
def test_a_shape_that_cannot_be_laid_is_the_authors_slip(shape: str) -> None:
    with pytest.raises(ProblemError, match="E, NE, NW, W, SW, SE"):
        custom(f'<designprotein2dinput width="1" height="1" target_shape="{shape}"/>')


def test_a_gene_keeps_only_its_bases() -> None:
    page = shown(custom(ENTRIES["gene"]))

    assert only(page, "//*[@data-controller='composed']").get("data-dna") == "TATAACGT"
