import { randomUUID } from "node:crypto"
import type { Sql, TransactionSql } from "postgres"
import { type BusMessage, busMessages, type MedusaMessage } from "./messages.ts"

/** What we need of Medusa's event bus, the one in memory and the one in Redis. */
export interface EventBus {
  /** Messages with an `eventGroupId` are kept until their group is released. */
  emit(messages: Omit<BusMessage, "isInternal">[], options?: { internal?: boolean }): Promise<void>
  releaseGroupedEvents(eventGroupId: string): Promise<void>
  clearGroupedEvents(eventGroupId: string): Promise<void>
  /** Redis only: what is kept of a group. */
  getGroupedEvents?(eventGroupId: string): Promise<unknown[]>
}

/** Medusa's logger, as far as we use it. */
export interface Logger {
  info(message: string): void
  error(message: string): void
}

/** A row of `mostrador.medusa_outbox`. */
interface Waiting {
  /** As text: it has 64 bits. */
  position: string
  event_id: string
  subject_id: string
  messages: MedusaMessage[]
  refusals: number
  /** Not one that was refused a moment ago. */
  is_due: boolean
}

/** So many events in one transaction, and between two looks. */
const BATCH = 200
const MOST_REFUSALS = 8
const EMIT_SECONDS = 10

/**
 * Tells Medusa's event bus what waits for it, in the order of the events, and takes that out of the outbox in one
 * transaction: who is killed in between tells it once more. Of many processes one at a time has the turn, which is what
 * keeps the events of a subject in order.
 *
 * An event that the bus refuses while it takes others holds up the later ones of its subject only; it is tried again with
 * growing waits, for some four minutes in all, and then given up. When the bus takes nothing, nothing is given up.
 *
 * @returns how many events were told; none while another process has the turn
 * @throws what the bus says when it takes nothing; what was told before is out of the outbox then
 */
export async function deliver(sql: Sql, bus: EventBus, logger: Logger): Promise<number> {
  // By the key, and not `exists`, which would read every row that was deleted since the last vacuum.
  const look = await sql`
    select from mostrador.medusa_outbox where given_up_at is null order by position limit 1`
  if (look.length === 0) return 0
  const ended = new AbortController()
  try {
    const { told, failure } = await sql.begin((tx) => tellSome(tx, bus, logger, ended.signal))
    if (failure) throw failure.reason
    return told
  } finally {
    ended.abort()
  }
}

/** @param ended  aborted when the transaction is over, though its work goes on: another may have the turn by then */
async function tellSome(
  tx: TransactionSql,
  bus: EventBus,
  logger: Logger,
  ended: AbortSignal,
): Promise<{ told: number; failure?: { reason: unknown } }> {
  const [turn] = await tx`select pg_try_advisory_xact_lock(hashtextextended('mostrador:medusa-outbox', 0)) as taken`
  if (!turn?.taken) return { told: 0 }
  const waiting = await tx<Waiting[]>`
    select position::text as position, event_id, subject_id, messages, refusals,
      coalesce(retry_at <= now(), true) as is_due
    from mostrador.medusa_outbox where given_up_at is null order by medusa_outbox.position limit ${BATCH}`
  const told: string[] = []
  const heldUp = new Set<string>()
  let failure: { reason: unknown } | undefined
  for (const event of waiting) {
    ended.throwIfAborted()
    if (heldUp.has(event.subject_id)) continue
    const refusal = event.is_due ? await tell(bus, event) : undefined
    if (event.is_due && !refusal) {
      told.push(event.position)
      continue
    }
    heldUp.add(event.subject_id)
    if (!refusal) continue
    if (!(await takesAnything(bus))) {
      failure = refusal
      break
    }
    await noteRefusal(tx, event, refusal.reason, logger)
  }
  if (told.length > 0) await tx`delete from mostrador.medusa_outbox where position = any(${told}::bigint[])`
  return { told: told.length, ...(failure ? { failure } : {}) }
}

