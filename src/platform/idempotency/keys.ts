import type { ISql, ReservedSql, Sql, TransactionSql } from "postgres"
import { isForGood } from "../refused.ts"
import { seal, sealingKey, unseal } from "./seal.ts"

/** How long a key stands for its first answer. */
export const KEPT_HOURS = 24
/** Larger bodies are not kept. */
const MOST_BYTES = 1024 * 1024

/** A request that may come again under its key. */
export interface KeyedRequest {
  /** Within which the key is one's own, so that nobody gets another's answer. */
  scope: string
  key: string
  /** Of all that must be the same when the key comes again: what is asked, and by whom. */
  fingerprint: string
  /** What its answer is sealed with. */
  sealingKey: Buffer
}

/** @param secret  `JWT_SECRET` */
export const keyedRequest = (it: Omit<KeyedRequest, "sealingKey">, secret: string): KeyedRequest => ({
  ...it,
  sealingKey: sealingKey(secret, [it.scope, it.key, it.fingerprint]),
})

export interface KeptAnswer {
  status: number
  headers: [name: string, value: string][]
  body: Buffer
}

/** What is known of a key. */
export type Known =
  /** Nothing: the request may run, and the caller holds its lock. */
  | { is: "new" }
  /** It was answered. Without a body: that was too large to be kept, or is sealed with a secret that is no more. */
  | { is: "answered"; answer: Omit<KeptAnswer, "body"> & { body: Buffer | null } }
  /** The request with this key is running. */
  | { is: "running" }
  /** It was used for something else, or by somebody else. */
  | { is: "reused" }
  /** It was begun by a process that is no more, or whose end could not be seen: it may have taken effect or not. */
  | { is: "unknown" }

interface Row {
  fingerprint: string
  status: number | null
  headers: [string, string][] | null
  body: Buffer | null
}

/** As locks are named: one space for the whole database. */
export const lockName = ({ scope, key }: KeyedRequest) => `mostrador:idempotency:${scope}:${key}`

/**
 * For a lane that writes in one transaction: locks the key and looks it up. When it is new the lane does its work in the
 * same transaction, and then calls `finish` there.
 *
 * @returns what is known; only `new` may go on
 */
export async function begin(tx: TransactionSql, request: KeyedRequest): Promise<Known> {
  // Two statements in one round trip: the second sees what was committed until the first had the lock.
  const [[lock], rows] = await Promise.all([
    tx<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(hashtextextended(${lockName(request)}, 0)) as taken`,
    lookUp(tx, request),
  ])
  return lock?.taken ? knownFrom(rows[0], request) : { is: "running" }
}

/** The same on a connection that keeps the lock until it is let go of; see `once`. */
export async function beginOn(connection: ReservedSql, request: KeyedRequest): Promise<Known> {
  const [[lock], rows] = await Promise.all([
    connection<{ taken: boolean }[]>`select pg_try_advisory_lock(hashtextextended(${lockName(request)}, 0)) as taken`,
    lookUp(connection, request),
  ])
  return lock?.taken ? knownFrom(rows[0], request) : { is: "running" }
}

/** Whether a key stands for a request already: who comes with it again changes nothing by it. */
export const isUsed = async (sql: Sql, request: KeyedRequest): Promise<boolean> =>
  (await lookUp(sql, request)).length > 0

function lookUp(sql: ISql, { scope, key }: KeyedRequest) {
  return sql<Row[]>`
    select fingerprint, status, headers, body from mostrador.idempotency_key
    where scope = ${scope} and key = ${key} and started_at > now() - make_interval(hours => ${KEPT_HOURS})`
}

function knownFrom(row: Row | undefined, { fingerprint, sealingKey }: KeyedRequest): Known {
  if (!row) return { is: "new" }
  if (row.fingerprint !== fingerprint) return { is: "reused" }
  if (row.status === null) return { is: "unknown" }
  const body = row.body && (unseal(sealingKey, row.body) ?? null)
  return { is: "answered", answer: { status: row.status, headers: row.headers ?? [], body } }
}

/**
 * Keeps the answer of a request that `begin` has called new, if it is one to be kept: in the transaction that made the
 * change, so that there is never one without the other.
 *
 * @returns whether a retry will find it
 */
export async function finish(
  tx: TransactionSql | ReservedSql,
  { scope, key, fingerprint, sealingKey }: KeyedRequest,
  { status, headers, body }: KeptAnswer,
): Promise<boolean> {
  if (!isKept(status)) return false
  const fits = body.byteLength <= MOST_BYTES
  // What has changed something is known to have done so, even if its answer cannot be shown again.
  if (!fits && status >= 300) return false
  const sealed = fits ? seal(sealingKey, body) : null
  await (tx as ReservedSql)`
    insert into mostrador.idempotency_key (scope, key, fingerprint, status, headers, body)
    values (${scope}, ${key}, ${fingerprint}, ${status}, ${JSON.stringify(headers)}::text::jsonb, ${sealed})
    on conflict (scope, key) do update set fingerprint = excluded.fingerprint, started_at = excluded.started_at,
      status = excluded.status, headers = excluded.headers, body = excluded.body`
  return fits
}

/** Says, for all to see, that the request has begun. Needs its lock. */
export async function start(connection: ReservedSql, { scope, key, fingerprint }: KeyedRequest): Promise<void> {
  await connection`
    insert into mostrador.idempotency_key (scope, key, fingerprint) values (${scope}, ${key}, ${fingerprint})
    on conflict (scope, key) do update set fingerprint = excluded.fingerprint, started_at = excluded.started_at,
      status = null, headers = null, body = null`
}

/** Lets a key be used again: its request has done nothing. Needs its lock. */
export async function forget(connection: ReservedSql, { scope, key }: KeyedRequest): Promise<void> {
  await connection`delete from mostrador.idempotency_key where scope = ${scope} and key = ${key} and status is null`
}

/** A newer version may be asked for, or less. */
const MAY_CHANGE = [412, 413]

/** Of what is not final another try, a log-in or a newer version may make something else. */
const isKept = (status: number) => (status >= 200 && status < 300) || isForGood(status, MAY_CHANGE)
