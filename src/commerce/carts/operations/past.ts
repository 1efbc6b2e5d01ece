import { isDeepStrictEqual } from "node:util"
import type { ISql } from "postgres"
import { Lineage, type Merged } from "./lineage.ts"
import type { Operation, Result } from "./operation.ts"
import type { Applied, LineAlias, Online } from "./rules.ts"

/** An operation that has been answered. */
export interface Known extends Applied {
  /** Without what it says of a person: of `update_cart` the names of its fields alone. */
  operation: { type: Operation["type"]; code?: string; fields?: string[] }
  result: Result
}

/** A line that an operation names. */
export interface PastLine {
  id: string
  variant_id: string | null
  metadata: Record<string, unknown> | null
}

/** What is to be known of a cart before operations are applied to it. */
export interface Past {
  /** With which others the cart has become one. */
  lineage: Lineage
  operations: Known[]
  /** Ids of operations that another cart has had. */
  foreign: string[]
  aliases: LineAlias[]
  lines: PastLine[]
  online: Online[]
  /** In which versions, of which carts, fields were last changed online: `email`, `metadata.gift`. */
  fields: Map<string, Map<string, number>>
  order_id: string | null
}

/**
 * Reads what others, and the same device, have done to a cart since the oldest version that the operations are based on;
 * of what is older, what they name and what still counts: the last word on how many a line was to have, and on codes. One
 * statement.
 */
export async function readPast(sql: ISql, cartId: string, operations: readonly Operation[]): Promise<Past> {
  const oldest = operations.reduce((least, it) => Math.min(least, it.base_version), Number.MAX_SAFE_INTEGER)
  const ids = operations.map((it) => it.id)
  const makers = operations.flatMap((it) => ("line" in it && it.line ? [it.line.operation_id] : []))
  const named = operations.flatMap((it) => ("line_id" in it && it.line_id !== undefined ? [it.line_id] : []))
  const [row] = await sql<{ past: string }[]>`
    with recursive mine as materialized (
      select id, device, position, based_on, base_version, version, operation, effects, result,
        version >= ${oldest} or id = any(${[...ids, ...makers]}) as is_wanted
      from mostrador.cart_operation where cart_id = ${cartId}
    ), last_word as (
      select distinct on (effect->>'line_id') mine.id from mine, jsonb_array_elements(mine.effects) effect
      where effect->>'is' = 'got' order by effect->>'line_id', position desc
    ), own as materialized (
      select id, device, position, based_on, base_version, version, operation, effects, result from mine
      where is_wanted or operation ? 'code' or effects @> '[{"is": "waits"}]' or id in (select id from last_word)
    ), named as (
      select unnest(${named}::text[]) as id
      union
      select effect->>'line_id' from own, jsonb_array_elements(own.effects) effect where effect->>'line_id' is not null
    ), chain as (
      select alias.* from mostrador.cart_line_alias alias join named using (id)
      union
      select alias.* from mostrador.cart_line_alias alias join chain on chain.line_id = alias.id
    ), merges as (
      select alias.id as "from", coalesce(away.data->'after'->>'into', alias.cart_id) as into,
        coalesce(away.version, state.version, 0) as last,
        -- Of a merge that nobody tells of any more, all that is still told came later.
        coalesce((select max(version) from mostrador.event where tx = away.tx
          and subject_id = away.data->'after'->>'into'), away.version, state.version, 0) as version
      from mostrador.cart_alias alias
      left join mostrador.cart_state state on state.cart_id = alias.id
      left join mostrador.event away on away.subject_id = alias.id and away.name = 'cart.merged_away'
      where alias.cart_id = ${cartId}
    ), carts as (
      select ${cartId}::text as id union all select id from mostrador.cart_alias where cart_id = ${cartId}
    )
    select json_build_object(
      'merges', coalesce((select json_agg(merges) from merges), '[]'),
      'operations', coalesce((select json_agg(own order by position) from own), '[]'),
      'foreign', coalesce((
        select json_agg(id) from mostrador.cart_operation where id = any(${ids}) and cart_id <> ${cartId}), '[]'),
      'aliases', coalesce((select json_agg(chain) from chain), '[]'),
      'lines', coalesce((
        select json_agg(json_build_object('id', line.id, 'variant_id', line.variant_id, 'metadata', line.metadata))
        from cart_line_item line join carts on carts.id = line.cart_id
        where line.id = any(${named})), '[]'),
      'events', coalesce((
        select json_agg(json_build_array(subject_id, version, name, data) order by position) from mostrador.event
        where subject_id = any(array(select id from carts)) and version > ${oldest}
          and data->'after'->'operation' is null), '[]'),
      'order_id', (select order_id from order_cart where cart_id = ${cartId} and deleted_at is null limit 1)
    )::text as past`
  if (!row) throw new Error("A statement without a condition answers with one row")
  const { merges, operations: known, events, ...past } = JSON.parse(row.past) as Read
  const lineage = new Lineage(merges)
  return {
    ...{ ...past, lineage, online: events.flatMap(onlineOf), fields: fieldsOf(events) },
    operations: known.map((it) => ({ ...it, cart_id: lineage.cartAt(it.based_on, it.version) })),
  }
}

type Read = Omit<Past, "lineage" | "operations" | "online" | "fields"> & {
  merges: Merged[]
  operations: Omit<Known, "cart_id">[]
  events: CartEvent[]
}
type Json = Record<string, unknown>
type Glance = { items?: { id: string; quantity: number }[]; metadata?: Json | null } & Json
type CartEvent = [cart_id: string, version: number, name: string, data: { before: Glance | null; after: Glance | null }]

function onlineOf([cart_id, version, name, { before, after }]: CartEvent): Online[] {
  return (after?.items ?? []).flatMap(({ id, quantity }): Online[] => {
    const had = before?.items?.find((it) => it.id === id)?.quantity ?? 0
    if (had === quantity) return []
    // Who changes a line says how many there are of it; all else, a merge too, puts more to what is there.
    if (name === "cart.line_updated") return [{ cart_id, version, line_id: id, is: "set", value: quantity }]
    return [{ cart_id, version, line_id: id, is: "added", value: quantity - had }]
  })
}

function fieldsOf(events: readonly CartEvent[]): Map<string, Map<string, number>> {
  const fields = new Map<string, Map<string, number>>()
  for (const [cartId, version, , { before, after }] of events) {
    if (!before || !after) continue
    const changed = (field: string) => fields.set(field, (fields.get(field) ?? new Map()).set(cartId, version))
    for (const name of ["email", "shipping_address", "billing_address"]) if (name in after) changed(name)
    for (const name of new Set([...Object.keys(before.metadata ?? {}), ...Object.keys(after.metadata ?? {})])) {
      if (!isDeepStrictEqual(before.metadata?.[name], after.metadata?.[name])) changed(`metadata.${name}`)
    }
  }
  return fields
}

/** Keeps what was answered, so that it is done once. */
export async function keepOperations(sql: ISql, cartId: string, known: readonly Known[]): Promise<void> {
  if (known.length === 0) return
  const rows = JSON.stringify(known)
  await sql`
    insert into mostrador.cart_operation 
      (id, cart_id, device, based_on, base_version, version, operation, effects, result)
    select it->>'id', ${cartId}, it->>'device', it->>'based_on', (it->>'base_version')::bigint, (it->>'version')::bigint,
      it->'operation', it->'effects', it->'result'
    from jsonb_array_elements(${rows}::text::jsonb) with ordinality given (it, place) order by place`
}
