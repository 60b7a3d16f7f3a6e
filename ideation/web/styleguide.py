"""The style guide: every token and every part of the house, alive, in the look that is in force."""

from flask import render_template

from ideation.accounts.grants import Permission
from ideation.web.blueprint import blueprint
from ideation.http.guards import who


@blueprint.get("/styleguide")
@who(Permission.OPERATE)
def styleguide() -> str:
    """One page; language and light are the reader's, as everywhere."""
    return render_template("web/styleguide/styleguide.html")
