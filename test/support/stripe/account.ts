import { randomBytes } from "node:crypto"
import type { Card } from "./cards.ts"
import { noSuch } from "./errors.ts"
import type { Charge, Customer, PaymentIntent, PaymentMethod, Refund, SetupIntent, StripeEvent } from "./objects.ts"
import type { Params } from "./params.ts"

/** The version in which events are written, as the account's owner has set it. */
export const apiVersion = "2025-09-30.clover"

export const newId = (prefix: string) => `${prefix}_${randomBytes(12).toString("hex")}`

export const now = () => Math.floor(Date.now() / 1000)

/** The card behind a payment method. */
export interface HeldCard {
  card: Card
  /** It has paid without being saved to a customer, or was taken off one: it never pays again. */
  spent: boolean
}

/** All that one merchant has at Stripe. */
export class Account {
  readonly paymentIntents = new Map<string, PaymentIntent>()
  readonly paymentMethods = new Map<string, PaymentMethod>()
  readonly charges = new Map<string, Charge>()
  readonly refunds = new Map<string, Refund>()
  readonly customers = new Map<string, Customer>()
  readonly deletedCustomers = new Set<string>()
  readonly setupIntents = new Map<string, SetupIntent>()
  readonly cards = new Map<string, HeldCard>()
  readonly events: StripeEvent[] = []

  /** The request under way. There is never more than one: whatever is done for it is done without giving way. */
  request: StripeEvent["request"] = { id: null, idempotency_key: null }

  /** @param emitted  is told of each event */
  constructor(private readonly emitted: (event: StripeEvent) => void) {}

  paymentIntent(id: string, param?: string): PaymentIntent {
    return found(this.paymentIntents, "payment_intent", id, param)
  }

  paymentMethod(id: string, param?: string): PaymentMethod {
    return found(this.paymentMethods, "PaymentMethod", id, param)
  }

  charge(id: string, param?: string): Charge {
    return found(this.charges, "charge", id, param)
  }

  customer(id: string, param?: string): Customer {
    if (this.deletedCustomers.has(id)) throw noSuch("customer", id, param)
    return found(this.customers, "customer", id, param)
  }

  /** Any object that another may name. */
  find(id: string): object | undefined {
    const places = [this.paymentIntents, this.paymentMethods, this.charges, this.refunds, this.customers]
    for (const place of places) {
      const object = place.get(id)
      if (object) return object
    }
    return undefined
  }

  /** @param previous  what has changed, as it was before; Stripe says so for charges that are refunded */
  emit(type: string, object: StripeEvent["data"]["object"], previous?: Record<string, unknown>): void {
    const data = { object: structuredClone(object), ...(previous && { previous_attributes: previous }) }
    const event: StripeEvent = {
      id: newId("evt"),
      object: "event",
      api_version: apiVersion,
      created: now(),
      data,
      livemode: false,
      pending_webhooks: 1,
      request: { ...this.request },
      type,
    }
    this.events.push(event)
    this.emitted(event)
  }
}

function found<Item>(place: Map<string, Item>, kind: string, id: string, param?: string): Item {
  const item = place.get(id)
  if (!item) throw noSuch(kind, id, param)
  return item
}

/** A request as the routes see it. */
export interface Call {
  /** What the path names, if it names anything. */
  id: string
  params: Params
}
