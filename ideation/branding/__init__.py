"""How an instance is made one's own by a few settings, without touching a stylesheet.

An accent must be readable wherever words stand on it, by day and by night; a logo is encoded anew
like every stranger's picture; letters are a short list of stacks that need no download. Reading is
``core.identity``, so that mail and feeds have it too; here it is checked, changed and drawn.
"""
