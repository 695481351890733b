"""Files that leave the product and say where they come from."""
