"""The kernel: domain, store, ingest, queries, exports and web, and the commands that run them."""
