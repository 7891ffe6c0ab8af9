"""What makes a bench worthless."""


class BenchError(Exception):
    """Something was not as it should be: figures of it would mean nothing."""
