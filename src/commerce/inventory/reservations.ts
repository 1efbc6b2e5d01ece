import type { PendingQuery, Row, TransactionSql } from "postgres"
import { newId } from "../../platform/ids.ts"
import { type Allocation, allocate, type StockLine } from "./allocate.ts"
import { checkSourced, variantsOf } from "./confirm.ts"
import { CannotReserve, NotStocked } from "./errors.ts"
import { itemsOfReservations, itemsOfVariants, lockItems, type Reserved, these } from "./item-locks.ts"
import { SINGLE_LOCATION_FIRST, type Sourcing } from "./sourcing.ts"
import { readStock, type Source, stockOf } from "./stock.ts"

/** A line of an order (or, while it is held, of a cart) that takes stock. */
export interface ReservationLine extends StockLine {
  line_item_id: string
}

/** Units of an item at a location that are taken for a line. */
export interface Reservation {
  id: string
  line_item_id: string | null
  inventory_item_id: string
  location_id: string
  /** Units of the item: those of a kit are multiplied by what it needs. */
  quantity: number
  allow_backorder: boolean
}

/**
 * Takes what lines need out of what is available: one reservation for each line, part and location, whose quantities add
 * up to what the line needs. Lines are served together, whatever items they share; variants whose stock nobody manages
 * take nothing. What a location keeps back as safety stock of a variant stays there, unless the sale is at its own
 * counter or the stock runs out: a backorder takes it in the end.
 *
 * Runs inside the caller's transaction, and makes those who want the same items wait for its end. Nobody waits in a
 * circle, as long as the caller takes his own locks (the cart's row) before.
 *
 * @param items  those that the variants are made of, where the caller has read them already
 * @throws CannotReserve with every short line and what is left of it; ChannelWithoutStock, VariantWithoutInventory,
 * NotStocked as Medusa when it completes a cart. Nothing has been written then
 * @source Medusa 2.21 `reserveInventoryStep`, `createReservationItems`; on purpose it never takes more than there is
 * (issues 16502, 16569), and takes from several locations when none has all (issue 14987)
 */
export async function reserve(
  tx: TransactionSql,
  lines: readonly ReservationLine[],
  source: Source,
  sourcing: Sourcing = SINGLE_LOCATION_FIRST,
  items?: readonly string[],
): Promise<Reservation[]> {
  const variants = variantsOf(lines)
  if (variants.length === 0) return []
  const wanted = items ?? (await itemsOfVariants(tx, variants))
  const [, rows] = await Promise.all([lockItems(tx, wanted), readStock(tx, variants, source)])
  const stock = stockOf(rows)
  // At a counter alone, what is not kept there is short like anything else.
  checkSourced(lines, stock, source.is_counter_only ? null : source.sales_channel_id)
  const { taken, short, unplaced } = allocate(lines, stock, sourcing)
  if (short.length > 0) throw new CannotReserve(short)
  if (unplaced.length > 0) {
    const location_id = source.is_counter_only ? source.counter_location_id : [...stock.locations.keys()][0]
    throw new NotStocked(unplaced.map((inventory_item_id) => ({ inventory_item_id, location_id })))
  }
  return await take(tx, taken)
}

/**
 * Gives back what was reserved, once: what was released before, here or in Medusa, is left alone.
 *
 * @returns the reservations that were released now
 * @source Medusa 2.21 `softDeleteReservationItems`; where a location keeps the item no more, nothing is given back, while
 * Medusa fails
 */
export async function release(tx: TransactionSql, reserved: Reserved): Promise<Reservation[]> {
  await lockItems(tx, await itemsOfReservations(tx, reserved))
  const now = new Date().toISOString()
  return await tx<Reservation[]>`
    with gone as (
      update reservation_item set deleted_at = ${now}, updated_at = ${now}
      where ${these(tx, reserved)} and deleted_at is null
      returning id, line_item_id, inventory_item_id, location_id, quantity, allow_backorder
    ), change as (
      select inventory_item_id, location_id, -sum(quantity) as quantity from gone group by 1, 2
    ), given_back as (${changeReserved(tx, now)})
    select id, line_item_id, inventory_item_id, location_id, quantity::float8 as quantity, allow_backorder from gone`
}

/** Writes what was decided: levels and reservations in one statement. */
async function take(tx: TransactionSql, allocations: readonly Allocation[]): Promise<Reservation[]> {
  if (allocations.length === 0) return []
  const now = new Date().toISOString()
  const rows = allocations.map((it) => ({ ...it, id: newId("resitem") }))
  const written = await tx<{ id: string }[]>`
    with asked as (
      select * from unnest(
        ${rows.map((it) => it.id)}::text[], ${rows.map((it) => it.line_item_id ?? null)}::text[],
        ${rows.map((it) => it.inventory_item_id)}::text[], ${rows.map((it) => it.location_id)}::text[],
        ${rows.map((it) => it.quantity.toFixed())}::text[]::numeric[], ${rows.map((it) => String(it.allow_backorder))}::text[]::boolean[]
      ) as asked (id, line_item_id, inventory_item_id, location_id, quantity, allow_backorder)
    ), change as (
      select inventory_item_id, location_id, sum(quantity) as quantity,
        coalesce(sum(quantity) filter (where not allow_backorder), 0) as must_be_there
      from asked group by 1, 2
    ), taken as (
      ${changeReserved(tx, now)}
        and (must_be_there = 0 or ${exact(tx, "stocked")} - ${exact(tx, "reserved")} >= must_be_there)
      returning level.inventory_item_id, level.location_id
    )
    insert into reservation_item (id, line_item_id, inventory_item_id, location_id, quantity, raw_quantity,
      allow_backorder, created_at, updated_at)
    select id, line_item_id, inventory_item_id, location_id, quantity, ${raw(tx, tx`quantity`)}, allow_backorder,
      ${now}::timestamptz, ${now}::timestamptz
    from asked join taken using (inventory_item_id, location_id)
    returning id`
  // The levels are locked and were read afterwards: this would be a mistake here, and must not sell anything.
  if (written.length < rows.length) throw new Error("stock was taken by somebody else while it was locked")
  return rows.map(({ line_item_id = null, quantity, ...it }) => ({
    ...it,
    line_item_id,
    quantity: quantity.toNumber(),
  }))
}

/** Adds `change` (item, location, quantity) to what is reserved, in both forms in which Medusa writes a quantity. */
const changeReserved = (tx: TransactionSql, now: string) => tx`
      update inventory_level level set
        reserved_quantity = level.reserved_quantity + change.quantity,
        raw_reserved_quantity = ${raw(
          tx,
          tx`${exact(tx, "reserved")} + change.quantity`,
          tx`coalesce((level.raw_reserved_quantity->>'precision')::int, 20)`,
        )},
        updated_at = ${now}
      from change
      where level.inventory_item_id = change.inventory_item_id and level.location_id = change.location_id
        and level.deleted_at is null`

/** A level's quantity with all of its digits. */
const exact = (tx: TransactionSql, which: "stocked" | "reserved") =>
  which === "stocked"
    ? tx`coalesce((level.raw_stocked_quantity->>'value')::numeric, level.stocked_quantity)`
    : tx`coalesce((level.raw_reserved_quantity->>'value')::numeric, level.reserved_quantity)`

/** A quantity as Medusa keeps it beside the number: its digits in a text, and how many of them count. */
const raw = (tx: TransactionSql, quantity: PendingQuery<Row[]>, precision = tx`20`) =>
  tx`jsonb_build_object('value', trim_scale(${quantity})::text, 'precision', ${precision})`
