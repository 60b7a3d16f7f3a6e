"""Drawing a share card, with Pillow alone. Runs in the sandbox's child, so imports nothing else.

``faces`` finds the fonts there are, ``composing`` turns words of any script into lines of them,
``drawing`` puts pictures and lines on paper.
"""
