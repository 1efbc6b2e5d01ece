import { BigNumber } from "bignumber.js"
import type { ShortLine } from "./errors.ts"
import { inOrder, type Sourcing } from "./sourcing.ts"
import { type Part, place, type Stock, type StockedVariant, usable } from "./stock.ts"

/** Units of a variant that somebody wants. */
export interface StockLine {
  line_item_id?: string | undefined
  /** null for what is in no catalog: it takes nothing from the shelves. */
  variant_id: string | null
  /**
   * May be a fraction (Medusa takes any number above zero): quantities are multiplied, added and compared as decimals
   * and never rounded. 2.4 of something are not there when 2 are left.
   */
  quantity: number
  /** Sold also when it is not there, whatever the variant says. */
  allow_backorder?: boolean | undefined
}

/** Units of an item, at one location, for one line. */
export interface Allocation {
  line_item_id: string | undefined
  inventory_item_id: string
  location_id: string
  quantity: BigNumber
  allow_backorder: boolean
}

/** A managed line with what it takes. */
interface Demand {
  line: StockLine
  variant_id: string
  variant: StockedVariant
  allow_backorder: boolean
  /** Without parts of which nothing is needed. */
  parts: { part: Part; quantity: BigNumber }[]
}

/** How lines may be served. */
export interface Allocated {
  taken: Allocation[]
  short: ShortLine[]
  /** Parts of backorders that no location of the channel keeps. */
  unplaced: string[]
}

/**
 * Distributes what there is over lines, all of them together: what one has taken is gone for the next. Lines that need
 * stock come before those that do without (backorders, which take what is left, or else all at the first location).
 * Among the former, who may take least is served first, since what others keep back for themselves he cannot have.
 *
 * @param stock  is not changed
 * @returns what each line takes; for a line that is short, nothing
 */
export function allocate(lines: readonly StockLine[], stock: Stock, sourcing: Sourcing): Allocated {
  const rest: Stock = { ...stock, left: new Map(stock.left) }
  const result: Allocated = { taken: [], short: [], unplaced: [] }
  for (const demand of inTurn(demandsOf(lines, stock), stock)) {
    const taken =
      source(demand, rest, sourcing) ?? (demand.allow_backorder ? backorder(demand, rest, sourcing) : "short")
    if (taken === "short") result.short.push(shortLine(demand, rest))
    else if ("unplaced" in taken) result.unplaced.push(...taken.unplaced)
    else {
      for (const it of taken) {
        const key = place(it.inventory_item_id, it.location_id)
        rest.left.set(key, (rest.left.get(key) ?? new BigNumber(0)).minus(it.quantity))
      }
      result.taken.push(...taken)
    }
  }
  return result
}

/** Lines whose stock is managed; a line of nothing takes nothing. */
function demandsOf(lines: readonly StockLine[], stock: Stock): Demand[] {
  return lines.flatMap((line) => {
    const { variant_id } = line
    const variant = variant_id === null ? undefined : stock.variants.get(variant_id)
    if (variant_id === null || !variant?.manage_inventory) return []
    const parts = variant.parts
      .map((part) => ({ part, quantity: part.required_quantity.times(line.quantity) }))
      .filter((it) => it.quantity.gt(0))
    return [{ line, variant_id, variant, allow_backorder: mayBackorder(line, variant), parts }]
  })
}

export const mayBackorder = (line: StockLine, variant: StockedVariant) =>
  variant.allow_backorder || line.allow_backorder === true

function inTurn(demands: readonly Demand[], stock: Stock): Demand[] {
  const scarcity = new Map(demands.map((demand) => [demand, unitsLeft(demand, stock)]))
  const rank = (demand: Demand) => (demand.allow_backorder ? Infinity : (scarcity.get(demand) ?? 0))
  return [...demands].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)))
}

/** Units of the variant that could be had from all locations together, parts from wherever they are. */
function unitsLeft({ variant, parts }: Demand, stock: Stock): number {
  const ofParts = parts.map(({ part }) =>
    part.location_ids
      .reduce((sum, id) => sum.plus(BigNumber.max(usable(stock, variant, part, id), 0)), new BigNumber(0))
      .dividedBy(part.required_quantity)
      .integerValue(BigNumber.ROUND_FLOOR)
      .toNumber(),
  )
  return Math.min(...ofParts)
}

const shortLine = (demand: Demand, stock: Stock): ShortLine => ({
  line_item_id: demand.line.line_item_id,
  variant_id: demand.variant_id,
  quantity: demand.line.quantity,
  left: unitsLeft(demand, stock),
})

/** @returns where a line is taken from; undefined when there is not enough */
function source(demand: Demand, stock: Stock, sourcing: Sourcing): Allocation[] | undefined {
  const { variant, parts } = demand
  const order = inOrder(sourcing, [...stock.locations.values()]).map((it) => it.id)
  const has = (locationId: string, it: Demand["parts"][number]) =>
    it.part.location_ids.includes(locationId) && usable(stock, variant, it.part, locationId).gte(it.quantity)

  const isWhole = sourcing.strategy !== "split"
  const forAll = isWhole ? order.find((id) => parts.every((it) => has(id, it))) : undefined
  const taken: Allocation[] = []
  for (const it of parts) {
    const one = forAll ?? (isWhole ? order.find((id) => has(id, it)) : undefined)
    const from =
      one === undefined ? split(demand, it, stock, order, sourcing) : [allocation(demand, it.part, one, it.quantity)]
    if (!from) return undefined
    taken.push(...from)
  }
  return taken
}

function split(
  demand: Demand,
  { part, quantity }: Demand["parts"][number],
  stock: Stock,
  order: readonly string[],
  { strategy }: Sourcing,
): Allocation[] | undefined {
  const offers = order
    .filter((id) => part.location_ids.includes(id))
    .map((id) => ({ id, units: usable(stock, demand.variant, part, id) }))
    .filter(({ units }) => units.gt(0))
  if (strategy === "single_location_first") offers.sort((a, b) => b.units.comparedTo(a.units) ?? 0)
  const taken: Allocation[] = []
  let missing = quantity
  for (const { id, units } of offers) {
    if (missing.isZero()) break
    const some = BigNumber.min(units, missing)
    taken.push(allocation(demand, part, id, some))
    missing = missing.minus(some)
  }
  return missing.isZero() ? taken : undefined
}

/** All of each part at one location, as Medusa does: one that has it, or else the first that keeps it. */
function backorder(demand: Demand, stock: Stock, sourcing: Sourcing): Allocation[] | { unplaced: string[] } {
  const order = inOrder(sourcing, [...stock.locations.values()]).map((it) => it.id)
  const placed = demand.parts.map(({ part, quantity }) => {
    const keep = order.filter((id) => part.location_ids.includes(id))
    const at = keep.find((id) => usable(stock, demand.variant, part, id).gte(quantity)) ?? keep[0]
    return { part, quantity, at }
  })
  const unplaced = placed.filter((it) => it.at === undefined).map((it) => it.part.inventory_item_id)
  if (unplaced.length > 0) return { unplaced }
  return placed.flatMap(({ part, quantity, at }) => (at === undefined ? [] : [allocation(demand, part, at, quantity)]))
}

const allocation = (demand: Demand, part: Part, locationId: string, quantity: BigNumber): Allocation => ({
  line_item_id: demand.line.line_item_id,
  inventory_item_id: part.inventory_item_id,
  location_id: locationId,
  quantity,
  allow_backorder: demand.allow_backorder,
})
