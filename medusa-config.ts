import path from "node:path"
import { defineConfig } from "@medusajs/framework/utils"
import { loadConfig } from "./src/config.ts"

const config = loadConfig()

/** Plugins of the shop, as Medusa takes them. Medusa's own `@medusajs/draft-order` is always there. */
const plugins: { resolve: string; options: Record<string, unknown> }[] = []

/** With Redis, several Medusa processes share events, workflows and cache; without it there is one. */
const redisModules = config.redisUrl
  ? [
      { resolve: "@medusajs/medusa/event-bus-redis", options: { redisUrl: config.redisUrl } },
      { resolve: "@medusajs/medusa/workflow-engine-redis", options: { redis: { redisUrl: config.redisUrl } } },
      { resolve: "@medusajs/medusa/cache-redis", options: { redisUrl: config.redisUrl } },
    ]
  : []

/**
 * Medusa's locks, in Postgres with and without Redis: the counter reserves stock on the same rows and sees neither
 * Medusa's memory nor Redis. Without a lock that both take, what one reserves the other may erase (issue 16569).
 */
const locking = {
  resolve: "@medusajs/medusa/locking",
  options: {
    providers: [
      { resolve: path.join(import.meta.dirname, "src/medusa/locks/index.ts"), id: "mostrador-locks", is_default: true },
    ],
  },
}

/** Cards and wallets, as Medusa takes them; the offline provider is always there. */
const payment = config.stripe && {
  resolve: "@medusajs/medusa/payment",
  options: {
    providers: [
      {
        resolve: path.join(import.meta.dirname, "src/medusa/stripe/index.ts"),
        id: "stripe",
        options: {
          apiKey: config.stripe.apiKey,
          webhookSecret: config.stripe.webhookSecret,
          capture: config.stripe.capture === "automatic",
          apiUrl: config.stripe.apiUrl,
        },
      },
    ],
  },
}

/** Tells Medusa's subscribers what the counter does. */
const counterEvents = { resolve: path.join(import.meta.dirname, "src/medusa/events/index.ts") }

export default defineConfig({
  projectConfig: {
    databaseUrl: config.databaseUrl,
    redisUrl: config.redisUrl,
    http: {
      storeCors: config.cors.store,
      adminCors: config.cors.admin,
      authCors: config.cors.auth,
      jwtSecret: config.jwtSecret,
      cookieSecret: config.cookieSecret,
    },
  },
  // The counter serves the built dashboard under /app (see src/medusa/dashboard.ts), so Medusa need not.
  admin: { disable: true },
  plugins,
  modules: [
    ...redisModules,
    locking,
    counterEvents,
    ...(payment ? [payment] : []),
    {
      resolve: "@medusajs/medusa/file",
      options: {
        providers: [
          {
            resolve: "@medusajs/medusa/file-local",
            id: "local",
            options: {
              upload_dir: path.join(config.dataDir, "static"),
              private_upload_dir: path.join(config.dataDir, "private"),
              backend_url: `${config.publicUrl}/static`,
            },
          },
        ],
      },
    },
  ],
})
