"""The server: one Dash application, its live stream and its safety."""
