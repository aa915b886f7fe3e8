"""对照计算 oracles: every metric once more, one loop after the other, for comparison with the program."""