/** @returns why the bus refuses it; undefined when it is told */
async function tell(bus: EventBus, { event_id, messages }: Waiting): Promise<{ reason: unknown } | undefined> {
  // The same however often it is told, so that who hears it twice can tell.
  const group = event_id.replace(/^evt_/, "")
  try {
    const spelt = messages.flatMap((it) => busMessages(it, group))
    await inTime(async (late) => {
      await keep(bus, group, spelt, late)
      await bus.releaseGroupedEvents(group)
    })
  } catch (reason) {
    return { reason }
  }
}

/** Whether the bus takes anything at all: what is kept and never released reaches Redis, and nobody else. */
async function takesAnything(bus: EventBus): Promise<boolean> {
  const group = `mostrador-${randomUUID()}`
  const asked = { name: "mostrador.event_bus_asked", data: {}, metadata: { eventGroupId: group }, isInternal: true }
  const ask = inTime(async (late) => {
    await keep(bus, group, [asked], late)
    await bus.clearGroupedEvents(group)
  })
  return await ask.then(
    () => true,
    () => false,
  )
}

/** @throws Error also when Redis refuses and Medusa's bus does not say so: it looks at no answer to what it keeps */
async function keep(bus: EventBus, group: string, messages: readonly BusMessage[], late: AbortSignal): Promise<void> {
  // What a process that was killed has left there.
  await bus.clearGroupedEvents(group)
  for (const run of runs(messages)) {
    late.throwIfAborted()
    await emit(bus, run)
  }
  late.throwIfAborted()
  const kept = await bus.getGroupedEvents?.(group)
  if (kept && kept.length < messages.length) throw new Error("the event bus has not kept what it was given")
  late.throwIfAborted()
}

/** Whether messages are a module's is said of all that are emitted at once: the bus in memory looks nowhere else. */
function emit(bus: EventBus, messages: BusMessage[]): Promise<void> {
  const isInternal = messages[0]?.isInternal ?? false
  const sent = messages.map(({ name, data, metadata }) => ({ name, data, metadata }))
  return bus.emit(sent, isInternal ? { internal: true } : {})
}

/** Neighbours that may be emitted at once. */
function runs(messages: readonly BusMessage[]): BusMessage[][] {
  const found: BusMessage[][] = []
  for (const message of messages) {
    const last = found.at(-1)
    if (last && last[0]?.isInternal === message.isInternal) last.push(message)
    else found.push([message])
  }
  return found
}

/**
 * A Redis that is away keeps its callers waiting instead of failing; the transaction must not wait with them.
 *
 * @param work  stops at its next step when it is late, or it would go on when Redis is back, beside those that came after
 */
async function inTime(work: (late: AbortSignal) => Promise<void>): Promise<void> {
  const lateness = new AbortController()
  const { signal } = lateness
  const reason = new Error(`no answer within ${EMIT_SECONDS} seconds`)
  const timer = setTimeout(() => lateness.abort(reason), EMIT_SECONDS * 1000)
  const deadline = new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
  await Promise.race([work(signal), deadline]).finally(() => clearTimeout(timer))
}

async function noteRefusal(tx: TransactionSql, event: Waiting, reason: unknown, logger: Logger): Promise<void> {
  const { position, event_id } = event
  const refusals = event.refusals + 1
  if (refusals < MOST_REFUSALS) {
    await tx`
      update mostrador.medusa_outbox
      set refusals = ${refusals}, retry_at = now() + 2 ^ ${refusals}::float8 * interval '1 second'
      where position = ${position}::bigint`
    return
  }
  await tx`
    update mostrador.medusa_outbox set refusals = ${refusals}, given_up_at = now() where position = ${position}::bigint`
  logger.error(`Medusa's subscribers are not told of event ${event_id}: its event bus refuses it (${kindOf(reason)})`)
}

/** What went wrong, without what it went wrong with: messages of errors may quote data. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { code } = error as { code?: unknown }
  return typeof code === "string" ? `${error.name} ${code}` : error.name
}
