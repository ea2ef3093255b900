# One image for web, worker, beat and migrate; compose.yaml says which is which.

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH="/portal/.venv/bin:$PATH"
WORKDIR /portal

FROM node:22-bookworm-slim AS node

# Installs, and builds the assets with npm; node itself stays behind.
FROM base AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY requirements.txt ./
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
# Development settings: there are no secrets at build time and none are needed.
RUN python manage.py assets && rm -rf node_modules
# Production settings, whose storage names each file after its content.
RUN PORTAL_ENVIRONMENT=production SECRET_KEY=only-while-the-image-is-built-0123456789abcdefghijklmnop \
    PORTAL_LINK_KEYS=only-while-the-image-is-built-abcdefghij ALLOWED_HOSTS=build.invalid PORTAL_BASE_URL=https://build.invalid \
    DATABASE_URL=postgresql://build.invalid/portal \
    CELERY_BROKER_URL=redis://:build@build.invalid/0 CACHE_URL=redis://:build@build.invalid/1 \
    EMAIL_URL=smtp://build.invalid \
    python manage.py collectstatic --no-input --verbosity 0

FROM base
RUN useradd --system --uid 10001 --home-dir /portal portal
COPY --from=build /portal /portal
# Uploaded files are the only thing that a container keeps.
RUN mkdir -p var/media && chown -R portal var
USER portal
VOLUME /portal/var/media
ENV PORTAL_ENVIRONMENT=production
EXPOSE 8000
# /dev/shm: a heartbeat on a slow disk would make gunicorn kill healthy workers.
CMD ["gunicorn", "engage.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", \
     "--no-control-socket", "--graceful-timeout", "20"]
