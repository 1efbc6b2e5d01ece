import type { MedusaContainer } from "@medusajs/framework/types"
import { updateStoresWorkflow } from "@medusajs/medusa/core-flows"
import { find, required } from "./shop.ts"

/** Key in the store's metadata that says "this is the demo shop", and whether all of it is there. */
const MARKER = "mostrador_demo_shop"

export type State = "empty" | "half" | "whole"

/** The database holds somebody's own shop. Nothing has been written. */
export class AnotherShop extends Error {
  constructor(readonly found: string[]) {
    super(
      `This database already holds a shop that is not the demo shop (it has ${found.join(", ")}); nothing was changed. ` +
        "Give the demo shop an empty database of its own, or set DEMO_SHOP=false.",
    )
  }
}

/**
 * How far the demo shop is in this database.
 *
 * @throws AnotherShop when it is a merchant's own
 */
export async function stateOf(container: MedusaContainer): Promise<State> {
  const [store] = await find<{ metadata: Record<string, unknown> | null }>(container, "store", ["metadata"])
  const marker = store?.metadata?.[MARKER]
  if (marker === "half" || marker === "whole") return marker

  const found: string[] = []
  for (const [entity, name] of Object.entries({
    product: "products",
    region: "regions",
    customer: "customers",
    order: "orders",
  })) {
    if ((await find(container, entity, ["id"], {}, 1)).length > 0) found.push(name)
  }
  if (found.length > 0) throw new AnotherShop(found)
  return "empty"
}

/** Leaves a note of how far we are, so that a seeding that was cut off is known by the next. */
export async function mark(container: MedusaContainer, state: Exclude<State, "empty">): Promise<void> {
  const [store] = await find<{ id: string; metadata: Record<string, unknown> | null }>(container, "store", [
    "id",
    "metadata",
  ])
  const { id, metadata } = required(store, "store")
  if (metadata?.[MARKER] === state) return
  await updateStoresWorkflow(container).run({
    input: { selector: { id }, update: { metadata: { ...metadata, [MARKER]: state } } },
  })
}
