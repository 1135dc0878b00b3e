"""What the pages Home, Architectures and Help show."""
