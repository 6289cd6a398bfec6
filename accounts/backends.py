from django.contrib.auth.backends import ModelBackend


class UserTypeBackend(ModelBackend):
    """Signs in by e-mail; whose type opens the admin pages may change every setting there."""
