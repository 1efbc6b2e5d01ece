import type { ISql, Sql, TransactionSql } from "postgres"

/** Units of a variant that a location keeps back for its own counter: offered to nobody else. */
export interface SafetyStock {
  location_id: string
  variant_id: string
  quantity: number
  /** ISO. */
  updated_at: string
}

/** There is no such location, or no such variant. */
export class UnknownForSafetyStock extends Error {
  constructor(
    readonly location_ids: string[],
    readonly variant_ids: string[],
  ) {
    super("unknown stock location or variant")
  }
}

/**
 * Those of locations and variants that are there: of a deleted one a row stays, and holds again when it is restored.
 *
 * @returns one page, by location and variant, and how many there are in all
 */
export async function listSafetyStock(
  sql: Sql,
  filter: { location_id?: string[] | undefined; variant_id?: string[] | undefined },
  page: { limit: number; offset: number },
): Promise<{ rows: SafetyStock[]; count: number }> {
  const kept = sql`
    from mostrador.safety_stock
    join stock_location on stock_location.id = location_id and stock_location.deleted_at is null
    join product_variant on product_variant.id = variant_id and product_variant.deleted_at is null
    where (${filter.location_id === undefined} or location_id = any(${filter.location_id ?? []}))
      and (${filter.variant_id === undefined} or variant_id = any(${filter.variant_id ?? []}))`
  const [rows, [all]] = await Promise.all([
    sql<SafetyStock[]>`
      select location_id, variant_id, quantity, mostrador.iso(safety_stock.updated_at) as updated_at ${kept}
      order by location_id, variant_id limit ${page.limit} offset ${page.offset}`,
    sql<{ count: number }[]>`select count(*)::int as count ${kept}`,
  ])
  return { rows, count: all?.count ?? 0 }
}

/**
 * Sets what locations keep back: all of it, or nothing when something is wrong. Nothing (0) deletes.
 *
 * @param entries  no location and variant twice
 * @throws UnknownForSafetyStock with every id that there is not
 */
export async function setSafetyStock(
  tx: TransactionSql,
  entries: readonly Pick<SafetyStock, "location_id" | "variant_id" | "quantity">[],
): Promise<SafetyStock[]> {
  const locations = entries.map((it) => it.location_id)
  const variants = entries.map((it) => it.variant_id)
  const quantities = entries.map((it) => it.quantity)
  const unknown = await tx<{ id: string; what: "location" | "variant" }[]>`
    select distinct asked.id, 'location' as what from unnest(${locations}::text[]) asked (id)
    where not exists (select from stock_location it where it.id = asked.id and it.deleted_at is null)
    union all
    select distinct asked.id, 'variant' from unnest(${variants}::text[]) asked (id)
    where not exists (select from product_variant it where it.id = asked.id and it.deleted_at is null)`
  if (unknown.length > 0) {
    const ids = (what: string) => unknown.filter((it) => it.what === what).map((it) => it.id)
    throw new UnknownForSafetyStock(ids("location"), ids("variant"))
  }
  // In one order, so that two who set the same ones do not wait for each other.
  await tx`
    select from mostrador.safety_stock
    join unnest(${locations}::text[], ${variants}::text[]) as asked (location_id, variant_id) using (location_id, variant_id)
    order by location_id, variant_id for update of safety_stock`
  await tx`
    delete from mostrador.safety_stock using unnest(${locations}::text[], ${variants}::text[], ${quantities}::int[])
      as asked (location_id, variant_id, quantity)
    where safety_stock.location_id = asked.location_id and safety_stock.variant_id = asked.variant_id
      and asked.quantity = 0`
  const written = await tx<SafetyStock[]>`
    insert into mostrador.safety_stock (location_id, variant_id, quantity)
    select location_id, variant_id, quantity
    from unnest(${locations}::text[], ${variants}::text[], ${quantities}::int[])
      as asked (location_id, variant_id, quantity)
    where quantity > 0
    order by location_id, variant_id
    on conflict (location_id, variant_id) do update set quantity = excluded.quantity, updated_at = now()
    returning location_id, variant_id, quantity, mostrador.iso(updated_at) as updated_at`
  const byPair = new Map(written.map((it) => [`${it.location_id} ${it.variant_id}`, it]))
  return entries.map(
    (it) => byPair.get(`${it.location_id} ${it.variant_id}`) ?? { ...it, updated_at: new Date().toISOString() },
  )
}

/** @returns whether there was one */
export async function removeSafetyStock(sql: ISql, locationId: string, variantId: string): Promise<boolean> {
  const rows = await sql`
    delete from mostrador.safety_stock where location_id = ${locationId} and variant_id = ${variantId} returning quantity`
  return rows.length > 0
}
