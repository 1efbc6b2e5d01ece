import type { AddressInfo } from "node:net"
import { Account, newId } from "./account.ts"
import { authenticate, failAuthentication } from "./confirmation.ts"
import { Deliveries, type Delivery } from "./deliveries.ts"
import type { PaymentIntent, StripeEvent } from "./objects.ts"
import { createServer, type StripeRequest } from "./server.ts"
import { type Failure, type Stall, Trouble } from "./trouble.ts"

export type { Delivery } from "./deliveries.ts"
export type * from "./objects.ts"
export type { StripeRequest } from "./server.ts"
export type { Failure, Stall } from "./trouble.ts"

/**
 * Stands where Stripe stands: the part of its API that a shop needs, with what was done kept in memory.
 * Any key that begins with `sk_test_` opens the one account there is.
 *
 * @source https://docs.stripe.com/api, /testing, /api/idempotent_requests and /webhooks, as of 2025-09-30.clover
 */
export interface StripeStandIn {
  /** `http://127.0.0.1:port` */
  url: string
  /** Secret with which events are signed. */
  webhookSecret: string
  /** Where events are delivered; undefined: they are kept only. */
  deliverTo: string | undefined
  /** All events so far, in order. */
  events: StripeEvent[]
  /** All requests so far, in the order in which they came. */
  requests: StripeRequest[]
  /** All attempts to deliver so far. */
  deliveries: Delivery[]

  /**
   * Delivers an event (again), signed anew, once, held or not.
   *
   * @param to  `deliverTo` unless it is given
   * @returns the status answered; 0: nothing was
   */
  deliver(event: StripeEvent, to?: string): Promise<number>

  /** Keeps events back until `release()`. */
  hold(): void

  /**
   * Delivers what was kept back, and from now on each event at once.
   *
   * @param options.twice     all of them, and then all of them again
   * @param options.shuffled  in any other order than that in which they came
   * @returns when all have been taken, or have been tried as often as they shall be
   */
  release(options?: { twice?: boolean; shuffled?: boolean }): Promise<void>

  /** When no delivery is under way. */
  settled(): Promise<void>

  /**
   * Makes requests to come fail. An idempotency key forgets a failure "before"; after one "after" it has the true answer.
   *
   * Stripe's library tries once more by itself when a connection is destroyed, even with `maxNetworkRetries: 0`:
   * a status of 0 shows in it only with `times: 2`.
   */
  fail(failure: Failure): () => void

  /** Keeps the next request that matches "METHOD /path" waiting, with its idempotency key in use. */
  stall(match: RegExp): Stall

  /** The shopper passes 3-D Secure, as `POST /test/payment_intents/:id/authenticate` does too. */
  authenticate(id: string): PaymentIntent

  /** The shopper does not pass 3-D Secure, as `POST /test/payment_intents/:id/fail_authentication` does too. */
  failAuthentication(id: string): PaymentIntent

  /** Stops all: no answer and no delivery comes after it. */
  close(): Promise<void>
}

/**
 * @param options.port           any free one unless it is given
 * @param options.webhookSecret  one of its own unless it is given
 */
export async function openStripe({
  port = 0,
  webhookSecret = newId("whsec"),
}: {
  port?: number
  webhookSecret?: string
} = {}): Promise<StripeStandIn> {
  const deliveries = new Deliveries(webhookSecret)
  const account = new Account((event) => deliveries.add(event))
  const trouble = new Trouble()
  const requests: StripeRequest[] = []
  const server = createServer(account, trouble, requests)
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })

  /** What the shopper does at the bank is no request of the shop's. */
  function asShopper(act: typeof authenticate, id: string): PaymentIntent {
    account.request = { id: null, idempotency_key: null }
    return structuredClone(act(account, { id }))
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    webhookSecret,
    events: account.events,
    requests,
    deliveries: deliveries.all,
    get deliverTo() {
      return deliveries.to
    },
    set deliverTo(to) {
      deliveries.to = to
    },
    async deliver(event, to = deliveries.to) {
      if (!to) throw new Error("There is nowhere to deliver to: give `to`, or set `deliverTo`.")
      return deliveries.attempt(event, to)
    },
    hold: () => deliveries.hold(),
    release: (options) => deliveries.release(options),
    settled: () => deliveries.settled(),
    fail: (failure) => trouble.fail(failure),
    stall: (match) => trouble.stall(match),
    authenticate: (id) => asShopper(authenticate, id),
    failAuthentication: (id) => asShopper(failAuthentication, id),
    async close() {
      deliveries.close()
      trouble.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
