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
  "tracking_added",
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
  "cancellation_refused",
  "canceled",
] as const
export type TimelineCode = (typeof CODES)[number]

export interface TimelineLine {
  line_item_id: string
  title: string
  variant_title: string | null
  quantity: number
  /** How many there were before the order was edited; null in entries of all other kinds. */
  previous_quantity: number | null
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
    entry("placed", rows.id, rows.placed_at, { lines: rows.placed, channel: rows.sales_channel }),
    ...payments(rows, entry),
    ...fulfillments(rows, entry),
    ...returns(rows, entry),
    ...changes(rows, entry),
    ...cancellations(rows, entry),
  ]
  return entries.sort(
    (a, b) =>
      compare(a.occurred_at, b.occurred_at) || CODES.indexOf(a.code) - CODES.indexOf(b.code) || compare(a.id, b.id),
  )
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

type Line = LineQuantity & { previous_quantity?: number }
type Detail = Partial<Omit<TimelineEntry, "id" | "code" | "occurred_at" | "lines">> & { lines?: Line[] }
type MakeEntry = (code: TimelineCode, rowId: string, at: string, detail?: Detail) => TimelineEntry

function entryMaker({ lines }: OrderRows): MakeEntry {
  const known = new Map(lines.map((it) => [it.id, it]))
  const shown = (of: Line[]) =>
    of.map(({ line_item_id, quantity, previous_quantity = null }) => {
      const { title = "", variant_title = null } = known.get(line_item_id) ?? {}
      return { line_item_id, title, variant_title, quantity, previous_quantity }
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
    const isLater = (label: Label) => shipped_at !== null && isAddedTo(shipped_at, label)
    const shipped = { ...detail, tracking: it.labels.filter((label) => !isLater(label)).map(trackingOf) }
    const all = { ...detail, tracking: it.labels.map(trackingOf) }
    return [
      entry("fulfilled", id, packed_at ?? created_at, detail),
      ...(shipped_at === null ? [] : [entry("shipped", id, shipped_at, shipped)]),
      ...it.labels
        .filter(isLater)
        .map((label) =>
          entry("tracking_added", label.id, label.created_at, { ...detail, tracking: [trackingOf(label)] }),
        ),
      ...(delivered_at === null ? [] : [entry("delivered", id, delivered_at, all)]),
      ...(canceled_at === null ? [] : [entry("fulfillment_canceled", id, canceled_at, detail)]),
    ]
  })
}

type Label = OrderRows["fulfillments"][number]["labels"][number]

const trackingOf = ({ tracking_number, tracking_url, label_url }: Label): Tracking => ({
  ...{ number: tracking_number, url: linkOf(tracking_url), label_url: linkOf(label_url) },
})

/** Medusa notes the time of a shipment before it writes the labels that come with it: seconds before, under load. */
const SAME_MILLISECONDS = 30_000

/** Whether a label was written after its parcel was told to be on its way. */
const isAddedTo = (shipped_at: string, { created_at }: Label) =>
  Date.parse(created_at) - Date.parse(shipped_at) > SAME_MILLISECONDS

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
const EDITED = new Set([...ADDED, "ITEM_REMOVE"])

function changes({ changes, returns, exchanges, claims }: OrderRows, entry: MakeEntry): TimelineEntry[] {
  const made = changes.flatMap((change) => {
    const { id, change_type, return_id, exchange_id, claim_id, confirmed_at, actions } = change
    const lines = (of: ReadonlySet<string>) => quantities(actions.filter((it) => of.has(it.action)))
    if (change_type === "edit") return [entry("edited", id, confirmed_at, { lines: editedLines(change) })]
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

type Change = OrderRows["changes"][number]

/** The lines that an edit touches, as they were and are: its actions tell of some what is added, of others what is left. */
function editedLines({ actions, before, after }: Change): Line[] {
  const touched = new Set(actions.flatMap((it) => (EDITED.has(it.action) && it.line_item_id ? [it.line_item_id] : [])))
  const of = (lines: LineQuantity[] | null, id: string) => lines?.find((it) => it.line_item_id === id)?.quantity ?? 0
  return [...touched].map((line_item_id) => ({
    ...{ line_item_id, quantity: of(after, line_item_id), previous_quantity: of(before, line_item_id) },
  }))
}

/** What has come of wanting to cancel it. */
function cancellations({ id, canceled_at, current, cancellation }: OrderRows, entry: MakeEntry): TimelineEntry[] {
  const { refused_at = null, channel = null } = cancellation ?? {}
  if (refused_at !== null) {
    const canceled = canceled_at === null ? [] : [entry("canceled", id, canceled_at, { lines: current })]
    return [entry("cancellation_refused", id, refused_at, { channel }), ...canceled]
  }
  return canceled_at === null ? [] : [entry("canceled", id, canceled_at, { lines: current, channel })]
}

/** What actions say of lines, added up by line. */
function quantities(actions: Change["actions"]): LineQuantity[] {
  const sums = new Map<string, number>()
  for (const { line_item_id, quantity } of actions) {
    if (line_item_id && quantity) sums.set(line_item_id, (sums.get(line_item_id) ?? 0) + quantity)
  }
  return [...sums].map(([line_item_id, quantity]) => ({ line_item_id, quantity }))
}
