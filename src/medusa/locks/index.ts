import postgres, { type Sql } from "postgres"
import { lockKeys } from "./keys.ts"

/** Connections for locks that are held or waited for; work that is locked runs on Medusa's own. */
const CONNECTIONS = 10
/** How long Medusa's providers wait for a lock unless they are told otherwise. */
const WAIT_SECONDS = 5

type Keys = string | string[]

interface Owner {
  ownerId?: string | null
  /** Seconds. */
  expire?: number
}

/**
 * Medusa's locks in Postgres, where the counter sees them: Medusa writes `reserved_quantity` as what it has read plus what
 * it adds, and only its lock by inventory item keeps that from erasing what somebody else has reserved meanwhile
 * (medusajs/medusa issue 16569). `Inventory` takes the same advisory locks.
 *
 * Runs inside Medusa. Its contract is that of Medusa's `ILockingProvider`; `@medusajs/locking-postgres` 2.21 keeps the same
 * locks, but
 * - a lock that is held for somebody who was killed is never free again: `acquire` looks at `expiration` for its owner only,
 *   and carts are locked without one;
 * - two who `acquire` a free key at the same moment both get it, when neither has a name;
 * - `execute` waits for its locks on the connections that the work of those who have them needs: as many buyers of one
 *   item as the pool is large stand still until the pool gives up;
 * - `execute` takes its keys in any order, which deadlocks.
 */
class PostgresLocks {
  static identifier = "mostrador-locks"
  readonly #sql: Sql

  constructor({ configModule }: { configModule: { projectConfig: { databaseUrl: string } } }) {
    this.#sql = postgres(configModule.projectConfig.databaseUrl, {
      max: CONNECTIONS,
      idle_timeout: 20,
      onnotice: () => {},
      connection: { application_name: "medusa-locks" },
    })
  }

  /** Does the work while it holds the keys, and lets go of them whatever becomes of it, or of this process. */
  async execute<T>(keys: Keys, job: () => Promise<T>, args?: { timeout?: number }): Promise<T> {
    const milliseconds = Math.max(args?.timeout ?? WAIT_SECONDS, 1) * 1000
    // In an object: postgres.js would wait for the parts of an array.
    const { result } = await this.#sql.begin(async (tx) => {
      await tx`select set_config('lock_timeout', ${String(milliseconds)}, true)`
      await tx`select pg_advisory_xact_lock(key) from unnest(${lockKeys([keys].flat())}::bigint[]) key`.catch(timedOut)
      return { result: await job() }
    })
    return result as T
  }

  /** @throws Error when somebody else has one of the keys; then none is taken */
  async acquire(keys: Keys, { ownerId, expire }: Owner = {}): Promise<void> {
    const asked = [...new Set([keys].flat())].sort()
    await this.#sql.begin(async (tx) => {
      const taken = await tx<{ key: string }[]>`
        insert into mostrador.medusa_lock as held (key, owner, expires_at)
        select key, ${ownerId ?? null}, now() + ${expire || null}::float8 * interval '1 second'
        from unnest(${asked}::text[]) key
        on conflict (key) do update set
          owner = excluded.owner,
          expires_at = case when held.expires_at <= now() then excluded.expires_at
            else coalesce(excluded.expires_at, held.expires_at) end
        where held.expires_at <= now() or held.owner = excluded.owner
        returning key`
      const others = asked.find((key) => !taken.some((it) => it.key === key))
      if (others !== undefined) throw new Error(`Failed to acquire lock for key "${others}"`)
    })
  }

  /** @returns whether all of the keys were held, by this owner when one is named */
  async release(keys: Keys, { ownerId }: Owner = {}): Promise<boolean> {
    const asked = [...new Set([keys].flat())]
    const gone = await this.#sql`
      delete from mostrador.medusa_lock
      where key = any(${asked}) and (${ownerId ?? null}::text is null or owner = ${ownerId ?? null})`
    return gone.count === asked.length
  }

  async releaseAll({ ownerId }: Owner = {}): Promise<void> {
    await this.#sql`
      delete from mostrador.medusa_lock where ${ownerId ?? null}::text is null or owner = ${ownerId ?? null}`
  }
}

const LOCK_TIMEOUT = "55P03"

function timedOut(error: Error & { code?: string }): never {
  throw error.code === LOCK_TIMEOUT ? new Error("Timed-out acquiring lock.") : error
}

export default { services: [PostgresLocks] }
