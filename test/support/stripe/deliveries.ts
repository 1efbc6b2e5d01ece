import { createHmac, randomInt } from "node:crypto"
import http from "node:http"
import { setTimeout } from "node:timers/promises"
import type { StripeEvent } from "./objects.ts"

/** One attempt to tell of an event. */
export interface Delivery {
  event: string
  type: string
  /** What was answered; 0: nothing. */
  status: number
}

const attempts = 5
const firstPauseMs = 100
const answerWithinMs = 10_000

/** Tells of events as Stripe does: signed, in order, and again after a while when the answer is not 2xx. */
export class Deliveries {
  to: string | undefined
  readonly all: Delivery[] = []
  #held: StripeEvent[] | undefined
  /** First attempts go one after another; those that fail are tried again beside it and hold up nobody. */
  #line: Promise<void> = Promise.resolve()
  readonly #again = new Set<Promise<void>>()
  readonly #closed = new AbortController()

  constructor(private readonly secret: string) {}

  add(event: StripeEvent): void {
    if (this.#held) this.#held.push(event)
    else this.#line = this.#line.then(() => this.#first(event))
  }

  hold(): void {
    this.#held ??= []
  }

  async release({ twice = false, shuffled = false } = {}): Promise<void> {
    const held = this.#held ?? []
    this.#held = undefined
    const events = twice ? [...held, ...held] : held
    for (const event of shuffled ? shuffle(events) : events) this.add(event)
    await this.settled()
  }

  /** When every event has been taken, or has been tried as often as it shall be. */
  async settled(): Promise<void> {
    let line: Promise<void> | undefined
    while (line !== this.#line || this.#again.size > 0) {
      line = this.#line
      await line
      await Promise.all(this.#again)
    }
  }

  /** One attempt. @returns the status answered, 0 if none was */
  async attempt(event: StripeEvent, to: string): Promise<number> {
    const payload = JSON.stringify(event, null, 2)
    const at = Math.floor(Date.now() / 1000)
    const signature = createHmac("sha256", this.secret).update(`${at}.${payload}`).digest("hex")
    const status = await this.#post(to, payload, `t=${at},v1=${signature}`)
    if (!this.#closed.signal.aborted) this.all.push({ event: event.id, type: event.type, status })
    return status
  }

  close(): void {
    this.#closed.abort()
  }

  async #first(event: StripeEvent): Promise<void> {
    if (!this.to || this.#closed.signal.aborted) return
    if (taken(await this.attempt(event, this.to))) return
    const again = this.#tryAgain(event).finally(() => this.#again.delete(again))
    this.#again.add(again)
  }

  async #tryAgain(event: StripeEvent): Promise<void> {
    for (let tried = 1; tried < attempts; tried++) {
      const pauseMs = firstPauseMs * 2 ** (tried - 1)
      await setTimeout(pauseMs, undefined, { signal: this.#closed.signal }).catch(() => undefined)
      if (!this.to || this.#closed.signal.aborted) return
      if (taken(await this.attempt(event, this.to))) return
    }
  }

  #post(to: string, payload: string, signature: string): Promise<number> {
    return new Promise((resolve) => {
      const headers = {
        accept: "*/*; q=0.5, application/xml",
        "content-type": "application/json; charset=utf-8",
        "content-length": Buffer.byteLength(payload),
        "stripe-signature": signature,
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      }
      const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(answerWithinMs)])
      // A connection of its own: one that is kept could be closed at the other end just as it is used.
      const request = http.request(to, { method: "POST", headers, agent: false, signal }, (response) => {
        response.resume()
        response.once("close", () => resolve(response.statusCode ?? 0))
        response.once("error", () => undefined)
      })
      request.once("error", () => resolve(0))
      request.end(payload)
    })
  }
}

const taken = (status: number) => status >= 200 && status < 300

/** In any order but the one it came in, if there is another. */
function shuffle(events: StripeEvent[]): StripeEvent[] {
  const mixed = [...events]
  for (let last = mixed.length - 1; last > 0; last--) {
    const [taken] = mixed.splice(randomInt(last + 1), 1)
    if (taken) mixed.push(taken)
  }
  const same = mixed.every((event, at) => event === events[at])
  return same && new Set(events).size > 1 ? mixed.reverse() : mixed
}
