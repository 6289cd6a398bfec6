from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString

from chatdesk.guide.markdown import Heading, Rendered

Facts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the help. `language` is the one it is written in, which may be English for want of another."""

    person: str
    key: str
    language: str
    rendered: Rendered

    @property
    def title(self) -> str:
        return self.rendered.title

    @property
    def headings(self) -> tuple[Heading, ...]:
        return self.rendered.headings

    @property
    def url(self) -> str:
        return reverse("help-page", args=[self.person, self.key])

    def lead(self, facts: Facts) -> str:
        return filled(self.rendered.lead, facts)

    def text(self, facts: Facts) -> str:
        return filled(self.rendered.text, facts)

    def html(self, facts: Facts) -> tuple[SafeString, SafeString]:
        """The first paragraph and the rest, from the renderer, which escapes; facts are the desk's own numbers."""
        lead, rest = self.rendered.lead_html, self.rendered.html
        return SafeString(filled(lead, facts)), SafeString(filled(rest, facts))


def filled(text: str, facts: Facts) -> str:
    """A source's blanks, such as `{message_limit}`, with what holds on this desk."""
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", value)
    return text
