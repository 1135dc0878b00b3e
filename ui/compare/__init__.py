"""What the pages Compare and Robustness compute and show."""
