# See embedded.py beside this file. The build context holds it and the folder of jars.
ARG VITO
FROM ${VITO}
USER root
HEALTHCHECK NONE
COPY jars /jars
COPY embedded.py /embedded.py
RUN printf '#!/bin/sh\nexec python /embedded.py "$1"\n' > /usr/local/bin/cypher-shell && chmod +x /usr/local/bin/cypher-shell
EXPOSE 7687
CMD ["python", "/embedded.py"]
