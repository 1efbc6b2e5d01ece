import path from "node:path"
import { defineConfig } from "@medusajs/framework/utils"
import { loadConfig } from "./src/config.ts"

const config = loadConfig()

/** Plugins of the shop, as Medusa takes them. Medusa's own `@medusajs/draft-order` is always there. */
const plugins: { resolve: string; options: Record<string, unknown> }[] = []

/** With Redis, several Medusa processes share events, workflows, locks and cache; without it there is one. */
const redisModules = config.redisUrl
  ? [
      { resolve: "@medusajs/medusa/event-bus-redis", options: { redisUrl: config.redisUrl } },
      { resolve: "@medusajs/medusa/workflow-engine-redis", options: { redis: { redisUrl: config.redisUrl } } },
      { resolve: "@medusajs/medusa/cache-redis", options: { redisUrl: config.redisUrl } },
      {
        resolve: "@medusajs/medusa/locking",
        options: {
          providers: [
            {
              resolve: "@medusajs/medusa/locking-redis",
              id: "locking-redis",
              is_default: true,
              options: { redisUrl: config.redisUrl },
            },
          ],
        },
      },
    ]
  : []

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
