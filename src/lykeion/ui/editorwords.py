"""The words of the visual editor, which speaks English by itself, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def editor_words() -> dict[str, str]:
    """What TinyMCE says on our pages, by its own English words (``tinymce.addI18n``)."""
    return {**_toolbar(), **_tables(), **_searching(), **_telling()}


def _toolbar() -> dict[str, str]:
    return {
        "Undo": pgettext("of typing", "Undo"),
        "Redo": pgettext("of typing", "Redo"),
        "Blocks": _("Paragraph style"),
        "Block {0}": _("Paragraph style: {0}"),
        "Paragraph": _("Paragraph"),
        "Heading 1": _("Heading 1"),
        "Heading 2": _("Heading 2"),
        "Heading 3": _("Heading 3"),
        "Preformatted": _("Preformatted"),
        "Bold": _("Bold"),
        "Italic": _("Italic"),
        "Bullet list": _("Bulleted list"),
        "Numbered list": _("Numbered list"),
        "Blockquote": pgettext("a passage", "Quote"),
        "Link": pgettext("noun", "Link"),
        "Image": pgettext("noun", "Image"),
        "Code": _("Code"),
        "Formula": _("Formula"),
        "Clear formatting": _("Clear formatting"),
        "Reveal or hide additional toolbar items": _("More tools"),
        "Increase indent": _("Increase indent"),
        "Decrease indent": _("Decrease indent"),
        "Subscript": _("Subscript"),
        "Superscript": _("Superscript"),
        "Strikethrough": _("Strikethrough"),
        "Left to right": _("Left to right"),
        "Right to left": _("Right to left"),
        "Horizontal line": _("Horizontal line"),
        "Special character": _("Special character"),
        "Special character...": _("Special character…"),
        "Rich Text Area": _("Text"),
    }


def _tables() -> dict[str, str]:
    return {
        "Table": _("Table"),
        "Insert table": _("Insert table"),
        "Delete table": _("Delete table"),
        "Table properties": _("Table properties"),
        "Table Properties": _("Table properties"),
        "Cell properties": _("Cell properties"),
        "Cell Properties": _("Cell properties"),
        "Row properties": _("Row properties"),
        "Row Properties": _("Row properties"),
        "Cell": pgettext("of a table", "Cell"),
        "Row": pgettext("of a table", "Row"),
        "Column": pgettext("of a table", "Column"),
        "Rows": _("Rows"),
        "Cols": _("Columns"),
        "Insert row before": _("Insert row before"),
        "Insert row after": _("Insert row after"),
        "Delete row": _("Delete row"),
        "Insert column before": _("Insert column before"),
        "Insert column after": _("Insert column after"),
        "Delete column": _("Delete column"),
        "Cut row": _("Cut row"),
        "Copy row": _("Copy row"),
        "Paste row before": _("Paste row before"),
        "Paste row after": _("Paste row after"),
        "Cut column": _("Cut column"),
        "Copy column": _("Copy column"),
        "Paste column before": _("Paste column before"),
        "Paste column after": _("Paste column after"),
        "Merge cells": _("Merge cells"),
        "Split cell": _("Split cell"),
        "Row header": _("Row header"),
        "Column header": _("Column header"),
        "Header cell": _("Header cell"),
        "Header": _("Header"),
        "Body": pgettext("of a table", "Body"),
        "Footer": pgettext("of a table", "Footer"),
        "Row type": _("Row type"),
        "Cell type": _("Cell type"),
        "Scope": pgettext("of a header cell", "Scope"),
        "Show caption": _("Show caption"),
        "Caption": _("Caption"),
        "Width": _("Width"),
        "Height": _("Height"),
        "Alignment": _("Alignment"),
        "Horizontal align": _("Horizontal alignment"),
        "Vertical align": _("Vertical alignment"),
        "Cell spacing": _("Cell spacing"),
        "Cell padding": _("Cell padding"),
        "Border width": _("Border width"),
        "None": pgettext("choice", "None"),
        "Left": _("Left"),
        "Center": _("Centre"),
        "Right": _("Right"),
        "Top": _("Top"),
        "Middle": _("Middle"),
        "Bottom": _("Bottom"),
    }


def _searching() -> dict[str, str]:
    return {
        "Find and replace": _("Find and replace"),
        "Find and Replace": _("Find and replace"),
        "Find and replace...": _("Find and replace…"),
        "Find": _("Find"),
        "Replace": _("Replace"),
        "Replace with": _("Replace with"),
        "Replace all": _("Replace all"),
        "Match case": _("Match case"),
        "Find whole words only": _("Find whole words only"),
        "Find in selection": _("Find in selection"),
        "Previous": _("Previous"),
        "Next": _("Next"),
        "Could not find the specified string.": _("Nothing found."),
        "Search": _("Search"),
    }


def _telling() -> dict[str, str]:
    return {
        "Save": _("Save"),
        "Cancel": _("Cancel"),
        "Close": _("Close"),
        "OK": _("OK"),
        "General": _("General"),
        "Advanced": _("Advanced"),
        "Failed to upload image: {0}": _("The picture could not be uploaded: {0}"),
        "Image upload failed": _("The picture could not be uploaded."),
        "All": pgettext("characters", "All"),
        "Currency": _("Currency"),
        "Text": _("Text"),
        "Quotations": _("Quotation marks"),
        "Mathematical": _("Mathematical"),
        "Extended Latin": _("Extended Latin"),
        "Symbols": _("Symbols"),
        "Arrows": _("Arrows"),
    }


def formula_pieces() -> list[dict[str, str]]:
    """Pieces of TeX that a formula is put together from; ``|`` is where the cursor goes."""
    pieces = (
        ("a/b", r"\frac{|}{}", _("Fraction")),
        ("x²", "^{|}", _("Power")),
        ("xₙ", "_{|}", _("Index")),
        ("√", r"\sqrt{|}", _("Root")),
        ("Σ", r"\sum_{i=1}^{n} |", _("Sum")),
        ("∫", r"\int_{a}^{b} |\,dx", _("Integral")),
        ("lim", r"\lim_{x \to 0} |", _("Limit")),
        ("→", r"\vec{|}", _("Vector")),
        ("·", r"\cdot |", _("Times")),
        ("≤", r"\leq |", _("Less or equal")),
        ("≠", r"\neq |", _("Not equal")),
        ("π", r"\pi |", _("Pi")),
        ("\N{GREEK SMALL LETTER ALPHA}", r"\alpha |", _("Alpha")),
        ("Δ", r"\Delta |", _("Delta")),
        ("( )", r"\begin{pmatrix} | & \\ & \end{pmatrix}", _("Matrix")),
    )
    return [{"sign": sign, "tex": tex, "label": label} for sign, tex, label in pieces]
