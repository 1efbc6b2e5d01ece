import { type CartEvent, type Viewer, whatOf } from "../../commerce/carts/index.ts"

/** Those who work for the shop: of them the role is told, and not who they are. */
const STAFF = new Set(["cashier", "agent", "supervisor"])

/** An event in the stream's format, without its id and the empty line that ends it. */
export function cartEventText(event: CartEvent, cart: string): string {
  const { id, name, version, channel, actor, device, occurred_at } = event
  const role = STAFF.has(actor.type) ? { role: actor.role ?? actor.type } : {}
  const shown = {
    ...{ id, version, actor: { type: actor.type, ...role }, channel, device, occurred_at },
    ...{ what: whatOf(event.data), ...detail(event) },
  }
  return `event: ${name}\ndata: ${JSON.stringify(shown).slice(0, -1)},"cart":${cart}}\n`
}

function detail({ name, subject_id, display_id, data }: CartEvent): object {
  if (name === "order.placed") return { order: { id: subject_id, display_id } }
  if (name === "cart.hold_expiring") return { hold: { expires_at: (data.after as { expires_at: string }).expires_at } }
  return {}
}

const shownViewer = ({ id, channel, device, actor_type, joined_at }: Viewer) => ({
  ...{ id, channel, device, actor: { type: actor_type }, joined_at },
})

/** Who looks at the cart now, and who has come and gone since that was told before. Without an id: it is news only now. */
export function presenceText(before: readonly Viewer[], now: readonly Viewer[]): string {
  const without = (them: readonly Viewer[], others: readonly Viewer[]) =>
    them.filter((it) => !others.some((other) => other.id === it.id)).map(shownViewer)
  const data = { viewers: now.map(shownViewer), joined: without(now, before), left: without(before, now) }
  return `event: presence\ndata: ${JSON.stringify(data)}\n\n`
}
