# syntax=docker/dockerfile:1
# Two stages: wheels are built with the tools, the image runs without them and without root.
ARG PYTHON=python:3.12-slim
FROM ${PYTHON} AS build
WORKDIR /src
COPY requirements/runtime.lock requirements/build.lock requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.lock
RUN python -m venv /tools \
 && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements/build.lock
COPY . .
RUN /tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation -w /wheels . \
 && /venv/bin/pip install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM ${PYTHON}
# A new volume takes owner and mode of the folder it is mounted on.
RUN useradd --create-home --uid 10001 vito \
 && install -d -o vito -g vito -m 700 /home/vito/data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
USER vito
WORKDIR /home/vito
EXPOSE 8700
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=12 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8700/readyz', timeout=2)"]
# Neo4j and Valkey are the ones of VITO_NEO4J_URI and VITO_REDIS_URL: see docker-compose.yml.
CMD ["vito", "up", "--host", "0.0.0.0", "--port", "8700", "--data", "/home/vito/data"]
