import type { Sql, TransactionSql } from "postgres"
import type { Actor } from "../../../platform/events/index.ts"

/** So many of a line. */
export interface LineQuantity {
  line_item_id: string
  quantity: number
}

interface Place {
  id: string
  /** Null where it is deleted. */
  name: string | null
}

/** What has become of an order, as it stands in Medusa's tables. Times are as Postgres writes them. */
export interface OrderRows {
  id: string
  currency_code: string
  /** Of the order itself, not of who asks. */
  locale: string | null
  customer_id: string | null
  /** Its customer can log in: Medusa makes one for each guest, too. */
  has_account: boolean
  email: string | null
  sales_channel: { id: string; name: string | null } | null
  /** When it was created, or ceased to be a draft. */
  placed_at: string
  canceled_at: string | null
  /** Every line that it has, or has had. */
  lines: { id: string; title: string; variant_title: string | null }[]
  placed: LineQuantity[]
  current: LineQuantity[]
  payments: {
    id: string
    amount: number
    currency_code: string
    provider_id: string
    created_at: string
    canceled_at: string | null
  }[]
  /** What was taken, and, below zero, given back. */
  transactions: { id: string; amount: number; currency_code: string; created_at: string }[]
  fulfillments: {
    id: string
    place: Place | null
    packed_at: string | null
    shipped_at: string | null
    delivered_at: string | null
    canceled_at: string | null
    created_at: string
    labels: { id: string; tracking_number: string; tracking_url: string; label_url: string; created_at: string }[]
    /** By parts of stock, of which a kit has several for one line: so many of the line as there are of the part. */
    items: LineQuantity[]
  }[]
  /** Changes that are confirmed; those that were made to a draft are none of the order. */
  changes: {
    id: string
    change_type: string | null
    return_id: string | null
    exchange_id: string | null
    claim_id: string | null
    confirmed_at: string
    actions: { action: string; reference_id: string | null; line_item_id: string | null; quantity: number | null }[]
    /** All lines, before and after it; of edits alone. */
    before: LineQuantity[] | null
    after: LineQuantity[] | null
  }[]
  returns: {
    id: string
    status: string
    place: Place | null
    requested_at: string | null
    canceled_at: string | null
    created_at: string
    items: LineQuantity[]
  }[]
  exchanges: { id: string; canceled_at: string | null }[]
  claims: { id: string; canceled_at: string | null }[]
  /** Who has asked the counter to cancel it, and through which channel. */
  cancellation: {
    actor: Actor
    channel: { id: string; name: string | null } | null
    channel_id?: string | null
    device: string | null
    /** When it came to nothing. */
    refused_at: string | null
  } | null
  /** Entries that are told already, in their order. */
  told: string[] | null
}

const list = (value: string, from: string) => `(select coalesce(json_agg(${value}), '[]') from ${from})`
const place = (id: string) => `(
  select json_build_object('id', ${id}, 'name', (select name from stock_location where id = ${id} and deleted_at is null))
  where ${id} is not null)`
const channel = (id: string) => `(
  select json_build_object('id', ${id}, 'name', (select name from sales_channel where id = ${id} and deleted_at is null))
  where ${id} is not null)`
const ofVersion = (version: string) =>
  list(
    "json_build_object('line_item_id', item.item_id, 'quantity', item.quantity) order by item.created_at, item.id",
    `order_item item
       where item.order_id = own.id and item.version = ${version} and item.deleted_at is null and item.quantity > 0`,
  )
/** Medusa writes the lines that are left anew for each version. */
const ofEdit = (version: string) => `case when it.change_type = 'edit' then ${ofVersion(version)} end`
/** Medusa notes nowhere when a draft became an order. */
const PLACED_AT = "coalesce(story.placed_at, own.created_at)"
/** Medusa's own readers of these tables leave out what is deleted, too. */
const OF_ORDER = "it.order_id = own.id and it.deleted_at is null"

