"""The one table of the chat room that stores."""

from django.db import models


class Message(models.Model):
    room = models.CharField(max_length=100, db_index=True)
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "stored_room"

    def __str__(self) -> str:
        return f"{self.room}: {self.body}"
