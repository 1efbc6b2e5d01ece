import type { Cart } from "../api/cart.ts"
import type { CartEvent } from "../api/follow.ts"
import { doorOf, type Shop } from "../context.ts"
import { money, words } from "../words.ts"

/** Who has changed what, in a few words. */
export function newsText({ config }: Shop, event: CartEvent | undefined): string {
  if (!event) return ""
  const door = doorOf(config, event.channel)
  const others: Record<string, string> = words.others
  const by = door ? words.names[door] : (others[event.actor.role ?? event.actor.type] ?? event.actor.type)
  return `${by}: ${whatText(event)}`
}

function whatText({ name, what }: CartEvent): string {
  const said = words.events[name]
  if (said) return said
  const lines = what.lines.map(({ title, quantity: { from, to } }) => lineText(title, from, to))
  return lines.join(", ") || words.changedBy
}

/** What has become of a line. */
export function lineText(title: string, from: number, to: number): string {
  if (from === 0) return words.addedLine(to, title)
  return to === 0 ? words.removedLine(title) : words.changedLine(title, to)
}

/** What has become of the cart that staff saw, and what to do now. */
export function movedText(say: typeof words.moved, seen: Cart, now: Cart): string {
  const [before, after] = [unitsOf(seen), unitsOf(now)]
  const changes = [...new Map([...before, ...after]).keys()].flatMap((id) => {
    const [from, to] = [before.get(id)?.quantity ?? 0, after.get(id)?.quantity ?? 0]
    const title = (after.get(id) ?? before.get(id))?.product_title ?? ""
    return from === to ? [] : lineText(title, from, to)
  })
  return say(changes.join(", "), money(seen.total, seen.currency_code), money(now.total, now.currency_code))
}

const unitsOf = ({ items }: Cart) => new Map(items.map((it) => [it.id, it]))
