import { isoOf } from "../../carts/index.ts"
import type { LineQuantity, OrderRows } from "./rows.ts"

/** What can happen to an order, in the order in which it does: of what happens at once, the first comes first. */
export const CODES = [
  "placed",
  "authorized",
  "captured",
  "edited",
  "fulfilled",
  "shipped",
  "delivered",
  "fulfillment_canceled",
  "exchange_requested",
  "claim_requested",
  "return_requested",
  "returned",
  "return_canceled",
  "exchange_canceled",
  "claim_canceled",
  "payment_canceled",
  "refunded",
  "canceled",
] as const
export type TimelineCode = (typeof CODES)[number]

export interface TimelineLine {
  line_item_id: string
  title: string
  variant_title: string | null
  quantity: number
}

export interface Tracking {
  number: string
  url: string | null
  label_url: string | null
}

/** Something that has happened to an order. */
export interface TimelineEntry {
  /** The same whenever it is worked out: what happened, and the row that tells it. */
  id: string
  code: TimelineCode
  /** ISO, with milliseconds. */
  occurred_at: string
  lines: TimelineLine[]
  /** Of money that was moved, or will not be; in the major unit. */
  amount: number | null
  currency_code: string | null
  tracking: Tracking[]
  /** The stock location where it happened. */
  place: { id: string; name: string | null } | null
  /** The sales channel through which it was asked for; null for what staff have done. */
  channel: { id: string; name: string | null } | null
}

/** Nobody is asked when it is authorised: it says nothing to the shopper. */
const OFFLINE_PROVIDER = "pp_system_default"

/**
 * Works out what has happened to an order, from its rows: whoever wrote them, the counter, the dashboard, a plugin or
 * plain SQL.
 *
 * @returns in the order in which it happened
 */
