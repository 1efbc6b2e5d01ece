import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client"

/** Prometheus metrics of one process. */
export interface Metrics {
  /** One answered request; `seconds` until the last byte of its answer. */
  answered(labels: { method: string; route: string; way: string; status: number }, seconds: number): void
  /** Text in Prometheus's exposition format, and its content type. */
  text(): Promise<{ body: string; contentType: string }>
}

/** @param build  labels of the gauge `mostrador_build_info` */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: "mostrador_http_request_duration_seconds",
    help: "Time from a request's first byte to its answer's last, by route and by way (lane, passthrough, own).",
    labelNames: ["method", "route", "way", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  })
  const requests = new Counter({
    name: "mostrador_http_requests_total",
    help: "Requests answered, by way (lane, passthrough, own) and status class.",
    labelNames: ["way", "class"],
    registers: [registry],
  })
  return {
    answered({ method, route, way, status }, seconds) {
      duration.observe({ method, route, way, status }, seconds)
      requests.inc({ way, class: `${Math.floor(status / 100)}xx` })
    },
    async text() {
      return { body: await registry.metrics(), contentType: registry.contentType }
    },
  }
}
