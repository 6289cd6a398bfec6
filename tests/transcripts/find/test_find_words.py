from __future__ import annotations

from tests.factories import Cast, make_conversation, make_entry
from transcripts.actions.finding import find
from transcripts.query import Query


def found(text: str) -> list[int]:
    return [each.pk for each in find(Query.parse(text)).conversations()]


def test_words(cast: Cast) -> None:
    one = make_conversation(cast.sales_button)
    make_entry(one, "The coat is torn, an exact phrase")
    two = make_conversation(cast.sales_button)
    make_entry(two, "refund")
    assert found("torn") == [one.pk]
    assert found('"exact phrase"') == [one.pk]
    assert found("-torn") == [two.pk]
    assert found("tor* OR refund") == [two.pk, one.pk]
    assert find(Query.parse("tor* OR refund")).counts().texts == 2
