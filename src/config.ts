import path from "node:path"
import { z } from "zod"

/** Secrets that anyone can read here: good enough for a laptop, refused when `NODE_ENV=production`. */
const DEVELOPMENT_SECRET = "mostrador-development-only"

const port = (fallback: number) =>
  z.coerce.number("must be a number").int("must be a whole number").min(1).max(65535).default(fallback)
const seconds = (fallback: number) =>
  z.coerce.number("must be a number of seconds").positive().max(86_400, "must be a day at most").default(fallback)
const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
    )
const flag = z.enum(["true", "false"], 'must be "true" or "false"').transform((value) => value === "true")

/** What the environment may say. The README's configuration table is this list, in this order. */
const Environment = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  HOST: z.string().optional(),
  PORT: port(9000),
  PUBLIC_URL: url("http:", "https:").optional(),
  MEDUSA_PORT: port(9001),
  MEDUSA_URL: url("http:", "https:").optional(),
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  DATABASE_CONNECTIONS: z.coerce.number("must be a number").int().min(1).max(500).default(10),
  LOCK_CONNECTIONS: z.coerce.number("must be a number").int().min(1).max(500).default(16),
  POSTGRES_PORT: port(9002),
  REDIS_URL: url("redis:", "rediss:").optional(),
  MEILI_URL: url("http:", "https:").optional(),
  MEILI_MASTER_KEY: z.string().min(16, "must have at least 16 characters, as Meilisearch asks for").optional(),
  MEILI_PUBLIC_URL: url("http:", "https:").optional(),
  MEILI_INDEX: z
    .string()
    .regex(/^[a-z0-9_-]{1,64}$/i, "may have letters, digits, - and _, 64 at most")
    .default("mostrador"),
  STRIPE_API_KEY: z
    .string()
    .regex(/^(sk|rk)_/, "must be a secret key: sk_... or rk_...")
    .optional(),
  STRIPE_WEBHOOK_SECRET: z.string().startsWith("whsec_", "must begin with whsec_").optional(),
  STRIPE_CAPTURE: z.enum(["manual", "automatic"]).default("manual"),
  STRIPE_API_URL: url("http:", "https:").optional(),
  DATA_DIR: z.string().default(".data"),
  DEMO_SHOP: flag.optional(),
  JWT_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  COOKIE_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  STORE_CORS: z.string().default("http://localhost:3000,http://localhost:8000"),
  ADMIN_CORS: z.string().default("http://localhost:5173,http://localhost:7001"),
  AUTH_CORS: z
    .string()
    .default("http://localhost:3000,http://localhost:5173,http://localhost:7001,http://localhost:8000"),
  TRUST_PROXY: flag.default(false),
  REQUEST_TIMEOUT_SECONDS: seconds(60),
  BODY_LIMIT_MB: z.coerce.number("must be a number of megabytes").positive().default(50),
  CATALOG_CACHE_MB: z.coerce.number("must be a number of megabytes").positive().default(48),
  LIVE_STREAMS: z.coerce.number("must be a number").int().min(1).max(100_000).default(2_000),
  LIVE_STREAMS_PER_ADDRESS: z.coerce.number("must be a number").int().min(1).max(100_000).default(500),
  LIVE_HEARTBEAT_SECONDS: seconds(15),
  HANDOFF_URL: url("http:", "https:").optional(),
  CART_ACCESS: z.enum(["owner", "id"]).default("owner"),
  CART_MERGE: z.enum(["sum", "maximum", "keep_newest", "off"]).default("sum"),
  HOLD_MINUTES: z.coerce.number("must be a number of minutes").min(0).max(1_440, "must be a day at most").default(10),
  DRAIN_SECONDS: seconds(20),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
})

/** Where Meilisearch is, and what opens it. The key never leaves the server. */
export interface MeilisearchConfig {
  /** No slash at the end. */
  url: string
  masterKey: string
  /** Where browsers reach it, if they do; no slash at the end. */
  publicUrl: string | undefined
  /** Before the names of all indexes, so that several shops can share one Meilisearch. */
  indexPrefix: string
}

/** How cards and wallets are paid with. */
export interface StripeConfig {
  apiKey: string
  /** Signs what Stripe tells `/hooks/stripe`. */
  webhookSecret: string
  /** Whether money is taken when the shopper pays, or when staff capture it. */
  capture: "manual" | "automatic"
  /** In the place of Stripe's own, for tests; no slash at the end. */
  apiUrl: string | undefined
}

