"""Connectors to systems of the outside; each module offers CONNECTOR."""
