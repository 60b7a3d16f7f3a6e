"""The blueprint that every module of this surface adds its routes to."""

from flask import Blueprint

blueprint = Blueprint("web", __name__)
