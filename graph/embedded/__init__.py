"""Neo4j Community in a child process of our own: the jars, the JVM and the settings it runs with."""
