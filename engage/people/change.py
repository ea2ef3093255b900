"""One page that changes something about a person: a question, a reason, a button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts import ActionRefused
from accounts.models import User
from accounts.requests import SignedInRequest

Act = Callable[[dict[str, Any]], object]


def find(request: SignedInRequest, pk: int, allowed: Callable[[User], bool]) -> User:
    """Return a person whom the viewer may look up and change."""
    person: User = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if not allowed(request.user):
        raise PermissionDenied
    return person


def sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, even if it is empty; None where nothing was."""
    return request.POST if request.method == "POST" else None


@dataclass(frozen=True)
class Question:
    """What a page that changes something about a person says, and where it leads."""

    heading: str
    button: str
    said: str
    back: str
    explain: str = ""
    warning: bool = False


def put(
    request: SignedInRequest,
    person: User,
    form: forms.Form,
    act: Act,
    question: Question,
) -> HttpResponse:
    """Show the form; when it is sent and right, act, say so, and go back."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, question.said)
            return redirect(question.back)
    context = {"person": person, "form": form, "question": question}
    return render(request, "engage/person_change.html", context)


@reauthentication_required
def ask(
    request: SignedInRequest, person: User, form: forms.Form, act: Act, **words: Any
) -> HttpResponse:
    """Put a question, with the `words` of `Question`, that leads back to the person.

    Asks for the password again where that is more than 15 minutes ago.
    """
    back = reverse("engage:person", args=[person.pk])
    return put(request, person, form, act, Question(back=back, **words))
