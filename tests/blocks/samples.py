"""Third-party blocks of all tempers, for tests."""

from __future__ import annotations

from collections import namedtuple
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock, XBlockAside
from xblock.exceptions import JsonHandlerError, NotFoundError, ProcessingError
from xblock.fields import Boolean, Dict, Integer, List, Scope, ScoreField, String
from xblock.scorable import Score
from xblock.utils.studio_editable import NestedXBlockSpec, StudioContainerWithNestedXBlocksMixin

Place = namedtuple("Place", "x y")


def every_scope(cls: Any) -> Any:
    """Gives ``cls`` a dict field for each of XBlock's scopes."""
    for scope in Scope.scopes():
        setattr(cls, scope.name, Dict(scope=scope))
    return cls


@every_scope
class ScopesMixin:
    """A field in every scope."""


class Scopes(XBlock, ScopesMixin):
    """A field in every scope; tells them all."""

    has_children = True

    def student_view(self, context: Any = None) -> Fragment:
        return Fragment("scopes")


class Counter(XBlock):
    """Counts clicks and publishes whatever it is told to."""

    has_score = True
    count = Integer(default=0, scope=Scope.user_state)
    limit = Integer(default=3, scope=Scope.settings)
    label = String(default="Count", scope=Scope.content)
    seen = List(default=[], scope=Scope.user_state)
    score = ScoreField(enforce_type=False, scope=Scope.user_state)

    @XBlock.supports("multi_device")
    def student_view(self, context: Any = None) -> Fragment:
        shown = Fragment(f"<p>{self.label} {self.count} of {self.limit}, due {self.due}</p>")
        shown.add_css(".counter {}")
        shown.add_javascript("function Counter() {}")
        shown.initialize_js("Counter", {"label": "</script><b>&"})
        return shown

    def max_score(self) -> int:
        return self.limit

    def student_view_data(self) -> Any:
        if self.label == "Falls":
            raise RuntimeError("nothing to tell")
        self.count += 1
        return {"label": self.label, "limit": self.limit, "due": datetime(2026, 1, 2, tzinfo=UTC)}

    @XBlock.json_handler
    def click(self, data: Any, suffix: str = "") -> Any:
        self.count += data["by"]
        self.seen.append(Place(self.count, suffix))
        self.score = Score(raw_earned=1, raw_possible=2)
        return {"count": self.count}

    @XBlock.json_handler
    def tell(self, data: Any, suffix: str = "") -> Any:
        self.runtime.publish(self, suffix, data)
        return {}

    @XBlock.handler
    def look(self, request: Request, suffix: str = "") -> Response:
        """Counts, whatever the method."""
        self.count += 1
        return Response(text=str(self.count))

    @XBlock.handler
    def fall(self, request: Request, suffix: str = "") -> Response:
        self.count = 99
        self.save()
        raise RuntimeError("it fell")

    @XBlock.handler
    def refuse(self, request: Request, suffix: str = "") -> Response:
        """Says no, in one of the ways that Open edX knows."""
        self.count = 99
        self.save()
        self.runtime.publish(self, "grade", {"value": 1, "max_value": 1})
        raise {
            "403": PermissionDenied("no"),
            "404": Http404("none"),
            "413": JsonHandlerError(413, "too long"),
            "missing": NotFoundError("no such entry"),
            "processing": ProcessingError("the answer is closed"),
        }[suffix]

    @XBlock.json_handler
    def author(self, data: Any, suffix: str = "") -> Any:
        self.limit = 1000
        return {}


class Tool(XBlock):
    """Leaves to its author whether it is scored, as the LTI consumer and SCORM packages do."""

    has_score = Boolean(default=False, scope=Scope.settings)
    icon_class = String(default="video", scope=Scope.settings)

    @property
    def has_custom_completion(self) -> bool:
        return bool(self.has_score)

    def max_score(self) -> int | None:
        return 5 if self.has_score else None

    def student_view(self, context: Any = None) -> Fragment:
        return Fragment("tool")


class ShyTool(Tool):
    """As :class:`Tool`, but says nothing before there is a learner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.runtime.service(self, "user")


class Falls(XBlock):
    """Raises when it is shown."""

    def student_view(self, context: Any = None) -> Fragment:
        print("about to fall")
        raise RuntimeError("<it> fell")


class FallsForAll(Falls):
    """As :class:`Falls`, though it is said to look the same for everybody."""

    immutable_views = frozenset({"student_view"})


class FallsEarly(XBlock):
    """Raises when it is built."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("not even built")


