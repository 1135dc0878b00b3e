"""Networks side by side on one input: what each was shown, what it answers, where it looked, on one scale."""
