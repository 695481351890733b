"""One page a module; each offers PAGE."""
