/** One way in which the shop sells. */
interface Channel {
  sales_channel_id: string
  publishable_key: string
}

/** `GET /demo/config.json`: the demo shop's keys and log-ins. A shop of your own has them elsewhere, and no page does. */
export interface DemoConfig {
  region_id: string
  channels: { web: Channel; app: Channel; pos: Channel; phone: Channel }
  customer: {
    email: string
    password: string
    phone: string
    first_name: string
    last_name: string
    address: Record<string, string | undefined>
  }
  till: { id: string; name: string; token: string; cashier: { email: string; pin: string } }
  agent: { email: string; password: string }
  scarce_variant_id: string
  /** How long stock is held for who is paying; 0: not at all. */
  hold_minutes: number
  promotion_code: string
}

export async function loadConfig(): Promise<DemoConfig> {
  const answer = await fetch("/demo/config.json")
  if (!answer.ok) throw new Error(`This is not the demo shop: /demo/config.json answers ${answer.status}.`)
  return (await answer.json()) as DemoConfig
}
