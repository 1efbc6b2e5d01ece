import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client"

/** An answered request, as it is counted. */
export interface Answered {
  method: string
  /** Its pattern. */
  route: string
  way: string
  status: number
}

/** Prometheus metrics of one process. */
export interface Metrics {
  /** One answered request; `seconds` until the last byte of its answer. */
  answered(labels: Answered, seconds: number): void
  /** A stream of events is open: for how long says nothing of how fast it was. @returns what to call at its end */
  streamed(labels: Answered): () => void
  /** What came of bringing the search index up to date. */
  searchIndex(event: { written: number; deleted: number } | { failed: string } | { behind: number }): void
  /**
   * Numbers by state, asked for when somebody looks. When they cannot be told they are left out, and all others are told.
   *
   * @param name  with the prefix
   */
  watch(name: string, help: string, read: () => Promise<Record<string, number>>): void
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
  const indexed = new Counter({
    name: "mostrador_search_index_documents_total",
    help: "Documents that Meilisearch has taken, by what was done with them.",
    labelNames: ["done"],
    registers: [registry],
  })
  const indexFailures = new Counter({
    name: "mostrador_search_index_failures_total",
    help: "Times that Meilisearch could not be brought up to date; each is tried again.",
    registers: [registry],
  })
  const behind = new Gauge({
    name: "mostrador_search_index_behind",
    help: "Products that have changed and that Meilisearch does not have yet.",
    registers: [registry],
  })
  const streams = new Gauge({
    name: "mostrador_event_streams_open",
    help: "Streams of events that are open now.",
    registers: [registry],
  })
  const count = ({ way, status }: Answered) => requests.inc({ way, class: `${Math.floor(status / 100)}xx` })
  return {
    searchIndex(event) {
      if ("failed" in event) indexFailures.inc()
      else if ("behind" in event) behind.set(event.behind)
      else {
        indexed.inc({ done: "written" }, event.written)
        indexed.inc({ done: "deleted" }, event.deleted)
      }
    },
    answered(labels, seconds) {
      duration.observe({ ...labels }, seconds)
      count(labels)
    },
    streamed(labels) {
      count(labels)
      streams.inc()
      return () => streams.dec()
    },
    watch(name, help, read) {
      new Gauge({
        name,
        help,
        labelNames: ["state"],
        registers: [registry],
        async collect() {
          const numbers = await read().catch(() => ({}))
          this.reset()
          for (const [state, value] of Object.entries(numbers)) this.set({ state }, value)
        },
      })
    },
    async text() {
      return { body: await registry.metrics(), contentType: registry.contentType }
    },
  }
}
