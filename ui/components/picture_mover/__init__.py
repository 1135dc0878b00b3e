"""Pictures of a class that are dragged into another one, or sent there with the keyboard."""
