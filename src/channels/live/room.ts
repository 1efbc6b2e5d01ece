import { WireError } from "../errors.ts"

/** Streams of events that one process holds open, whatever they are about. */
export interface StreamRoom {
  /** @throws WireError 503 when no more may be open */
  require(): void
  /** Takes a place. @returns gives it back */
  take(): () => void
}

const RETRY_AFTER_SECONDS = "5"

/** @param most  that may be open at once */
export function streamRoom(most: number): StreamRoom {
  let open = 0
  return {
    require() {
      if (open >= most) throw noStream("Too many streams are open.")
    },
    take() {
      open++
      let isTaken = true
      return () => {
        if (isTaken) open--
        isTaken = false
      }
    },
  }
}

/** What a client is told that may come back later. */
export const noStream = (problem: string) =>
  new WireError(503, "unexpected_state", `${problem} Try again in a moment.`, {
    code: "no_stream_free",
    headers: { "Retry-After": RETRY_AFTER_SECONDS },
  })
