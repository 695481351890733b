"""The parts that scenes of the wall are made of: head and foot, charts, lists, the stage."""