class CannotBeRead(XBlock):
    """Raises when its XML is read."""

    @classmethod
    def parse_xml(cls, node: Any, runtime: Any, keys: Any) -> Any:
        raise ValueError(f"no good: {node.get('x')}")


class OldParser(XBlock):
    """Written for XBlock 1: still wants the id generator."""

    text = String(default="", scope=Scope.content)

    @classmethod
    def parse_xml(cls, node: Any, runtime: Any, keys: Any, id_generator: Any) -> Any:
        block = runtime.construct_xblock_from_class(cls, keys)
        block.text = f"{node.text} {id_generator.create_definition('x').block_type}"
        return block

    def student_view(self, context: Any = None) -> Fragment:
        return Fragment(self.text)


@XBlock.needs("orchestra")
class NeedsTheQueue(XBlock):
    """Needs a service that is absent."""

    def student_view(self, context: Any = None) -> Fragment:
        return Fragment(str(self.runtime.service(self, "orchestra")))


@XBlock.needs("user", "i18n", "sandbox")
@XBlock.wants("orchestra", "settings", "partitions", "completion", "call_to_action", "replace_urls", "publish", "cache")
class Asks(XBlock):
    """Declares many services."""

    def student_view(self, context: Any = None) -> Fragment:
        return Fragment("asks")


class Box(XBlock):
    """A third-party container."""

    has_children = True
    title = String(default="", scope=Scope.settings)

    def student_view(self, context: Any = None) -> Fragment:
        shown = Fragment(f"<h3>{self.title}</h3>")
        for part in self.runtime.render_children(self, context=context):
            shown.add_content(part.content)
            shown.add_fragment_resources(part)
        return shown


class Showcase(StudioContainerWithNestedXBlocksMixin, XBlock):
    """A container of XBlock's own making, which shows authors a preview of what is in it."""

    has_children = True
    display_name = String(default="Showcase", scope=Scope.settings)
    allowed_nested_blocks = ("html",)


class Shelf(XBlock):
    """A container that says what it takes, in each of the ways there are."""

    has_children = True
    title = String(default="", scope=Scope.settings)

    @property
    def allowed_nested_blocks(self) -> list[Any]:
        if self.title == "Falls":
            raise RuntimeError("no idea")
        tall = NestedXBlockSpec(None, category="video", disabled=True, disabled_reason="Too tall.")
        return ["html", NestedXBlockSpec(None, category="problem", single_instance=True), tall]


class Linked(XBlock):
    """Would link itself with a library."""

    upstream = String(default="", scope=Scope.settings)
    title = String(default="", scope=Scope.settings)

    def studio_view(self, context: Any = None) -> Fragment:
        return Fragment("link")

    @XBlock.json_handler
    def link(self, data: Any, suffix: str = "") -> Any:
        self.upstream = "lb:Lykeion:pool:html:secret"
        return {}


class Note(XBlockAside, ScopesMixin):
    """An aside with a field in every scope."""

    colour = String(default="yellow", scope=Scope.settings)

    @XBlockAside.aside_for("student_view")
    def beside(self, block: Any, context: Any = None) -> Fragment:
        shown = Fragment(f"<i>{self.colour} note on {block.scope_ids.block_type}</i>")
        shown.initialize_js("Note")
        return shown

    @XBlockAside.json_handler
    def write(self, data: Any, suffix: str = "") -> Any:
        self.user_state = {"text": data["text"]}
        return {"text": data["text"]}

    @XBlockAside.json_handler
    def paint(self, data: Any, suffix: str = "") -> Any:
        if suffix == "forget":
            del self.colour
        else:
            self.colour = data["colour"]
            self.settings = {"shade": [1, "<2>"]}
        return {}


NAMES = {
    "scopes": Scopes,
    "counter": Counter,
    "tool": Tool,
    "shytool": ShyTool,
    "falls": Falls,
    "fallsforall": FallsForAll,
    "fallsearly": FallsEarly,
    "cannotberead": CannotBeRead,
    "oldparser": OldParser,
    "needsthequeue": NeedsTheQueue,
    "asks": Asks,
    "box": Box,
    "showcase": Showcase,
    "linked": Linked,
    "shelf": Shelf,
}


def entry_points() -> list[EntryPoint]:
    """The samples as if their package were installed, with one class that does not exist."""
    found = [EntryPoint(tag, f"{__name__}:{cls.__name__}", "xblock.v1") for tag, cls in NAMES.items()]
    found.append(EntryPoint("note", f"{__name__}:Note", "xblock_asides.v1"))
    found.append(EntryPoint("gone", f"{__name__}:Gone", "xblock.v1"))
    found.append(EntryPoint("html", f"{__name__}:Counter", "xblock.v1"))
    return found