/** The typed, validated configuration of one process. Durations carry their unit in the name. */
export interface Config {
  production: boolean
  host: string
  port: number
  /** Where browsers and devices reach the counter; no slash at the end. */
  publicUrl: string
  medusaPort: number
  /** Where the counter reaches Medusa; no slash at the end. */
  medusaUrl: string
  /** Absent: `npm start` runs a Postgres of its own in `dataDir`. */
  databaseUrl: string | undefined
  databaseConnections: number
  /** As many more at the most, each of which holds the locks of a request that Medusa answers. */
  lockConnections: number
  postgresPort: number
  redisUrl: string | undefined
  /** Absent: the search runs on Postgres. */
  meilisearch: MeilisearchConfig | undefined
  /** Absent: only offline payment is offered. */
  stripe: StripeConfig | undefined
  /** Absolute. Holds all that one machine keeps: Postgres, uploads, the built dashboard, logs. */
  dataDir: string
  /** Whether an empty database is filled with the demo shop. */
  demoShop: boolean
  jwtSecret: string
  cookieSecret: string
  cors: { store: string; admin: string; auth: string }
  /** Whether `X-Forwarded-*` of an incoming request are believed (a load balancer stands in front). */
  trustProxy: boolean
  requestTimeoutSeconds: number
  bodyLimitBytes: number
  /** Texts of product documents that a counter holds in memory; there they take about three times that. */
  catalogCacheBytes: number
  /** Streams of events that one counter holds open. */
  liveStreams: number
  /** Of them, for clients behind one address. */
  liveStreamsPerAddress: number
  liveHeartbeatSeconds: number
  /** How long the stock of a cart is held that is being paid; 0: not at all. */
  holdMinutes: number
  /** The page that a code to hand a cart over leads to. */
  handoffUrl: string
  /** To whom a cart answers that is a customer's: to him and whom he lets, or, as Medusa's, to whoever knows its id. */
  cartAccess: "owner" | "id"
  /** What becomes of lines that two carts of a customer both have; `off`: he may have many carts, as in Medusa. */
  cartMerge: "sum" | "maximum" | "keep_newest" | "off"
  drainSeconds: number
  logLevel: string
}

