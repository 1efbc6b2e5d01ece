import type { Server } from "node:http"
import type { AddressInfo } from "node:net"
import { createAdaptorServer } from "@hono/node-server"
import { createApp } from "./app.ts"
import { completeCart } from "./channels/hooks/complete.ts"
import {
  cartPositions,
  openCartStreams,
  openCatalogStreams,
  openOrderStreams,
  streamRoom,
} from "./channels/live/index.ts"
import { createPassthrough } from "./channels/passthrough/index.ts"
import { showsCarts } from "./channels/store/index.ts"
import { pruneOperations, tellForeignChanges } from "./commerce/carts/index.ts"
import { type OnBuilt, openCatalog } from "./commerce/catalog/index.ts"
import { loadChannels } from "./commerce/channels/index.ts"
import { keepHoldsReleased } from "./commerce/checkout/index.ts"
import { loadCurrencies } from "./commerce/currencies/index.ts"
import { followOrders, resumeCancellations } from "./commerce/orders/index.ts"
import { openPayments } from "./commerce/payments/index.ts"
import { loadPolicies } from "./commerce/policies/index.ts"
import { loadPricing } from "./commerce/pricing/index.ts"
import { loadPromotions } from "./commerce/promotions/index.ts"
import { loadRegions } from "./commerce/regions/index.ts"
import { tellHandOvers } from "./commerce/sales/index.ts"
import {
  connect,
  createSearchTokens,
  type MeilisearchSearch,
  markUnsent,
  openMeilisearch,
  openSearch,
  searchWriter,
} from "./commerce/search/index.ts"
import { loadShipping } from "./commerce/shipping/index.ts"
import { loadStore } from "./commerce/store/index.ts"
import { loadTax } from "./commerce/tax/index.ts"
import { loadCategories, loadCollections, loadTags, loadTypes } from "./commerce/taxonomy/index.ts"
import { openWebhooks } from "./commerce/webhooks/index.ts"
import type { Config } from "./config.ts"
import { countAttempts } from "./platform/attempts/index.ts"
import { pruneAudit } from "./platform/audit/index.ts"
import { loadPublishableKeys, signedLinks } from "./platform/auth/index.ts"
import { openChangeFeed } from "./platform/changes/index.ts"
import { openDatabase, openLockConnections, openPipelines } from "./platform/db/index.ts"
import { pruneEvents } from "./platform/events/index.ts"
import { pruneKeys } from "./platform/idempotency/index.ts"
import type { Log } from "./platform/log.ts"
import { createMetrics } from "./platform/observe/metrics.ts"
import { turns } from "./platform/turns.ts"

