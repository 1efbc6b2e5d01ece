/** The sales channel ships from no location that keeps any part of the variant. */
export class ChannelWithoutStock extends Error {
  constructor(
    readonly sales_channel_id: string,
    readonly variant_id: string,
  ) {
    super(`Sales channel ${sales_channel_id} is not associated with any stock location for variant ${variant_id}.`)
  }
}

/** The variant's stock is managed, and nobody has said what it is made of. */
export class VariantWithoutInventory extends Error {
  constructor(readonly variant_id: string) {
    super(`Variant ${variant_id} does not have any inventory items associated with it.`)
  }
}

/** The variant is made of something that was deleted. */
export class UnknownInventoryItem extends Error {
  constructor(readonly inventory_item_id: string) {
    super(`InventoryItem with id: ${inventory_item_id} was not found`)
  }
}

/** A line that cannot be had in full. */
export interface ShortLine {
  line_item_id: string | undefined
  variant_id: string
  /** Units of the variant. */
  quantity: number
  /** How many of them could be had, beside the other lines. */
  left: number
}

/** There is less than was asked for. */
export class InsufficientStock extends Error {
  constructor(readonly lines: ShortLine[]) {
    super("Some variant does not have the required inventory")
  }
}

/** There is less than is to be taken now: it names every line that is short. */
export class CannotReserve extends InsufficientStock {}

/** What may be sold without being there must at least be kept somewhere: these items are not, at that location. */
export class NotStocked extends Error {
  constructor(readonly items: { inventory_item_id: string; location_id: string | undefined }[]) {
    super(items.map((it) => `Item ${it.inventory_item_id} is not stocked at location ${it.location_id}`).join(", "))
  }
}

const REFUSALS = [ChannelWithoutStock, VariantWithoutInventory, UnknownInventoryItem, InsufficientStock, NotStocked]

/** Whether stock cannot be had, whatever the reason. */
export const isStockRefusal = (error: unknown): boolean => REFUSALS.some((it) => error instanceof it)
