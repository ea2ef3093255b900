"""A supporting document: its text, or a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from accounts import ActionRefused
from consultations.actions.files import Checked, checked
from consultations.models import Document

LONGEST = 200_000


class DocumentForm(forms.Form):
    mark_optional = False

    title = forms.CharField(label=_("Title"), max_length=150)
    text = forms.CharField(
        label=_("Text of the document"),
        help_text=_("Most people can read a page of text. You can use Markdown in it."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    upload = forms.FileField(
        label=_("File (optional)"),
        help_text=_("PDF, DOCX, ODT, XLSX, PNG or JPG, up to 10MB."),
        required=False,
        allow_empty_file=True,
    )
    accessible_note = forms.CharField(
        label=_("How to get the file in a format that people can use"),
        help_text=_("Needed when there is a file and no text."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, document: Document | None = None, **kwargs: Any
    ) -> None:
        self.document = document
        if document is not None:
            names = ("title", "text", "accessible_note")
            kwargs["initial"] = {name: getattr(document, name) for name in names}
        super().__init__(*args, **kwargs)

    def clean_upload(self) -> Checked | None:
        upload = self.cleaned_data.get("upload")
        if not upload:
            return None
        try:
            return checked(upload)
        except ActionRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        has_file = bool(data.get("upload") or (self.document and self.document.file))
        if not data.get("text") and not has_file and "upload" not in self.errors:
            self.add_error("text", _g("Enter the text of the document, or add a file"))
        if has_file and not data.get("text") and not data.get("accessible_note"):
            self.add_error(
                "accessible_note",
                _g("Say how people get this file in a format that they can use"),
            )
        return data
