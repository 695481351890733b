"""Interactions; each module offers register(app, desk)."""
