"""关注点与异议 topics: what buyers ask and object to, taught labels, and what the product page should say.

Source: the inspection contract, §4.
"""
