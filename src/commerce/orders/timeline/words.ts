import type { TimelineCode, TimelineEntry } from "./entries.ts"

/** Languages in which a shopper can be told what has happened. */
export const TIMELINE_LANGUAGES = ["en", "es"] as const
export type TimelineLanguage = (typeof TIMELINE_LANGUAGES)[number]

/** What an entry's sentence may speak of. */
interface Said {
  money: string
  /** Where it happened, as " from Madrid" and " at Madrid"; empty when that is not known. */
  from: string
  at: string
  /** A sentence with the tracking numbers; empty without any. */
  tracking: string
}

type Sentences = Record<TimelineCode, (it: Said) => string>

const ENGLISH: Sentences = {
  placed: () => "We have received your order.",
  authorized: ({ money }) => `Your payment of ${money} has been approved.`,
  captured: ({ money }) => `We have received your payment of ${money}.`,
  edited: () => "Your order has been changed.",
  fulfilled: ({ at }) => `Your order has been packed${at}.`,
  shipped: ({ from, tracking }) => `Your order is on its way${from}.${tracking}`,
  tracking_added: ({ tracking }) => `Your parcel can be followed.${tracking}`,
  delivered: () => "Your order has been delivered.",
  fulfillment_canceled: () => "The shipment has been canceled before it left.",
  exchange_requested: () => "We have noted your exchange.",
  claim_requested: () => "We have noted your claim.",
  return_requested: () => "We are expecting your return.",
  returned: ({ at }) => `Your return has arrived${at}.`,
  return_canceled: () => "The return has been canceled.",
  exchange_canceled: () => "The exchange has been canceled.",
  claim_canceled: () => "The claim has been canceled.",
  payment_canceled: ({ money }) => `The payment of ${money} will not be taken.`,
  refunded: ({ money }) => `We have refunded ${money} to you.`,
  cancellation_refused: () => "Your order could not be canceled: the shop goes on with it.",
  canceled: () => "Your order has been canceled.",
}

const SPANISH: Sentences = {
  placed: () => "Hemos recibido tu pedido.",
  authorized: ({ money }) => `Tu pago de ${money} ha sido aprobado.`,
  captured: ({ money }) => `Hemos recibido tu pago de ${money}.`,
  edited: () => "Tu pedido se ha modificado.",
  fulfilled: ({ at }) => `Tu pedido está preparado${at}.`,
  shipped: ({ from, tracking }) => `Tu pedido está en camino${from}.${tracking}`,
  tracking_added: ({ tracking }) => `Ya puedes seguir tu paquete.${tracking}`,
  delivered: () => "Tu pedido se ha entregado.",
  fulfillment_canceled: () => "El envío se ha cancelado antes de salir.",
  exchange_requested: () => "Hemos registrado tu cambio.",
  claim_requested: () => "Hemos registrado tu reclamación.",
  return_requested: () => "Esperamos tu devolución.",
  returned: ({ at }) => `Hemos recibido tu devolución${at}.`,
  return_canceled: () => "La devolución se ha cancelado.",
  exchange_canceled: () => "El cambio se ha cancelado.",
  claim_canceled: () => "La reclamación se ha cancelado.",
  payment_canceled: ({ money }) => `El pago de ${money} no se cobrará.`,
  refunded: ({ money }) => `Te hemos devuelto ${money}.`,
  cancellation_refused: () => "Tu pedido no se ha podido cancelar: la tienda sigue adelante con él.",
  canceled: () => "Tu pedido se ha cancelado.",
}

const WORDS = {
  en: { sentences: ENGLISH, from: "from", at: "at", tracking: "Tracking number" },
  es: { sentences: SPANISH, from: "desde", at: "en", tracking: "Número de seguimiento" },
}

/** What an entry says to the shopper, in a sentence or two. */
export function sentenceOf(entry: TimelineEntry, language: TimelineLanguage): string {
  const { sentences, ...words } = WORDS[language]
  const name = entry.place?.name
  const numbers = entry.tracking.map((it) => it.number).filter((it) => it !== "")
  return sentences[entry.code]({
    money: moneyIn(language, entry),
    from: name ? ` ${words.from} ${name}` : "",
    at: name ? ` ${words.at} ${name}` : "",
    tracking: numbers.length > 0 ? ` ${words.tracking}: ${numbers.join(", ")}.` : "",
  })
}

function moneyIn(language: TimelineLanguage, { amount, currency_code }: TimelineEntry): string {
  if (amount === null || currency_code === null) return ""
  return new Intl.NumberFormat(language, { style: "currency", currency: currency_code }).format(amount)
}
