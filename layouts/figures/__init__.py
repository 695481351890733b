"""One kind of figure a module; data in, plain figure out."""
