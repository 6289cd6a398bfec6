"""Settings of the product without its recorder: what the live chat would cost if nothing was recorded. For a bench."""

from __future__ import annotations

from chatdesk import settings as usual

globals().update({name: getattr(usual, name) for name in dir(usual) if name.isupper()})

INSTALLED_APPS = [*usual.INSTALLED_APPS, "tests.bench.unrecorded_app.Unrecorded"]
