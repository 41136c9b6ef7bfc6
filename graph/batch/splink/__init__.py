"""The model run by Splink, on DuckDB or Spark. Needs the extra `duckdb` or `spark`; imported only when asked for."""
