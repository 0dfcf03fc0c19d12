"""How forms look: ``{{ form }}`` and ``{{ field.as_field_group }}`` give labelled, described, accessible fields."""

from __future__ import annotations

from typing import Any

from django.forms.boundfield import BoundField as DjangoBoundField
from django.forms.renderers import TemplatesSetting

# WCAG 2.2, 1.3.5: fields about the person say what they are, so that browsers can fill them.
AUTOCOMPLETE = {
    "email": "email",
    "username": "username",
    "name": "name",
    "full_name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "country": "country",
    "year_of_birth": "bday-year",
}


class BoundField(DjangoBoundField):
    """A field that knows its purpose (``autocomplete``) and the class of its row."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Return the widget's attributes, with ``autocomplete`` where the name tells the purpose."""
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        purpose = AUTOCOMPLETE.get(self.name)
        if purpose and "autocomplete" not in (widget or self.field.widget).attrs:
            built.setdefault("autocomplete", purpose)
        return built


class FormRenderer(TemplatesSetting):
    """The renderer named by ``FORM_RENDERER``."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = BoundField
