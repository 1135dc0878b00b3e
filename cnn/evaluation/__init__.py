"""How good and how honest a network is: accuracy, calibration, robustness, out-of-distribution samples, cost.

May import `datasets`, `inference`, `media`, `metrics`, `perturbations` and `zoo`.
"""
