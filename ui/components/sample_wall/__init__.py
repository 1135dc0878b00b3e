"""Pictures of a set, each with what it shows and what was answered; one may be chosen, to look into it."""
