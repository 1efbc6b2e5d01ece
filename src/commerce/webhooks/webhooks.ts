import { randomUUID } from "node:crypto"
import { setMaxListeners } from "node:events"
import { openDatabase } from "../../platform/db/index.ts"
import { newId } from "../../platform/ids.ts"
import type { Log } from "../../platform/log.ts"
import { repeat } from "../../platform/repeat.ts"
import { checkUrl } from "./addresses.ts"
import { readAddress } from "./endpoints.ts"
import { openFollower } from "./follow.ts"
import { DEFAULTS, type WebhookOptions } from "./options.ts"
import { pruneDeliveries } from "./prune.ts"
import { replaySome } from "./replay.ts"
import { type Attempt, openSender } from "./sending.ts"
import { takeTurns } from "./turn.ts"
import { workFor } from "./work.ts"

/** Tells integrators of what happens: one process's part of it, of any number. */
export interface Webhooks {
  /**
   * Looks at a URL before it is registered.
   *
   * @returns it in its normal form
   * @throws Unreachable when it must not, or cannot, be called
   */
  checkUrl(url: string): Promise<string>
  /** Sends a `webhook.test` at once, and once. @returns what came of it; undefined when there is no such endpoint */
  test(endpointId: string): Promise<Attempt | undefined>
  /** Begins nothing more; what is on its way has a few seconds, and is sent again later if it needs longer. */
  close(): Promise<void>
}

/** Its own, so that shoppers wait for none of them. */
const CONNECTIONS = 2
/** Who was away for days has millions of deliveries to make in one statement. */
const STATEMENT_SECONDS = 600
const PRUNE_SECONDS = 600

/** Begins to follow the event log and to send what endpoints want of it. */
export async function openWebhooks(
  databaseUrl: string,
  log: Log,
  given: Pick<WebhookOptions, "reach"> & Partial<WebhookOptions>,
): Promise<Webhooks> {
  const options = { ...DEFAULTS, ...given }
  const { reach, timeoutSeconds, turnSeconds, lookMilliseconds, drainSeconds } = options
  const database = openDatabase(databaseUrl, { connections: CONNECTIONS, statementSeconds: STATEMENT_SECONDS })
  const { sql } = database
  const follower = await openFollower(sql)
  const sender = openSender({ reach, timeoutSeconds })
  const closing = new AbortController()
  const ended = new AbortController()
  // One for each request that is on its way, however many these are.
  setMaxListeners(0, ended.signal)
  const working = { sql, log, sender, options, closing: closing.signal, ended: ended.signal }
  // The process's number is for people who look into the table.
  const by = `${process.pid}-${randomUUID()}`
  const active = new Map<string, Promise<void>>()

  /** Each endpoint's work goes on by itself: one that is slow keeps no other waiting. */
  function work(endpointId: string): void {
    const done = workFor(working, { endpointId, by, seconds: turnSeconds })
      .catch((err) =>
        log.error({ err, endpoint_id: endpointId }, "a webhook's endpoint could not be dealt with; going on"),
      )
      .finally(() => active.delete(endpointId))
    active.set(endpointId, done)
  }

  const looking = repeat(
    async () => {
      const { wasLost } = await follower.follow()
      if (wasLost)
        log.error("webhooks have lost their place in the event log (a database put back?): replay what is missing")
      for (const id of await takeTurns(sql, by, turnSeconds, [...active.keys()])) work(id)
    },
    { every: lookMilliseconds, first: 0, log, failing: "webhooks cannot be sent" },
  )
  // Apart, since to look up a month takes longer than others may wait.
  const replaying = repeat(
    async (signal) => {
      while (!signal.aborted && (await replaySome(sql)));
    },
    { every: lookMilliseconds, log, failing: "events cannot be replayed to webhooks" },
  )
  const pruning = repeat((signal) => pruneDeliveries(sql, signal), {
    ...{ every: PRUNE_SECONDS * 1000, first: 60_000, log, failing: "old deliveries of webhooks cannot be deleted" },
  })

  return {
    checkUrl: (url) => checkUrl(url, reach),
    async test(endpointId) {
      const address = await readAddress(sql, endpointId)
      return address && (await sender.send({ ...address, ...testMessage(endpointId) }))
    },
    async close() {
      closing.abort()
      await Promise.all([looking.close(), replaying.close(), pruning.close()])
      const late = setTimeout(() => ended.abort(), drainSeconds * 1000)
      await Promise.all(active.values())
      clearTimeout(late)
      await sender.close()
      await database.close()
    },
  }
}

function testMessage(endpointId: string) {
  const id = newId("evt")
  const subject = { type: "webhook_endpoint", id: endpointId }
  const data = {
    id,
    subject,
    version: null,
    channel: null,
    channel_id: null,
    actor: { type: "system", id: null },
    device: null,
  }
  const message = { type: "webhook.test", timestamp: new Date().toISOString(), data }
  return { id, body: JSON.stringify({ ...message, data: { ...data, before: null, after: null } }) }
}
