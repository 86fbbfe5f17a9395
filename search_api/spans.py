"""Traces for OpenTelemetry: a span for each request and each stage of it, never what was asked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from search_api.errors import TracesUnavailable
from search_api.trace import Trace

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

# Which trace a request belongs to; whoever stands before this server says so.
_CARRIED = frozenset({"traceparent", "tracestate"})


class Spans:
    """Hands the spans of finished requests to an exporter, in batches, beside the answering."""

    def __init__(self, exporter: SpanExporter) -> None:
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "kehoach"}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("kehoach")

    @classmethod
    def to(cls, url: str) -> Spans:
        """Return spans sent by OTLP over HTTP to `url`; raise TracesUnavailable."""
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        except ImportError as error:
            raise TracesUnavailable from error
        return cls(OTLPSpanExporter(endpoint=url))

    def record(
        self, method: str, route: str, status: int, headers: Mapping[str, str], trace: Trace
    ) -> None:
        """Take down one finished request: its route, how it ended, and what it went through."""
        from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        to_epoch = time.time_ns() - time.perf_counter_ns()
        carried = {name: value for name, value in headers.items() if name in _CARRIED}
        request = self._tracer.start_span(
            f"{method} {route}",
            TraceContextTextMapPropagator().extract(carried),
            SpanKind.SERVER,
            {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": status,
                **({"kehoach.status": trace.status} if trace.status else {}),
                **({"kehoach.reason": trace.reason} if trace.reason else {}),
            },
            start_time=trace.began_ns + to_epoch,
        )
        around: dict[int, Span] = {-1: request}
        # A stage is noted when it ends, so those inside it stand before it.
        for stage in reversed(trace.stages):
            span = around[stage.depth] = self._tracer.start_span(
                stage.name,
                set_span_in_context(around[stage.depth - 1]),
                start_time=stage.began_ns + to_epoch,
            )
            span.end(stage.ended_ns + to_epoch)
        if status >= 500:
            request.set_status(Status(StatusCode.ERROR))
        request.end()

    def flush(self) -> None:
        """Hand over what is left."""
        self._provider.force_flush()
