import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import { createAdaptorServer } from "@hono/node-server"
import { createApp } from "./app.ts"
import { openCatalogStreams } from "./channels/live/index.ts"
import { createPassthrough } from "./channels/passthrough/index.ts"
import { openCatalog } from "./commerce/catalog/index.ts"
import { loadPricing } from "./commerce/pricing/index.ts"
import { loadRegions } from "./commerce/regions/index.ts"
import { loadStore } from "./commerce/store/index.ts"
import { loadTax } from "./commerce/tax/index.ts"
import type { Config } from "./config.ts"
import { loadPublishableKeys } from "./platform/auth/index.ts"
import { openChangeFeed } from "./platform/changes/index.ts"
import { openDatabase } from "./platform/db/index.ts"
import type { Log } from "./platform/log.ts"
import { createMetrics } from "./platform/observe/metrics.ts"

export interface OpenCounter {
  /** Where it listens, e.g. `http://127.0.0.1:9000`. */
  url: string
  /** Takes no more requests, answers those it has (for as long as the configuration allows), and lets go of all. */
  close(): Promise<void>
}

/**
 * Opens one counter process: its database pool, what it keeps in memory, and its HTTP server.
 *
 * @param databaseUrl  a migrated database
 */
export async function openCounter(config: Config, databaseUrl: string, log: Log): Promise<OpenCounter> {
  const database = openDatabase(databaseUrl, {
    connections: config.databaseConnections,
    statementSeconds: config.requestTimeoutSeconds,
  })
  const feed = await openChangeFeed(database, log)
  const passthrough = createPassthrough({
    medusaUrl: config.medusaUrl,
    client: config,
    timeoutSeconds: config.requestTimeoutSeconds,
    bodyLimitBytes: config.bodyLimitBytes,
    feed,
  })
  const [publishableKeys, regions, store, pricing, tax, catalog] = await Promise.all([
    loadPublishableKeys(database.db, feed),
    loadRegions(database.db, feed),
    loadStore(database.sql, feed),
    loadPricing(database.db, feed),
    loadTax(database.db, feed),
    openCatalog(database, feed, log, { cacheBytes: config.catalogCacheBytes, onBuilt: async () => {} }),
  ])
  const streams = openCatalogStreams(catalog, log, {
    most: config.liveStreams,
    heartbeatSeconds: config.liveHeartbeatSeconds,
  })
  const services = {
    ...{ config, log, metrics: createMetrics(), database, feed },
    ...{ publishableKeys, regions, store, pricing, tax, catalog, streams },
  }
  const app = createApp(services, passthrough)
  // The name stands for the Host that HTTP/1.0 need not send, as the checks of some balancers do not.
  const server = createAdaptorServer({ fetch: app.fetch, hostname: "localhost" }) as Server
  // Slow senders are cut off; how long an answer may take is a matter of its route.
  server.requestTimeout = Math.max(config.requestTimeoutSeconds, 300) * 1000
  server.headersTimeout = 30_000
  server.keepAliveTimeout = 65_000 // longer than load balancers keep idle connections, so that it is they who close

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(config.port, config.host, resolve)
  })
  const { address, port, family } = server.address() as AddressInfo

  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    async close() {
      // They would never end by themselves.
      streams.close()
      const drained = new Promise<void>((resolve) => server.close(() => resolve()))
      // A connection that has just had its last answer would be kept for the next request, which never comes.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      const late = setTimeout(() => server.closeAllConnections(), config.drainSeconds * 1000)
      await drained
      clearInterval(idle)
      clearTimeout(late)
      await feed.close()
      await catalog.close()
      await passthrough.close()
      await database.close()
    },
  }
}
