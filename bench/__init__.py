"""Measurements of the product: ratios against a baseline of the same run, never a pass or fail."""
