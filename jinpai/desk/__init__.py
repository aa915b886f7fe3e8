"""工作台 desk: the site for owner, supervisor and agent, over the facts and the book of one workspace.

It shows and asks; it computes nothing: figures come from `report`, words from `render`. Pages are files in `pages`,
one each; which roles may open a page stands in it. Django is imported in its modules alone. Source: the page of the desk.
"""
