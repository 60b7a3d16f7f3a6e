"""Finding anything public on the whole site by its words.

Triggers note what changed (``models``), a job reads it anew within seconds (``indexing``), and a
query looks terms up (``seeking``). The index proposes, and what a visitor may see is asked of the
things themselves (``visible``): an index that is behind shows too little, never too much.

Stands above every domain that can be found; none of them knows of it.
"""
