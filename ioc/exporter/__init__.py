"""Makes what people export: takes wishes from the queue, loads, draws, checks, keeps."""
