import type { Dice } from "./dice.ts"
import type { World } from "./world.ts"

const SPAIN = {
  ...{ first_name: "Vega", last_name: "Montearce", address_1: "Calle del Pez 9", postal_code: "28004" },
  ...{ city: "Madrid", province: "Madrid", country_code: "es", phone: "+34600100299" },
}
const ADDRESSES: Record<string, unknown>[] = [
  SPAIN,
  SPAIN,
  { ...SPAIN, postal_code: "28005" },
  { ...SPAIN, company: "Vega SL", metadata: { vat: "X1", "": "" }, address_2: null },
  { ...SPAIN, country_code: "ES" },
  { first_name: "Sin", last_name: "País" },
  { city: "Lyon", country_code: "fr", postal_code: "69001" },
  { city: "Bristol", country_code: "gb", postal_code: "BS1 4QT" },
  { city: "München", country_code: "de", province: "BY", postal_code: "80331" },
  { city: "Hamburg", country_code: "de", province: "hh" },
  { city: "Torino", country_code: "it" },
  { city: "Porto", country_code: "pt" },
  { country_code: null, province: null, city: "" },
  {},
  { country_code: "zz" },
]
const METADATA = [
  { gift: true },
  { gift: true, note: "" },
  { nested: { a: [1, { b: "" }], none: null }, n: 1.5 },
  { note: "2026-01-31T10:00:00+00:00" },
  {},
  null,
]
const WRONG = ["text", 7, ["list"], { odd: true }, true]

/** Parts of the bodies of cart requests, good and bad ones. */
export class Bodies {
  #emails = 0

  constructor(
    readonly world: World,
    readonly dice: Dice,
  ) {}

  email(): unknown {
    const { emails } = this.world
    const { dice } = this
    return dice.chance(50)
      ? `$mine-${dice.chance(40) ? 1 : ++this.#emails}@${dice.chance(25) ? "Invitada.EXAMPLE" : "invitada.example"}`
      : dice.pick([
          ...[emails.account, emails.guest, emails.early, emails.early.toUpperCase(), emails.member, null],
          ...["no address", "", 7, `${emails.guest.toUpperCase()}`],
        ])
  }

  /** @param country  where the cart is; most shoppers live there */
  address(country?: string): unknown {
    const { dice } = this
    if (dice.chance(5)) return dice.pick([...WRONG, { ...SPAIN, colour: "blue" }])
    const near = ADDRESSES.filter((it) => it.country_code === country)
    return near.length > 0 && dice.chance(70) ? dice.pick(near) : dice.pick(ADDRESSES)
  }

  metadata(): unknown {
    return this.dice.chance(93) ? this.dice.pick(METADATA) : this.dice.pick([...WRONG, { list: [1, null] }])
  }

  region(): unknown {
    const { regions } = this.world
    return this.dice.chance(94)
      ? this.dice.pick([...Object.values(regions), regions.es, regions.es, regions.gb])
      : this.dice.pick(["reg_unknown", "", null, 7])
  }

  channel(): unknown {
    const { channels } = this.world
    return this.dice.chance(80) ? channels.web : this.dice.pick([...Object.values(channels), "sc_unknown", "", null])
  }

  locale(): unknown {
    return this.dice.pick(["es-ES", "fr-FR", null, "", "es-ES", 7])
  }

  variant(): string {
    const { dice, world } = this
    const { plain, three, shared_a, shared_b, kit, sale, tiers } = world.variants
    const usual = [plain, plain, three, shared_a, shared_b, kit, sale, tiers]
    return dice.chance(65) ? dice.pick(usual) : dice.pick([...Object.values(world.variants), "variant_unknown"])
  }

  quantity(): unknown {
    const { dice } = this
    if (dice.chance(85)) return dice.between(1, 3)
    return dice.pick([5, 6, 12, 0.5, 0.3, 1.5, 2.5, 1e3, 1e9, 1e12, 2147483647, 1e20, 0, -1, "2", null, 0.000001])
  }

  /** Metadata of a line; few kinds, so that the same variant comes again both alike and otherwise. */
  ofLine(): Record<string, unknown> {
    const { dice } = this
    return dice.chance(60) ? {} : { metadata: dice.chance(50) ? { gift: true } : this.metadata() }
  }

  /**
   * Lines of a new cart. Those of one variant differ in their metadata, or not at all: Medusa gives lines that are made
   * together ids in no order, and adds to the one with the least.
   */
  lines(): unknown {
    const { dice } = this
    if (dice.chance(4)) return dice.pick([...WRONG, null, []])
    const seen = new Set<string>()
    const lines = Array.from({ length: dice.between(1, 3) }, () => ({
      ...{ variant_id: this.variant(), quantity: this.quantity(), ...this.ofLine() },
      ...(dice.chance(5) ? { colour: "blue" } : {}),
    }))
    return lines.filter(({ variant_id }) => !seen.has(variant_id) && seen.add(variant_id))
  }

  code(): string {
    const { codes } = this.world
    return this.dice.chance(93)
      ? this.dice.pick(Object.values(codes)).code
      : this.dice.pick(["NOTHING", "", "HOLA10", "3X2-COMPLEMENTOS", codes.across.code.toLowerCase()])
  }

  codes(): unknown {
    const { dice } = this
    if (dice.chance(4)) return dice.pick([null, "text", [7], { odd: true }])
    return Array.from({ length: dice.pick([0, 1, 1, 1, 1, 2, 2, 3]) }, () => this.code())
  }

  option(country: string | undefined): unknown {
    const { dice, world } = this
    const { es, fr, gb, bulky, stepped } = world.options
    const near = country === "fr" ? fr : country === "gb" ? gb : [...es, bulky, stepped, stepped]
    return dice.chance(88) ? dice.pick(near) : dice.pick([...es, ...fr, ...gb, "so_unknown", null, 7])
  }

  fields(): string {
    const { dice } = this
    const names = [
      ...["id", "total", "items.quantity", "+items.total", "*items", "*promotions", "-items", "+shipping_methods.name"],
      ...["*shipping_methods", "*customer", "email", "*payment_collection", "*items.tax_lines", "*items.adjustments"],
      ...["nothing", "*shipping_address", "billing_address.city", "item_total", "*credit_lines", "-region", "metadata"],
      ...["items.product.title", "*items.variant", "discount_total", "shipping_methods.total"],
    ]
    return Array.from({ length: dice.between(1, 4) }, () => dice.pick(names)).join(",")
  }
}
