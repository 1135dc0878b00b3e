"""How good and how honest a network is: accuracy, calibration, robustness, out-of-distribution samples, cost.

May import `inference`, `datasets`, `zoo`, `metrics`, `media` and `perturbations`.
"""
