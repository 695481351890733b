"""The tables and the few verbs on them; the only room that speaks SQL."""
