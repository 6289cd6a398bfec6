"""The body of a Global Relay mail: summary, participants, messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from transcripts.formats.base import shown_text
from transcripts.formats.mattermost import team_name
from transcripts.formats.options import Options
from transcripts.formats.people import author_of, email_of, user_type
from transcripts.formats.rooms import Room, Stay, window
from transcripts.formats.story import CREATED, Event
from transcripts.formats.text import iso, markup, one_line, printable, readable

COLUMNS = ("userid", "username", "usertype", "email", "joined", "left", "duration", "messages")


def lasted(time: timedelta) -> str:
    """Hours, minutes, seconds."""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    return f"{minutes // 60}h{minutes % 60}m{seconds}s"


def relay_html(
    room: Room, events: Sequence[Event], beside: Mapping[int, str], times: Sequence[Stay], options: Options
) -> Iterator[str]:
    """The HTML part. `beside` says what is to be said about an event's file, by the id of the event."""
    yield f'<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"></head>\n<body>\n<h1>{markup(room.name)}</h1>\n'
    yield "<h2>Conversation Summary</h2>\n<ul>\n"
    yield from (f"<li><b>{name}:</b> {markup(value)}</li>\n" for name, value in _summary(room, options))
    yield "</ul>\n"
    yield from _participants(room, times)
    yield '<h2>Messages</h2>\n<ul class="messages">\n'
    for event in events:
        yield _message(room, event)
        if told := beside.get(id(event)):
            yield f'<li class="file">{markup(told)}</li>\n'
    yield f"</ul>\n<p>Exported on {readable(options.exported_at)}</p>\n</body>\n</html>\n"


def _summary(room: Room, options: Options) -> Iterator[tuple[str, str]]:
    story, (start, end) = room.story, window(room.story, options)
    yield from {"TeamId": team_name(story), "TeamName": team_name(story), "TeamDisplayName": story.site}.items()
    yield from {"ChannelId": room.key, "ChannelName": room.key, "ChannelDisplayName": room.name}.items()
    yield from {"Started": readable(start), "Ended": readable(end), "Duration": lasted(end - start)}.items()


def _participants(room: Room, times: Sequence[Stay]) -> Iterator[str]:
    sent = Counter(author_of(room.story, event).key for event in room.story.events)
    heads = "".join(f"<th>{name}</th>" for name in COLUMNS)
    yield f'<table class="participants">\n<tr>{heads}</tr>\n'
    for stay in times:
        who = stay.person
        named = (who.key, f"@{who.name}", user_type(who), email_of(who), readable(stay.since), readable(stay.until))
        cells = (*named, lasted(stay.until - stay.since), str(sent[who.key]))
        yield "<tr>" + "".join(f"<td>{markup(cell)}</td>" for cell in cells) + "</tr>\n"
    yield "</table>\n"


def _message(room: Room, event: Event) -> str:
    who = author_of(room.story, event)
    spans = {
        "post_id": room.event_id(event),
        "sent_time": iso(event.at),
        "username": f"@{who.name}",
        "userid": who.key,
        "postusername": "",
        "usertype": user_type(who),
        "email": f"({email_of(who)})",
        "message": shown_text(event),
    }
    if event.update != CREATED:
        spans |= {"update_type": event.update, "update_time": iso(event.updated or event.at)}
    if event.edited_by:
        spans["edited_new_msg_id"] = f"{room.story.ref}.{event.edited_by}"
    inner = " ".join(f'<span class="{name}">{markup(value)}</span>' for name, value in spans.items())
    return f'<li class="message">{inner}</li>\n'


def relay_text(room: Room, events: Sequence[Event], beside: Mapping[int, str], times: Sequence[Stay]) -> Iterator[str]:
    """The same as text: a head line for each message, its text indented."""
    yield f"{one_line(room.name)}\n\n"
    yield from (f"Participant: {one_line(stay.person.name)} ({email_of(stay.person)})\n" for stay in times)
    for event in events:
        mark = f" ({event.update})" if event.update else ""
        yield f"\n[{event.number}] {readable(event.at)} {one_line(author_of(room.story, event).name)}{mark}\n"
        yield from (f"    {line}\n" for line in printable(shown_text(event)).splitlines())
        if told := beside.get(id(event)):
            yield f"    {one_line(told)}\n"
