"""The doors of files: two to send through, one to fetch from."""

from chatdesk.views.files.desk import upload as desk_upload
from chatdesk.views.files.fetch import fetch, handed_out, nothing
from chatdesk.views.files.form import count_bytes
from chatdesk.views.files.visitor import upload as visitor_upload

__all__ = ["count_bytes", "desk_upload", "fetch", "handed_out", "nothing", "visitor_upload"]
