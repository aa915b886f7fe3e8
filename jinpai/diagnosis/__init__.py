"""诊断 diagnosis: why conversion is low, whose it is, how many yuan, and what to do first; pure functions over one sample."""
