import type { CartEvent } from "./events.ts"
import { type LineChange, type What, whatOf } from "./what.ts"

/** Languages in which it is said what has happened to a cart. */
export const HISTORY_LANGUAGES = ["en", "es"] as const
export type HistoryLanguage = (typeof HISTORY_LANGUAGES)[number]

type Said = (what: What, event: CartEvent) => string
interface Words {
  line(it: LineChange): string
  events: Record<string, Said>
  /** Of what nobody has a sentence for. */
  other: string
}

const shown = (names: string[]) => names.join(", ")

const ENGLISH: Words = {
  line({ title, quantity: { from, to } }) {
    if (from === 0) return `Added ${to} × ${title}.`
    return to === 0 ? `Removed ${from} × ${title}.` : `${title}: ${to} instead of ${from}.`
  },
  events: {
    "cart.created": () => "The cart was begun.",
    "cart.updated": () => "The cart was changed.",
    "cart.changed": () => "The cart was changed.",
    "cart.line_added": () => "A line was added.",
    "cart.line_updated": () => "A line was changed.",
    "cart.line_removed": () => "A line was removed.",
    "cart.shipping_changed": ({ shipping_methods: { added } }) =>
      added.length > 0 ? `Shipping was chosen: ${shown(added)}.` : "Shipping was changed.",
    "cart.promotions_changed": ({ promotions: { added, removed } }) =>
      [
        ...(added.length > 0 ? [`Discount: ${shown(added)}.`] : []),
        ...(removed.length > 0 ? [`No more discount: ${shown(removed)}.`] : []),
      ].join(" ") || "Discounts were changed.",
    "cart.customer_changed": () => "The cart now belongs to a customer.",
    "cart.merged": () => "Another cart was put into this one.",
    "cart.merged_away": () => "The cart was put into another.",
    "cart.handed_over": () => "The cart was handed over.",
    "cart.hold_expiring": () => "The stock is kept for another minute.",
    "cart.hold_expired": () => "The stock is not kept any more.",
    "cart.payment_collection_created": () => "Payment was prepared.",
    "cart.payment_session_created": () => "A way to pay was chosen.",
    "cart.payment_repaired": () => "The payment was put right.",
    "cart.completed": () => "The cart became an order.",
    "order.placed": (_, { display_id }) =>
      display_id === null ? "The order was placed." : `Order ${display_id} was placed.`,
    "order.authorized": () => "The payment was approved.",
    "order.captured": () => "The payment was received.",
    "order.edited": () => "The order was changed.",
    "order.fulfilled": () => "The order was packed.",
    "order.shipped": () => "The order was sent.",
    "order.delivered": () => "The order was delivered.",
    "order.fulfillment_canceled": () => "The shipment was canceled before it left.",
    "order.exchange_requested": () => "An exchange was asked for.",
    "order.claim_requested": () => "A claim was made.",
    "order.return_requested": () => "A return was asked for.",
    "order.returned": () => "What was returned has arrived.",
    "order.return_canceled": () => "The return was canceled.",
    "order.exchange_canceled": () => "The exchange was canceled.",
    "order.claim_canceled": () => "The claim was canceled.",
    "order.payment_canceled": () => "The payment will not be taken.",
    "order.refunded": () => "Money was given back.",
    "order.canceled": () => "The order was canceled.",
  },
  other: "Something was done.",
}

const SPANISH: Words = {
  line({ title, quantity: { from, to } }) {
    if (from === 0) return `Añadido: ${to} × ${title}.`
    return to === 0 ? `Quitado: ${from} × ${title}.` : `${title}: ${to} en lugar de ${from}.`
  },
  events: {
    "cart.created": () => "Se empezó el carrito.",
    "cart.updated": () => "Se modificó el carrito.",
    "cart.changed": () => "Se modificó el carrito.",
    "cart.line_added": () => "Se añadió una línea.",
    "cart.line_updated": () => "Se modificó una línea.",
    "cart.line_removed": () => "Se quitó una línea.",
    "cart.shipping_changed": ({ shipping_methods: { added } }) =>
      added.length > 0 ? `Se eligió el envío: ${shown(added)}.` : "Se modificó el envío.",
    "cart.promotions_changed": ({ promotions: { added, removed } }) =>
      [
        ...(added.length > 0 ? [`Descuento: ${shown(added)}.`] : []),
        ...(removed.length > 0 ? [`Sin el descuento: ${shown(removed)}.`] : []),
      ].join(" ") || "Se modificaron los descuentos.",
    "cart.customer_changed": () => "El carrito es ahora de un cliente.",
    "cart.merged": () => "Se juntó otro carrito con este.",
    "cart.merged_away": () => "El carrito se juntó con otro.",
    "cart.handed_over": () => "El carrito pasó a otras manos.",
    "cart.hold_expiring": () => "Las existencias se reservan un minuto más.",
    "cart.hold_expired": () => "Las existencias ya no están reservadas.",
    "cart.payment_collection_created": () => "Se preparó el pago.",
    "cart.payment_session_created": () => "Se eligió una forma de pago.",
    "cart.payment_repaired": () => "Se corrigió el pago.",
    "cart.completed": () => "El carrito pasó a ser un pedido.",
    "order.placed": (_, { display_id }) =>
      display_id === null ? "Se hizo el pedido." : `Se hizo el pedido ${display_id}.`,
    "order.authorized": () => "Se aprobó el pago.",
    "order.captured": () => "Se recibió el pago.",
    "order.edited": () => "Se modificó el pedido.",
    "order.fulfilled": () => "Se preparó el pedido.",
    "order.shipped": () => "Se envió el pedido.",
    "order.delivered": () => "Se entregó el pedido.",
    "order.fulfillment_canceled": () => "Se canceló el envío antes de salir.",
    "order.exchange_requested": () => "Se pidió un cambio.",
    "order.claim_requested": () => "Se hizo una reclamación.",
    "order.return_requested": () => "Se pidió una devolución.",
    "order.returned": () => "Llegó la devolución.",
    "order.return_canceled": () => "Se canceló la devolución.",
    "order.exchange_canceled": () => "Se canceló el cambio.",
    "order.claim_canceled": () => "Se canceló la reclamación.",
    "order.payment_canceled": () => "El pago no se cobrará.",
    "order.refunded": () => "Se devolvió dinero.",
    "order.canceled": () => "Se canceló el pedido.",
  },
  other: "Se hizo algo.",
}

const WORDS: Record<HistoryLanguage, Words> = { en: ENGLISH, es: SPANISH }

/** What has happened to a cart, in a sentence or a few. */
export function saidOf(event: CartEvent, language: HistoryLanguage): string {
  const { line, events, other } = WORDS[language]
  const what = whatOf(event.data)
  const isOfLines = event.name.startsWith("cart.line_") && what.lines.length > 0
  return isOfLines ? what.lines.map(line).join(" ") : (events[event.name]?.(what, event) ?? other)
}
