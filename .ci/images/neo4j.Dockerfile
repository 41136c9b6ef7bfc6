# See neo4j.py beside this file. The build context holds it and the folder of jars.
ARG VITO
FROM ${VITO}
USER root
HEALTHCHECK NONE
COPY jars /jars
COPY neo4j.py /neo4j.py
RUN printf '#!/bin/sh\nexec python /neo4j.py "$1"\n' > /usr/local/bin/cypher-shell && chmod +x /usr/local/bin/cypher-shell
EXPOSE 7687
CMD ["python", "/neo4j.py"]
