"""The map of verdicts that authors' hint functions get and change: `hintfn(answer_ids, student_answers, new, old)`.

Methods are those of Open edX's `correctmap.py`, which authors call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_PROPERTIES: Final = ("correctness", "npoints", "msg", "hint", "hintmode", "queuestate", "answervariable")


class CorrectMap:
    """Verdicts by input id; each is a dictionary of the properties above."""

    def __init__(self, verdicts: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.cmap: dict[str, dict[str, Any]] = {}
        self.overall_message = ""
        self.set_dict(verdicts or {})

    def __getitem__(self, answer_id: str) -> dict[str, Any]:
        return self.cmap[answer_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.cmap)

    def items(self) -> Any:
        """Pairs of id and verdict."""
        return self.cmap.items()

    def keys(self) -> Any:
        """The ids."""
        return self.cmap.keys()

    def set(self, answer_id: str | None = None, correctness: str | None = None, **properties: Any) -> None:
        """Writes one verdict; `npoints`, `msg`, `hint`, `hintmode`, `queuestate`, `answervariable` may be named."""
        if answer_id is not None:
            empty: dict[str, Any] = {"npoints": None, "msg": "", "hint": "", "hintmode": None, "queuestate": None}
            self.cmap[str(answer_id)] = {**empty, "answervariable": None, "correctness": correctness, **properties}

    def get_dict(self) -> dict[str, dict[str, Any]]:
        """All verdicts."""
        return self.cmap

    def set_dict(self, correct_map: Mapping[str, Any]) -> None:
        """Forgets all and takes these; a text instead of a dictionary is a correctness."""
        self.cmap = {}
        for answer_id, verdict in correct_map.items():
            if isinstance(verdict, Mapping):
                self.set(answer_id, **{name: verdict[name] for name in _PROPERTIES if name in verdict})
            else:
                self.set(answer_id, verdict)

    def is_correct(self, answer_id: str) -> bool | None:
        """Whether it is right or partly right; None for an unknown id."""
        if answer_id not in self.cmap:
            return None
        return self.cmap[answer_id]["correctness"] in ("correct", "partially-correct")

    def is_partially_correct(self, answer_id: str) -> bool | None:
        """Whether it is partly right; None for an unknown id."""
        return self.cmap[answer_id]["correctness"] == "partially-correct" if answer_id in self.cmap else None

    def is_queued(self, answer_id: str) -> bool:
        """Whether an outside grader has not answered yet."""
        return answer_id in self.cmap and self.cmap[answer_id]["queuestate"] is not None

    def get_npoints(self, answer_id: str) -> float:
        """The points; without any written, 1 for what is right."""
        points = self.get_property(answer_id, "npoints")
        if points is not None:
            return float(points)
        return 1 if self.is_correct(answer_id) else 0

    def set_property(self, answer_id: str, name: str, value: Any) -> None:
        """Changes one property, of a new verdict if need be."""
        if answer_id not in self.cmap:
            self.set(answer_id)
        self.cmap[answer_id][name] = value

    def get_property(self, answer_id: str, name: str, default: Any = None) -> Any:
        """One property; `default` for an unknown id."""
        return self.cmap[answer_id].get(name, default) if answer_id in self.cmap else default

    def get_correctness(self, answer_id: str) -> Any:
        """The correctness."""
        return self.get_property(answer_id, "correctness")

    def get_msg(self, answer_id: str) -> Any:
        """The message."""
        return self.get_property(answer_id, "msg", "")

    def get_hint(self, answer_id: str) -> Any:
        """The hint."""
        return self.get_property(answer_id, "hint", "")

    def get_hintmode(self, answer_id: str) -> Any:
        """When the hint is shown: `always` or `on_request`."""
        return self.get_property(answer_id, "hintmode")

    def set_hint_and_mode(self, answer_id: str, hint: str, hintmode: str | None) -> None:
        """Writes a hint and when it is shown."""
        self.set_property(answer_id, "hint", hint)
        self.set_property(answer_id, "hintmode", hintmode)

    def update(self, other_cmap: CorrectMap) -> None:
        """Takes over another map's verdicts and its message."""
        self.cmap.update(other_cmap.get_dict())
        self.set_overall_message(other_cmap.get_overall_message())

    def set_overall_message(self, message_str: str | None) -> None:
        """Writes the message on all inputs together."""
        self.overall_message = str(message_str) if message_str else ""

    def get_overall_message(self) -> str:
        """The message on all inputs together."""
        return self.overall_message
