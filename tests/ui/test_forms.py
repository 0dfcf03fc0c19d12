"""Fields as people who do not see them hear them."""

from __future__ import annotations

from django import forms
from lxml import html

from lykeion.ui.forms import FormRenderer


class SignUp(forms.Form):
    default_renderer = FormRenderer

    email = forms.EmailField(help_text="Where we write to you.")
    nickname = forms.CharField(required=False)
    agreed = forms.BooleanField(label="I agree")
    way = forms.ChoiceField(choices=[("a", "Alone"), ("b", "Together")], widget=forms.RadioSelect, help_text="Choose.")


def rendered(form: forms.Form) -> html.HtmlElement:
    return html.fragment_fromstring(str(form), create_parent=True)


def test_every_field_has_a_label_of_its_own() -> None:
    page = rendered(SignUp())

    labels = {label.get("for"): label.text_content().split() for label in page.iter("label")}

    assert labels["id_email"] == ["Email"]
    assert labels["id_nickname"] == ["Nickname", "optional"]
    assert labels["id_agreed"] == ["I", "agree"]
    assert page.find(".//legend").text_content().split() == ["Way"]


def test_help_and_mistakes_are_read_with_the_field() -> None:
    page = rendered(SignUp({"email": "alice@"}))

    field = page.get_element_by_id("id_email")
    said = [page.get_element_by_id(part).text_content().strip() for part in field.get("aria-describedby").split()]

    assert said == ["Where we write to you.", "Enter a valid email address."]
    assert field.get("aria-invalid") == "true"


def test_a_group_of_choices_is_described_as_a_group() -> None:
    fieldset = rendered(SignUp()).find(".//fieldset")

    assert fieldset.get("aria-describedby") == "id_way_helptext"


def test_fields_about_a_person_say_what_they_are() -> None:
    page = rendered(SignUp())

    assert page.get_element_by_id("id_email").get("autocomplete") == "email"
    assert page.get_element_by_id("id_nickname").get("autocomplete") is None


def test_mistakes_of_the_whole_form_are_announced() -> None:
    form = SignUp({})
    form.add_error(None, "Too late.")

    box = rendered(form).find_class("form-errors")[0]

    assert (box.get("role"), box.text_content().strip()) == ("alert", "Too late.")


def test_what_people_typed_is_escaped() -> None:
    form = SignUp({"email": '"><script>alert(1)</script>'})

    assert "<script>" not in str(form)