export function timelineOf(rows: OrderRows): TimelineEntry[] {
  const entry = entryMaker(rows)
  const entries = [
    entry("placed", rows.id, rows.created_at, { lines: rows.placed, channel: rows.sales_channel }),
    ...payments(rows, entry),
    ...fulfillments(rows, entry),
    ...returns(rows, entry),
    ...changes(rows, entry),
    ...(rows.canceled_at === null
      ? []
      : [
          entry("canceled", rows.id, rows.canceled_at, {
            ...{ lines: rows.current, channel: rows.cancellation?.channel ?? null },
          }),
        ]),
  ]
  return entries.sort(
    (a, b) =>
      compare(a.occurred_at, b.occurred_at) || CODES.indexOf(a.code) - CODES.indexOf(b.code) || compare(a.id, b.id),
  )
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

type Detail = Partial<Omit<TimelineEntry, "id" | "code" | "occurred_at" | "lines">> & { lines?: LineQuantity[] }
type MakeEntry = (code: TimelineCode, rowId: string, at: string, detail?: Detail) => TimelineEntry

function entryMaker({ lines }: OrderRows): MakeEntry {
  const known = new Map(lines.map((it) => [it.id, it]))
  const shown = (of: LineQuantity[]) =>
    of.map(({ line_item_id, quantity }) => {
      const { title = "", variant_title = null } = known.get(line_item_id) ?? {}
      return { line_item_id, title, variant_title, quantity }
    })
  return (code, rowId, at, { lines = [], ...detail } = {}) => ({
    ...{ id: `${code}:${rowId}`, code, occurred_at: isoOf(at), lines: shown(lines) },
    ...{ amount: null, currency_code: null, tracking: [], place: null, channel: null },
    ...detail,
  })
}

/** What was taken and given back are the order's transactions: they are there when the provider has done it. */
function payments({ payments, transactions }: OrderRows, entry: MakeEntry): TimelineEntry[] {
  const approved = payments.filter((it) => it.provider_id !== OFFLINE_PROVIDER)
  return [
    ...approved.flatMap(({ id, created_at, canceled_at, amount, currency_code }) => [
      entry("authorized", id, created_at, { amount, currency_code }),
      ...(canceled_at === null ? [] : [entry("payment_canceled", id, canceled_at, { amount, currency_code })]),
    ]),
    ...transactions.map(({ id, amount, currency_code, created_at }) =>
      entry(amount < 0 ? "refunded" : "captured", id, created_at, { amount: Math.abs(amount), currency_code }),
    ),
  ]
}

function fulfillments({ fulfillments, changes }: OrderRows, entry: MakeEntry): TimelineEntry[] {
  const actions = changes.flatMap((it) => it.actions)
  return fulfillments.flatMap((it) => {
    const { id, place, packed_at, shipped_at, delivered_at, canceled_at, created_at } = it
    const noted = actions.filter(({ action, reference_id }) => action === "FULFILL_ITEM" && reference_id === id)
    const lines = quantities(noted)
    const detail = { place, lines: lines.length > 0 ? lines : wholeLines(it.items) }
    const tracking = it.labels.map(({ tracking_number, tracking_url, label_url }) => ({
      ...{ number: tracking_number, url: linkOf(tracking_url), label_url: linkOf(label_url) },
    }))
    return [
      entry("fulfilled", id, packed_at ?? created_at, detail),
      ...(shipped_at === null ? [] : [entry("shipped", id, shipped_at, { ...detail, tracking })]),
      ...(delivered_at === null ? [] : [entry("delivered", id, delivered_at, { ...detail, tracking })]),
      ...(canceled_at === null ? [] : [entry("fulfillment_canceled", id, canceled_at, detail)]),
    ]
  })
}

/**
 * What was fulfilled, while Medusa has not noted it yet (it does so beside the link by which we know of it), or never will:
 * a plugin's fulfilment. Of several parts of a line, each is there as often as the line.
 */
function wholeLines(items: LineQuantity[]): LineQuantity[] {
  const most = new Map<string, number>()
  for (const { line_item_id, quantity } of items) {
    if (line_item_id !== null) most.set(line_item_id, Math.max(most.get(line_item_id) ?? 0, quantity))
  }
  return [...most].map(([line_item_id, quantity]) => ({ line_item_id, quantity }))
}

/** The dashboard writes `#` where staff give no link; anything but a link on the web is none either. */
const linkOf = (url: string) => (/^https?:\/\//i.test(url) ? url : null)

function returns({ returns }: OrderRows, entry: MakeEntry): TimelineEntry[] {
  // One that is open is being put together by staff, and nothing yet.
  return returns
    .filter((it) => it.status !== "open")
    .flatMap(({ id, place, items, requested_at, canceled_at, created_at }) => [
      entry("return_requested", id, requested_at ?? created_at, { place, lines: items }),
      ...(canceled_at === null ? [] : [entry("return_canceled", id, canceled_at, { place, lines: items })]),
    ])
}

const RECEIVED = new Set(["RECEIVE_RETURN_ITEM", "RECEIVE_DAMAGED_RETURN_ITEM"])
const ADDED = new Set(["ITEM_ADD", "ITEM_UPDATE"])

function changes({ changes, returns, exchanges, claims }: OrderRows, entry: MakeEntry): TimelineEntry[] {
  const made = changes.flatMap(({ id, change_type, return_id, exchange_id, claim_id, confirmed_at, actions }) => {
    const lines = (of: ReadonlySet<string>) => quantities(actions.filter((it) => of.has(it.action)))
    if (change_type === "edit") return [entry("edited", id, confirmed_at, { lines: lines(ADDED) })]
    if (change_type === "exchange" && exchange_id) {
      return [entry("exchange_requested", exchange_id, confirmed_at, { lines: lines(ADDED) })]
    }
    if (change_type === "claim" && claim_id) {
      return [entry("claim_requested", claim_id, confirmed_at, { lines: lines(ADDED) })]
    }
    const received = lines(RECEIVED)
    if (received.length === 0) return []
    const place = returns.find((it) => it.id === return_id)?.place ?? null
    return [entry("returned", id, confirmed_at, { place, lines: received })]
  })
  return [
    ...made,
    ...exchanges.flatMap((it) => (it.canceled_at ? [entry("exchange_canceled", it.id, it.canceled_at)] : [])),
    ...claims.flatMap((it) => (it.canceled_at ? [entry("claim_canceled", it.id, it.canceled_at)] : [])),
  ]
}

/** What actions say of lines, added up by line. */
function quantities(actions: OrderRows["changes"][number]["actions"]): LineQuantity[] {
  const sums = new Map<string, number>()
  for (const { line_item_id, quantity } of actions) {
    if (line_item_id && quantity) sums.set(line_item_id, (sums.get(line_item_id) ?? 0) + quantity)
  }
  return [...sums].map(([line_item_id, quantity]) => ({ line_item_id, quantity }))
}
