"""The kernel of the Intelligent Operations Center: domain, store, ingest, queries, exports and web."""
