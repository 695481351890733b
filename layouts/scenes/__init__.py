"""One scene of the wall a module; each offers SCENE."""
