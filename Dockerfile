# StoreSync in one image: no compiler, no root, no simulator; what it keeps is in /data.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

WORKDIR /srv/storesync

# Apart from the code, so that a change of code does not install anything again.
COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m pip install --quiet --require-hashes --no-deps --only-binary=:all: -r requirements/runtime.txt

COPY . .
RUN mkdir -p /data && chown 10001:10001 /data && chmod 700 /data

USER 10001:10001
VOLUME /data
ENV DATABASE_URL=sqlite:////data/storesync.db HTTP_HOST=0.0.0.0 HTTP_PORT=8080 LOG_FORMAT=json
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['HTTP_PORT'] + '/healthz', timeout=4)"]
CMD ["python", "-m", "app", "run"]
