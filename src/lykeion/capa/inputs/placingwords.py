"""What the script of drag-and-drop has to say."""

from collections.abc import Callable


def placing_words(_: Callable[[str], str]) -> dict[str, str | list[str]]:
    """Sentences by name, translated; `{item}`, `{place}`, `{number}`, `{where}`, `{x}` and `{y}` are filled in later.

    `corners` are nine words for parts of a picture, row by row from the upper left.
    """
    return {
        "helpPlaces": _("Drag each thing to its place. Or choose a thing first and its place after that."),
        "helpFree": _(
            "Drag each thing to where it belongs. Or choose a thing, then press where it belongs in the picture or "
            "write its place. Arrow keys move a chosen thing in the picture."
        ),
        "whereTo": _("Where does {item} go?"),
        "place": _("Place {number}"),
        "placeAt": _("Place {number}, {where}"),
        "placeOn": _("{place} on {item}"),
        "holds": _("{place} (now: {item})"),
        "cancel": _("Cancel"),
        "putBack": _("Put {item} back"),
        "placed": _("Placed so far"),
        "none": _("Nothing is placed yet."),
        "line": _("{item}: {place}"),
        "point": _("{x} from the left, {y} from the top"),
        "fromLeft": _("From the left, in pixels of the picture"),
        "fromTop": _("From the top, in pixels of the picture"),
        "putThere": _("Put it there"),
        "move": _("Move {item}"),
        "remove": _("Remove {item}"),
        "moveShort": _("Move"),
        "removeShort": _("Remove"),
        "isPlaced": _("{item} is at: {place}."),
        "isBack": _("{item} is back among the things to place."),
        "noPicture": _("The picture could not be loaded. You can still choose things and places in words."),
        "corners": [
            _("upper left"),
            _("top"),
            _("upper right"),
            _("left"),
            _("middle"),
            _("right"),
            _("lower left"),
            _("bottom"),
            _("lower right"),
        ],
    }
