import { setTimeout as wait } from "node:timers/promises"
import postgres from "postgres"
import { deliver, type EventBus, kindOf, type Logger } from "./delivery.ts"

const LOOK_MILLISECONDS = 100

interface Container {
  logger: Logger
  event_bus: EventBus
  configModule: { projectConfig: { databaseUrl: string; workerMode?: "server" | "worker" | "shared" } }
}

/**
 * A module of Medusa's that tells its event bus what the counter does, so that Medusa's subscribers hear of it as if
 * Medusa had done it: under the same names, with the same data. It runs while Medusa does, in every process that has
 * subscribers to run (not in one that executes a script or migrates, which Medusa marks as a `server`).
 *
 * The counter cannot do it itself: without Redis the event bus is the memory of Medusa's process.
 */
class CounterEvents {
  readonly __hooks: Record<string, () => Promise<void>>

  constructor({ logger, event_bus, configModule }: Container) {
    const { databaseUrl, workerMode } = configModule.projectConfig
    const closing = new AbortController()
    let delivering: Promise<void> | undefined
    this.__hooks = {
      onApplicationStart: async () => {
        if (workerMode !== "server") delivering = keepDelivering(databaseUrl, event_bus, logger, closing.signal)
      },
      onApplicationPrepareShutdown: async () => {
        closing.abort()
        await delivering
      },
    }
  }

  __joinerConfig() {
    return { serviceName: "mostrador_events", primaryKeys: [], linkableKeys: {}, alias: [] }
  }
}

/** Looks for what waits until it is told to stop, whatever happens; says so once when it begins to fail. */
async function keepDelivering(url: string, bus: EventBus, logger: Logger, signal: AbortSignal): Promise<void> {
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    connection: { application_name: "medusa-events", statement_timeout: 30_000 },
  })
  let isFailing = false
  while (!signal.aborted) {
    try {
      await deliver(sql, bus, logger)
      if (isFailing) logger.info("Medusa's subscribers are told of the counter's events again")
      isFailing = false
    } catch (error) {
      const reason = kindOf(error)
      if (!isFailing) logger.error(`Medusa's subscribers cannot be told of the counter's events (${reason}); going on`)
      isFailing = true
    }
    await wait(LOOK_MILLISECONDS, undefined, { signal }).catch(() => {})
  }
  await sql.end({ timeout: 5 })
}

export default { service: CounterEvents }
