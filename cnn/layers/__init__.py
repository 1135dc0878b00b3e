"""What happens inside a network: activations, kernels, the arithmetic of one unit, ablation. No TensorFlow.

May import `architectures`, `datasets`, `graph`, `metrics` and `zoo`.
"""
