"""A corner shop over HTTP."""

from shop.web import create_app

__all__ = ["create_app"]
