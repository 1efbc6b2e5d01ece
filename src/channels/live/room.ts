import { WireError } from "../errors.ts"

/** Whose a stream is: nobody may fill the places of all. */
export interface StreamOwner {
  /** From where it is asked for (`clientAddress`). */
  address: string
  /** What it is about, where few have a reason to follow it: `order order_...`. */
  subject?: string
}

/** Streams of events that one process holds open, whatever they are about. */
export interface StreamRoom {
  /** @throws WireError 503 when no more may be open, 429 when the owner has too many */
  require(owner: StreamOwner): void
  /** Takes a place. @returns gives it back */
  take(owner: StreamOwner): () => void
}

export interface StreamRoomOptions {
  /** That may be open at once. */
  most: number
  /** Of one address; behind it may be a whole shop's tills. */
  perAddress: number
  /** About one subject. */
  perSubject: number
}

const RETRY_AFTER_SECONDS = "5"

export function streamRoom({ most, perAddress, perSubject }: StreamRoomOptions): StreamRoom {
  const open = new Map<string, number>()
  const count = (name: string) => open.get(name) ?? 0
  const add = (name: string, change: 1 | -1) => {
    const now = count(name) + change
    if (now > 0) open.set(name, now)
    else open.delete(name)
  }
  const namesOf = ({ address, subject }: StreamOwner) => [
    ...[ALL, `address ${address}`],
    ...(subject === undefined ? [] : [`subject ${subject}`]),
  ]
  return {
    require({ address, subject }) {
      if (subject !== undefined && count(`subject ${subject}`) >= perSubject) {
        throw tooMany(`${perSubject} streams of this are open already.`)
      }
      if (count(`address ${address}`) >= perAddress) {
        throw tooMany(`${perAddress} streams are open already from your address.`)
      }
      if (count(ALL) >= most) throw noStream("Too many streams are open.")
    },
    take(owner) {
      const names = namesOf(owner)
      for (const name of names) add(name, 1)
      let isTaken = true
      return () => {
        if (isTaken) for (const name of names) add(name, -1)
        isTaken = false
      }
    },
  }
}

const ALL = "all"

/** What a client is told who has had his share. */
const tooMany = (problem: string) =>
  new WireError(429, "not_allowed", `${problem} Close one, or try again in a moment.`, {
    code: "too_many_streams",
    headers: { "Retry-After": RETRY_AFTER_SECONDS },
  })

/** What a client is told that may come back later. */
export const noStream = (problem: string) =>
  new WireError(503, "unexpected_state", `${problem} Try again in a moment.`, {
    code: "no_stream_free",
    headers: { "Retry-After": RETRY_AFTER_SECONDS },
  })
