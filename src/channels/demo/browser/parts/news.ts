import type { CartEvent } from "../api/follow.ts"
import { doorOf, type Shop } from "../context.ts"
import { words } from "../words.ts"

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
