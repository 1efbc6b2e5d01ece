/** What stands at the customer's side of a channel. */
export const CHANNEL_KINDS = ["web", "app", "pos", "phone", "other"] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

/**
 * What a channel may do: show the catalog, change carts, place orders; at a till take cash, on the telephone place what
 * is paid on invoice.
 */
export const ACTIVITIES = ["browse", "cart", "checkout", "cash", "invoice"] as const
export type Activity = (typeof ACTIVITIES)[number]

/** A way in which the shop sells. */
export interface Channel {
  id: string
  name: string
  kind: ChannelKind
  /** Medusa's. */
  sales_channel_id: string
  /** Whose requests are of it; null: of those with a key none is. */
  publishable_key_id: string | null
  may: Activity[]
  is_active: boolean
  /** ISO. */
  created_at: string
  updated_at: string
}

/**
 * Why a channel may not do something; undefined when it may.
 *
 * @param activity  undefined: what every channel may that is open
 */
export function refusalOf(
  channel: Pick<Channel, "is_active" | "may">,
  activity: Activity | undefined,
): "channel_inactive" | "channel_not_allowed" | undefined {
  if (!channel.is_active) return "channel_inactive"
  return activity === undefined || channel.may.includes(activity) ? undefined : "channel_not_allowed"
}
