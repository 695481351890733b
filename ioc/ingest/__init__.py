"""From a source to the store: connectors, mapping, runs and their schedule."""
