# One image for web, worker and beat; compose.yaml says which of them a container is.
FROM python:3.11-slim AS build
COPY requirements/run.txt /tmp/run.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/run.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/chatdesk-static \
    CHATDESK_VAR=/var/lib/chatdesk
# What documents (PDF) are set in: with these fonts any script prints.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /var/lib/chatdesk --create-home chatdesk
COPY --from=build /venv /venv
COPY manage.py /srv/chatdesk/
COPY accounts /srv/chatdesk/accounts
COPY routing /srv/chatdesk/routing
COPY chatdesk /srv/chatdesk/chatdesk
COPY transcripts /srv/chatdesk/transcripts
COPY tickets /srv/chatdesk/tickets
COPY templates /srv/chatdesk/templates
COPY static /srv/chatdesk/static
COPY docs/help /srv/chatdesk/docs/help
WORKDIR /srv/chatdesk
# Compiled and collected here once, so that a container starts at once and may have a read-only file system.
RUN python -m compileall -q -j 0 /srv/chatdesk && CHATDESK_VAR=/tmp/build python manage.py prepare --only static \
    && rm -rf /tmp/build
USER chatdesk
VOLUME /var/lib/chatdesk
EXPOSE 8000
# SIGTERM says goodbye to every open chat, which takes up to ten seconds.
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--port", "8000"]
