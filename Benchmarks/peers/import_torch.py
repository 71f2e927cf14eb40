"""How long a process takes that only imports PyTorch; timed from outside."""
import torch  # noqa: F401
