"""Overview (总体概览), the big screen and free cross-cuts (多维度数据分析)."""