/** A shopper's devices, and those of who looks over his shoulder. */
const STREAMS_PER_ORDER = 20

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
  const pipelines = openPipelines(databaseUrl, {
    pool: database.sql,
    statementSeconds: config.requestTimeoutSeconds,
  })
  const locks = openLockConnections(databaseUrl, {
    connections: config.lockConnections,
    patience: 5_000,
    lockSeconds: Math.ceil(config.requestTimeoutSeconds / 2),
    drainSeconds: config.drainSeconds,
  })
  const feed = await openChangeFeed(database, log)
  const passthrough = createPassthrough({
    medusaUrl: config.medusaUrl,
    client: config,
    timeoutSeconds: config.requestTimeoutSeconds,
    bodyLimitBytes: config.bodyLimitBytes,
    feed,
  })
  const { db, sql } = database
  const [publishableKeys, channels, regions, currencies, categories, collections, tags, types] = await Promise.all([
    loadPublishableKeys(db, feed),
    loadChannels(sql, feed),
    loadRegions(db, feed),
    loadCurrencies(db, feed),
    loadCategories(db, feed),
    loadCollections(db, feed),
    loadTags(db, feed),
    loadTypes(db, feed),
  ])
  // Each index of the search is written with the documents that it is made from.
  const write = searchWriter([markUnsent])
  const onBuilt: OnBuilt = (tx, built) =>
    write(
      tx,
      built.map((it) => it.product_id),
    )
  const [store, policies, pricing, tax, shipping, promotions, catalog] = await Promise.all([
    loadStore(sql, feed),
    loadPolicies(sql, feed),
    loadPricing(db, feed),
    loadTax(db, feed),
    loadShipping(sql, feed),
    loadPromotions(sql, feed),
    openCatalog(database, feed, log, { cacheBytes: config.catalogCacheBytes, onBuilt }),
  ])
  const metrics = createMetrics()
  let meilisearch: MeilisearchSearch | undefined
  const at = config.meilisearch
  const search = await openSearch(database, feed, log, {
    catalog,
    write,
    meilisearch:
      at &&
      (async (settings) => {
        meilisearch = await openMeilisearch(database, log, at, settings, metrics.searchIndex)
        return meilisearch
      }),
  })
  const { liveStreams: most, liveStreamsPerAddress: perAddress, liveHeartbeatSeconds: heartbeatSeconds } = config
  const live = { room: streamRoom({ most, perAddress, perSubject: STREAMS_PER_ORDER }), heartbeatSeconds }
  const streams = openCatalogStreams(catalog, log, live)
  const orderStreams = openOrderStreams(sql, log, live)
  const positions = cartPositions(config.jwtSecret)
  const show = showsCarts({ database, pipelines, catalog, regions, currencies })
  const cartStreams = openCartStreams(sql, log, { ...live, positions, show })
  const foreign = tellForeignChanges(sql, log)
  const holds = keepHoldsReleased(sql, log)
  const listening = deferred<string>()
  const payments =
    config.stripe &&
    (await openPayments({
      ...{
        config: config.stripe,
        medusaUrl: config.medusaUrl,
        databaseUrl,
        sql,
        locks,
        documents: catalog.documents,
        log,
      },
      timeoutSeconds: config.requestTimeoutSeconds,
      complete: async (cartId) =>
        completeCart(
          {
            sql,
            publishableKeys,
            url: await listening.promise,
            jwtSecret: config.jwtSecret,
            timeoutSeconds: config.requestTimeoutSeconds,
          },
          cartId,
        ),
    }))
  const webhooks = await openWebhooks(databaseUrl, log, { reach: { loopback: !config.production } })
  const orders = await followOrders(database, feed, log, payments?.orderTold)
  const { medusaUrl, jwtSecret, requestTimeoutSeconds } = config
  const access = { medusaUrl, jwtSecret, timeoutSeconds: requestTimeoutSeconds }
  const cancellations = resumeCancellations({ sql, access, teller: orders }, locks, log)
  const handOvers = tellHandOvers({ sql, access }, locks, log)
  const services = {
    ...{ config, log, metrics, database, pipelines, locks, turns: turns(), feed, publishableKeys, channels },
    ...{
      regions,
      currencies,
      categories,
      collections,
      tags,
      types,
      store,
      pricing,
      tax,
      shipping,
      promotions,
      catalog,
    },
    ...{
      search,
      meilisearch,
      streams,
      orderStreams,
      cartStreams,
      cartPositions: positions,
      orders,
      payments,
      policies,
      webhooks,
    },
    orderLinks: signedLinks(config.jwtSecret, "order"),
    attempts: countAttempts(sql, config.jwtSecret),
    searchTokens: at && createSearchTokens(connect(at)),
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
  const pruning = [
    pruneKeys(database.sql, log),
    pruneEvents(database.sql, log),
    pruneAudit(database.sql, log),
    pruneOperations(database.sql, log),
  ]
  const { address, port, family } = server.address() as AddressInfo
  const url = `http://${family === "IPv6" ? `[${address}]` : address}:${port}`
  listening.resolve(url)

  return {
    url,
    async close() {
      // What they are at asks the server, which is still open.
      await payments?.close()
      // They would never end by themselves.
      streams.close()
      await orderStreams.close()
      await cartStreams.close()
      const drained = new Promise<void>((resolve) => server.close(() => resolve()))
      // A connection that has just had its last answer would be kept for the next request, which never comes.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      const late = setTimeout(() => server.closeAllConnections(), config.drainSeconds * 1000)
      await Promise.all([drained, webhooks.close()])
      clearInterval(idle)
      clearTimeout(late)
      await cancellations.close()
      await handOvers.close()
      // Medusa goes on with what it was asked for, whether the client waits for it or not.
      await locks.close()
      await pipelines.close()
      for (const it of pruning) await it.close()
      await holds.close()
      await foreign.close()
      await feed.close()
      await orders.close()
      await search.close()
      await catalog.close()
      await passthrough.close()
      await database.close()
    },
  }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
