"""The columnar copy: Parquet files that DuckDB reads."""
