import { Bodies } from "./bodies.ts"
import type { Dice } from "./dice.ts"
import type { AdminChange, World } from "./world.ts"

/** What a shopper asks. `$cart`, `$cali2` (his second line), `$mine` stand for what is his own. */
export interface Operation {
  name: Name
  method: "GET" | "POST" | "DELETE"
  path: string
  headers: Record<string, string>
  /** JSON-able, or a string that is sent as it is. */
  body?: unknown
  /** Whose keys and token go with it, for those who read of it. */
  note?: string
}

/** What is done once, to the shop or to both carts by SQL. */
export type Happening = { name: "admin"; change: AdminChange } | { name: "complete" }

/** How often each comes, of all. */
export const WEIGHTS = {
  create: 3,
  update: 14,
  add: 26,
  change: 10,
  remove: 6,
  promote: 10,
  demote: 4,
  deliver: 8,
  taxes: 3,
  customer: 4,
  read: 4,
  options: 2,
  collect: 4,
  pay: 4,
  admin: 5,
  complete: 1,
} as const
export type Name = keyof typeof WEIGHTS

/** What a cart is like when an operation on it is thought of. */
export interface Standing {
  isThere: boolean
  /** How many lines there have been, deleted ones too. */
  lines: number
  collections: number
  country: string | undefined
}

/** Thinks of what shoppers do next. */
export class Operations {
  readonly #bodies: Bodies

  /** @param only  names of operations; others do not come */
  constructor(
    readonly world: World,
    readonly dice: Dice,
    readonly only?: readonly string[],
  ) {
    this.#bodies = new Bodies(world, dice)
  }

  next(standing: Standing): Operation | Happening {
    if (!standing.isThere) return this.create(true)
    const weights = Object.entries(WEIGHTS).filter(([name]) => !this.only || this.only.includes(name))
    const name = this.dice.weighted<Name>(Object.fromEntries(weights))
    switch (name) {
      case "create":
        return this.create(false)
      case "complete":
        return { name }
      case "admin":
        return { name, change: this.dice.pick(this.world.changes) }
      case "read":
        return this.#ask(name, "GET", this.#cart(), undefined, this.dice.chance(80))
      case "options":
        return this.#ask(name, "GET", `/store/shipping-options?cart_id=${this.dice.chance(95) ? "$cart" : "cart_none"}`)
      case "collect":
        return this.#collect()
      case "pay":
        if (standing.collections === 0 && this.dice.chance(80)) return this.#collect()
        return this.#pay(standing)
      default:
        return this.#spoilt(this.#mutation(name, standing))
    }
  }

