import { useEffect, useState } from "hono/jsx/dom"
import { type Handoff, handOver } from "../api/carts.ts"
import type { Desk } from "../api/desk.ts"
import { useDesk } from "../use-desk.ts"
import { clock, words } from "../words.ts"

interface HandOverProps {
  desk: Desk
  /** What the other device is called here. */
  device: string
  /** The code was given out: whoever it is for may have it before him already. */
  given(handoff: Handoff): void
}

/** Gives the cart to another device, to the till or to the agent: by a code, and by the same as a QR code. */
export function HandOver({ desk, device, given }: HandOverProps) {
  const { cart, order, news } = useDesk(desk)
  const [handoff, setHandoff] = useState<Handoff | undefined>(undefined)
  // It is good once, and for this cart.
  const takenBy = news?.name === "cart.handed_over" ? news.id : undefined
  useEffect(() => setHandoff(undefined), [cart?.id, takenBy])
  if (!cart || cart.completed_at !== null || order) return null
  const targets = { device, pos: words.toPos, agent: words.toAgent }
  const to = (target: Handoff["to"]) =>
    desk.run(async () => {
      if (!desk.openCart) return undefined
      const made = await handOver(desk.door, desk.openCart.id, target)
      setHandoff(made)
      given(made)
      return undefined
    })
  return (
    <div class="hand-over">
      <p class="label">{words.handOver}</p>
      <div class="row">
        {Object.entries(targets).map(([target, name]) => (
          <button key={target} type="button" onClick={() => to(target as Handoff["to"])}>
            {name}
          </button>
        ))}
      </div>
      {handoff ? (
        <div class="handed" role="status">
          <img
            src={`data:image/svg+xml,${encodeURIComponent(handoff.qr_svg)}`}
            alt={`QR: ${handoff.link}`}
            width="112"
            height="112"
          />
          <div>
            <p>
              <span class="label">{words.code}</span> <strong class="code">{handoff.code}</strong>
            </p>
            <p class="small">
              {words.codeGood} {clock(handoff.expires_at)}. {words.scanQr}
            </p>
            <button type="button" class="quiet" onClick={() => setHandoff(undefined)}>
              {words.close}
            </button>
          </div>
        </div>
      ) : null}
    </div>
  )
}
