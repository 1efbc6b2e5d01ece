import type { ISql, Sql, TransactionSql } from "postgres"
import { type ChangeFeed, keepInMemory } from "../../platform/changes/index.ts"

/** Whether, and for how long, a shopper may cancel his order himself. */
export interface CancellationPolicy {
  allowed: boolean
  /** After the order was placed; null: for as long as `until` says. */
  within_minutes: number | null
  /** Once anything is packed, there is no way back but a return. */
  until: "fulfillment"
}

/** What the merchant promises his shoppers, by what it is about. */
export interface Policies {
  cancellation: CancellationPolicy
}

/** An hour: what was ordered by mistake is noticed by then, and few warehouses have packed it. */
export const DEFAULT_POLICIES: Policies = {
  cancellation: { allowed: true, within_minutes: 60, until: "fulfillment" },
}

/** The policies as every process of the shop has them in memory. */
export interface PoliciesHolder {
  readonly value: Policies
  /** Changes parts of some of them. They hold when the feed has caught up with the commit. */
  write(tx: TransactionSql, change: { [Name in keyof Policies]?: Partial<Policies[Name]> }): Promise<Policies>
}

/** Loads the policies and follows their changes. */
export async function loadPolicies(sql: Sql, feed: ChangeFeed): Promise<PoliciesHolder> {
  const held = await keepInMemory(feed, ["policy"], () => readPolicies(sql))
  return {
    get value() {
      return held.value
    },
    async write(tx, change) {
      for (const [name, parts] of Object.entries(change)) {
        // What is not given stays as somebody else may be writing it, and as it is here by default.
        const before = DEFAULT_POLICIES[name as keyof Policies]
        await tx`
          insert into mostrador.policy as known (name, value)
          values (${name}, ${JSON.stringify({ ...before, ...parts })}::text::jsonb)
          on conflict (name) do update set value = known.value || ${JSON.stringify(parts)}::text::jsonb`
      }
      return await readPolicies(tx)
    },
  }
}

async function readPolicies(sql: ISql): Promise<Policies> {
  const rows = await sql<{ name: string; value: object }[]>`select name, value from mostrador.policy`
  const written = (name: string) => rows.find((it) => it.name === name)?.value
  return { cancellation: { ...DEFAULT_POLICIES.cancellation, ...written("cancellation") } }
}