const STATEMENT = `
  select json_build_object(
    'id', own.id, 'currency_code', own.currency_code, 'locale', own.locale, 'customer_id', own.customer_id, 'email', own.email,
    'has_account', exists (select from customer where customer.id = own.customer_id and has_account),
    'sales_channel', ${channel("own.sales_channel_id")}, 'placed_at', ${PLACED_AT}, 'canceled_at', own.canceled_at,
    'lines', ${list(
      "json_build_object('id', line.id, 'title', line.title, 'variant_title', line.variant_title)",
      `order_line_item line
         where line.id in (select it.item_id from order_item it where it.order_id = own.id and it.deleted_at is null)`,
    )},
    'placed', ${ofVersion("coalesce(story.placed_version, 1)")},
    'current', ${ofVersion("own.version")},
    'payments', ${list(
      `json_build_object('id', it.id, 'amount', it.amount, 'currency_code', it.currency_code,
        'provider_id', it.provider_id, 'created_at', it.created_at, 'canceled_at', it.canceled_at)`,
      `order_payment_collection link
         join payment it on it.payment_collection_id = link.payment_collection_id and it.deleted_at is null
         where link.order_id = own.id and link.deleted_at is null`,
    )},
    'transactions', ${list(
      "json_build_object('id', it.id, 'amount', it.amount, 'currency_code', it.currency_code, 'created_at', it.created_at)",
      `order_transaction it where ${OF_ORDER}`,
    )},
    'fulfillments', ${list(
      `json_build_object('id', it.id, 'place', ${place("it.location_id")},
        'packed_at', it.packed_at, 'shipped_at', it.shipped_at, 'delivered_at', it.delivered_at,
        'canceled_at', it.canceled_at, 'created_at', it.created_at,
        'labels', ${list(
          `json_build_object('id', label.id, 'tracking_number', label.tracking_number,
             'tracking_url', label.tracking_url, 'label_url', label.label_url, 'created_at', label.created_at) order by label.created_at, label.id`,
          "fulfillment_label label where label.fulfillment_id = it.id and label.deleted_at is null",
        )},
        'items', ${list(
          `json_build_object('line_item_id', item.line_item_id, 'quantity', item.quantity / coalesce((
             select nullif(part.required_quantity, 0) from order_line_item line
             join product_variant_inventory_item part on part.variant_id = line.variant_id
             where line.id = item.line_item_id and part.inventory_item_id = item.inventory_item_id
               and part.deleted_at is null limit 1), 1))`,
          "fulfillment_item item where item.fulfillment_id = it.id and item.deleted_at is null",
        )})`,
      `order_fulfillment link join fulfillment it on it.id = link.fulfillment_id and it.deleted_at is null
         where link.order_id = own.id and link.deleted_at is null`,
    )},
    'changes', ${list(
      `json_build_object('id', it.id, 'change_type', it.change_type, 'return_id', it.return_id,
        'exchange_id', it.exchange_id, 'claim_id', it.claim_id, 'confirmed_at', it.confirmed_at,
        'actions', ${list(
          `json_build_object('action', done.action, 'reference_id', done.reference_id,
             'line_item_id', done.details->>'reference_id',
             'quantity', (done.details->>'quantity')::numeric) order by done.ordering`,
          "order_change_action done where done.order_change_id = it.id and done.deleted_at is null",
        )},
        'before', ${ofEdit(`(
          select max(older.version) from order_item older
          where older.order_id = own.id and older.version < it.version and older.deleted_at is null)`)},
        'after', ${ofEdit("it.version")})`,
      `order_change it where ${OF_ORDER} and it.confirmed_at >= coalesce(story.placed_at, '-infinity')`,
    )},
    'returns', ${list(
      `json_build_object('id', it.id, 'status', it.status, 'place', ${place("it.location_id")},
        'requested_at', it.requested_at, 'canceled_at', it.canceled_at, 'created_at', it.created_at,
        'items', ${list(
          "json_build_object('line_item_id', item.item_id, 'quantity', item.quantity) order by item.created_at, item.id",
          "return_item item where item.return_id = it.id and item.deleted_at is null",
        )})`,
      `return it where ${OF_ORDER}`,
    )},
    'exchanges', ${list("json_build_object('id', it.id, 'canceled_at', it.canceled_at)", `order_exchange it where ${OF_ORDER}`)},
    'claims', ${list("json_build_object('id', it.id, 'canceled_at', it.canceled_at)", `order_claim it where ${OF_ORDER}`)},
    'cancellation', (
      select json_build_object('actor', it.actor, 'channel', ${channel("it.channel")}, 'channel_id', it.channel_id,
        'device', it.device, 'refused_at', it.refused_at)
      from mostrador.order_cancellation it where it.order_id = own.id),
    'told', story.told
  )::text as rows
  from "order" own left join mostrador.order_story story on story.order_id = own.id
  where own.id = any($1) and own.deleted_at is null and not own.is_draft_order`

/**
 * Reads what has become of orders, in one statement.
 *
 * @returns in no order; none for those that are not there, or are drafts
 */
export async function readOrderRows(sql: Sql | TransactionSql, ids: readonly string[]): Promise<OrderRows[]> {
  const found = await sql.unsafe<{ rows: string }[]>(STATEMENT, [[...ids]], { prepare: true })
  return found.map(({ rows }) => JSON.parse(rows) as OrderRows)
}
