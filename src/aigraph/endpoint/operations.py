"""`/health`, `/ready`, `/metrics`: for what watches over the service."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app, request

from aigraph.endpoint.metrics import CONTENT_TYPE, Metrics
from aigraph.endpoint.requests import AS_DATA
from aigraph.endpoint.service import service
from aigraph.errors import QueryBusy
from aigraph.store import QueryPool

METRICS = "aigraph-metrics"
blueprint = Blueprint("operations", __name__)


@blueprint.get("/health")
def health() -> Response:
    """That the process answers; it is to be started again where this fails."""
    return _told({"status": "ok"})


@blueprint.get("/ready")
def ready() -> Response:
    """That queries are answered: a snapshot can be read, a worker has started, and nobody has asked to stop."""
    request.environ[AS_DATA] = True
    served = service()
    if served.stopping.is_set():
        raise QueryBusy("The service is stopping.", limit="stopping", retry_after=10)
    snapshot = served.pool.snapshot()
    if isinstance(served.pool, QueryPool) and not served.pool.started():
        raise QueryBusy("No query worker has started yet.", limit="workers", retry_after=1)
    return _told({"status": "ok", "snapshot": snapshot.id, "generation": snapshot.generation, "quads": snapshot.quads})


@blueprint.get("/metrics")
def metrics() -> Response:
    """The figures of this service in the text format of Prometheus."""
    found: Metrics = current_app.extensions[METRICS]
    return Response(found.text(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _told(content: dict[str, object]) -> Response:
    response = Response(json.dumps(content) + "\n", mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
