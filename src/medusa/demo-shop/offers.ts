import { CLUB } from "./people.ts"

/** A price list: `percent` off the normal price of every variant of some products. */
export interface Discount {
  title: string
  description: string
  type: "sale" | "override"
  percent: number
  products: string[]
  /** Days before and after the day of seeding; none: it has no end. */
  window?: { startedDaysAgo: number; endsInDays: number }
  customerGroup?: string
}

/**
 * `jarron-surco` is in both. Medusa lets an `override` win over a `sale` even where it is dearer, so the Club's
 * percentage is the greater one: nobody pays more for being a member.
 */
export const PRICE_LISTS: Discount[] = [
  {
    title: "Rebajas de temporada",
    description: "Piezas escogidas con un 15 % de descuento hasta fin de temporada.",
    type: "sale",
    percent: 15,
    products: [
      "vestido-camisero-alba",
      "falda-midi-duna",
      "blusa-de-lino-marea",
      "sobrecamisa-de-pana-robledo",
      "polo-de-punto-levante",
      "manta-de-lana-cierzo",
      "cojin-de-terciopelo-musgo",
      "jarron-surco",
      "lampara-de-mesa-seta",
      "vajilla-llana-12-piezas",
    ],
    window: { startedDaysAgo: 7, endsInDays: 60 },
  },
  {
    title: "Precios del Club",
    description: "Precios para quienes forman parte del Club.",
    type: "override",
    percent: 20,
    products: [
      "taza-esmaltada-brisa",
      "cuenco-de-gres-orilla",
      "sarten-de-hierro-fragua",
      "juego-de-sabanas-nube",
      "toalla-de-rizo-cala",
      "jarron-surco",
      "camiseta-de-algodon-bruma",
      "vaquero-recto-norte",
      "aceite-de-oliva-virgen-extra",
      "miel-de-romero",
    ],
    customerGroup: CLUB,
  },
]

/** Ten percent off everything, for whoever types the code. */
export const WELCOME_CODE = "HOLA10"

/** Twenty percent off, for the first fifty orders. */
export const LIMITED_CODE = "PRIMERAS50"
export const LIMITED_USES = 50

export const THREE_FOR_TWO = { code: "3X2-COMPLEMENTOS", category: "complementos" }

/** In the currency of the cart, and with the tax that its prices show. */
export const FREE_SHIPPING = { code: "ENVIO-GRATIS", from: 60 }
