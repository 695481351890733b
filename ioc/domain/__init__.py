"""What the field knows: indicators, units, periods, measures, targets; pure, no input or output."""
