"""The blueprint that every module of this surface adds its routes to."""

from flask import Blueprint

blueprint = Blueprint("console", __name__, url_prefix="/console")