/** The environment is wrong. `problems` has one sentence for each variable that is. */
export class InvalidConfiguration extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`)
  }
}

/**
 * Reads the configuration from the environment: the only place that does.
 *
 * @param env  variables by name; one that is empty counts as not set
 * @throws InvalidConfiguration with every problem at once
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""))
  const parsed = Environment.safeParse(given)
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(
        (issue) => `${issue.path.join(".")}: ${issue.message}${shown(String(issue.path[0]), given)}`,
      )

  if (given.NODE_ENV === "production") {
    for (const name of ["JWT_SECRET", "COOKIE_SECRET"]) {
      if (!given[name] || given[name] === DEVELOPMENT_SECRET) {
        problems.push(
          `${name}: set a secret of your own, at least 16 characters long; production does not start on the default`,
        )
      }
    }
  }
  if (given.MEILI_URL && !given.MEILI_MASTER_KEY) {
    problems.push("MEILI_MASTER_KEY: set it too; with MEILI_URL alone the counter cannot write the index")
  }
  if (given.MEILI_MASTER_KEY && !given.MEILI_URL) {
    problems.push("MEILI_URL: set it too, or unset MEILI_MASTER_KEY to search with Postgres")
  }
  if (given.STRIPE_API_KEY && !given.STRIPE_WEBHOOK_SECRET) {
    problems.push(
      "STRIPE_WEBHOOK_SECRET: set it too; without what Stripe tells /hooks/stripe, who pays and does not come back has no order",
    )
  }
  if (!parsed.success || problems.length > 0) throw new InvalidConfiguration(problems)

  const it = parsed.data
  const ports = {
    PORT: it.PORT,
    MEDUSA_PORT: it.MEDUSA_PORT,
    ...(it.DATABASE_URL ? {} : { POSTGRES_PORT: it.POSTGRES_PORT }),
  }
  if (new Set(Object.values(ports)).size < Object.keys(ports).length) {
    const shown = Object.entries(ports).map(([name, value]) => `${name}=${value}`)
    throw new InvalidConfiguration([`${shown.join(", ")}: each needs a port of its own`])
  }

  const production = it.NODE_ENV === "production"
  return {
    production,
    host: it.HOST ?? (production ? "0.0.0.0" : "127.0.0.1"),
    port: it.PORT,
    publicUrl: withoutSlash(it.PUBLIC_URL ?? `http://localhost:${it.PORT}`),
    medusaPort: it.MEDUSA_PORT,
    medusaUrl: withoutSlash(it.MEDUSA_URL ?? `http://127.0.0.1:${it.MEDUSA_PORT}`),
    databaseUrl: it.DATABASE_URL,
    databaseConnections: it.DATABASE_CONNECTIONS,
    lockConnections: it.LOCK_CONNECTIONS,
    postgresPort: it.POSTGRES_PORT,
    redisUrl: it.REDIS_URL,
    meilisearch:
      it.MEILI_URL && it.MEILI_MASTER_KEY
        ? {
            url: withoutSlash(it.MEILI_URL),
            masterKey: it.MEILI_MASTER_KEY,
            publicUrl: it.MEILI_PUBLIC_URL && withoutSlash(it.MEILI_PUBLIC_URL),
            indexPrefix: it.MEILI_INDEX,
          }
        : undefined,
    stripe:
      it.STRIPE_API_KEY && it.STRIPE_WEBHOOK_SECRET
        ? {
            apiKey: it.STRIPE_API_KEY,
            webhookSecret: it.STRIPE_WEBHOOK_SECRET,
            capture: it.STRIPE_CAPTURE,
            apiUrl: it.STRIPE_API_URL && withoutSlash(it.STRIPE_API_URL),
          }
        : undefined,
    dataDir: path.resolve(it.DATA_DIR),
    demoShop: it.DEMO_SHOP ?? !production,
    jwtSecret: it.JWT_SECRET ?? DEVELOPMENT_SECRET,
    cookieSecret: it.COOKIE_SECRET ?? DEVELOPMENT_SECRET,
    cors: { store: it.STORE_CORS, admin: it.ADMIN_CORS, auth: it.AUTH_CORS },
    trustProxy: it.TRUST_PROXY,
    requestTimeoutSeconds: it.REQUEST_TIMEOUT_SECONDS,
    bodyLimitBytes: it.BODY_LIMIT_MB * 1024 * 1024,
    catalogCacheBytes: it.CATALOG_CACHE_MB * 1024 * 1024,
    liveStreams: it.LIVE_STREAMS,
    liveStreamsPerAddress: it.LIVE_STREAMS_PER_ADDRESS,
    liveHeartbeatSeconds: it.LIVE_HEARTBEAT_SECONDS,
    handoffUrl: it.HANDOFF_URL ?? `${withoutSlash(it.PUBLIC_URL ?? `http://localhost:${it.PORT}`)}/demo`,
    cartAccess: it.CART_ACCESS,
    cartMerge: it.CART_MERGE,
    holdMinutes: it.HOLD_MINUTES,
    drainSeconds: it.DRAIN_SECONDS,
    logLevel: it.LOG_LEVEL,
  }
}

/** What a child process of ours gets of our own environment, and `more`. */
export function inheritedEnvironment(more: Record<string, string>): Record<string, string | undefined> {
  return { ...process.env, ...more }
}

/** Whether npm runs us (`npm start`), rather than a person or a container. */
export const startedByNpm = () => process.env.npm_lifecycle_event !== undefined

/** The environment with which a child process of ours reads the same configuration again. */
export function childEnvironment(config: Config, databaseUrl: string): Record<string, string | undefined> {
  return inheritedEnvironment({
    // Said outright: `medusa start` takes production for granted otherwise.
    NODE_ENV: config.production ? "production" : "development",
    DATABASE_URL: databaseUrl,
    DATA_DIR: config.dataDir,
    PORT: String(config.port),
    PUBLIC_URL: config.publicUrl,
    MEDUSA_PORT: String(config.medusaPort),
    MEDUSA_DISABLE_TELEMETRY: "true",
    // Its own level for requests ("http") is below these: their lines have raw paths, queries and addresses in them.
    LOG_LEVEL: MEDUSA_LOG_LEVEL[config.logLevel] ?? "info",
  })
}

const withoutSlash = (value: string) => value.replace(/\/+$/, "")

/** Our levels in Medusa's (winston's) words; the others are "info" there. */
const MEDUSA_LOG_LEVEL: Record<string, string> = { warn: "warn", error: "error", silent: "error" }

/** These hold passwords, also where they are misspelt: they are never shown. */
const SECRET = new Set([
  ...["DATABASE_URL", "REDIS_URL", "MEILI_URL", "MEILI_MASTER_KEY", "JWT_SECRET", "COOKIE_SECRET"],
  ...["STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET"],
])

function shown(name: string, given: Record<string, string | undefined>): string {
  return SECRET.has(name) ? "" : ` (it is ${JSON.stringify(given[name])})`
}
