import { readCart, removeLine } from "../api/carts.ts"
import type { DemoConfig } from "../api/config.ts"
import { type Door, Refused } from "../api/door.ts"
import { shopperDoor } from "../api/doors.ts"

/** Somebody who wants it, with a cart of his own. */
export interface Rival {
  name: "web" | "app"
  cart_id: string
  /** What he is told; undefined: he holds it. */
  refusal?: string
}

/** Two who went to pay for the same. The browser remembers it: a page that is opened anew can still give it back. */
export interface Run {
  rivals: Rival[]
  held_until: string
}

const KEY = "mostrador.last-one"

export function rememberedRun(): Run | undefined {
  const text = localStorage.getItem(KEY)
  return text === null ? undefined : JSON.parse(text)
}

export const remember = (run: Run): void => localStorage.setItem(KEY, JSON.stringify(run))

export const doorOfRival = (config: DemoConfig, { name }: Pick<Rival, "name">): Door =>
  shopperDoor(config, name, "stranger")

/** Whether one of them may still pay. */
export async function isHeld(config: DemoConfig, { rivals, held_until }: Run): Promise<boolean> {
  const winner = rivals.find((it) => it.refusal === undefined)
  if (!winner || Date.parse(held_until) < Date.now()) return false
  return (await linesOf(doorOfRival(config, winner), winner)).length > 0
}

/** Empties both carts: one that has nothing in it holds nothing. */
export async function giveBack(config: DemoConfig, { rivals }: Run): Promise<void> {
  await Promise.all(rivals.map((rival) => empty(doorOfRival(config, rival), rival)))
  localStorage.removeItem(KEY)
}

async function empty(door: Door, rival: Rival): Promise<void> {
  for (const lineId of await linesOf(door, rival)) await removeLine(door, rival.cart_id, lineId)
}

async function linesOf(door: Door, { cart_id }: Rival): Promise<string[]> {
  try {
    return (await readCart(door, cart_id)).body.cart.items.map((it) => it.id)
  } catch (error) {
    // The browser may remember a shop that was furnished anew since.
    if (error instanceof Refused && error.status === 404) return []
    throw error
  }
}
