"""Questions of the screens, answered as frozen values."""
