"""What each architecture answers, side by side; the chosen one shows its ten bars."""
