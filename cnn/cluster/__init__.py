"""Answers of very many photos, on several machines, with Ray Data; an optional requirement. No TensorFlow.

May import `inference`, `shelf` and `zoo`.
"""

from cnn.cluster.predict_photos import ClusterAnswers, predict_on_cluster

__all__ = ["ClusterAnswers", "predict_on_cluster"]
