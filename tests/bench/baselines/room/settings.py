"""The settings of the Channels tutorial's chat room: nothing is stored."""

from tests.bench.baselines import environment

SECRET_KEY = "only-for-the-bench"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["channels", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
DATABASES = environment.databases()
CHANNEL_LAYERS = environment.channel_layers()
