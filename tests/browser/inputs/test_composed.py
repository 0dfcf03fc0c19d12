"""Answers that are put together: crystals, molecules, proteins, genes, annotations."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.inputs.conftest import Visit
from tests.browser.inputs.problems import GENE
from tests.browser.inputs.sending import posted


def test_a_plane_is_given_by_numbers(visit: Visit) -> None:
    page = visit("crystal")
    page.locator("[data-lattice]").select_option("bcc")
    for number, point in enumerate((("1", "0", "0"), ("0", "1", "0"), ("0", "0", "0.5")), 1):
        for axis, value in zip("xyz", point, strict=True):
            page.get_by_role("group", name=f"Point {number}").get_by_label(axis).fill(value)

    expect(page.locator(".capa-drawing .plane")).to_be_visible()
    assert json.loads(posted(page)) == {
        "lattice": "bcc",
        "points": [["1.00", "0.00", "0.00"], ["0.00", "1.00", "0.00"], ["0.00", "0.00", "0.50"]],
    }


def test_a_plane_is_given_by_clicks_on_the_cell(visit: Visit) -> None:
    page = visit("crystal")
    cell = page.locator(".capa-drawing")
    expect(cell).to_be_visible()
    box = cell.bounding_box() or {}
    scale = box["width"] / 260

    for x, y in ((35, 214), (220, 172), (90, 42)):  # the ends of the three axes
        cell.click(position={"x": x * scale, "y": y * scale})

    points = json.loads(page.locator("[data-composed-target=text]").input_value())["points"]
    assert points == [["1.00", "0.00", "0.00"], ["0.00", "1.00", "0.00"], ["0.00", "0.00", "1.00"]]


def test_a_molecule_gets_its_shape_and_atoms_by_keyboard(visit: Visit) -> None:
    page = visit("geometry")
    page.locator("[data-geometry]").focus()
    page.keyboard.press("ArrowDown")
    for atom in ("B", "F", "F", "(ep)"):
        page.keyboard.press("Tab")
        page.keyboard.type(atom)

    expect(page.get_by_label("Axial atom 1")).to_be_hidden()
    assert json.loads(posted(page)) == {"geometry": "AX3E0", "atoms": {"c0": "B", "p0": "F", "p1": "F", "p2": "(ep)"}}


@pytest.mark.parametrize(
    ("links", "answer"),
    [
        (("E", "NE", "NW"), "CORRECT"),
        (("W", "SW", "SE"), "CORRECT"),
        (("E", "SE", "SW"), "CORRECT"),
        (("E", "E", "E"), "INCORRECT"),
    ],
)
def test_a_chain_is_right_however_it_is_turned(visit: Visit, links: tuple[str, ...], answer: str) -> None:
    page = visit("protein")
    for number, link in enumerate(links, 1):
        page.get_by_label(f"Link {number}").select_option(link)

    assert json.loads(posted(page)) == {"protex_answer": answer, "protex_shape": ";".join(links)}


def test_a_gene_shows_what_becomes_of_it(visit: Visit) -> None:
    page = visit("gene")
    dna = page.get_by_label("DNA of the gene")
    expect(dna).to_have_value(GENE)
    expect(page.locator("[data-part=protein]")).to_have_text("MP (2 amino acids)")

    dna.fill(GENE.replace("CCTTAAGG", "CCTCAAGG"))
    expect(page.locator("[data-part=protein]")).to_have_text("MPQGVKKKK (9 amino acids)")
    expect(page.locator("[data-part=changes]")).to_have_text("27: T → C")

    assert json.loads(posted(page)) == {"genex_dna_sequence": GENE.replace("CCTTAAGG", "CCTCAAGG"), "genex_answer": ""}


def test_a_molecule_begins_with_the_authors(visit: Visit) -> None:
    page = visit("molecule")
    page.get_by_role("link", name="Begin with the given molecule").press("Enter")
    page.get_by_label("About the molecule").fill("one\n two ")

    expect(page.get_by_label("The molecule in MOL format")).to_have_value("water\n  V2000\n")
    assert json.loads(posted(page)) == {"mol": "water\n  V2000\n", "info": ["one", "two"]}


def test_a_tag_for_an_authors_grader_is_json(visit: Visit) -> None:
    page = visit("annotation")
    page.get_by_label("Type a commentary below:").fill("mine")
    page.get_by_label("no", exact=True).check()

    assert json.loads(posted(page)) == {"options": [1], "comment": "mine"}


def test_an_answer_put_together_is_kept_while_it_is_not_sent(visit: Visit) -> None:
    page = visit("geometry")
    page.locator("[data-geometry]").select_option("AX6E0")
    page.get_by_label("Central atom").fill("S")
    page.reload()

    expect(page.locator("[data-geometry]")).to_have_value("AX6E0")
    expect(page.get_by_label("Central atom")).to_have_value("S")


@pytest.mark.parametrize("name", ["crystal", "geometry", "protein", "gene", "molecule", "annotation"])
def test_without_scripts_the_text_itself_can_be_written(visit: Visit, name: str) -> None:
    page = visit(name, java_script_enabled=False)

    expect(page.get_by_label("Your answer, written like this")).to_be_visible()
