"""What happens inside a network: activations, kernels, the arithmetic of one unit, ablation. No TensorFlow.

May import `architectures`, `atomic_files`, `datasets`, `graph`, `metrics` and `zoo`.
"""
