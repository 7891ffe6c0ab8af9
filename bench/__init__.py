"""The benchmark suite: seeds a database of a given size, measures, prints ratios."""
