# syntax=docker/dockerfile:1
# Two stages: wheels are built with the tools, the image runs without them and without root.
# The same sources give the same image when base and time are given (docs/guides/operations.md): PYTHON_IMAGE with a digest,
# and SOURCE_DATE_EPOCH, which the wheel, compiled modules, the account and BuildKit's layers take their time from.
# LOCK=voice makes an image that hears telephone calls (some 500 MB more).
ARG PYTHON_IMAGE=python:3.12-slim
ARG SOURCE_DATE_EPOCH=1577836800

FROM ${PYTHON_IMAGE} AS build
ARG SOURCE_DATE_EPOCH
ARG LOCK=runtime
ENV SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} PYTHONHASHSEED=0
WORKDIR /src
COPY requirements/${LOCK}.lock requirements/build.lock requirements/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/${LOCK}.lock
RUN python -m venv /tools \
 && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements/build.lock
COPY . .
RUN /tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation -w /wheels . \
 && /venv/bin/pip install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM ${PYTHON_IMAGE}
ARG SOURCE_DATE_EPOCH
# A new volume takes owner and mode of the folder it is mounted on.
RUN useradd --create-home --uid 10001 vito \
 && install -d -o vito -g vito -m 700 /home/vito/data
COPY --from=build /venv /venv
# Commands in the container work on the data folder, too: its keys are those of the graph.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 VITO_DATA=/home/vito/data
USER vito
WORKDIR /home/vito
EXPOSE 8700
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=12 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8700/readyz', timeout=2)"]
# Neo4j and Valkey are the ones of VITO_NEO4J_URI and VITO_REDIS_URL: see docker-compose.yml.
CMD ["vito", "up", "--host", "0.0.0.0", "--port", "8700"]
