import type { DocumentVersion } from "../../commerce/catalog/index.ts"
import type { ShownDocument } from "./shown.ts"

export type EventName = "product.changed" | "price.changed" | "stock.changed" | "product.removed"

/**
 * What has happened to a product, as these channels see it, since a version: only the newest state of it counts.
 *
 * @returns nothing about a product that they have never shown, nor about one that they do not show any more and were
 *   told so
 */
export function eventsOf(document: DocumentVersion, channels: readonly string[], since: number): EventName[] {
  const { content_version, prices_version, stock_version, visible_version } = document
  if (!isShown(document, channels)) {
    const hadIt = document.seen_in.some((it) => channels.includes(it))
    return hadIt && visible_version > since ? ["product.removed"] : []
  }
  // It may have come only now: then all of it is new.
  const from = visible_version > since ? Number.POSITIVE_INFINITY : 0
  const isNew = (version: number) => Math.max(version, from) > since
  return [
    ...(isNew(content_version) ? (["product.changed"] as const) : []),
    ...(isNew(prices_version) ? (["price.changed"] as const) : []),
    ...(isNew(stock_version) ? (["stock.changed"] as const) : []),
  ]
}

/** Whether one of these channels shows the product now. */
export function isShown({ is_visible, visible_in }: DocumentVersion, channels: readonly string[]): boolean {
  return is_visible && visible_in.some((it) => channels.includes(it))
}

/** An event in the stream's format, without its id and the empty line that ends it. */
export function eventText(
  name: EventName,
  document: DocumentVersion,
  shown: ShownDocument,
  channels: readonly string[],
): string {
  const { product_id, version, handle } = document
  const what = JSON.stringify({ product_id, version, ...(name === "product.removed" ? {} : { handle }) }).slice(0, -1)
  return `event: ${name}\ndata: ${what}${detail(name, shown, channels)}}\n`
}

function detail(name: EventName, shown: ShownDocument, channels: readonly string[]): string {
  switch (name) {
    case "product.changed":
      return `,"product":${shown.product()}`
    case "price.changed":
      return `,"prices":${shown.prices()}`
    case "stock.changed":
      return `,"stock":${shown.stock(channels)}`
    case "product.removed":
      return ""
  }
}