  /** @param plain  as shoppers open carts, mostly */
  create(plain: boolean): Operation {
    const { dice } = this
    const bodies = this.#bodies
    const odd = plain ? 6 : 30
    const { es, fr, gb, pair, untaxed } = this.world.regions
    const region = dice.chance(odd) ? bodies.region() : dice.pick([es, es, es, fr, gb, gb, pair, untaxed])
    const country = Object.entries(this.world.regions).find(([, id]) => id === region)?.[0]
    const body = {
      ...(dice.chance(88) ? { region_id: region } : {}),
      ...dice.some(30, { email: bodies.email(), items: bodies.lines(), metadata: bodies.metadata() }),
      ...dice.some(40, { shipping_address: bodies.address(country) }),
      ...dice.some(12, {
        billing_address: bodies.address(country),
        locale: bodies.locale(),
        promo_codes: bodies.codes(),
      }),
      ...dice.some(odd, {
        currency_code: dice.pick(["eur", "EUR", "gbp", "", null, 7]),
        sales_channel_id: bodies.channel(),
      }),
      ...dice.some(Math.floor(odd / 3), { colour: "blue" }),
      ...dice.some(Math.floor(odd / 3), { shipping_address: "caaddr_unknown" }),
    }
    const operation = this.#ask("create", "POST", "/store/carts", body, dice.chance(15))
    const key = dice.chance(odd) ? dice.pick(["pos", "double", "wrong", "none"] as const) : "web"
    const token = dice.chance(12) ? this.world.tokens[dice.pick(["member", "plain"] as const)] : {}
    return this.#spoilt({
      ...operation,
      headers: { ...(this.world.keys[key] as Record<string, string>), ...token },
      note: `${key}${"authorization" in token ? ", logged in" : ""}`,
    })
  }

  #mutation(name: Name, { lines, country }: Standing): Operation {
    const { dice } = this
    const bodies = this.#bodies
    const post = (path: string, body: unknown) =>
      this.#ask(name, "POST", `${this.#cart()}${path}`, body, dice.chance(12))
    const line = () => (dice.chance(92) && lines > 0 ? `$cali${dice.between(1, lines)}` : "cali_unknown")
    switch (name) {
      case "add":
        return post("/line-items", {
          ...{ variant_id: bodies.variant(), quantity: bodies.quantity(), ...bodies.ofLine() },
          ...dice.some(2, { colour: "blue", additional_data: {} }),
        })
      case "change":
        return post(`/line-items/${line()}`, {
          quantity: dice.chance(15) ? 0 : bodies.quantity(),
          ...bodies.ofLine(),
        })
      case "remove":
        return this.#ask(name, "DELETE", `${this.#cart()}/line-items/${line()}`, undefined, dice.chance(12))
      case "promote":
        return post("/promotions", { promo_codes: bodies.codes() })
      case "demote":
        return this.#ask(name, "DELETE", `${this.#cart()}/promotions`, { promo_codes: bodies.codes() }, dice.chance(12))
      case "deliver":
        return post("/shipping-methods", this.#methods(country))
      case "taxes":
        return post("/taxes", dice.chance(90) ? {} : { fields: "id", ...dice.some(50, { colour: "blue" }) })
      case "customer":
        return this.#customer()
      default:
        return post("", this.#changes(country))
    }
  }

  #changes(country: string | undefined): Record<string, unknown> {
    const { dice } = this
    const bodies = this.#bodies
    const address = (kind: string) => {
      const sent = bodies.address(country)
      if (sent === null || typeof sent !== "object" || Array.isArray(sent)) return sent
      return dice.chance(25) ? { ...sent, id: dice.chance(85) ? `$${kind}` : "caaddr_unknown" } : sent
    }
    const all: Record<string, () => unknown> = {
      shipping_address: () => address("shipping_address"),
      billing_address: () => address("billing_address"),
      region_id: () => bodies.region(),
      email: () => bodies.email(),
      metadata: () => bodies.metadata(),
      promo_codes: () => bodies.codes(),
      locale: () => bodies.locale(),
      sales_channel_id: () => bodies.channel(),
      colour: () => "blue",
    }
    const odds: Record<string, number> = { shipping_address: 40, billing_address: 15, region_id: 18, email: 25 }
    const chosen = Object.keys(all).filter((name) => dice.chance(odds[name] ?? (name === "colour" ? 1 : 12)))
    return Object.fromEntries(chosen.map((name) => [name, all[name]?.()]))
  }

  #methods(country: string | undefined): unknown {
    const { dice } = this
    const method = () => ({
      option_id: this.#bodies.option(country),
      ...dice.some(20, { data: dice.pick([{ door: 3 }, {}, "text"]) }),
      ...dice.some(3, { colour: "blue" }),
    })
    if (dice.chance(85)) return method()
    return dice.pick([[], [method()], [method(), method()], {}])
  }

  #collect(): Operation {
    const body = { cart_id: this.dice.chance(95) ? "$cart" : "cart_none" }
    return this.#ask("collect", "POST", "/store/payment-collections", body)
  }

  #pay({ collections }: Standing): Operation {
    const { dice, world } = this
    const path = `/store/payment-collections/$pay_col${collections}/payment-sessions`
    const operation = this.#ask("pay", "POST", path, {
      provider_id: dice.chance(95) ? "pp_system_default" : "pp_unknown",
      ...dice.some(20, { data: dice.pick([{ till: 3, lines: [1, null] }, {}, "text"]) }),
    })
    const token = dice.chance(25) ? world.tokens.member : {}
    return { ...operation, headers: { ...operation.headers, ...token } }
  }

  #customer(): Operation {
    const { dice, world } = this
    const whose = dice.weighted({ member: 5, plain: 4, nobody: 2, wrong: 1 })
    const tokens = { ...world.tokens, nobody: {}, wrong: { authorization: "Bearer wrong" } }
    const body = dice.chance(93) ? {} : { colour: "blue" }
    const operation = this.#ask("customer", "POST", `${this.#cart()}/customer`, body, dice.chance(12))
    return { ...operation, headers: { ...operation.headers, ...tokens[whose] }, note: whose }
  }

  /** Now and then a body that is no JSON, a list, or none at all. */
  #spoilt(operation: Operation): Operation {
    if (operation.method !== "POST" || !this.dice.chance(2)) return operation
    return { ...operation, body: this.dice.pick(['{"quantity": 1', "[]", "", "null", '"text"']) }
  }

  #cart(): string {
    return `/store/carts/${this.dice.chance(97) ? "$cart" : "cart_unknown"}`
  }

  #ask(name: Name, method: Operation["method"], path: string, body?: unknown, isPicky = false): Operation {
    const fields = isPicky ? `${path.includes("?") ? "&" : "?"}fields=${encodeURIComponent(this.#bodies.fields())}` : ""
    const bad = isPicky && this.dice.chance(6) ? "&colour=blue" : ""
    const whole = { name, method, path: `${path}${fields}${bad}`, headers: this.world.keys.web }
    return body === undefined ? whole : { ...whole, body }
  }
}
