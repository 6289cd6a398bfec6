from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatdesk.actions.files import pace
from chatdesk.models import Conversation
from tests.factories import Cast, make_conversation, make_entry
from tickets.actions import tickets
from tickets.models import Ticket


@pytest.fixture(autouse=True)
def nobody_was_too_quick() -> Iterator[None]:
    """Rows begin at 1 in each test: whoever has that number must not wait for what another test has sent."""
    pace._buckets.clear()
    yield
    pace._buckets.clear()


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    """Vera's, which Alice has."""
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice, name="Vera")
    make_entry(conversation, "Where is my parcel?")
    return conversation


@pytest.fixture
def ticket(cast: Cast, chat: Conversation) -> Ticket:
    return tickets.make(cast.alice, chat.ref)
