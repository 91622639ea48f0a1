"""The shop's pages, as JSON."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

from shop.basket import Basket, UnknownGood
from shop.goods import GOODS
from shop.money import euros
from shop.search import INDEX


def create_app() -> Flask:
    app = Flask("shop")
    baskets: dict[str, Basket] = {}

    @app.get("/goods")
    def goods() -> Response:
        return jsonify([{"code": g.code, "name": g.name, "price": euros(g.cents)} for g in GOODS.values()])

    @app.get("/search")
    def search() -> Response:
        return jsonify([good.code for good in INDEX.find(request.args.get("q", ""))])

    @app.get("/basket/<customer>")
    def basket(customer: str) -> Response:
        return jsonify(shown(baskets.get(customer, Basket())))

    @app.post("/basket/<customer>")
    def put(customer: str) -> Response:
        wish = request.get_json()
        chosen = baskets.setdefault(customer, Basket())
        chosen.put(wish["code"], int(wish.get("count", 1)))
        return jsonify(shown(chosen))

    @app.post("/checkout/<customer>")
    def checkout(customer: str) -> tuple[Response, int]:
        paid = baskets.pop(customer, Basket())
        if not paid.pieces:
            return jsonify({"error": "the basket is empty"}), 409
        return jsonify({"paid": euros(paid.total)}), 200

    @app.errorhandler(UnknownGood)
    def unknown(error: UnknownGood) -> tuple[Response, int]:
        return jsonify({"error": f"no such good: {error}"}), 404

    @app.errorhandler(ValueError)
    def wrong(error: ValueError) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    return app


def shown(basket: Basket) -> dict[str, Any]:
    return {"pieces": basket.pieces, "total": euros(basket.total)}
